import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { withCalls } from "../behind";
import { rowKey } from "../rowKey";
import type { Row, Table } from "../table";
import type { PromptSums } from "./consistencyRow";
import { behindRuns, findRepeats, promptSums, type RepeatOptions } from "./consistencyRuns";
import { type ModelRuns, pickedBy, pickInterval } from "./singleShotPicks";

/** How many runs per prompt to try. */
export interface SingleShotOptions extends RepeatOptions {
  /** Runs per prompt. Default 1, 2, 4 and 8. */
  repeats?: readonly number[];
  /** The column whose values are compared, within each group of the other columns of `by`. Default "model". */
  compare?: string;
}

/** What a study with this many runs per prompt would have picked. */
export interface SingleShotRow extends Row {
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
}

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
 * const { rows } = await singleShot(store);
 * `${rows[0].best} ${rows[0].wrong.value.toFixed(1)}` // "tamarisk-mini 0.4"
 */
export async function singleShot(
  store: Store,
  options: SingleShotOptions = {},
): Promise<Table<SingleShotRow>> {
  const { repeats: requested = [1, 2, 4, 8], compare = "model", level = 0.95, seed = 1 } = options;
  for (const one of requested)
    if (!(Number.isSafeInteger(one) && one >= 1))
      throw new RangeError(`singleShot requires whole numbers of repeats >= 1, got ${String(one)}`);
  const found = await findRepeats("singleShot", store, options);
  const { selection, groups, down } = found;
  try {
    if (groups.length > 0 && !selection.by.includes(compare))
      throw new RangeError(`singleShot requires by to include "${compare}", got "${selection.by.join(",")}"`);
    const scope = selection.by.filter((name) => name !== compare);
    const prompts = new Map<unknown, PromptSums[]>();
    for (const one of await promptSums(found)) {
      if (one.scores > 1) prompts.set(one.g, [...(prompts.get(one.g) ?? []), one]);
    }
    const scopes = new Map<string, { by: Row; models: Prompted[] }>();
    for (const { g, by } of groups) {
      const own = prompts.get(g);
      if (own === undefined) continue;
      const key = rowKey(scope, by);
      const one = scopes.get(key) ?? {
        by: Object.fromEntries(scope.map((name) => [name, by[name]])),
        models: [],
      };
      one.models.push({ name: String(by[compare] ?? "not given"), by, prompts: own });
      scopes.set(key, one);
    }
    const notes = [...found.notes];
    const runsOf = new Map<object, { by: Row; prompt: string; runs: number }[]>();
    const rows = [...scopes.values()].flatMap(({ by, models }) => {
      const prompts = sharedPrompts(models);
      const shared = common(models, prompts, down);
      if (shared.length < 2 || shared[0].means.length < 2) return [];
      const [{ means }] = shared;
      const truth = pickedBy(shared, Math.max(...requested));
      const own = models.flatMap(({ by, prompts: all }) =>
        all
          .filter(({ prompt }) => prompts.includes(prompt))
          .map(({ prompt, scores }) => ({ by, prompt, runs: scores })),
      );
      return [...new Set(requested)].map((k): SingleShotRow => {
        const { wrong, loss } = pickInterval(shared, k, { level, seed });
        const about = { level, n: means.length, clusters: means.length, clusterBy: "prompt_id" };
        const row = {
          ...by,
          runs: k,
          models: shared.length,
          prompts: means.length,
          best: shared[truth.best].name,
          wrong: drawn(wrong, { ...about, unit: "1" }),
          loss: drawn(loss, { ...about, unit: "" }),
        };
        runsOf.set(row, own);
        return row;
      });
    });
    if (rows.length === 0)
      notes.push(
        "No two models were asked the same prompts at least twice with a score: picks cannot be compared.",
      );
    else
      notes.push(
        "The model that is best by all runs counts as the right one; the less sure that is, the wider the interval.",
      );
    const behind = behindRuns(found);
    return withCalls(
      { measure: "single shot", by: [...scope, "runs"], rows, notes },
      (again) => singleShot(again, options),
      {
        ...behind,
        from: `select * from (${behind.from}) where amount is not null`,
        n: (row) => (runsOf.get(row) ?? []).reduce((sum, { runs }) => sum + runs, 0),
        keys: (row) => ({
          by: [...selection.by, "prompt"],
          rows: (runsOf.get(row) ?? []).map(({ by, prompt }) => ({ ...by, prompt })),
        }),
      },
    );
  } finally {
    selection.close();
  }
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
    const own = new Map(prompts.map((one) => [one.prompt, one]));
    const each = shared.map((prompt) => own.get(prompt) as PromptSums);
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
  const few = about.n < 10 ? { note: `${about.n} prompts say little about others` } : {};
  return { value, low, high, method: "bootstrap-percentile", resamples: 399, ...about, ...few };
}
