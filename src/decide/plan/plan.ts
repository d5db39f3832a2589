import { isOfCalls } from "../../facts/cluster";
import { labelOfBy } from "../../facts/names";
import { contradictionNotes } from "../../facts/outcomes";
import { derived } from "../../facts/request";
import { workloadIfFilled } from "../../facts/selectOptions";
import type { OptionsOf } from "../../measures/define";
import { latency } from "../../measures/latency/latency";
import { metric } from "../../measures/metric";
import { atGrain, grainOptions, leftAtCalls } from "../../measures/metricGrain";
import { offeredMetrics } from "../../measures/metrics";
import { metricTable } from "../../measures/metricTable";
import type { MeasureRequest } from "../../measures/options";
import { keysOf, rowKey } from "../../measures/rowKey";
import { isEstimate, type Table } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { nameList } from "../../store/nameList";
import type { Store } from "../../store/open";
import { defineDecision } from "../define";
import { neighbours, type Steepness, type StudyOptions, steepness } from "./design";
import { notesOf, shortLogNotes } from "./planNotes";
import { type PlanRow, planRow } from "./planRow";
import { type RunningRow, running } from "./planRunning";
import { checkSplit, parseSplit, type SplitCheck } from "./planSplit";
import { uneven } from "./uneven";
import { type ClusterSlots, clusterSlots, hasOwnUnits } from "./users";

/** A plan and, if a split is running, its check. */
export interface Plan extends Table<PlanRow> {
  split?: SplitCheck;
  /** The arms of the running split so far, valid at any time. */
  running?: RunningRow[];
  /** Days that the log spans; NaN without calls. */
  log_days: number;
}

/**
 * How many calls, tasks or days of this traffic settle a difference between two models, and what a week of it can show.
 *
 * The study is a split of the traffic by cluster (user, if known) into two equal arms. Its power is that of studies
 * simulated from the log's own clusters, day by day; a longer study sees the same users again if the log did, which
 * helps less than new ones.
 * What all users share in an hour affects both arms alike and is left out. n counts calls, tasks or scores of each
 * arm. If waiting does not settle it, because the same users come again, `times` says how much more traffic would
 * in four weeks. JSON:
 * `{"rows":[{"metric","now":E,"difference","takes","n","clusters","days","power":E,"times","mde_week","mde_week_share",
 * "mde_4_weeks","design_effect"}],
 * "split"?:{"column","arms":[{"value","planned","share","clusters"}],"several","chi_square","p","verdict","claim"},"running"?:
 * [{"metric","first":E,"second":E,"difference":E,"claim"}],"log_days","notes"}`.
 *
 * @remarks Method: simulated studies. From at most 20,000 clusters, picked by md5, logs are drawn with replacement, and
 * from these the arms: some days in a row for a study shorter than the log, for a longer one clusters that stay and
 * others that are replaced (`chancesToStay`), the largest from the tail that such sizes have (`tailOf`). Each arm gets
 * the interval of a clustered mean, and differences of positive values that are not shares are ratios. `power` is the
 * share of other simulated studies that find the difference. For metrics that are not ratios of sums over calls or
 * tasks the clusters' values are normal, with the variance and design effect of the estimate. The slope of a quantile
 * is from its neighbours at half and twice the odds; for `anytime` see `lookBound`.
 * @returns a table with one row for each group of `by` and metric
 * @throws RangeError for an invalid metric, power, ratio, difference or split
 * @example
 * const store = await openDemo();
 * const { rows } = await plan(store, { metrics: ["duration_p95"], ratio: 1.2 });
 * rows[0].takes // "4 weeks at 4.1 times the traffic"
 */
