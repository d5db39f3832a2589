import { mask } from "./mask";

// Text that a person wrote contains spaces or is long; ids, names of models, numbers and times do neither.
const longestWord = 64;
const isFree = (text: string) =>
  text.length > longestWord || (/\S\s+\S/.test(text) && !/^[\d\s:.,TZ+/-]*$/.test(text));

const counted = (text: string) => `… (${text.length} characters)`;

/**
 * A value from a log, for a message: personal data and keys are removed, and a text that a person may have written
 * is replaced by its length.
 *
 * @example
 * valueText("Dear Ann, my key is") // "… (19 characters)"
 */
export function valueText(text: string): string {
  return isFree(text) ? counted(text) : mask(text).text;
}

// A text in quotes, and whether it is a field name; the last may be cut off, and so may start in the middle.
const quoted = /"((?:[^"\\]|\\.)*)("(\s*:)?|$)/gs;
const words = /[^\s,;|[\]{}"]+(?:[ ]+[^\s,;|[\]{}"]+)+/g;

/**
 * A record from a log, for an excerpt: names of fields, numbers and short values stay, texts that a person may
 * have written are replaced by their length, and personal data and keys are masked.
 *
 * @example
 * withoutText('{"id": "a1", "prompt": "Dear Ann"}') // '{"id": "a1", "prompt": "… (8 characters)"}'
 */
export function withoutText(given: string): string {
  // In a damaged record a key may span a quote.
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

/** JavaScript's message about invalid JSON, without the piece of the text that it quotes. */
export function jsonFaultText(error: unknown): string {
  const said = (error as Error).message.replace(/\s+/g, " ");
  return said
    .replace(/,? (?:\.\.\. ?)?".*"(?: ?\.\.\.)? is not valid JSON$/, "")
    .replace(/^Unexpected token '?.*?'?(?= in JSON|$)/u, "an unexpected character")
    .slice(0, 160);
}
