import { derived, within } from "../../facts/request";
import { groupsOf, select } from "../../facts/select";
import { defined } from "../../stats/defined";
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
import { type Cell, isEstimate, type Row, type Table } from "../table";
import { type CostTierRow, type Judged, sentence, tiersOf } from "./costTierRows";

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
  name: "tiers",
  of: "cost",
  was: "cost --equal-quality",
  about:
    "at equal quality by this metric: models not shown to be worse than the best, and what the cheapest saves",
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
  async compose({ store, measure, options, request }): Promise<Table<CostTierRow>> {
    const { quality, cost, level = 0.95 } = options;
    const most = await largest(store, request);
    if (most === 0) return { measure, by: [], rows: [], notes: ["No selected call names its model."] };
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
    return withCallsOf({ measure, by, rows, notes: [...notes, ...table.notes] }, (row) => {
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