export const plan = defineDecision({
  name: "plan",
  about: "how much traffic it takes to show a difference between two models, and what a week can show",
  options: {
    metrics: {
      flag: "metric",
      value: "<names>",
      about: "the metrics to compare (default: duration_p95,error_rate,cost_per_task,resolve_rate)",
      as: "names",
    },
    ...grainOptions,
    difference: { value: "<number>", about: "the difference to detect, in the metric's unit", as: "number" },
    ratio: { value: "<factor>", about: "instead, the factor to detect (default: 1.1)", as: "number" },
    power: {
      value: "<share>",
      about: "chance of detecting it if it is there",
      as: "number",
      default: 0.8,
      check(caller, power: number) {
        if (!(power > 0 && power < 1)) throw new RangeError(`${caller} requires 0 < power < 1, got ${power}`);
      },
    },
    split: {
      value: "<shares>",
      about: 'check a running split: "model=0.5,0.5" or "model=alder:0.9,birch:0.1"',
      check: (_caller, split: string) => parseSplit(split),
    },
    anytime: {
      about: "allow looking at the results at any time; with --split, check the running arms",
      default: false,
    },
  },
  words: {
    by: "plan within each value of these columns (default: workload)",
    level: "confidence",
    cluster: "the unit of assignment to arms (auto: users)",
    interval: false,
  },
  async decide({ store, request, options }): Promise<Plan> {
    const { level = 0.95, power, anytime, split } = options;
    const usual = options.metrics === undefined;
    const listed = nameList(options.metrics) ?? offeredMetrics("plan").map(({ name }) => name);
    const names = atGrain("plan", listed, options, { usual });
    for (const name of names) metric(name);
    checkDifference(options, names);
    const study: StudyOptions = { level, power, anytime };
    const by = nameList(options.by) ?? (await workloadIfFilled(store));
    checkCandidate(options.candidate, by, [split, options.where]);
    const ofGroups = derived(request, { by });
    const { found: traffic, clusterBy, notes } = await clusterSlots(store, undefined, ofGroups);
    const logDays =
      traffic.size === 0 ? Number.NaN : Math.max(...[...traffic.values()].map(({ days }) => days));
    // Copies of calls are no unit that could be asked for: the same is found again.
    const cluster = isOfCalls(clusterBy) && clusterBy !== "call_id" ? "auto" : clusterBy;
    const assigned = derived(ofGroups, { cluster });
    const labels = by.map(labelOfBy);
    const now = await metricTable(store, { ...assigned, metrics: names });
    // The values for today match every other table; a study is planned with the clusters it assigns.
    const stated = await metricTable(store, { ...ofGroups, metrics: names });
    const said = new Map(stated.rows.map((row) => [rowKey(labels, row), row]));
    const ofCalls = derived(ofGroups, { cluster: "call_id" });
    const alone = clusterBy === "call_id" ? now : await metricTable(store, { ...ofCalls, metrics: names });
    const steep = await steepnessOf(store, names, ofCalls, labels);
    const singles = new Map(alone.rows.map((row) => [rowKey(labels, row), row]));
    const ofMetric = new Map<string, Map<string, ClusterSlots>>();
    for (const name of names)
      if (hasOwnUnits(metric(name)))
        ofMetric.set(name, (await clusterSlots(store, metric(name), assigned)).found);
    const rows = now.rows.flatMap((row) => {
      return names.flatMap((name): PlanRow[] => {
        const [own, independent] = [row[name], singles.get(rowKey(labels, row))?.[name]];
        // A metric that a group does not have at all is not planned for, unless it was requested.
        if (!isEstimate(own) || !isEstimate(independent) || (own.n === 0 && options.metrics === undefined))
          return [];
        const wanted = differenceFrom(own, options);
        const keys = keysOf(labels, row);
        return [
          {
            ...keys,
            ...planRow(
              name,
              [own, independent],
              said.get(rowKey(labels, row))?.[name] as Estimate,
              (ofMetric.get(name) ?? traffic).get(rowKey(labels, row)),
              wanted,
              study,
              { steep: steep.get(`${rowKey(labels, row)} ${name}`), own: ofMetric.has(name) },
            ),
          },
        ];
      });
    });
    return {
      measure: "plan",
      by: [...labels, "metric"],
      rows,
      ...(split === undefined ? {} : { split: await checkSplit(store, { ...assigned, split }) }),
      ...(split === undefined || !anytime
        ? {}
        : {
            running: await running(store, split, names, assigned, {
              difference: (first) => differenceFrom(first, options),
              power,
            }),
          }),
      log_days: logDays,
      notes: [
        ...leftAtCalls(names, options),
        ...shortLogNotes(logDays),
        ...notesOf(study, clusterBy, rows),
        ...uneven([...traffic.values()], clusterBy),
        ...notes,
        ...(await contradictionsOf(store, names)),
      ],
    };
  },
});

