import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { say } from "../../stats/sentences";
import { groupedBy, rowKey } from "../rowKey";
import type { Row } from "../table";
import type { UnitNumber } from "./number";

type SpreadRow = Row & { mean: Estimate; quantiles: Record<string, Estimate> };

/**
 * Says where one model is fastest by the mean and another by p95: choosing by the average then gives a
 * different model from choosing by the tail.
 */
export function meanOrTail(
  rows: readonly SpreadRow[],
  by: readonly string[],
  { better }: UnitNumber,
): string[] {
  if (!by.includes("model")) return [];
  const rest = by.filter((name) => name !== "model");
  const strata = groupedBy(rows, (row) => rowKey(rest, row));
  // For a speed, the slow tail is the low one.
  const p = better === "lower" ? "0.95" : "0.05";
  const tail = (row: SpreadRow) => row.quantiles[p];
  return [...strata.values()].flatMap((inStratum) => {
    const known = inStratum.filter(
      (row) => Number.isFinite(row.mean.value) && Number.isFinite(tail(row)?.value),
    );
    if (known.length < 2) return [];
    const first = (of: (row: SpreadRow) => Estimate) =>
      known.reduce((best, row) => {
        const isAhead = better === "lower" ? of(row).value < of(best).value : of(row).value > of(best).value;
        return isAhead ? row : best;
      });
    const [byMean, byTail] = [first((row) => row.mean), first(tail)];
    if (byMean === byTail) return [];
    const place = rest.map((name) => String(byMean[name])).join(" · ");
    const isApart = (of: (row: SpreadRow) => Estimate) => {
      const { low, high } = differenceOf(of(byMean), of(byTail));
      return low > 0 || high < 0;
    };
    const apart = [
      isApart((row) => row.mean) ? "mean" : "",
      isApart(tail) ? `p${100 * Number(p)}` : "",
    ].filter(Boolean);
    const sure =
      apart.length === 2
        ? "both clearly"
        : apart.length === 1
          ? `clearly by ${apart[0]} alone`
          : "neither clearly";
    const [model, other] = [String(byMean.model), String(byTail.model)];
    const said = say("latency.first", { model, tail: `p${100 * Number(p)}`, other, sure });
    return [place === "" ? said : `${place}: ${said}`];
  });
}
