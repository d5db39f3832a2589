import { type Estimate, noEnds, renoted } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { beyondRounding } from "../../stats/rounding";
import { areMany } from "../../stats/worstCase";
import type { Ratios } from "../estimate/ratios";

/** What was spent before and after a date, and how much more, in US dollars a day. */
export type Amounts = Record<"before" | "after" | "growth" | "from_calls" | "from_cost_per_call", number>;

/** A group's sums in one window; `counted` are calls as they are, the others weighted by the hours of the week. */
export interface Bill {
  g: string;
  second: boolean;
  spent: number;
  calls: number;
  unpriced: number;
  hidden: number;
  counted: number;
}

const nothing = { spent: 0, calls: 0, unpriced: 0, hidden: 0 };

/** What a group spent a day in both windows, and its growth. */
export function amountsOf(bills: readonly Bill[], days: number): Amounts {
  const [first, second] = [false, true].map((isSecond) => {
    const { spent, calls, unpriced, hidden } = bills.find((bill) => bill.second === isSecond) ?? nothing;
    // A failed call is free: it makes no bill of calls whose costs are unknown.
    const bill = unpriced > 0 && spent === 0 ? Number.NaN : spent;
    return { bill, calls, isOpen: areMany(unpriced, calls) && areMany(hidden, spent) };
  });
  const [before, after] = [first.bill, second.bill];
  const isOpen = first.isOpen || second.isOpen;
  // Without earlier calls there is no old cost per call: all of the growth is from calls.
  const fromCalls = first.calls === 0 ? after : (second.calls / first.calls - 1) * before;
  const net = (amount: number) => beyondRounding(amount, Math.max(before, after)) / days;
  return {
    before: before / days,
    after: after / days,
    growth: net(after - before),
    from_calls: isOpen ? Number.NaN : net(fromCalls),
    from_cost_per_call: isOpen ? Number.NaN : net(after - before - fromCalls),
  };
}

/** All rows together; not known where one of them is not. */
export const sumsOf = (rows: readonly Amounts[]): Amounts => {
  const sum = (of: keyof Amounts) =>
    beyondRounding(
      rows.reduce((total, row) => total + row[of], 0),
      rows.reduce((total, { before, after }) => total + Math.max(before, after), 0),
    );
  return {
    before: sum("before"),
    after: sum("after"),
    growth: sum("growth"),
    from_calls: sum("from_calls"),
    from_cost_per_call: sum("from_cost_per_call"),
  };
};

/** By what a bill grew, with intervals; not known where its amounts are not, or where there is nothing to compare with. */
export function factorsOf(
  ratios: Ratios,
  g: string,
  { before, growth, from_calls }: Amounts,
  bills: readonly Bill[],
) {
  const n = countedIn(bills);
  const groups = [false, true].map(
    (isSecond) =>
      new Set(bills.filter((bill) => bill.second === isSecond && bill.calls > 0).map((bill) => bill.g)),
  );
  const [firsts, seconds] = groups;
  const isShared = [...firsts].some((group) => seconds.has(group));
  const whyNone = (amount: number): Reservation | undefined => {
    if (Number.isNaN(amount))
      return reserve("none.number", { why: "calls without a known cost may change it" });
    if (firsts.size === 0) return reserve("none.counted", { counted: "calls before" });
    return before === 0 ? reserve("none.denominator") : undefined;
  };
  const factor = (kind: string, amount: number): Estimate => {
    const found = ratios.ratio(g, kind, { n, unit: "×", counted: "calls before" });
    const why = whyNone(amount);
    if (why !== undefined) return renoted({ ...found, ...noEnds, value: Number.NaN }, [why]);
    // No call after says that there was none, and not how many there might have been.
    if (seconds.size === 0)
      return renoted({ ...found, ...noEnds }, [reserve("none.counted", { counted: "calls after" })]);
    // A part of the linear form can fall below 0, which no factor does.
    return { ...found, low: Math.max(0, found.low) };
  };
  const perCall = factor("cost_per_call", from_calls);
  return {
    factor: factor("growth", growth),
    calls_factor: factor("calls", from_calls),
    // What is new counts at its own cost: without a row on both sides that is no cost per call to compare.
    cost_per_call_factor:
      isShared || Number.isNaN(perCall.value)
        ? perCall
        : renoted({ ...perCall, ...noEnds, value: Number.NaN }, [
            reserve("none.counted", { counted: "calls of one row on both sides" }),
          ]),
  };
}

/** How many calls stand behind bills, as they are. */
const countedIn = (bills: readonly Bill[]) => bills.reduce((total, { counted }) => total + counted, 0);
