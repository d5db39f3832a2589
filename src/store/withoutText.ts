import { mask } from "./mask";

// What a person wrote has words apart or is long; ids, names of models, numbers and times are neither.
const longestWord = 64;
const isFree = (text: string) =>
  text.length > longestWord || (/\S\s+\S/.test(text) && !/^[\d\s:.,TZ+/-]*$/.test(text));

const counted = (text: string) => `… (${text.length} characters)`;

/**
 * A value that a log holds, for a message: without personal data and keys, and of a text that a person may have written
 * its length alone.
 *
 * @example
 * valueText("Dear Ann, my key is") // "… (19 characters)"
 */
export function valueText(text: string): string {
  return isFree(text) ? counted(text) : mask(text).text;
}

// A text in quotes, and whether it is the name of a field; the last may be cut, and so may begin in the middle.
const quoted = /"((?:[^"\\]|\\.)*)("(\s*:)?|$)/gs;
const words = /[^\s,;|[\]{}"]+(?:[ ]+[^\s,;|[\]{}"]+)+/g;

/**
 * A record as it stands in a log, for an excerpt of it: names of fields, numbers and short values stay, what may be a
 * text that a person wrote is told by its length, and personal data and keys are masked.
 *
 * @example
 * withoutText('{"id": "a1", "prompt": "Dear Ann"}') // '{"id": "a1", "prompt": "… (8 characters)"}'
 */
export function withoutText(given: string): string {
  // In a damaged record a key may stand on both sides of a quote.
  const record = mask(given).text;
  let rest = "";
  let from = 0;
  const parts: string[] = [];
  for (const found of record.matchAll(quoted)) {
    rest = record.slice(from, found.index);
    const [whole, text, end, colon] = found;
    const isName = colon !== undefined && text.length <= longestWord;
    parts.push(bare(rest), `"${isName ? mask(text).text : valueText(text)}${end}`);
    from = found.index + whole.length;
  }
  parts.push(bare(record.slice(from)));
  return parts.join("");
}

function bare(text: string): string {
  return mask(
    text.replace(words, (found) => (/\p{L}/u.test(found) && isFree(found) ? counted(found) : found)),
  ).text;
}

/** What the language says of JSON that is none, without the piece of the text that it shows. */
export function jsonFaultText(error: unknown): string {
  const said = (error as Error).message.replace(/\s+/g, " ");
  return said
    .replace(/,? (?:\.\.\. ?)?".*"(?: ?\.\.\.)? is not valid JSON$/, "")
    .replace(/^Unexpected token '?.*?'?(?= in JSON|$)/u, "an unexpected character")
    .slice(0, 160);
}
