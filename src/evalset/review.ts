import { createHash } from "node:crypto";
import { mask } from "../store/mask";
import type { Item } from "./item";
import { modelNames, withoutNames } from "./modelNames";
import type { Output } from "./outputs";
import { promptText } from "./promptText";
import { reviewCsv } from "./reviewCsv";
import { reviewPage } from "./reviewPage";
import { firstOrSecond, type ReviewRow, type ReviewSheet, yesOrNo } from "./reviewSheet";

/** Options of a review sheet. */
export interface ReviewOptions {
  /**
   * Show two models' answers to an item side by side and ask which is better: labels become preferences. Default false.
   */
  pairs?: boolean;
  /** The score that labels of single answers become. Default "correct". */
  score?: string;
  /** The yes-or-no question to the reviewer. Default: from the score's name. */
  question?: string;
  /** Seed of the answers' order. Default 1. */
  seed?: number;
  /** Maximum number of answers or pairs, sampled at random if there are more. Default: all. */
  limit?: number;
  /**
   * Whether to remove personal data from the sheet, and models' names from the answers, as far as they are found. Default
   * true.
   */
  mask?: boolean;
}

/** A sheet for reviewers. */
export interface Review extends ReviewSheet {
  /** A page for labelling by keyboard that works from disk without network. */
  html: string;
  /** The same for a spreadsheet: fill in `value` with 1, 0 or u; for a pair, 1 if the first is better. */
  csv: string;
}

const questions: Record<string, string> = {
  correct: "Is the answer correct?",
  hallucination: "Does the answer state something that is not true?",
  helpful: "Does the answer help with what was asked?",
  refusal: "Does the answer refuse the request?",
  preference: "Which answer is better?",
};

/**
 * Makes a blind, shuffled sheet for people to judge answers: a page for the browser and a table for spreadsheets.
 *
 * The sheet does not show which model gave an answer: its id is a hash of the call's id, by which `importLabels` finds
 * the call.
 *
 * With `pairs`, each pair of models that answered an item is shown side by side once, in random order; only one of a
 * model's repeats is shown.
 *
 * @param outputs answers to items of the set; only what the sheet shows is written
 * @throws RangeError for an invalid seed or number of answers, an answer to an item that is not in the set, or `pairs`
 * if no item has answers from two models
 * @example
 * const store = await openDemo();
 * const { items } = await build(store, { size: 50 });
 * review(items, await storedOutputs(store, items), { limit: 20 }).rows.length // 20
 */
export function review(
  items: readonly Item[],
  outputs: readonly Output[],
  options: ReviewOptions = {},
): Review {
  const { pairs = false, seed = 1, mask: masking = true } = options;
  const score = pairs ? "preference" : (options.score ?? "correct");
  const question = options.question ?? questions[score] ?? `Does "${score}" hold for the answer?`;
  if (score.trim() === "") throw new RangeError("review requires a score with a name, got an empty one");
  if (!Number.isSafeInteger(seed)) throw new RangeError(`review requires a whole seed, got ${String(seed)}`);
  const shown = pairs
    ? pairsOf(outputs, seed)
    : outputs.map((one): Shown => ({ id: reviewId(one.call_id), first: one }));
  if (pairs && shown.length === 0 && outputs.length > 0)
    throw new RangeError("review requires answers of two models to one item for pairs, got none");
  const { limit = Math.max(1, shown.length) } = options;
  if (!(Number.isSafeInteger(limit) && limit >= 1))
    throw new RangeError(`review requires a whole number of answers >= 1, got ${String(limit)}`);
  const known = new Map(items.map((item) => [item.item_id, item]));
  const names = masking ? modelNames(outputs) : undefined;
  const bare = (text: string) => (masking ? mask(text).text : text);
  const text = ({ output }: Output) => (masking ? withoutNames(bare(output), names) : output);
  const place = ({ first, second }: Shown) =>
    sha256(`${seed} ${first.call_id}${second === undefined ? "" : ` ${second.call_id}`}`);
  const rows = shown
    .map((one) => ({ ...one, place: place(one) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, limit)
    .map(({ id, first, second }): ReviewRow => {
      const item = known.get(first.item_id);
      if (item === undefined)
        throw new RangeError(`review requires answers to items of the set, got one to "${first.item_id}"`);
      return {
        review_id: id,
        prompt: bare(promptText(item.prompt)),
        expected: bare(item.expected),
        sources: item.sources.map(({ id, text }) => bare(id === undefined ? text : `[${id}] ${text}`)),
        answer: text(first),
        ...(second === undefined ? {} : { other: text(second) }),
      };
    });
  const sheet = sha256(JSON.stringify([score, question, rows.map(({ review_id }) => review_id)])).slice(
    0,
    16,
  );
  const kind = pairs
    ? ({ thing: "Pair", choices: firstOrSecond } as const)
    : ({ thing: "Answer", choices: yesOrNo } as const);
  const whole = { sheet, score, question, ...kind, rows };
  return { ...whole, html: reviewPage(whole), csv: reviewCsv(whole) };
}

/** What one row of a sheet shows. */
interface Shown {
  id: string;
  first: Output;
  second?: Output;
}

/** Every pair of models that answered an item, once, in random order. */
function pairsOf(outputs: readonly Output[], seed: number): Shown[] {
  const byItem = new Map<string, Map<string, Output>>();
  const drawn = (one: Output) => sha256(`${seed} side ${one.call_id}`);
  for (const one of outputs) {
    const models = byItem.get(one.item_id) ?? new Map<string, Output>();
    const before = models.get(one.model);
    if (before === undefined || drawn(one) < drawn(before)) models.set(one.model, one);
    byItem.set(one.item_id, models);
  }
  return [...byItem.values()].flatMap((models) => {
    const all = [...models.values()].sort((a, b) => (drawn(a) < drawn(b) ? -1 : 1));
    return all.flatMap((a, at) =>
      all.slice(at + 1).map((b): Shown => {
        const isTurned = sha256(`${drawn(a)} ${drawn(b)}`) < "8";
        const [first, second] = isTurned ? [b, a] : [a, b];
        return { id: `${reviewId(first.call_id)}-${reviewId(second.call_id)}`, first, second };
      }),
    );
  });
}

/** The id of an answer on a sheet. The store finds the call by the same hash; see importLabels.sql. */
export function reviewId(callId: string): string {
  return sha256(`fieldnotes review ${callId}`).slice(0, 16);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
