import { Refused } from "../engines/refused";
import { NoConversations } from "../facts/conversations";
import { scoreNames } from "../facts/judgements";
import type { Estimate } from "../stats/estimate";
import { nameList } from "../store/nameList";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { messageOf } from "../store/reason";
import { type Origin, originOf } from "./behind";
import { causes } from "./causes/causes";
import { type ConsistencyRow, consistency } from "./consistency/consistency";
import { conversationCosts } from "./cost/conversationCosts";
import { costColumns } from "./cost/cost";
import { latency } from "./latency/latency";
import { type Found, type FoundRow, sameCalls, together } from "./metricFound";
import type { LatencyMetric, Metric, Over, RatioMetric } from "./metricKinds";
import type { MeasureOptions } from "./options";
import { preferences } from "./preferences/preferences";
import { areCorrected, partlyCorrected, scoreOf } from "./quality/corrections";
import { quality } from "./quality/quality";
import { behindRatio, ratioTable } from "./ratioTable";
import { groupedBy, keysOf, rowKey } from "./rowKey";
import { qualityByLength } from "./service/contextLength";
import { binsCorrected, contextOrigin, heldContext } from "./service/effectiveContext";
import { reliability } from "./service/reliability";
import { isEstimate, type Row, type Table } from "./table";

type Of<M extends Metric["source"]["measure"]> = Metric["source"] extends infer S
  ? S extends { measure: infer N }
    ? M extends N
      ? S
      : never
    : never
  : never;
type Named<S> = Metric & { source: S };

/** The options of a table of metrics, in addition to those of every measure. */
export interface MetricTableOptions extends MeasureOptions {
  /** Names of metrics, as `metric` takes them; they are the columns of the table. */
  metrics: readonly string[];
  /**
   * The kind of rater whose scores count, by score as "score:NAME". Default: the kind with the most scores.
   */
  raters?: ReadonlyMap<string, string>;
  /**
   * Which of a judge's scores are corrected by people's labels: "alike" (default), all rows if all can be, since rows are
   * compared; "each", whichever can be; "none".
   */
  corrections?: "alike" | "each" | "none";
}

export const measures: {
  [M in Metric["source"]["measure"]]: (
    store: Store,
    metrics: Named<Of<M>>[],
    options: MetricTableOptions,
    by?: string[],
  ) => Promise<Found>;
} = {
  latency: latencies,
  cost: async (store, metrics, options) =>
    ratiosOf(await costColumns(store, options, new Set(metrics.map(({ name }) => name))), metrics, options),
  conversations: ofConversations,
  reliability: async (store, metrics, options) =>
    ratiosOf(
      await reliability(store, { ...options, rates: metrics.map(({ name }) => name) }),
      metrics,
      options,
    ),
  ratio: async (store, metrics, options) => {
    const over = [...new Set(metrics.map(({ source }) => source.over))];
    const parts = over.map(async (unit: Over) => {
      const own: RatioMetric[] = metrics.filter(({ source }) => source.over === unit);
      return ratiosOf(await ratioTable(store, own, unit, options), own, options);
    });
    return together(await Promise.all(parts));
  },
  quality: scores,
  causes: ofCauses,
  consistency: repeats,
  qualityByLength: contexts,
  preferences: compared,
};

async function latencies(
  store: Store,
  metrics: Named<Of<"latency">>[],
  options: MeasureOptions,
): Promise<Found> {
  const byMetric = new Map<LatencyMetric, Named<Of<"latency">>[]>();
  for (const one of metrics)
    byMetric.set(one.source.metric, [...(byMetric.get(one.source.metric) ?? []), one]);
  const parts: Found[] = [];
  for (const [of, own] of byMetric) {
    const q = own.flatMap(({ source }) => (source.quantile === "mean" ? [] : [source.quantile]));
    const table = await latency(store, { ...options, metric: of, q: q.length === 0 ? [0.5] : q });
    const rows = table.rows.map((row) => {
      const found = own.map(({ name, source }) => [
        name,
        source.quantile === "mean" ? row.mean : row.quantiles[String(source.quantile)],
      ]);
      return { by: keysOf(table.by, row), found: Object.fromEntries(found), origins: sameCalls(row, own) };
    });
    parts.push({ by: table.by, rows, notes: table.notes });
  }
  return together(parts);
}

