import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import { defineMeasure, type Result } from "../define";
import { groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { spreads } from "../estimate/spread";
import type { GroupKey } from "../estimate/summaries";
import { hidden } from "../measure";
import type { MeasureOptions } from "../options";
import type { Keyed } from "../table";
import { whyEmpty } from "../whyEmpty";
import { consistencyOf, noScore, type PromptSums, type RunGroup, unmeasured } from "./consistencyRow";
import {
  behindRuns,
  findRepeats,
  measureScores,
  promptSums,
  type Repeats,
  repeatOptions,
  runsOption,
} from "./consistencyRuns";

const { score, rater, pass } = repeatOptions;

/** One line of a consistency table. Intervals are over prompts. */
export type ConsistencyRow = Keyed<{
  /** Prompts asked at least twice, average runs per prompt, and runs in all. */
  prompts: number;
  repeats: number;
  runs: number;
  /** The mean of the score over prompts, each weighted equally. */
  mean: Estimate;
  /**
   * The variance of the score between prompts and between the runs of one prompt, and the first as a share of their
   * sum.
   */
  variance_between: Estimate;
  variance_within: Estimate;
  icc: Estimate;
  /** The share of all runs that pass, those of prompts asked once included; n counts these runs. */
  pass_rate: Estimate;
  /**
   * For each k: the chance that at least one of k runs passes, and that all of them do; n counts the prompts asked at
   * least twice and k times.
   */
  pass_at: Record<string, Estimate>;
  pass_hat: Record<string, Estimate>;
  /** Standard deviation of a prompt's output lengths divided by their mean. */
  length_cv: Estimate;
  /**
   * The chance that two runs of a prompt give the same output; how many different outputs its runs give, on average.
   */
  same_output: Estimate;
  distinct_outputs: number;
  /** The share of a prompt's runs whose output parses as JSON, and fits its schema. */
  json_valid: Estimate;
  schema_valid: Estimate;
  /** The best and the worst score of a prompt's runs. */
  best: Estimate;
  worst: Estimate;
  /** The score that one run in ten falls short of, if surprises are costly. */
  low_quantile: Estimate;
}>;

/**
 * How much the answers to the same prompt vary in quality, length and form.
 *
 * Runs with the same prompt_id, prompt_version and workload repeat each other, whether in a dedicated study or because
 * a prompt recurred in production. A run is a task, or a call without one; its group is that of its first answering
 * call, its output that of the last. Prompts asked once are left out and counted; only `pass_rate` is of all runs. An
 * estimate's n counts prompts (for a variance or a rate of runs, runs); clusters are prompts. A score of 0 or 1 passes at
 * the better of the two; any other needs `pass`.
 *
 * @remarks Method: see `icc`, `passOverPrompts`, `promptAverage`, `sameOutput`; the low quantile by Woodruff's
 * interval over prompts (see `clusteredQuantileRanks`).
 * @returns a table with a row for each group of `by` in which a prompt was asked at least twice
 * @throws RangeError for an invalid score, rater, k or quantile, and for an invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await consistency(store, { by: "model" });
 * `${rows[0].prompts} ${rows[0].mean.value.toFixed(2)}` // "89 0.78"
 */
export const consistency = defineMeasure({
  name: "consistency",
  about: "how much the answers to the same prompt vary, by prompts that were asked at least twice",
  needs: ["prompt_id", "repeated prompts"],
  fixed: { cluster: "its intervals are over prompts" },
  options: {
    score,
    rater,
    k: runsOption("numbers of runs for pass@k and pass^k", "k", [1, 2, 4]),
    pass,
    ...hidden({
      quantile: {
        value: "<share>",
        about: "the quantile to report as `low_quantile`, counted from the bad end of the score",
        as: "number",
        default: 0.1,
        check: (caller: string, quantile: number) => {
          if (!(quantile > 0 && quantile < 1))
            throw new RangeError(`${caller} requires 0 < quantile < 1, got ${quantile}`);
        },
      },
    }),
  },
  open: (asked) => findRepeats("consistency", asked),
  async table({ options, ...repeats }): Promise<Result<ConsistencyRow>> {
    const { selection, groups, down, pass, score } = repeats;
    const { k, quantile, level = 0.95, seed = 1, interval = "auto" } = options;
    const prompts = new Map<unknown, PromptSums[]>(groups.map(({ g }) => [g, []]));
    for (const sums of await promptSums(repeats)) prompts.get(sums.g)?.push(sums);
    const repeated = groups.filter(({ repeated_prompts }) => repeated_prompts > 0);
    const low = await lowQuantiles(repeats, down ? 1 - quantile : quantile, { level, seed, interval });
    const rows = repeated.map((group): ConsistencyRow => {
      const sums = prompts.get(group.g) as PromptSums[];
      const passing = group.scores > 0 && (group.plain || pass !== undefined);
      return {
        ...(selection.by.length === 0 ? {} : group.by),
        prompts: group.repeated_prompts,
        repeats: group.repeated_runs / group.repeated_prompts,
        runs: group.repeated_runs,
        ...consistencyOf(group, sums, { passing, level, seed, interval, down, k: [...new Set(k)] }),
        low_quantile: within(group, low.get(String(group.g)) ?? unmeasured(noScore, level)),
      };
    });
    const notes = [...repeats.about, ...counted(groups), ...passNotes(repeats, repeated, prompts, k)];
    if (rows.length === 0) {
      const why = await whyEmpty(selection, notes[0]);
      if (why !== notes[0]) return { rows, notes: [why] };
    }
    if (score !== undefined && down)
      notes.push(`Lower is better for "${score}": best is the lowest, and a run passes by a low score.`);
    return { rows, notes, behind: { ...behindRuns(repeats), n: ({ runs }) => runs } };
  },
});

/** A share always lies between 0 and 1, however few runs there are. */
function within({ least, most }: RunGroup, estimate: Estimate): Estimate {
  if (least === null || most === null || least < 0 || most > 1) return estimate;
  const inside = (end: number) => Math.max(0, Math.min(1, end));
  return { ...estimate, low: inside(estimate.low), high: inside(estimate.high), unit: "1" };
}

async function lowQuantiles(
  repeats: Repeats,
  q: number,
  options: Required<Pick<MeasureOptions, "level" | "seed" | "interval">>,
): Promise<Map<GroupKey, Estimate>> {
  if (repeats.groups.every(({ scores }) => scores === 0)) return new Map();
  await measureScores(repeats);
  const selection = { ...repeats.selection, clusterBy: "prompt_id", hours: false };
  const summaries = await duckdbSummaries(selection, true);
  const spreadOf = await spreads(summaries, await groupSummaries(summaries), [q], {
    ...options,
    unit: "",
    counted: "runs",
  });
  return new Map([...spreadOf].map(([g, { quantiles }]) => [g, Object.values(quantiles)[0]]));
}

function counted(groups: RunGroup[]): string[] {
  const both = groups.some(({ evaluation, repeated_runs }) => evaluation > 0 && evaluation < repeated_runs);
  const mixed = both
    ? [
        "Some rows mix evaluation and production prompts; separate them with where: \"environment = 'evaluation'\".",
      ]
    : [];
  const sum = (of: (group: RunGroup) => number) => groups.reduce((all, group) => all + of(group), 0);
  const prompts = sum((group) => group.prompts);
  const once = prompts - sum((group) => group.repeated_prompts);
  if (prompts === 0)
    return ["No selected call has a prompt_id: repeats of a prompt cannot be found in this log."];
  if (once === prompts)
    return ["No prompt was asked twice within a row: consistency needs at least 2 runs per prompt."];
  if (once === 0) return mixed;
  return [
    ...mixed,
    `${grouped(once)} of ${grouped(prompts)} prompts were asked only once in their row and are left out, of all but the pass rate.`,
  ];
}

function passNotes(
  { score, pass }: Repeats,
  repeated: RunGroup[],
  prompts: Map<unknown, PromptSums[]>,
  k: readonly number[],
): string[] {
  const scored = repeated.filter(({ scores }) => scores > 0);
  if (score === undefined || scored.length === 0) return [];
  const notes: string[] = [];
  if (pass === undefined && scored.some(({ plain }) => !plain))
    notes.push(
      `"${score}" is not always 0 or 1: pass@k and pass^k need the score from which a run passes (--pass).`,
    );
  const most = Math.max(0, ...scored.flatMap(({ g }) => (prompts.get(g) ?? []).map(({ scores }) => scores)));
  const beyond = [...new Set(k)].filter((runs) => runs > most);
  if (most < 2) notes.push("No prompt has two runs with a score: pass@k and pass^k are unknown.");
  else if (beyond.length > 0)
    notes.push(
      `No prompt was run more than ${most} times: pass@k and pass^k are unknown for k = ${beyond.join(", ")}.`,
    );
  return notes;
}
