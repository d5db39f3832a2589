import type { Row } from "../../measures/table";
import { noCallSelected } from "../../measures/whyEmpty";
import { brief, listed, withUnit } from "../choose/chooseText";
import type { CascadeRow, Cascades } from "./cascades";

/** What to do and what it saves, in a sentence or two; or why the log cannot show it. */
export function cascadeVerdict(
  { rows, by, cheap, dear, validator, accepts, margin }: Omit<Cascades, "verdict" | "notes" | "curve">,
  unknown: string,
): string {
  if (unknown !== "") return `Cannot tell what a cascade of ${cheap} and ${dear} would do. ${unknown}`;
  if (rows.length === 0) return noCallSelected;
  const name = (row: Row) => by.map((column) => String(row[column] ?? `no ${column}`)).join(", ");
  const taken = rows.filter(({ threshold }) => threshold !== null);
  const place = (row: CascadeRow) => (by.length === 0 ? "" : ` in ${name(row)}`);
  if (taken.length === 0) {
    const reasons = [...new Set(rows.map(({ why }) => why))];
    return `No threshold of ${validator} is shown to save anything within ${brief(100 * margin)} points of ${dear}: all stays with ${dear}.${reasons.length === 1 ? ` ${reasons[0][0].toUpperCase()}${reasons[0].slice(1)}.` : ""}`;
  }
  const parts = taken.map((row) => {
    const { saving, saving_month, quality_difference } = row;
    const shown = saving.low > 0 ? "" : "no saving is shown: ";
    const amount = ({ value, low, high }: CascadeRow["saving"], per: string) =>
      `${brief(value)} USD ${per} (${brief(low)} to ${brief(high)})`;
    const sum = Number.isFinite(saving_month.value)
      ? amount(saving_month, "a month")
      : amount(
          { ...saving, value: 1000 * saving.value, low: 1000 * saving.low, high: 1000 * saving.high },
          "per 1,000 tasks",
        );
    const points = (x: number) => brief(100 * x);
    return `accept${place(row)} ${cheap}'s answers with ${validator} ${accepts} ${brief(row.threshold as number, 3)} and send on the other ${withUnit(row.passed_on.value, "1")}: ${shown}${sum} less than ${dear} alone, ${points(quality_difference.value)} points of good answers (${points(quality_difference.low)} to ${points(quality_difference.high)})`;
  });
  const factors = taken.flatMap(({ claim }) => (claim.lost_above === undefined ? [] : [claim.lost_above]));
  const hangs =
    factors.length === 0
      ? ""
      : ` It holds while answers without a result are up to ${brief(Math.min(...factors), 2)} times as often good, or bad, as others of about the same score.`;
  const saves = taken.some(({ saves }) => saves.status === "leads if")
    ? ` The saving holds if an answer that was sent on costs as much as others of about the same score would.`
    : "";
  const rest = rows.filter(({ threshold }) => threshold === null).map(name);
  const text = `${parts.join("; ")}.`;
  return `${text[0].toUpperCase()}${text.slice(1)}${rest.length === 0 ? "" : ` No threshold is taken for ${listed(rest)}.`}${hangs}${saves}`;
}
