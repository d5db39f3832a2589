import { formatEstimate, formatNumber } from "../charts/number";
import { oneLine } from "../charts/text";
import type { Plan } from "../decide/plan/plan";
import { LONGEST } from "../decide/plan/planRow";
import { keysOf } from "../measures/rowKey";
import { assumed } from "../stats/assumed";
import type { Claim } from "../stats/claim";
import { tableText } from "./output";

/** Whether the arms of a running split differ, in a word or two. */
const differs = ({ status, needs }: Claim): string => {
  if (status === "settled") return "shown";
  return needs === undefined ? "not shown" : `if ${assumed[needs]}`;
};

/** A plan for people: what each study takes, and the running split. */
export function planText(found: Plan): string {
  const noted = found.rows.some((row) => row.now.note !== undefined);
  const rows = found.rows.map((row) => {
    const unit = row.now.unit === "1" ? "%" : row.now.unit;
    // A difference of shares is in points: 7 % of 70 % could also be 4.9 points.
    const size = (x: number) =>
      Number.isNaN(x)
        ? "–"
        : x === Number.POSITIVE_INFINITY
          ? "nothing"
          : `${formatNumber(unit === "%" ? 100 * x : x)} ${unit === "%" ? "points" : (unit ?? "")}`.trim();
    const shown = (x: number, of: number) =>
      unit === "%" || !Number.isFinite(x)
        ? size(x)
        : `${size(x)} (${formatNumber((100 * x) / Math.abs(of))} %)`;
    return {
      ...keysOf(found.by, row),
      now: formatEstimate(row.now),
      "to find": size(row.difference),
      takes: row.takes || "–",
      "n an arm": row.days <= LONGEST ? row.n : "–",
      "clusters an arm": row.days <= LONGEST ? row.clusters : "–",
      power: row.power === null || row.days > LONGEST ? "–" : formatEstimate(row.power),
      "a week shows": shown(row.mde_week, row.now.value),
      "4 weeks show": shown(row.mde_4_weeks, row.now.value),
      "design effect": row.design_effect,
      ...(noted ? { note: row.now.note ?? "" } : {}),
    };
  });
  const parts = [tableText({ measure: "plan", by: found.by, rows, notes: found.notes })];
  if (found.split !== undefined) {
    const { column, arms, p, verdict, note, clusterBy } = found.split;
    const shares = arms.map(
      ({ value, share, planned }) =>
        `${value} ${formatNumber(100 * share)} % of ${formatNumber(100 * planned)} %`,
    );
    const chance = Number.isNaN(p) ? "" : ` (p ${formatNumber(p)}, by ${clusterBy})`;
    parts.push(
      oneLine(
        `Split by ${column}: ${verdict}${chance}: ${shares.join(", ")}.${note === undefined ? "" : ` ${note}.`}`,
      ),
    );
  }
  if (found.running !== undefined)
    parts.push(
      tableText({
        measure: "running, at any time",
        by: found.by,
        rows: found.running.map((row) => ({
          ...keysOf(found.by, row),
          first: formatEstimate(row.first),
          second: formatEstimate(row.second),
          difference: formatEstimate(row.difference),
          differs: differs(row.claim),
        })),
        notes: [],
      }),
    );
  return parts.join("\n\n");
}
