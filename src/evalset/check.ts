import type { Keyed, Table } from "../measures/table";
import { checkLevel } from "../stats/checks";
import type { Estimate } from "../stats/estimate";
import { rateInterval } from "../stats/rateInterval";
import { grouped } from "../stats/text";
import { weightedRate } from "../stats/weightedRate";
import { checkAnswer } from "./checkAnswer";
import type { Item } from "./item";
import type { Output } from "./outputs";

/** One line of a table of checks. */
export type CheckRow = Keyed<{
  model: string;
  /** The check's name; "all checks" for passing every check of the item. */
  check: string;
  /** Answers that were checked, and the items they belong to. */
  answers: number;
  items: number;
  passed: Estimate;
  /** The same, with each item weighted by the requests it represents. */
  passed_in_traffic: Estimate;
}>;

/** A judgement as a row of the table `scores`. */
export interface CheckScore {
  subject: "call";
  subject_id: string;
  name: string;
  value: 0 | 1;
  label: string;
  rater: "rule";
  rater_id: "evalset";
}

/** The name of the line, and of the score, for passing all checks of an item. */
const all = { check: "all checks", score: "checks" };

/**
 * Runs the checks of an eval set on answers to it, from one or more models.
 *
 * @param items the set; an item without checks is checked by its format, see `checkAnswer`
 * @param outputs answers, several per item if it was repeated
 * @param options `level`, default 0.95
 * @returns a table with a row for each model and check (n counts answers, clusters are items), and a score for every
 * check of every answer: JSON lines of them can be ingested
 * @throws RangeError for an invalid level, or an answer to an item that is not in the set
 * @example
 * const item = { item_id: "sum", prompt: "2 + 3?", expected: "5", format: "number", sources: [], stratum: "", weight: 1, checks: [], call_id: null };
 * const outputs = ["5", "6"].map((output) => ({ call_id: output, item_id: "sum", model: "alder", output }));
 * check([item], outputs).table.rows[0].passed.value // 0.5
 */
export function check(
  items: readonly Item[],
  outputs: readonly Output[],
  { level = 0.95 }: { level?: number } = {},
): { table: Table<CheckRow>; scores: CheckScore[] } {
  checkLevel("check", level);
  const known = new Map(items.map((item) => [item.item_id, item]));
  const found = new Map<string, { model: string; check: string; passed: boolean[]; of: Item[] }>();
  const scores: CheckScore[] = [];
  let unchecked = 0;
  for (const { call_id, item_id, model, output } of outputs) {
    const item = known.get(item_id);
    if (item === undefined)
      throw new RangeError(`check requires answers to items of the set, got one to "${item_id}"`);
    const outcomes = checkAnswer(item, output);
    if (outcomes.length === 0) {
      unchecked++;
      continue;
    }
    const passed = outcomes.every((one) => one.passed);
    const lines = [
      ...byName(outcomes),
      { name: all.score, check: all.check, passed, reason: passed ? "" : "not all checks passed" },
    ];
    for (const { name, check: label = name, passed, reason } of lines) {
      const key = JSON.stringify([model, label]);
      const own = found.get(key) ?? { model, check: label, passed: [], of: [] };
      own.passed.push(passed);
      own.of.push(item);
      found.set(key, own);
      scores.push({
        subject: "call",
        subject_id: call_id,
        name,
        value: passed ? 1 : 0,
        label: passed ? "passed" : reason,
        rater: "rule",
        rater_id: "evalset",
      });
    }
  }
  const rows = [...found.values()].sort(inOrder).map(({ model, check, passed, of }): CheckRow => {
    const clusters = of.map(({ item_id }) => item_id);
    return {
      model,
      check,
      answers: passed.length,
      items: new Set(clusters).size,
      passed: rateInterval(passed, { level, clusters, clusterBy: "item_id", counted: "answers" }),
      passed_in_traffic: weightedRate(
        passed.map((holds, at) => ({ holds, item: clusters[at], weight: of[at].weight })),
        { level },
      ),
    };
  });
  const notes: string[] = [];
  if (outputs.length === 0) notes.push("There are no answers to check.");
  if (unchecked > 0)
    notes.push(
      `${grouped(unchecked)} of ${grouped(outputs.length)} answers belong to items without checks: fill in "checks", or "format" and "expected".`,
    );
  return { table: { measure: "evalset check", by: ["model", "check"], rows, notes }, scores };
}

/** Two unnamed checks of the same kind count as one: both have to pass. */
function byName(outcomes: ReturnType<typeof checkAnswer>) {
  const names = [...new Set(outcomes.map(({ name }) => name))];
  return names.map((name) => {
    const own = outcomes.filter((one) => one.name === name);
    const failed = own.find(({ passed }) => !passed);
    return { name, check: undefined, passed: failed === undefined, reason: failed?.reason ?? "" };
  });
}

function inOrder(a: { model: string; check: string }, b: { model: string; check: string }): number {
  if (a.model !== b.model) return a.model < b.model ? -1 : 1;
  if ((a.check === all.check) !== (b.check === all.check)) return a.check === all.check ? -1 : 1;
  return a.check < b.check ? -1 : 1;
}
