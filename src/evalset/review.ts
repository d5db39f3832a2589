import { createHash } from "node:crypto";
import { mask } from "../store/mask";
import type { Item } from "./item";
import type { Output } from "./outputs";
import { promptText } from "./promptText";
import { reviewCsv } from "./reviewCsv";
import { reviewPage } from "./reviewPage";
import { firstOrSecond, type ReviewRow, type ReviewSheet, yesOrNo } from "./reviewSheet";

/** How a review sheet is made. */
export interface ReviewOptions {
  /** Two models' answers to an item side by side, and which is better: labels become preferences. Default false. */
  pairs?: boolean;
  /** The score the labels become, of single answers. Default "correct". */
  score?: string;
  /** What the reviewer is asked, to be answered with yes or no. Default: by the score's name. */
  question?: string;
  /** The order of the answers. Default 1. */
  seed?: number;
  /** The most answers, or pairs; fewer are a random sample of them. Default: all. */
  most?: number;
  /** Takes personal data and the models' names out of the answers, as far as they are found. Default true. */
  mask?: boolean;
}

/** A sheet for reviewers. */
export interface Review extends ReviewSheet {
  /** A page that works from disk without network, for labelling by keyboard. */
  html: string;
  /** The same for a spreadsheet: fill in `value` with 1, 0 or u, of a pair 1 where the first is better. */
  csv: string;
}

const questions: Record<string, string> = {
  correct: "Is the answer correct?",
  hallucination: "Does the answer state something that is not so?",
  helpful: "Does the answer help with what was asked?",
  refusal: "Does the answer refuse the request?",
  preference: "Which answer is better?",
};

/**
 * Makes a blind, shuffled sheet on which people judge answers: a page for the browser and a table for spreadsheets.
 *
 * Which model gave an answer is not on the sheet: its id is a hash of the call's, by which `importLabels` finds it.
 *
 * With `pairs` each pair of models that answered an item stands side by side once, which of the two comes first by chance;
 * of a model's repeats one is shown.
 *
 * @param outputs answers to items of the set; of each only what the sheet shows is written
 * @throws RangeError for an invalid seed or number of answers, an answer to an item that is not in the set, or `pairs`
 * where no item has answers of two models
 * @example
 * review([], []).question // "Is the answer correct?"
 */
export function review(
  items: readonly Item[],
  outputs: readonly Output[],
  options: ReviewOptions = {},
): Review {
  const { pairs = false, seed = 1, mask: masking = true } = options;
  const score = pairs ? "preference" : (options.score ?? "correct");
  const question = options.question ?? questions[score] ?? `Does "${score}" hold of the answer?`;
  if (score.trim() === "") throw new RangeError("review requires a score with a name, got an empty one");
  if (!Number.isSafeInteger(seed)) throw new RangeError(`review requires a whole seed, got ${String(seed)}`);
  const shown = pairs
    ? pairsOf(outputs, seed)
    : outputs.map((one): Shown => ({ id: reviewId(one.call_id), first: one }));
  if (pairs && shown.length === 0 && outputs.length > 0)
    throw new RangeError("review requires answers of two models to one item for pairs, got none");
  const { most = Math.max(1, shown.length) } = options;
  if (!(Number.isSafeInteger(most) && most >= 1))
    throw new RangeError(`review requires a whole number of answers >= 1, got ${String(most)}`);
  const known = new Map(items.map((item) => [item.item_id, item]));
  const names = masking ? modelNames(outputs) : undefined;
  const text = ({ output }: Output) => (masking ? withoutNames(mask(output).text, names) : output);
  const place = ({ first, second }: Shown) =>
    sha256(`${seed} ${first.call_id}${second === undefined ? "" : ` ${second.call_id}`}`);
  const rows = shown
    .map((one) => ({ ...one, place: place(one) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, most)
    .map(({ id, first, second }): ReviewRow => {
      const item = known.get(first.item_id);
      if (item === undefined)
        throw new RangeError(`review requires answers to items of the set, got one to "${first.item_id}"`);
      return {
        review_id: id,
        prompt: promptText(item.prompt),
        expected: item.expected,
        sources: item.sources.map(({ id, text }) => (id === undefined ? text : `[${id}] ${text}`)),
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

/** Every two models that answered an item, once, in an order that chance decides. */
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

/** The id of an answer on a sheet. The store finds the call by the same hash, see importLabels.sql. */
export function reviewId(callId: string): string {
  return sha256(`fieldnotes review ${callId}`).slice(0, 16);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A pattern for the names of the models, which some say of themselves; short ones could be any word. */
function modelNames(outputs: readonly Output[]): RegExp | undefined {
  const names = new Set(
    outputs
      .flatMap(({ model }) => [model, model.split("/").at(-1) as string])
      .filter((name) => name.length >= 4 && name !== "unknown"),
  );
  if (names.size === 0) return undefined;
  const longestFirst = [...names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const patterns = longestFirst.map((name) =>
    name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/[-_\s]+/g, "[-_ ]?"),
  );
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

function withoutNames(text: string, names: RegExp | undefined): string {
  return names === undefined ? text : text.replace(names, "[model]");
}
