import type { Estimate } from "../../stats/estimate";
import { meanFromSums } from "../../stats/mean";
import { pickedOf } from "../../stats/picked";
import { clopperPearson } from "../../stats/rate";
import { defineMeasure, type Result } from "../define";
import { hidden, mostOption } from "../measure";
import type { Keyed } from "../table";
import { noCallSelected, whyEmpty } from "../whyEmpty";
import { noScore, type PromptSums, type RunGroup, unmeasured } from "./consistencyRow";
import { behindRuns, findRepeats, promptSums, type Repeats, runScore } from "./consistencyRuns";

/** One prompt of one group. */
export type WorstRow = Keyed<{
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
}>;

const orders = ["score", "json_valid", "schema_valid", "same_output"] as const;

/**
 * The prompts that a model does worst on: those with the lowest mean score, validity or agreement of outputs.
 *
 * Prompts and runs are as in `consistency`; for a score such as "hallucination" the highest come first. n counts runs,
 * and the interval is over the runs of that one prompt, wide enough to hold for all of the row's prompts together. The
 * worst of many are there partly by bad luck: asked again, most will do somewhat better.
 *
 * @remarks Methods: Clopper-Pearson for scores of 0 and 1, else Student's t; Bonferroni over the prompts.
 *
 * @returns a table with a row for each group of `by` and prompt, worst first
 * @throws RangeError for an invalid order or number, and as `consistency`
 * @example
 * const store = await openDemo();
 * const { rows } = await consistencyWorst(store, { by: "model", limit: 3 });
 * rows[0].mean.value // 0
 */
export const consistencyWorst = defineMeasure({
  name: "worst",
  of: "consistency",
  about: "the prompts on which each model is least consistent, this many of each",
  fixed: { seed: "nothing is drawn", interval: "nothing is drawn" },
  needs: ["prompt_id", "repeated prompts"],
  takes: "limit",
  options: {
    limit: mostOption("prompts", "of each group", 10),
    order: {
      value: "<what>",
      about: "what to rank them by (default: the score)",
      choices: orders,
    },
    ...hidden(runScore),
  },
  open: (asked) => findRepeats("consistencyWorst", asked),
  async table({ options, ...repeats }): Promise<Result<WorstRow>> {
    const { selection, groups, about } = repeats;
    const { limit, order, level = 0.95 } = options;
    const formal = new Set(groups.filter(({ json }) => json).map(({ g }) => g));
    const prompts = (await promptSums(repeats)).map((sums) =>
      formal.has(sums.g) ? sums : { ...sums, json_known: 0, json_valid: 0 },
    );
    const by = order ?? ownOrder(prompts);
    const promptOf = new Map<WorstRow, string>();
    const rows = groups.flatMap((group) => {
      const judged = prompts
        .filter(({ g }) => g === group.g)
        .map((prompt) => ({ prompt, badness: badness(prompt, by, repeats) }))
        .filter(({ badness }) => !Number.isNaN(badness));
      return judged
        .sort((a, b) => b.badness - a.badness || (a.prompt.item < b.prompt.item ? -1 : 1))
        .slice(0, limit)
        .map(({ prompt }) => {
          const row = rowOf(prompt, group, repeats, { level, of: judged.length });
          promptOf.set(row, prompt.prompt);
          return row;
        });
    });
    const luck =
      rows.length === 0
        ? await whyEmpty(selection, "No prompt that was asked at least twice has the values to judge it by.")
        : "The worst of many prompts are partly bad luck: asked again, most would do somewhat better.";
    return {
      by: [...selection.by, "prompt_id"],
      rows,
      notes: luck === noCallSelected ? [luck] : [...about, luck],
      behind: {
        ...behindRuns(repeats),
        keys: (row) => ({ by: [...selection.by, "prompt"], rows: [{ ...row, prompt: promptOf.get(row) }] }),
        n: ({ runs }) => runs,
      },
    };
  },
});

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

function rowOf(prompt: PromptSums, group: RunGroup, repeats: Repeats, picked: Picked): WorstRow {
  return {
    ...(repeats.selection.by.length === 0 ? {} : group.by),
    prompt_id: prompt.item,
    prompt_version: prompt.prompt_version,
    runs: prompt.runs,
    mean: meanOf(prompt, group, picked),
    least: prompt.least,
    most: prompt.most,
    ...shares(prompt),
  };
}

/** From how many prompts one is picked. */
interface Picked {
  level: number;
  of: number;
}

function meanOf({ scores, mean, squares }: PromptSums, { plain }: RunGroup, { level, of }: Picked): Estimate {
  if (scores === 0) return unmeasured(noScore, level);
  const total = (mean as number) * scores;
  const about = { clusterBy: "run", unit: "", counted: "runs" };
  return pickedOf(of, "prompts", level, (each) =>
    plain
      ? { ...clopperPearson(Math.round(total), scores, { level: each }), clusterBy: "run" }
      : meanFromSums({ n: scores, total, deviations: squares as number }, { ...about, level: each }),
  );
}
