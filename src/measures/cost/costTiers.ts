import { derived, within } from "../../facts/request";
import { groupsOf, select } from "../../facts/select";
import { type Bound, type Claim, claim, isSettled } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, renoted } from "../../stats/estimate";
import { differenceOf, ratioOf } from "../../stats/mover";
import { say } from "../../stats/sentences";
import { levelText, percent } from "../../stats/text";
import { rankedValue } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { quoteName, quoteText } from "../../store/quote";
import { originOf, withCallsOf } from "../behind";
import { defineMeasure } from "../define";
import { metric } from "../metric";
import { tellsOfQuality } from "../metricKinds";
import { metricTable } from "../metricTable";
import { type OneMix, oneMix } from "../mix/oneMix";
import type { MeasureRequest } from "../options";
import { groupedBy, keysOf, rowKey } from "../rowKey";
import { type Cell, isEstimate, type Keyed, type Row, type Table } from "../table";

/** One model, compared with the others of its workload. */
export type CostTierRow = Keyed<{
  model: string;
  quality: Estimate;
  cost: Estimate;
  /**
   * The most by which it may be worse than the best of the others, in the metric's unit; 0 if it is shown to
   * be the best.
   */
  worse_by_at_most: number;
  /** "best" by its value, "not shown to be worse" than any other, or "worse" than some other. */
  tier: "best" | "not shown to be worse" | "worse" | "cannot tell";
  /** Its cost over that of the best. */
  cost_ratio: Estimate;
  /** That it is worse than some other, and how far that stands. */
  claim: Claim;
  /** Of one that is not shown to be worse: that it costs less than the best, and how far that stands. */
  saves?: Claim;
}>;

/**
 * Cost tiers at equal quality: which models are not shown to be worse than the best, how much worse they may
 * be at most, and how much the cheapest of them saves.
 *
 * Models of a workload are compared at one mix (see `compare`). The level holds for all
 * models of a workload at once: the truly best is among those not shown to be worse. "Not shown to be worse"
 * does not mean "as good": `worse_by_at_most` says how large a loss the log leaves open.
 *
 * @remarks Methods: multiple comparisons with the best, Hsu (1981), doi:10.1214/aos/1176345582, at
 * Bonferroni's level instead of Dunnett's; differences and ratios by MOVER, Zou & Donner (2008),
 * doi:10.1002/sim.3095, with the two models taken as independent, which is cautious where they serve the same
 * users.
 * @returns a row for each workload (the columns of `by` beside model) and model, cheapest first
 * @throws RangeError if `by` lacks model, for metrics of neither quality nor money, and as `metricTable`
 * @example
 * const store = await openDemo();
 * const { rows } = await costTiers(store, { by: "model", where: "workload = 'chat-assistant'" });
 * rows.filter(({ tier }) => tier === "best").length // 1
 */
export const costTiers = defineMeasure({
  name: "equal-quality",
  of: "cost",
  caller: "costTiers",
  about:
    "which models are not shown to be worse than the best by this metric, and what the cheapest of them saves",
  needs: ["cost", "tasks.resolved or scores"],
  takes: "quality",
  options: {
    quality: {
      value: "<metric>",
      about: "a metric of quality: resolve_rate, or score:NAME",
      default: "resolve_rate",
      check: checkQuality,
    },
    cost: {
      value: "<metric>",
      about: "a metric of money",
      hidden: true,
      default: "cost_per_task",
      check: checkMoney,
    },
  },
  async compose({ store, options, request }): Promise<Table<CostTierRow>> {
    const { quality, cost, level = 0.95 } = options;
    const most = await largest(store, request);
    if (most === 0)
      return { measure: "cost tiers", by: [], rows: [], notes: ["No selected call names its model."] };
    // The level of each pair makes all pairs with the best hold together.
    const strict = 1 - (1 - level) / Math.max(1, most - 1);
    const table = await metricTable(store, { ...request, level: strict, metrics: [quality, cost] });
    const { by } = table;
    const scope = by.filter((name) => name !== "model");
    const notes: string[] = [];
    const rows: CostTierRow[] = [];
    const { better, unit } = metric(quality);
    for (const [place, ...others] of groupedBy(table.rows, (row) => rowKey(scope, row)).values()) {
      const group = within(request, ...scope.map((name) => is(name, place[name])));
      const asked = derived(group, { by: "model", level: strict });
      const mix = await oneMix(store, [quality, cost], asked, { doubting: true });
      const models = [place, ...others].flatMap((row): Judged[] => {
        const [good, paid] = [row[quality], row[cost]];
        if (!isEstimate(good) || !isEstimate(paid)) return [];
        const moved = ({ move }: Pick<OneMix, "move">) => ({
          quality: move({ model: row.model }, quality, good),
          cost: move({ model: row.model }, cost, paid),
        });
        return [
          defined({
            ...{ row: keysOf(by, row), ...moved(mix) },
            asCounted: mix.doubted?.uneven ? moved(mix.doubted) : undefined,
          }),
        ];
      });
      const tiers = tiersOf(models, better === "higher" ? 1 : -1);
      const label = scope.map((name) => String(place[name] ?? `no ${name}`)).join(" · ");
      notes.push(...sentence(tiers, { label, level, unit, cost: metric(cost).label }));
      rows.push(...tiers);
    }
    // A model without a name gets a label in words.
    const keyOf = (row: Row) => by.map((name) => String(row[name])).join("\n");
    const measuredRow = new Map(table.rows.map((row) => [keyOf(row), row]));
    return withCallsOf({ measure: "cost tiers", by, rows, notes: [...notes, ...table.notes] }, (row) => {
      const source = measuredRow.get(keyOf(row)) ?? row;
      return { cost: originOf(source, cost), quality: originOf(source, quality) };
    });
  },
});

