/** Longest text of one cell or label; what is beyond is counted, not shown. */
export const LONGEST = 200;

/** Control characters and marks that turn the direction of text; tabs and line ends are not among them. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/**
 * Makes what cannot be seen visible: control characters, escape sequences of terminals and marks that turn the
 * direction of text become "�"; tabs and line ends stay.
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, "�")
    .replace(/\p{Surrogate}/gu, "�");
}

/** The same on one line, for cells, labels and terminals. */
export function oneLine(text: string): string {
  return visible(text)
    .replace(/[\s\u2028\u2029]+/g, " ")
    .trim();
}

/**
 * The first `longest` characters on one line, with the size of the whole where something is left out.
 *
 * @example
 * shorten("abcdef", 4) // "abcd… (6 characters)"
 */
export function shorten(text: string, longest: number = LONGEST): string {
  // A text of 20 MB is cut before anything looks at it; the margin leaves room for characters of several units.
  const most = longest * 4 + 100;
  const characters = [...oneLine(text.slice(0, most))];
  if (characters.length <= longest && text.length <= most) return characters.join("");
  const count = String(text.length).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${characters.slice(0, longest).join("")}… (${count} characters)`;
}

/**
 * A name on one line that fits a label: its middle gives way, since names of models differ at their ends.
 *
 * @example
 * fitted("vendor/model-large-2026-03-01", 20) // "vendor/mo…2026-03-01"
 */
export function fitted(text: string, longest: number): string {
  const ends = [
    text.slice(0, 4 * longest + 100),
    text.length > 8 * longest + 200 ? text.slice(-4 * longest - 100) : text.slice(4 * longest + 100),
  ];
  const characters = [...oneLine(ends.join(""))];
  if (characters.length <= longest) return characters.join("");
  const tail = Math.ceil((longest - 1) / 2);
  return `${characters.slice(0, longest - 1 - tail).join("")}…${characters.slice(-tail).join("")}`;
}
