import { createHash } from "node:crypto";
import { mask } from "../store/mask";
import type { Item } from "./item";
import type { Output } from "./outputs";
import { promptText } from "./promptText";
import { reviewCsv } from "./reviewCsv";
import { reviewPage } from "./reviewPage";
import type { ReviewRow, ReviewSheet } from "./reviewSheet";

/** How a review sheet is made. */
export interface ReviewOptions {
  /** The score the labels become. Default "correct". */
  score?: string;
  /** What the reviewer is asked, to be answered with yes or no. Default: by the score's name. */
  question?: string;
  /** The order of the answers. Default 1. */
  seed?: number;
  /** The most answers; fewer are a random sample of them. Default: all. */
  most?: number;
  /** Takes personal data and the models' names out of the answers, as far as they are found. Default true. */
  mask?: boolean;
}

/** A sheet for reviewers. */
export interface Review extends ReviewSheet {
  /** A page that works from disk without network, for labelling by keyboard. */
  html: string;
  /** The same for a spreadsheet: fill in `value` with 1, 0 or u. */
  csv: string;
}

const questions: Record<string, string> = {
  correct: "Is the answer correct?",
  hallucination: "Does the answer state something that is not so?",
  helpful: "Does the answer help with what was asked?",
  refusal: "Does the answer refuse the request?",
};

/**
 * Makes a blind, shuffled sheet on which people judge answers: a page for the browser and a table for spreadsheets.
 *
 * Which model gave an answer is not on the sheet: its id is a hash of the call's, by which `importLabels` finds it.
 *
 * @param outputs answers to items of the set; of each only what the sheet shows is written
 * @throws RangeError for an invalid seed or number of answers, or an answer to an item that is not in the set
 * @example
 * review([], []).question // "Is the answer correct?"
 */
export function review(
  items: readonly Item[],
  outputs: readonly Output[],
  options: ReviewOptions = {},
): Review {
  const { score = "correct", seed = 1, most = Math.max(1, outputs.length), mask: masking = true } = options;
  const question = options.question ?? questions[score] ?? `Does "${score}" hold of the answer?`;
  if (score.trim() === "") throw new RangeError("review requires a score with a name, got an empty one");
  if (!Number.isSafeInteger(seed)) throw new RangeError(`review requires a whole seed, got ${String(seed)}`);
  if (!(Number.isSafeInteger(most) && most >= 1))
    throw new RangeError(`review requires a whole number of answers >= 1, got ${String(most)}`);
  const known = new Map(items.map((item) => [item.item_id, item]));
  const names = masking ? modelNames(outputs) : undefined;
  const rows = outputs
    .map((one) => ({ ...one, place: sha256(`${seed} ${one.call_id}`) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, most)
    .map(({ call_id, item_id, output }): ReviewRow => {
      const item = known.get(item_id);
      if (item === undefined)
        throw new RangeError(`review requires answers to items of the set, got one to "${item_id}"`);
      return {
        review_id: reviewId(call_id),
        prompt: promptText(item.prompt),
        expected: item.expected,
        sources: item.sources.map(({ id, text }) => (id === undefined ? text : `[${id}] ${text}`)),
        answer: masking ? withoutNames(mask(output).text, names) : output,
      };
    });
  const sheet = sha256(JSON.stringify([score, question, rows.map(({ review_id }) => review_id)])).slice(
    0,
    16,
  );
  const whole = { sheet, score, question, rows };
  return { ...whole, html: reviewPage(whole), csv: reviewCsv(whole) };
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
