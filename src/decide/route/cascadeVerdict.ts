import type { Row } from "../../measures/table";
import { noCallSelected } from "../../measures/whyEmpty";
import { say } from "../../stats/sentences";
import { brief, listed, withUnit } from "../choose/chooseText";
import type { CascadeRow, Cascades } from "./cascades";

/** What to do and what it saves, in a sentence or two; or why the log cannot show it. */
export function cascadeVerdict(
  { rows, by, cheap, dear, validator, accepts, margin }: Omit<Cascades, "verdict" | "notes" | "curve">,
  unknown: string,
): string {
  if (unknown !== "") return say("cascade.cannot", { cheap, dear, why: unknown });
  if (rows.length === 0) return noCallSelected;
  const name = (row: Row) => by.map((column) => String(row[column] ?? `no ${column}`)).join(", ");
  const taken = rows.filter(({ threshold }) => threshold !== null);
  const place = (row: CascadeRow) => (by.length === 0 ? "" : ` in ${name(row)}`);
  if (taken.length === 0) {
    const reasons = [...new Set(rows.map(({ why }) => why))];
    const none = say("cascade.none", { validator, margin: brief(100 * margin), dear });
    return `${none}${reasons.length === 1 ? ` ${reasons[0][0].toUpperCase()}${reasons[0].slice(1)}.` : ""}`;
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
    return say("cascade.accept", {
      ...{ place: place(row), cheap, dear, validator },
      end: `${accepts} ${brief(row.threshold as number, 3)}`,
      share: withUnit(row.passed_on.value, "1"),
      amount: `${shown}${sum}`,
      quality: `${points(quality_difference.value)} points of good answers (${points(quality_difference.low)} to ${points(quality_difference.high)})`,
    });
  });
  const factors = taken.flatMap(({ claim }) => (claim.lost_above === undefined ? [] : [claim.lost_above]));
  const hangs =
    factors.length === 0 ? "" : ` ${say("cascade.alike", { times: brief(Math.min(...factors), 2) })}`;
  const saves = taken.some(({ saves }) => saves.status === "leads if") ? ` ${say("cascade.costs", {})}` : "";
  const rest = rows.filter(({ threshold }) => threshold === null).map(name);
  const text = parts.join("; ");
  return `${text[0].toUpperCase()}${text.slice(1)}.${rest.length === 0 ? "" : ` ${say("cascade.rest", { names: listed(rest) })}`}${hangs}${saves}`;
}