function checkQuality(caller: string, quality: string): void {
  const judged = metric(quality);
  if (!tellsOfQuality(judged) || judged.unit.startsWith("USD"))
    throw new RangeError(
      `${caller} requires a metric of quality, such as resolve_rate or score:NAME, got "${quality}"`,
    );
}

function checkMoney(caller: string, cost: string): void {
  if (!metric(cost).unit.startsWith("USD"))
    throw new RangeError(`${caller} requires a metric of cost, such as cost_per_task, got "${cost}"`);
}

/** A condition that selects the calls of one row's column. */
function is(name: string, value: Cell): string {
  const column = /^\w+$/.test(name) ? name : quoteName(name);
  if (value === null || value === undefined) return `${column} is null`;
  return `${column} = ${typeof value === "string" ? quoteText(value) : String(value)}`;
}

interface Judged {
  row: Row;
  quality: Estimate;
  cost: Estimate;
  /** The same with tokens as each model counts them, where they were left out of the mix: what differs may be the work. */
  asCounted?: Pick<Judged, "quality" | "cost">;
}

/** By how much a model's quality is below another's. */
const gapOf = (judged: Pick<Judged, "quality">, other: Pick<Judged, "quality">, sign: 1 | -1): Estimate =>
  sign > 0 ? differenceOf(other.quality, judged.quality) : differenceOf(judged.quality, other.quality);

/** What two models must keep, at one mix and, where that may not be one, with tokens as each counts them. */
function bounds(
  judged: Judged,
  other: Judged,
  boundOf: (own: Pick<Judged, "quality" | "cost">, against: Pick<Judged, "quality" | "cost">) => Bound,
): Bound[] {
  const { asCounted } = judged;
  const counted = asCounted && other.asCounted ? [boundOf(asCounted, other.asCounted)] : [];
  return [boundOf(judged, other), ...counted];
}

/** The number of models in the largest workload. */
async function largest(store: Store, request: MeasureRequest): Promise<number> {
  const selection = await select(store, request);
  try {
    const { by } = selection;
    const groups = await groupsOf(selection);
    if (!by.includes("model")) {
      if (request.by === undefined || groups.length === 0) return 0;
      throw new RangeError(`costTiers requires by to include "model", got "${by.join(",")}"`);
    }
    const scope = by.filter((name) => name !== "model");
    const workloads = groupedBy(groups, (group) => rowKey(scope, group.by));
    return Math.max(0, ...[...workloads.values()].map((models) => models.length));
  } finally {
    selection.close();
  }
}

/** The most that a gap may be, whatever the unknown outcomes are. */
const mostOf = ({ high, worst_case }: Estimate) => Math.max(high, worst_case?.high ?? high);

const isKnown = ({ quality }: Judged) => Number.isFinite(quality.low) && Number.isFinite(quality.high);

