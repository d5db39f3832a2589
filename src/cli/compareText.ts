import { formatEstimate } from "../charts/number";
import { oneLine } from "../charts/text";
import { strengthText } from "../decide/assumption";
import type { Comparison } from "../decide/compare/compare";
import { isRead } from "../decide/compare/compareMetrics";
import { keysOf } from "../measures/rowKey";
import { balanceText } from "./balanceText";
import { tableText } from "./output";

/** A comparison for people: what is claimed, how surely, and the rows behind it. */
export function comparisonText(found: Comparison): string {
  const { by, rows, verdict, changePoint, notes, items, balance, assumptions } = found;
  const short = rows.map((row) => ({
    ...keysOf(by, row),
    a: formatEstimate(row.a),
    b: formatEstimate(row.b),
    "b / a": formatEstimate(row.ratio),
    "due to the mix": formatEstimate(row.mix_ratio),
    "at the same mix": isRead(row.metric) ? "–" : formatEstimate(row.within_ratio),
    ...(row.returning === undefined ? {} : { "users on both sides": formatEstimate(row.returning) }),
    p: !Number.isFinite(row.p_holm) ? "–" : row.p_holm < 0.001 ? "< 0.001" : row.p_holm,
    verdict: row.verdict,
  }));
  const course = `Course of the durations: ${changePoint.verdict}${changePoint.note === undefined ? "" : ` (${changePoint.note})`}.`;
  const parts = [
    [oneLine(verdict), strengthText(assumptions, { sides: "sides", claim: "change" })]
      .filter((line) => line !== undefined)
      .join("\n"),
    tableText({ measure: "compare", by, rows: short, notes: [course, ...notes] }),
    ...balanceText({ balance, assumptions }),
  ];
  if (items.length > 0)
    parts.push(
      tableText({ measure: "the same prompts on both sides", by: ["score"], rows: items, notes: [] }),
    );
  return parts.join("\n\n");
}