const withoutConversations =
  "No call has a conversation_id: conversations are not counted. Map the column of the session or thread to it at ingest.";

/** If people labelled part of what a declared rule resolved, the share resolved is corrected for the rule's errors. */
async function ofConversations(
  store: Store,
  metrics: Named<Of<"conversations">>[],
  { corrections = "alike", ...options }: MetricTableOptions,
): Promise<Found> {
  const name = "conversation_resolve_rate";
  const table = await conversationCosts(store, options, new Set(metrics.map((one) => one.name))).catch(
    (error: unknown) => {
      if (error instanceof NoConversations) return undefined;
      throw error;
    },
  );
  // Beside other metrics they are unknown, as those of any column that the log lacks.
  if (table === undefined) return { by: [], rows: [], notes: [withoutConversations] };
  const found = ratiosOf(table, metrics, options);
  if (!metrics.some((one) => one.name === name)) return found;
  const ruled = table.rows.map((row) => ({ given: row[name], corrected: row.corrected }));
  const isCorrected = corrections === "each" || (corrections === "alike" && areCorrected(ruled));
  const rows = found.rows.map((row, at) => ({
    ...row,
    found: { ...row.found, [name]: scoreOf(ruled[at], isCorrected) },
  }));
  const partly = corrections === "alike" ? partlyCorrected(name, ruled) : [];
  return { ...found, rows, notes: [...found.notes, ...partly] };
}

function ratiosOf(table: Table, metrics: readonly RatioMetric[], options: MeasureOptions): Found {
  const { measure, by } = table;
  const rows = table.rows.map((row): FoundRow => {
    const known = metrics.filter(({ name }) => isEstimate(row[name]));
    const origins = known.map((one): [string, Origin | undefined] => {
      const behind = behindRatio(one);
      const again = (store: Store) => ratioTable(store, [one], one.source.over, options);
      return [
        one.name,
        behind === undefined ? originOf(row) : { table: { measure, by }, row, again, behind },
      ];
    });
    return {
      by: keysOf(by, row),
      found: Object.fromEntries(known.map(({ name }) => [name, row[name]])) as Record<string, Estimate>,
      origins: Object.fromEntries(origins),
    };
  });
  return { by, rows, notes: table.notes };
}

/** If people labelled part of what a judge scored, the mean is corrected for the judge's errors. */
async function scores(
  store: Store,
  metrics: Named<Of<"quality">>[],
  { raters, corrections = "alike", ...options }: MetricTableOptions,
): Promise<Found> {
  const parts: Found[] = [];
  const known = (await scoreNames(store)).map(({ name }) => name);
  for (const { name, source } of metrics) {
    if (!known.includes(source.score)) {
      const near = didYouMean(source.score, known);
      parts.push({ by: [], rows: [], notes: [`No score "${source.score}" in the log${near}.`] });
      continue;
    }
    const table = await quality(store, {
      ...options,
      score: source.score,
      grain: source.grain,
      rater: raters?.get(`${source.grain === undefined ? "" : "conversation_"}score:${source.score}`),
      alike: true,
    });
    const judged = table.rows
      .filter(({ rater, mean }) => rater === "judge" && !Number.isNaN(mean.value))
      .map(({ mean, corrected }) => ({ given: mean, corrected }));
    const isCorrected = corrections === "each" || (corrections === "alike" && areCorrected(judged));
    const rows = table.rows.map((row) => ({
      by: keysOf(table.by, row),
      found: { [name]: scoreOf({ given: row.mean, corrected: row.corrected }, isCorrected) },
      origins: { [name]: originOf(row) },
    }));
    parts.push({
      by: table.by,
      rows,
      notes: [...table.notes, ...(corrections === "alike" ? partlyCorrected(name, judged) : [])],
    });
  }
  return together(parts);
}