/** What a study should settle. */
export type PlanOptions = OptionsOf<typeof plan>;

/** Rejects a candidate that would change nothing: it stands for `model`, which by, split or where has to name. */
function checkCandidate(
  candidate: PlanOptions["candidate"],
  by: readonly string[],
  others: readonly (string | undefined)[],
): void {
  if (candidate === undefined || [...by, ...others].some((sql) => /\bmodel\b/i.test(sql ?? ""))) return;
  throw new RangeError(
    `plan requires model in by, split or where with candidate, got by ${JSON.stringify(by.join(","))}; name it there, or leave candidate out`,
  );
}

/** That files disagree on the outcomes of tasks or conversations that one of the metrics is over, if they do. */
async function contradictionsOf(store: Store, names: readonly string[]): Promise<string[]> {
  const over = new Set(
    names.flatMap((name) => {
      const { source } = metric(name);
      return "over" in source ? [source.over as string] : [];
    }),
  );
  return [
    ...(over.has("tasks") ? await contradictionNotes(store.connection, "task") : []),
    ...(over.has("conversations") ? await contradictionNotes(store.connection, "conversation") : []),
  ];
}

/** Calls beyond the upper neighbour of a quantile, below which its steepness is unknown. */
const fewestBeyond = 5;

/** The steepness of every quantile among the metrics, by group and name. */
async function steepnessOf(
  store: Store,
  names: readonly string[],
  request: MeasureRequest,
  labels: readonly string[],
): Promise<Map<string, Steepness>> {
  const found = new Map<string, Steepness>();
  for (const name of names) {
    const { source } = metric(name);
    if (source.measure !== "latency" || source.quantile === "mean") continue;
    const p = source.quantile;
    const [below, above] = neighbours(p);
    const { rows } = await latency(store, { ...request, metric: source.metric, q: [below, above] });
    for (const row of rows) {
      const [low, high] = [row.quantiles[String(below)], row.quantiles[String(above)]];
      const enough = row.n * (1 - above) >= fewestBeyond;
      found.set(`${rowKey(labels, row)} ${name}`, steepness(p, low.value, enough ? high.value : Number.NaN));
    }
  }
  return found;
}

/** The difference to find, or the factor. */
type Sought = Pick<PlanOptions, "difference" | "ratio">;

/** The difference to find, from the current value. */
function differenceFrom(now: Estimate, { difference, ratio = 1.1 }: Sought): number {
  return difference ?? within(now, (ratio - 1) * now.value);
}

/** A share cannot rise above 1, so such a rise is planned as a fall of the same size. */
function within({ value, unit }: Estimate, difference: number): number {
  return unit === "1" && value + difference >= 1 ? -difference : difference;
}

function checkDifference({ difference, ratio }: Sought, names: readonly string[]): void {
  if (difference !== undefined && ratio !== undefined)
    throw new RangeError("plan requires a difference or a ratio, got both");
  if (difference !== undefined && (names.length !== 1 || !Number.isFinite(difference) || difference === 0))
    throw new RangeError(
      `plan requires a difference other than 0 of one metric, got ${difference} for ${names.length}; name it with metrics`,
    );
  if (ratio !== undefined && !(ratio > 0 && Number.isFinite(ratio) && ratio !== 1))
    throw new RangeError(`plan requires a ratio > 0 other than 1, got ${ratio}; 1.1 means 10 % more`);
}
