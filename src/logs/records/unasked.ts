import type { Held } from "../../store/schema";

// The one rule of what is stored of a text that nobody asked for.

/** A value of more bytes is a text, not a name, id or setting. */
const longestValue = 120;
const longestKept = 2_000;
const mostWords = 8;
// One of more words has at least as many bytes.
const fewestBytes = 2 * mostWords + 1;

/** True if values look like names, numbers or settings: a text of many words does not. */
export function isShort(values: readonly unknown[], keep: boolean): boolean {
  const longest = keep ? longestKept : longestValue;
  return values.every((one) => {
    // A list of lists or of records does not look like one, however short it is.
    if (typeof one === "object" && one !== null) return false;
    const text = String(one);
    return Buffer.byteLength(text) <= longest && (keep || wordsIn(text) <= mostWords);
  });
}

/** Words of a text, as the engine counts them below. */
const wordsIn = (text: string) => text.split(/[\t\n\v\f\r\p{Z}]+/u).filter((word) => word !== "").length;

// The spaces of ASCII; others are in what has more bytes than characters.
const spaces = [32, 9, 10, 11, 12, 13];

/** SQL for whether one value looks like those: only what may have a space in it is split into words. */
export function isShortSql(text: string, keep = false): string {
  if (keep) return `strlen(${text}) <= ${longestKept}`;
  const hasSpace = spaces.map((space) => `contains(${text}, chr(${space}))`).join(" or ");
  const words = `len(list_filter(regexp_split_to_array(${text}, '[\\s\\x0b\\p{Z}]+'), lambda word: word <> ''))`;
  return `case when strlen(${text}) < ${fewestBytes} then true when strlen(${text}) > ${longestValue} then false
    when strlen(${text}) <> length(${text}) or ${hasSpace} then ${words} <= ${mostWords} else true end`;
}

/** Texts of some columns may be empty; elsewhere an empty one is missing: calls with the same empty id would be one. */
const givenSql = (text: string) => `nullif(${text}, '')`;

/** A path, or an id made of others, may be so long: a token that is signed, which opens doors, is longer. */
const longestWord = 512;
// A sentence has spaces, or is in a script that has none.
const isOneWord = (text: string) =>
  `strlen(${text}) <= ${longestWord} and regexp_full_match(${text}, '[\\w.:/@|~=,#-]+')`;

/**
 * SQL for what is stored of a log's text in a column. Of a long text there is only a hash, by which the same are still
 * the same; an id's is the one that ids are made with where a log has none.
 *
 * @param text SQL of the text, named more than once
 * @param keep texts are asked for
 */
export function storedSql(holds: Held, text: string, keep: boolean): string {
  if (holds === "asked" && !keep) return "null::varchar";
  if (keep || holds === "word" || holds === "list" || holds === "made") return givenSql(text);
  const hash = holds === "id" ? `md5(${text})` : `'text ' || left(md5(${text}), 12)`;
  const long = `case when ${isShortSql(text)} then ${text}${holds === "name" ? "" : ` when ${isOneWord(text)} then ${text}`} else ${hash} end`;
  return `case when strlen(${text}) < ${fewestBytes} then ${givenSql(text)} else ${long} end`;
}
