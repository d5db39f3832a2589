import type { Estimate } from "../../stats/estimate";
import { meanFromSums } from "../../stats/mean";
import { wilson } from "../../stats/rate";
import type { Store } from "../../store/open";
import { withCalls } from "../behind";
import type { Row, Table } from "../table";
import { nothing, type PromptSums, type RunGroup } from "./consistencyRow";
import { behindRuns, findRepeats, promptSums, type RepeatOptions, type Repeats } from "./consistencyRuns";

/** Which prompts to show, and in what order. */
export interface WorstOptions extends RepeatOptions {
  /** The maximum number of prompts per group. Default 10. */
  limit?: number;
  /** What to rank prompts by. Default: the score if there is one, else valid JSON, else equal outputs. */
  order?: "score" | "json_valid" | "schema_valid" | "same_output";
}

/** One prompt of one group. */
export interface WorstRow extends Row {
  prompt_id: string;
  /** The version of the prompt's template, if there is one. */
  prompt_version: string | null;
  runs: number;
  /** The mean, minimum and maximum of the score over the prompt's runs. */
  mean: Estimate;
  least: number | null;
  most: number | null;
  /** Shares of the runs with valid JSON and a valid schema; the chance that two runs give the same output. */
  json_valid: number;
  schema_valid: number;
  same_output: number;
}

const orders = ["score", "json_valid", "schema_valid", "same_output"] as const;

/**
 * The prompts that a model does worst on: those with the lowest mean score, validity or agreement of outputs.
 *
 * Prompts and runs are as in `consistency`; for a score such as "hallucination" the highest come first. n counts runs,
 * and the interval is over the runs of that one prompt. The worst of many are there partly by bad luck: asked again,
 * most will do somewhat better.
 *
 * @returns a table with a row for each group of `by` and prompt, worst first
 * @throws RangeError for an invalid order or number, and as `consistency`
 * @example
 * const store = await openDemo();
 * const { rows } = await worstPrompts(store, { by: "model", limit: 3 });
 * rows[0].mean.value // 0
 */
export async function worstPrompts(store: Store, options: WorstOptions = {}): Promise<Table<WorstRow>> {
  const { limit = 10, order } = options;
  if (!(Number.isSafeInteger(limit) && limit >= 1))
    throw new RangeError(`worstPrompts requires a whole number of prompts >= 1, got ${String(limit)}`);
  if (order !== undefined && !orders.includes(order))
    throw new RangeError(
      `worstPrompts requires order to be one of ${orders.join(", ")}, got "${String(order)}"`,
    );
  const repeats = await findRepeats("worstPrompts", store, options);
  const { selection, groups, notes } = repeats;
  try {
    const prompts = await promptSums(repeats);
    const formal = new Set(groups.filter(({ json }) => json).map(({ g }) => g));
    const known = prompts.map((one) => (formal.has(one.g) ? one : { ...one, json_known: 0, json_valid: 0 }));
    const by = order ?? ownOrder(known);
    const promptOf = new Map<WorstRow, string>();
    const rows = groups.flatMap((group) =>
      known
        .filter(({ g }) => g === group.g)
        .map((prompt) => ({
          prompt: prompt.prompt,
          badness: badness(prompt, by, repeats),
          row: rowOf(prompt, group, repeats, options),
        }))
        .filter(({ badness }) => !Number.isNaN(badness))
        .sort((a, b) => b.badness - a.badness || (a.row.prompt_id < b.row.prompt_id ? -1 : 1))
        .slice(0, limit)
        .map(({ row, prompt }) => {
          promptOf.set(row, prompt);
          return row;
        }),
    );
    const said = "The worst of many prompts are partly bad luck: asked again, most would do somewhat better.";
    const none =
      rows.length === 0 ? ["No prompt that was asked at least twice has the values to judge it by."] : [said];
    return withCalls(
      { measure: "worst prompts", by: [...selection.by, "prompt_id"], rows, notes: [...notes, ...none] },
      (again) => worstPrompts(again, options),
      {
        ...behindRuns(repeats),
        keys: (row) => ({ by: [...selection.by, "prompt"], rows: [{ ...row, prompt: promptOf.get(row) }] }),
        n: ({ runs }) => runs,
      },
    );
  } finally {
    selection.close();
  }
}

function ownOrder(prompts: readonly PromptSums[]): (typeof orders)[number] {
  if (prompts.some(({ scores }) => scores > 0)) return "score";
  return prompts.some(({ json_known }) => json_known > 0) ? "json_valid" : "same_output";
}

function badness(prompt: PromptSums, order: (typeof orders)[number], { down }: Repeats): number {
  if (order === "score") return (down ? 1 : -1) * (prompt.mean ?? Number.NaN);
  return -shares(prompt)[order];
}

function shares({ same, hashed, json_valid, json_known, schema_valid, schema_known }: PromptSums) {
  return {
    json_valid: json_valid / json_known,
    schema_valid: schema_valid / schema_known,
    same_output: hashed > 1 ? (same as number) / (hashed * (hashed - 1)) : Number.NaN,
  };
}

function rowOf(
  prompt: PromptSums,
  group: RunGroup,
  repeats: Repeats,
  { level = 0.95 }: WorstOptions,
): WorstRow {
  return {
    ...(repeats.selection.by.length === 0 ? {} : group.by),
    prompt_id: prompt.item,
    prompt_version: prompt.prompt_version,
    runs: prompt.runs,
    mean: meanOf(prompt, group, level),
    least: prompt.least,
    most: prompt.most,
    ...shares(prompt),
  };
}

function meanOf({ scores, mean, squares }: PromptSums, { plain }: RunGroup, level: number): Estimate {
  if (scores === 0) return nothing("the runs have no score", level);
  const total = (mean as number) * scores;
  if (plain) return { ...wilson(Math.round(total), scores, { level }), clusterBy: "run" };
  const about = { level, clusterBy: "run", unit: "", counted: "runs" };
  return meanFromSums({ n: scores, total, deviations: squares as number }, about);
}
