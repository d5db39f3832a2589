import type { Estimate } from "../../stats/estimate";
import { meanInterval } from "../../stats/meanInterval";
import { promptAverage } from "../../stats/promptAverage";
import { entropy, modalShare, sameOutput } from "../../stats/sameOutput";
import { grouped } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { groupedBy } from "../rowKey";
import type { Keyed } from "../table";
import { byPrompt } from "./consistencyRow";
import { findRepeats } from "./consistencyRuns";

const sql = statements(__dirname, "outputForms.sql");

/** One line of a table of forms. Intervals are over prompts. */
export type OutputFormRow = Keyed<{
  /** Prompts asked at least twice, average runs per prompt, and runs in all, of those with a known form. */
  prompts: number;
  repeats: number;
  runs: number;
  /** The form that most of these runs have. */
  form: string;
  /** How many different forms a prompt's runs have, on average. */
  distinct_forms: number;
  /** The chance that two runs of a prompt have the same form; the share of its runs that have its commonest form. */
  same_form: Estimate;
  modal_share: Estimate;
  /** The entropy of a prompt's forms in nats: 0 if all runs have one form, 0.69 if two forms are equally frequent. */
  form_entropy: Estimate;
}>;

/**
 * How much the form of answers to the same prompt varies: JSON with other keys, a list, a table, code, prose or nothing,
 * and ten times as long or not.
 *
 * Prompts and runs are as in `consistency`. A form is what `calls.output_form` says with the power of ten of the answer's
 * length in characters; JSON is the same if its keys at the top are, in whatever order. n counts prompts with at least two
 * runs of known form; clusters are prompts. With few runs per prompt `modal_share` is too high and `form_entropy` too low;
 * `same_form` is without this bias. Forms are known of logs with outputs, whose texts need not be kept.
 *
 * @remarks Method: see `sameOutput`, `modalShare` and `entropy` by prompt; `promptAverage` and `meanInterval` over prompts.
 * @returns a table with a row for each group of `by` in which a prompt was asked at least twice
 * @throws RangeError for an invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await consistencyForm(store, { by: "model" });
 * rows[0].same_form.value.toFixed(2) // "0.72"
 */
export const consistencyForm = defineMeasure({
  name: "form",
  of: "consistency",
  about: "how much the form of answers varies: JSON and its keys, lists, tables, code, prose, length",
  fixed: { cluster: "its intervals are over prompts", interval: "its intervals are over prompts" },
  needs: ["prompt_id", "repeated prompts", "output_form"],
  open: (asked) =>
    findRepeats("consistencyForm", {
      ...asked,
      options: { ...asked.options, score: undefined, rater: undefined },
    }),
  async table({ options, selection, groups }): Promise<Result<OutputFormRow>> {
    const { connection, by } = selection;
    const [{ kept }] = await rowsOf<{ kept: boolean }>(connection, sql.known);
    await run(connection, kept ? sql.formed : sql.none_formed);
    const prompts = groupedBy(await promptForms(connection), ({ g }) => g);
    const rows = groups.flatMap((group): OutputFormRow[] => {
      const own = prompts.get(group.g) ?? [];
      return own.length === 0 ? [] : [{ ...(by.length === 0 ? {} : group.by), ...formsOf(own, options) }];
    });
    const known = rows.reduce((sum, { runs }) => sum + runs, 0);
    const repeated = groups.reduce((sum, { repeated_runs }) => sum + repeated_runs, 0);
    return {
      rows,
      none: kept
        ? "No prompt has two runs whose form is known: it is read from outputs when a log is ingested."
        : "This store was read before forms of answers were kept: ingest its logs again.",
      notes: rows.length === 0 ? [] : notesOf(known, repeated),
      behind: {
        from: sql.behind,
        amount: { name: "score", first: "first" },
        counted: "runs",
        n: ({ runs }) => runs,
      },
    };
  },
});

/** How often each form occurred among the runs of one prompt. */
interface PromptForms {
  g: GroupKey;
  counts: Map<string, number>;
}

async function promptForms(connection: Parameters<typeof rowsOf>[0]): Promise<PromptForms[]> {
  const prompts = new Map<string, PromptForms>();
  type Found = { g: GroupKey; prompt: string; form: string; runs: number };
  for (const { g, prompt, form, runs } of await rowsOf<Found>(connection, sql.forms)) {
    const key = `${g} ${prompt}`;
    const { counts } = prompts.get(key) ?? { counts: new Map<string, number>() };
    prompts.set(key, { g, counts: counts.set(form, runs) });
  }
  return [...prompts.values()];
}

function formsOf(prompts: readonly PromptForms[], about: { level?: number; seed?: number }) {
  const counts = prompts.map((one) => [...one.counts.values()]);
  const runs = counts.flat().reduce((sum, count) => sum + count, 0);
  return {
    prompts: prompts.length,
    repeats: runs / prompts.length,
    runs,
    form: commonest(prompts),
    distinct_forms: counts.flat().length / prompts.length,
    same_form: byPrompt(promptAverage(counts.map(sameOutput), about)),
    modal_share: byPrompt(promptAverage(counts.map(modalShare), about)),
    form_entropy: entropyOf(counts, about),
  };
}

/** The mean entropy over prompts, which cannot be below 0. */
function entropyOf(counts: readonly number[][], about: { level?: number; seed?: number }): Estimate {
  const values = counts.map((one) => entropy(one));
  const mean = meanInterval(values, { ...about, unit: "", counted: "prompts" });
  return byPrompt({ ...mean, low: Math.max(0, mean.low) });
}

function commonest(prompts: readonly PromptForms[]): string {
  const runs = new Map<string, number>();
  for (const { counts } of prompts)
    for (const [form, count] of counts) runs.set(form, (runs.get(form) ?? 0) + count);
  const [[form]] = [...runs].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return form;
}

function notesOf(known: number, repeated: number): string[] {
  const bias =
    "With few runs per prompt the modal share is too high and the entropy too low; same_form is without this bias.";
  const left = repeated - known;
  return left === 0
    ? [bias]
    : [
        `${grouped(left)} of ${grouped(repeated)} repeated runs have no known form to compare and are left out.`,
        bias,
      ];
}