/** Causes that people read, corrected by what their draw says. */
async function ofCauses(
  store: Store,
  metrics: Named<Of<"causes">>[],
  options: MetricTableOptions,
): Promise<Found> {
  const { rows, by, notes } = await causes(store, {
    ...options,
    named: metrics.map(({ source }) => source.cause),
  });
  const groups = by.filter((name) => name !== "cause");
  const found = [...groupedBy(rows, (row) => rowKey(groups, row)).values()].map(
    (own): FoundRow => ({
      by: keysOf(groups, own[0]),
      found: Object.fromEntries(
        metrics.flatMap(({ name, source }) => {
          const row = own.find(({ cause }) => cause === source.cause);
          return row === undefined ? [] : [[name, row.share_of_tasks]];
        }),
      ),
      origins: Object.fromEntries(
        metrics.map(({ name, source }) => [
          name,
          originOf(own.find(({ cause }) => cause === source.cause) ?? own[0]),
        ]),
      ),
    }),
  );
  return { by: groups, rows: found, notes };
}

async function repeats(
  store: Store,
  metrics: Named<Of<"consistency">>[],
  options: MeasureOptions,
): Promise<Found> {
  if (store.engine !== undefined) throw new Refused("the answers to one prompt one by one (consistency)");
  const parts: Found[] = [];
  for (const score of new Set(metrics.map(({ source }) => source.score))) {
    const own = metrics.filter(({ source }) => source.score === score);
    const k = own.flatMap(({ source }) => source.k ?? []);
    const table = await consistency(store, { ...options, score, k: k.length === 0 ? [1] : k });
    const rows = table.rows.map((row: ConsistencyRow & Row) => {
      const found = own.flatMap(({ name, source }) => {
        const cell = source.k === undefined ? row[source.column] : row.pass_hat[String(source.k)];
        return isEstimate(cell) ? [[name, cell]] : [];
      });
      return { by: keysOf(table.by, row), found: Object.fromEntries(found), origins: sameCalls(row, own) };
    });
    parts.push({ by: table.by, rows, notes: table.notes });
  }
  return together(parts);
}

/**
 * The longest bins whose lower bound, value and upper bound reach the floor: what is sure, likely and
 * possible.
 */
async function contexts(
  store: Store,
  metrics: Named<Of<"qualityByLength">>[],
  options: MeasureOptions,
): Promise<Found> {
  const table = await qualityByLength(store, options);
  const by = table.by.slice(0, -2);
  const isCorrected = binsCorrected(table.rows);
  const rows = [...groupedBy(table.rows, (row) => rowKey(by, row)).values()].map((bins) => {
    const found = metrics.map(({ name, source: { floor } }) => [name, heldContext(bins, floor, isCorrected)]);
    const origin = contextOrigin(bins, by);
    return {
      by: keysOf(by, bins[0]),
      found: Object.fromEntries(found),
      origins: Object.fromEntries(metrics.map(({ name }) => [name, origin])),
    };
  });
  return { by, rows, notes: table.notes };
}

/**
 * Comparisons don't belong to a call: they group by workload and model, and `where` reads their own columns.
 */
async function compared(
  store: Store,
  metrics: Named<Of<"preferences">>[],
  { where, candidate, by: given, level }: MetricTableOptions,
  known?: string[],
): Promise<Found> {
  const by = known ?? nameList(given) ?? ["workload", "model"];
  const why = (reason: string): Found => ({
    by: [],
    rows: [],
    notes: [`Comparisons of answers are left out: ${reason}.`],
  });
  if (candidate !== undefined) return why("they are of models, not of candidates");
  const other = by.find((name) => name !== "workload" && name !== "model");
  if (other !== undefined) return why(`they have no ${other}`);
  try {
    const apart = by.filter((name) => name !== "model");
    const { rows, notes } = await preferences(store, { by: apart, where, level });
    const found = (rate: Estimate) => Object.fromEntries(metrics.map(({ name }) => [name, rate]));
    return { by, rows: rows.map((row) => ({ by: keysOf(by, row), found: found(row.win_rate) })), notes };
  } catch (error) {
    if (where === undefined) throw error;
    return why(messageOf(error));
  }
}
