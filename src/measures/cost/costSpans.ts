import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { grouped, percent } from "../../stats/text";

/** The conversations of a row: how many, their cost, how many span rows, and the cost of other rows' tasks in these. */
export interface Spans {
  n: number;
  cost: number;
  spans: number;
  moved: number;
}

/** A cost per conversation that says how much of it was spent on other rows' tasks. */
export function withSpans(estimate: Estimate, spans: Spans | undefined): Estimate {
  if (spans === undefined || spans.spans === 0) return estimate;
  const { n, cost, moved } = spans;
  const numbers = { spans: spans.spans, n };
  return withNotesFirst(estimate, [
    cost > 0
      ? reserve("method.spent-outside", { ...numbers, share: percent(moved / cost, 2) })
      : reserve("method.outside-row", numbers),
  ]);
}

/** How many conversations of a table span rows, and how much cost that moves. */
export function spanNotes(rows: readonly Spans[], credit: "first" | "last"): string[] {
  const total = (of: keyof Spans) => rows.reduce((sum, row) => sum + row[of], 0);
  const [all, spans, cost, moved] = [total("n"), total("spans"), total("cost"), total("moved")];
  if (spans === 0) return [];
  const effect =
    cost > 0
      ? `, which moves ${Number(moved.toPrecision(2))} USD (${percent(moved / cost, 2)} of what conversations cost)`
      : "";
  const side = credit === "first" ? "began" : "ended";
  return [
    `${grouped(spans)} of ${grouped(all)} conversations (${percent(spans / all, 2)}) have calls outside the row that they ${side} in; each counts there with all its calls${effect}.`,
  ];
}
