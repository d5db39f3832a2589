import type { Keyed, Row } from "../../measures/table";
import { assumed } from "../../stats/assumed";
import { type AssumptionId, type Claim, claim, isSettled } from "../../stats/claim";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { reservationText } from "../../stats/reservation";
import { brief, withUnit } from "../choose/chooseText";
import { labelOf } from "../profile/criterion";
import type { Checked } from "./checkLimits";
import { isRelative, type Limit } from "./limits";
import { timesOverSaved } from "./relative";
import { shortText } from "./shortLog";

/** One limit, for one group of calls. */
export type CheckRow = Keyed<{
  /** "p95 duration at most 8 s". */
  limit: string;
  metric: string;
  /** The calls it is for, in SQL; empty for all. */
  where: string;
  /** The number, or its ratio to the baseline's; its ends are the bounds that decide. */
  value: Estimate;
  /** With a baseline: the number itself. */
  measured?: Estimate;
  verdict: "pass" | "fail" | "cannot tell";
  /** Why, in words: which bound, or how much more traffic would decide it. */
  why: string;
  /** How many times this traffic would decide it if the value stays the same; NaN if no amount would. */
  times_needed: number;
  /** What the verdict rests on; of one that cannot be told, what keeps it from passing. */
  claim: Claim;
}>;

/** Traffic beyond this multiple is not worth waiting for. */
const MOST_TIMES = 50;

/** A limit compared with its number; what `declared` assumptions take for granted does not hold it back. */
export function checkedRow(
  { limit, by, estimate, own, saved = false, short }: Checked,
  declared: readonly AssumptionId[] = [],
): CheckRow {
  const { value, low, high, worst_case, note } = estimate;
  // The name "cost per resolved task" already says what the dollars are for.
  const unit = (estimate.unit ?? "").replace(/^USD\/.*$/, "USD");
  const upper = limit.at_most ?? limit.at_most_times;
  const end = upper ?? limit.at_least ?? (limit.at_least_times as number);
  const [keeping, breaking] = upper === undefined ? (["low", "high"] as const) : (["high", "low"] as const);
  const keeps = (x: number) => (upper === undefined ? x >= end : x <= end);
  const lead = upper === undefined && unit === "1" ? { rate: value, by: low - end } : undefined;
  const passing = claim("check.passes", "passes", [{ estimate, end: keeping, holds: keeps, lead }], {
    declared,
    needs: short === undefined ? [] : ["same-days"],
  });
  const failing = claim(
    "check.fails",
    "fails",
    [{ estimate, end: breaking, holds: (x) => !Number.isNaN(x) && !keeps(x) }],
    { declared, needs: short?.unknown === "days" ? ["same-days"] : [] },
  );
  // A limit holds, or breaks, whatever the unknown outcomes are.
  const isHeld = worst_case !== undefined && !declared.includes("outcomes-alike");
  const [least, most] = isHeld ? [worst_case.low, worst_case.high] : [low, high];
  const whatever = isHeld ? " whatever the unknown outcomes are" : "";
  const text = (x: number) => (isRelative(limit) ? `${brief(x, 3)} times` : withUnit(x, unit, 3));
  const row = defined({
    ...by,
    limit: limitText(limit, unit),
    metric: limit.metric,
    where: limit.where ?? "",
    value: estimate,
    measured: own,
    claim: isSettled(failing) ? failing : passing,
  });
  if (isSettled(passing)) {
    const bound = upper === undefined ? `at least ${text(least)}` : `at most ${text(most)}`;
    return { ...row, verdict: "pass", why: `it is ${bound}${whatever}`, times_needed: 1 };
  }
  if (isSettled(failing)) {
    const bound = upper === undefined ? `at most ${text(most)}` : `at least ${text(least)}`;
    return { ...row, verdict: "fail", why: `it is ${bound}${whatever}`, times_needed: 1 };
  }
  const open = (why: string, times_needed = Number.NaN): CheckRow => ({
    ...row,
    verdict: "cannot tell",
    why,
    times_needed,
  });
  if (!Number.isFinite(value) || Number.isNaN(low) || Number.isNaN(high))
    return open(note ?? "the log does not say");
  const between = `it is ${text(value)}, ${rangeText(least, most, text)}${whatever}`;
  const disowning = [passing, failing].flatMap(({ because }) =>
    (estimate.reservations ?? []).filter(({ id }) => id === because),
  )[0];
  if (disowning !== undefined)
    return open(`${between}, but this end may not carry the limit: ${reservationText(disowning)}`);
  const leading = [passing, failing].find(({ needs }) => needs !== undefined);
  if (leading?.needs !== undefined) {
    const word = leading === passing ? "passes" : "fails";
    const next = short && leading.needs === "same-days" ? shortText(short) : (whatNext[leading.needs] ?? "");
    return open(`${between}: it ${word} if ${assumed[leading.needs]}${next}`);
  }
  const bound = keeps(value) === (upper === undefined) ? low : high;
  const times =
    saved && own !== undefined && value > 0
      ? timesOverSaved(estimate, own, end, bound === high)
      : ((bound - value) / (end - value)) ** 2;
  if (saved && Number.isNaN(times))
    return open(`${between}: the baseline's own error leaves it open, so take one of more calls`);
  const isCut = (id: string) => estimate.reservations?.some((one) => one.id === id);
  if (bound === Number.POSITIVE_INFINITY && isCut("method.censored"))
    return open(`${between}: timeouts leave the upper end open, so no amount of traffic decides it`);
  if (bound === Number.POSITIVE_INFINITY && isCut("method.censored-bound"))
    return open(`${between}: timeouts leave the upper end open, unless more traffic closes it`);
  if (!(times <= MOST_TIMES)) return open(`${between}: too close to the limit to decide`);
  return open(
    `${between}; about ${brief(times)} times this traffic would decide it, if it stays there`,
    times,
  );
}

/** What would settle what rests on an assumption. */
const whatNext: Partial<Record<AssumptionId, string>> = {
  "outcomes-alike": "; report more outcomes",
  "same-days": "; compare over more days, or days that both sides have",
};

/** "0.8 s to 1.2 s"; an end that the data do not bound is left out. */
function rangeText(least: number, most: number, text: (x: number) => string): string {
  if (!Number.isFinite(most)) return `at least ${text(least)}`;
  return Number.isFinite(least) ? `${text(least)} to ${text(most)}` : `at most ${text(most)}`;
}

/** "p95 duration at most 8 s", "cost per task at most 1.05 times the baseline". */
function limitText(limit: Limit, unit: string): string {
  const what = labelOf(limit);
  const of = limit.where === undefined ? "" : ` (${limit.where})`;
  if (limit.at_most_times !== undefined)
    return `${what} at most ${limit.at_most_times} times the baseline${of}`;
  if (limit.at_least_times !== undefined)
    return `${what} at least ${limit.at_least_times} times the baseline${of}`;
  const [word, end] = limit.at_most === undefined ? ["at least", limit.at_least] : ["at most", limit.at_most];
  return `${what} ${word} ${withUnit(end as number, unit, 15)}${of}`;
}

/** What identifies a group of a check, for a line about it: "workload chat". */
export const groupOf = (row: Row, by: readonly string[]): string =>
  by
    .filter((name) => name !== "limit")
    .map((name) => `${name} ${String(row[name] ?? "none")}`)
    .join(", ");
