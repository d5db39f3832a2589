import { clusterSampleRate } from "../facts/grain";
import { everything } from "../facts/request";
import { groupsOf, select } from "../facts/select";
import { ratiosOf } from "../measures/estimate/ratios";
import type { RatioMetric } from "../measures/metricKinds";
import { metricSums } from "../measures/metricSums";
import type { Row, Table } from "../measures/table";
import { type Claim, claim, isSettled } from "../stats/claim";
import type { Estimate } from "../stats/estimate";
import { differenceOf } from "../stats/mover";
import { counted, grouped } from "../stats/text";
import type { Store } from "../store/open";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import { fewValued, readIn, telling } from "./columns";
import { type KeptValue, literal } from "./selected";

/** A value of a column: how much more, or less, of the selected calls have it than of the rest. */
export type DifferenceRow = Row & {
  column: string;
  value: KeptValue;
  selected: Estimate;
  rest: Estimate;
  difference: Estimate;
  claim: Claim;
};

/** The values of a column that are looked at, the most frequent ones of all calls. */
const mostOften = 8;

/**
 * What tells the selected calls from the rest: of every column with few values, the share of calls that has each of its most
 * frequent values, in both. With k differences looked at, each interval has the confidence 1 - (1 - level) / k, so that all of
 * them hold together. Columns that `where` reads are left out, as they differ because they were selected by, and so are
 * those whose values follow from one of these, or are those of an earlier column in other words.
 *
 * n counts calls; clusters are those of a rate of calls, and users on both sides count as such.
 *
 * @remarks Bonferroni over all differences looked at; the difference of two rates by MOVER (Zou & Donner 2008,
 * doi:10.1002/sim.3095), with the correlation over the clusters that both sides have (Zou 2007), if it is below 0: above 0 it is
 * too uncertain among few users, and with it 12 % of logs without any difference were told of one (docs/simulations/pages.md).
 */
export async function differences(
  store: Store,
  { where, level = 0.95 }: { where: string; level?: number },
): Promise<Table<DifferenceRow>> {
  const read = await readIn(where);
  const selection = await select(store, everything, {
    by: [`side=coalesce((${where}\n), false)`],
    hours: true,
  });
  try {
    const { connection, clusterBy } = selection;
    const sides = await groupsOf(selection);
    const [one, other] = [true, false].map((side) => sides.find(({ by }) => (by as Row).side === side)?.g);
    if (one === undefined || other === undefined)
      return table(
        [],
        [
          `All calls are ${one === undefined ? "outside" : "within"} what is selected: there is nothing to hold them against.`,
        ],
      );
    const { columns, left: repeated } = await telling(selection, await fewValued(selection), read);
    const left =
      repeated.length === 0
        ? []
        : [
            `Left out, since their values go one by one with those of another column: ${repeated.join(", ")}.`,
          ];
    const kinds: { name: string; value: KeptValue }[] = [];
    for (const { name } of columns)
      for (const { value } of await rowsOf<{ value: KeptValue }>(
        connection,
        `select ${quoteName(name)} as "value", count(*) as calls from selected
         group by all order by calls desc, "value" nulls last limit ${mostOften}`,
      ))
        kinds.push({ name, value });
    if (kinds.length === 0) return table([], ["No column with few values is left to look at.", ...left]);
    const own = 1 - (1 - level) / kinds.length;
    const shares = kinds.map(({ name, value }, at): RatioMetric => shareOf(name, value, String(at)));
    const sums = metricSums(shares, "selected", "hash(cluster)");
    const [{ calls }] = await rowsOf<{ calls: number }>(
      connection,
      "select count(*)::double as calls from selected",
    );
    const ratios = await ratiosOf(selection, sums, {
      level: own,
      clusterBy,
      hours: selection.hours,
      every: clusterSampleRate(calls, 2),
      whole: true,
    });
    const together = await rowsOf<{ kind: string; correlation: number | null }>(
      connection,
      correlations(sums),
    );
    const shared = new Map(together.map(({ kind, correlation }) => [kind, belowZero(correlation ?? 0)]));
    const rows = kinds.map(({ name, value }, at): DifferenceRow => {
      const share = (g: string) =>
        ratios.rate(g, String(at), { n: ratios.size(g, String(at)), unit: "1", counted: "calls" });
      const [selected, rest] = [share(one), share(other)];
      const difference = differenceOf(selected, rest, { correlation: shared.get(String(at)) ?? 0 });
      const isMore = difference.value > 0;
      const end = isMore ? "low" : "high";
      return {
        column: name,
        value,
        selected,
        rest,
        difference,
        claim: claim("look.differs", "differs", [
          { estimate: difference, end, holds: (x) => (isMore ? x > 0 : x < 0) },
        ]),
      };
    });
    const settled = rows.filter((row) => isSettled(row.claim));
    const size = ({ difference: { low, high } }: DifferenceRow) => Math.min(Math.abs(low), Math.abs(high));
    const open = rows.filter((row) => !settled.includes(row));
    return table(
      [...settled.sort((a, b) => size(b) - size(a)), ...open],
      [
        `${counted(rows.length, "difference")} in ${counted(columns.length, "column")} ${rows.length === 1 ? "was" : "were"} looked at, which the intervals allow for; ${grouped(settled.length)} ${settled.length === 1 ? "is" : "are"} settled.`,
        ...left,
        ...selection.notes,
      ],
    );
  } finally {
    selection.close();
  }
}

/** A correlation if it widens the difference, else none. Sums are rounded: it can come out beyond -1. */
const belowZero = (correlation: number): number => Math.max(-1, Math.min(0, correlation));

const table = (rows: DifferenceRow[], notes: string[]): Table<DifferenceRow> => ({
  measure: "difference",
  by: ["column", "value"],
  rows,
  notes,
});

/** The share of calls that have a value, as a metric of them. */
const shareOf = (column: string, value: KeptValue, name: string): RatioMetric => ({
  name,
  label: column,
  unit: "1",
  better: "lower",
  source: {
    measure: "ratio",
    over: "answers",
    numerator: `(${quoteName(column)} is not distinct from ${literal(value)})::int`,
  },
  words: ["fewer", "more"],
  offered: [],
});

/** How the two shares of each kind move together over the clusters that both sides have. */
const correlations = (sums: string) => `
  with sums as materialized (${sums}),
  ratios as (select g, kind, sum(c) / sum(r) as ratio from sums group by g, kind),
  moved as (
    select kind, unit, min(g) as one, max(g) as other, sum(c - ratio * r) as summed, sum((c - ratio * r) ** 2) as squares
    from sums join ratios using (g, kind) group by kind, unit
  ),
  lengths as (
    select kind, min(length) * max(length) as lengths
    from (select kind, g, sqrt(sum((c - ratio * r) ** 2)) as length from sums join ratios using (g, kind) group by kind, g)
    group by kind
  )
  select kind, (sum((summed ** 2 - squares) / 2) filter (where one <> other) / nullif(any_value(lengths), 0))::double as correlation
  from moved join lengths using (kind) group by kind`;
