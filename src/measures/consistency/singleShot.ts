import { type Estimate, noted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { defineMeasure, type Result } from "../define";
import { hidden } from "../measure";
import { keysOf, rowKey } from "../rowKey";
import type { Keyed, Row } from "../table";
import { noCallSelected, whyEmpty } from "../whyEmpty";
import type { PromptSums } from "./consistencyRow";
import { behindRuns, findRepeats, promptSums, runScore, runsOption } from "./consistencyRuns";
import { type ModelRuns, pickedBy, pickInterval } from "./singleShotPicks";

/** What a study with this many runs per prompt would have picked. */
export type SingleShotRow = Keyed<{
  /** Runs of each prompt and model. */
  runs: number;
  models: number;
  prompts: number;
  /** The model that is best over all runs. */
  best: string;
  /** The chance that the study picks another model. */
  wrong: Estimate;
  /** How much worse the score of the picked model is than that of the best one, on average. */
  loss: Estimate;
}>;

/**
 * How often one run of each prompt, as in most benchmarks, would pick a different model than all runs do.
 *
 * Uses the prompts that all compared models were asked at least twice. The means of all runs are taken as the truth,
 * and the variance between the runs of a prompt shows how far the mean of k runs per prompt may be from it. n counts
 * prompts. If the best two are nearly equal, a wrong pick is frequent but costs little: see `loss`.
 *
 * @remarks Method: the mean over P prompts with k runs each is normal around the model's mean with variance sum(s^2 /
 * k) / P^2 (central limit theorem), and the chance that each model is highest comes by integration; bounds are
 * percentiles of 399 resamples of the prompts.
 * @returns a table with a row for each group of the other columns of `by` and number of runs
 * @throws RangeError for invalid numbers of runs or a `compare` that is not in `by`, and as `consistency`
 * @example
 * const store = await openDemo();
 * const { rows } = await consistencySingleShot(store);
 * `${rows[0].best} ${rows[0].wrong.value.toFixed(1)}` // "tamarisk-mini 0.4"
 */
export const consistencySingleShot = defineMeasure({
  name: "single-shot",
  of: "consistency",
  about: "how often a study with few runs per prompt would pick the wrong model",
  needs: ["prompt_id", "repeated prompts"],
  options: {
    repeats: runsOption("runs per prompt", "of repeats", [1, 2, 4, 8]),
    ...hidden({
      ...runScore,
      compare: {
        value: "<column>",
        about: "the column whose values are compared, within each group of the other columns of by",
        default: "model",
      },
    }),
  },
  open: (asked) => findRepeats("consistencySingleShot", asked),
  async table({ options, ...repeats }): Promise<Result<SingleShotRow>> {
    const { selection, groups, down, about } = repeats;
    const { repeats: requested, compare, level = 0.95, seed = 1 } = options;
    if (groups.length > 0 && !selection.by.includes(compare))
      throw new RangeError(
        `consistencySingleShot requires by to include "${compare}", got "${selection.by.join(",")}"`,
      );
    const scope = selection.by.filter((name) => name !== compare);
    const prompts = new Map<unknown, PromptSums[]>();
    for (const sums of await promptSums(repeats)) {
      if (sums.scores > 1) prompts.set(sums.g, [...(prompts.get(sums.g) ?? []), sums]);
    }
    const scopes = new Map<string, { by: Row; models: Prompted[] }>();
    for (const { g, by } of groups) {
      const asked = prompts.get(g);
      if (asked === undefined) continue;
      const key = rowKey(scope, by);
      const model = { name: String(by[compare] ?? "not given"), by, prompts: asked };
      const models: Prompted[] = [...(scopes.get(key)?.models ?? []), model];
      scopes.set(key, { by: keysOf(scope, by), models });
    }
    const runsOf = new Map<SingleShotRow, Ran[]>();
    const rows = [...scopes.values()].flatMap(({ by, models }) => {
      const prompts = sharedPrompts(models);
      const picks = picksOf(common(models, prompts, down), requested, { level, seed });
      const runs = runsOn(models, prompts);
      return picks.map((pick): SingleShotRow => {
        const row = { ...by, ...pick };
        runsOf.set(row, runs);
        return row;
      });
    });
    const note =
      rows.length === 0
        ? await whyEmpty(
            repeats.selection,
            "No two models were asked the same prompts at least twice with a score: picks cannot be compared.",
          )
        : "The model that is best by all runs counts as the right one; the less sure that is, the wider the interval.";
    const behind = behindRuns(repeats);
    return {
      by: [...scope, "runs"],
      rows,
      notes: note === noCallSelected ? [note] : [...about, note],
      behind: {
        ...behind,
        from: `select * from (${behind.from}) where amount is not null`,
        n: (row) => (runsOf.get(row) ?? []).reduce((sum, { runs }) => sum + runs, 0),
        keys: (row) => ({
          by: [...selection.by, "prompt"],
          rows: (runsOf.get(row) ?? []).map(({ by, prompt }) => ({ ...by, prompt })),
        }),
      },
    };
  },
});

/** The runs of one prompt by one model. */
interface Ran {
  by: Row;
  prompt: string;
  runs: number;
}

function runsOn(models: readonly Prompted[], shared: readonly string[]): Ran[] {
  return models.flatMap(({ by, prompts }) =>
    prompts
      .filter(({ prompt }) => shared.includes(prompt))
      .map(({ prompt, scores }) => ({ by, prompt, runs: scores })),
  );
}

/** What studies with each number of runs would pick; none if there are not two models and prompts. */
function picksOf(
  models: readonly ModelRuns[],
  requested: readonly number[],
  settings: { level: number; seed: number },
) {
  const prompts = models[0]?.means.length ?? 0;
  if (models.length < 2 || prompts < 2) return [];
  const truth = pickedBy(models, Math.max(...requested));
  const about = { level: settings.level, n: prompts, clusters: prompts, clusterBy: "prompt_id" };
  return [...new Set(requested)].map((runs) => {
    const { wrong, loss } = pickInterval(models, runs, settings);
    return {
      runs,
      models: models.length,
      prompts,
      best: models[truth.best].name,
      wrong: drawn(wrong, { ...about, unit: "1" }),
      loss: drawn(loss, { ...about, unit: "" }),
    };
  });
}

interface Prompted {
  name: string;
  by: Row;
  prompts: PromptSums[];
}

function sharedPrompts(models: readonly Prompted[]): string[] {
  const requested = new Map<string, number>();
  for (const { prompts } of models)
    for (const { prompt } of prompts) requested.set(prompt, (requested.get(prompt) ?? 0) + 1);
  return [...requested]
    .filter(([, count]) => count === models.length)
    .map(([prompt]) => prompt)
    .sort();
}

/** The models' means on the prompts that all of them share, signed so that higher is better. */
function common(models: readonly Prompted[], shared: readonly string[], down: boolean): ModelRuns[] {
  return models.map(({ name, prompts }) => {
    const sumsOf = new Map(prompts.map((sums) => [sums.prompt, sums]));
    const each = shared.map((prompt) => sumsOf.get(prompt) as PromptSums);
    return {
      name,
      means: each.map(({ mean }) => (down ? -1 : 1) * (mean as number)),
      variances: each.map(({ squares, scores }) => (squares as number) / (scores - 1)),
    };
  });
}

function drawn(
  { value, low, high }: { value: number; low: number; high: number },
  about: { level: number; n: number; clusters: number; clusterBy: string; unit: string },
): Estimate {
  const few = about.n < 10 ? [reserve("few.others", { n: about.n, counted: "prompts" })] : [];
  return { value, low, high, method: "bootstrap-percentile", resamples: 399, ...about, ...noted(few) };
}