/** Compares the models of one workload, cheapest first. */
export function tiersOf(models: readonly Judged[], sign: 1 | -1): CostTierRow[] {
  const known = models.filter(isKnown);
  const best = known.reduce<Judged | undefined>(
    (top, judged) =>
      top === undefined || sign * (judged.quality.value - top.quality.value) > 0 ? judged : top,
    undefined,
  );
  const rows = models.map((judged): CostTierRow => {
    const others = known.filter((other) => other !== judged);
    const gaps = others.map((other) => gapOf(judged, other, sign));
    const claims = others.map((other) =>
      claim(
        "tiers.worse",
        "differs",
        bounds(judged, other, (own, against) => ({
          ...{ estimate: gapOf(own, against, sign), end: "low", holds: (x) => x > 0 },
        })),
      ),
    );
    const worse = claims.find(isSettled);
    const isWorse = worse !== undefined;
    const tier =
      !isKnown(judged) || best === undefined || (known.length < 2 && models.length > 1)
        ? "cannot tell"
        : judged === best
          ? "best"
          : isWorse
            ? "worse"
            : "not shown to be worse";
    return defined({
      ...judged.row,
      model: String(judged.row.model),
      quality: judged.quality,
      cost: judged.cost,
      worse_by_at_most: tier === "cannot tell" ? Number.NaN : Math.max(0, ...gaps.map(mostOf)),
      tier,
      claim: worse ?? claims[0] ?? { id: "tiers.worse", kind: "differs", status: "not to be decided" },
      cost_ratio:
        best === judged && Number.isFinite(judged.cost.value)
          ? { ...judged.cost, value: 1, low: 1, high: 1, unit: "1" }
          : overBest(judged, best),
      saves: tier === "not shown to be worse" && best !== undefined ? savesClaim(judged, best) : undefined,
    });
  });
  return rows.sort((a, b) => order(rankedValue(a.cost)) - order(rankedValue(b.cost)));
}

/** That a model costs less than the best. */
const savesClaim = (judged: Judged, best: Judged): Claim =>
  claim(
    "tiers.saves",
    "saves",
    bounds(judged, best, (own, against) => ({
      ...{ estimate: ratioOf(own.cost, against.cost), end: "high", holds: (x) => x < 1 },
    })),
  );

// Warnings about the costs are with the costs.
function overBest(judged: Judged, best: Judged | undefined): Estimate {
  return renoted(ratioOf(judged.cost, best?.cost ?? { ...judged.cost, value: Number.NaN }), []);
}

const order = (cost: number) => (Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost);

function sentence(
  rows: readonly CostTierRow[],
  { label, level, unit, cost }: { label: string; level: number; unit: string; cost: string },
): string[] {
  const lead = label === "" ? "" : `${label}: `;
  const best = rows.find(({ tier }) => tier === "best");
  if (best === undefined || rows.length < 2) return [`${lead}quality is known for fewer than two models.`];
  const equal = rows.filter(
    ({ tier, cost }) => tier === "not shown to be worse" && Number.isFinite(cost.value),
  );
  const others = rows.filter(({ tier }) => tier !== "cannot tell").length - 1;
  const open = rows.length - 1 - others;
  const about = {
    some: `${equal.length} of ${others} other models ${equal.length === 1 ? "is" : "are"}`,
    best: best.model,
    level: open === 0 ? levelText(level) : `${levelText(level)}; of ${open} more the quality is not known`,
  };
  const [cheapest] = equal;
  if (cheapest === undefined || !(rankedValue(cheapest.cost) < best.cost.value)) {
    const cheaper =
      cheapest === undefined
        ? ""
        : Number.isFinite(best.cost.value)
          ? ", and none of these is cheaper"
          : `, and whether one of these is cheaper cannot be told: no cost of ${best.model} is known`;
    return [`${lead}${say("cost.notWorse", { ...about, cheaper })}`];
  }
  const { value, low, high } = cheapest.cost_ratio;
  const share = (ratio: number) => percent(1 - ratio, 2);
  const loss =
    unit === "1"
      ? `${(100 * cheapest.worse_by_at_most).toFixed(1)} points`
      : cheapest.worse_by_at_most.toPrecision(2);
  const saves =
    cheapest.saves !== undefined && isSettled(cheapest.saves)
      ? `saves ${share(value)} [${share(high)}, ${share(low)}] of the ${cost}`
      : `is not shown to be cheaper`;
  return [`${lead}${say("cost.saves", { ...about, model: cheapest.model, saves, loss })}`];
}
