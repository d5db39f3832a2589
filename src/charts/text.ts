/** Maximum characters of one cell or label; the rest is counted, not shown. */
export const LONGEST = 200;

// Allowed within words and symbols that are written with them: joiners and variation selectors.
const joiners = "\\u200c\\u200d";
const selectors = "\\u180b-\\u180d\\u180f\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}";
const jamo = "\\u115f\\u1160";
const beyondAscii = "[^\\0-\\x7f]";
const unseen = "\\p{Default_Ignorable_Code_Point}";

/**
 * Control characters, marks that change the direction of text, and characters without width; not tabs, line ends, or
 * the joiners and variation selectors in words and symbols that are written with them.
 */
const INVISIBLE = new RegExp(
  [
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\ufff9-\\ufffb]",
    `(?![${joiners}${selectors}${jamo}])${unseen}`,
    `(?<!${beyondAscii})[${joiners}]|[${joiners}](?!${beyondAscii})`,
    `(?<!(?!${unseen})${beyondAscii}|[0-9#*](?=\\ufe0f\\u20e3))[${selectors}]|(?<=[${selectors}])[${selectors}]`,
  ].join("|"),
  "gu",
);

/**
 * Makes invisible characters visible: control characters, terminal escape sequences, marks that change the direction of
 * text and characters without width become "�"; tabs and line ends stay.
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, "�")
    .replace(/\p{Surrogate}/gu, "�");
}

/** A value as JSON for other programs: infinite ends as text, missing values as null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === "bigint") return Number.isSafeInteger(Number(one)) ? Number(one) : one.toString();
    if (typeof one !== "number" || Number.isFinite(one)) return one;
    if (Number.isNaN(one)) return null;
    return one > 0 ? "Infinity" : "-Infinity";
  });
}

/** JSON with the same characters written as escapes, so that its meaning is unchanged. */
export function visibleJson(json: string): string {
  return json.replace(INVISIBLE, (found) =>
    [...Array(found.length).keys()]
      .map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** The same on one line, for cells, labels and terminals. */
export function oneLine(text: string): string {
  return visible(text)
    .replace(/[\s\u2028\u2029]+/g, " ")
    .trim();
}

/**
 * The first `longest` characters on one line, with the full length if something is left out.
 *
 * @example
 * shorten("abcdef", 4) // "abcd… (6 characters)"
 */
export function shorten(text: string, longest: number = LONGEST): string {
  // A text of 20 MB is cut before anything scans it; the margin allows for characters of several code units.
  const most = longest * 4 + 100;
  const characters = [...oneLine(text.slice(0, most))];
  if (characters.length <= longest && text.length <= most) return characters.join("");
  const count = String(text.length).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${characters.slice(0, longest).join("")}… (${count} characters)`;
}

/**
 * Shortens a name to one line that fits a label by cutting its middle, since model names differ at their ends.
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

/**
 * Shortens names that stand beside each other: those that differ stay different, where need be without the words that
 * all of them have.
 *
 * @example
 * fittedApart(["a-long-vendor/one-2026", "a-long-vendor/two-2026"], 8).join() // "…one…,…two…"
 */
export function fittedApart(texts: readonly string[], longest: number): string[] {
  const all = [...new Set(texts)];
  let short = new Map(all.map((text) => [text, fitted(text, longest)]));
  if (new Set(short.values()).size < all.length) {
    const words = all.map((text) => new Set(text.split(SEPARATORS)));
    const isShared = (word: string) => words.every((own) => own.has(word));
    const own = (text: string) => {
      const left = withoutWords(text, isShared);
      return fitted(left === "…" ? text : left, longest);
    };
    short = new Map(all.map((text) => [text, text.length <= longest ? text : own(text)]));
  }
  // Names that differ only where they are cut are numbered.
  const numbered = new Map<string, string>();
  for (const [text, look] of short) {
    const alike = [...short].filter(([, other]) => other === look).map(([other]) => other);
    const mark = alike.length > 1 ? ` #${alike.indexOf(text) + 1}` : "";
    numbered.set(text, `${fitted(look, longest - mark.length)}${mark}`);
  }
  return texts.map((text) => numbered.get(text) ?? text);
}

/** What words of a name are written between. */
const SEPARATORS = /[-/_.:@\s]+/;

/** A name with an ellipsis for each run of such words. */
const withoutWords = (text: string, isOut: (word: string) => boolean): string =>
  text
    .split(/([-/_.:@\s]+)/)
    .map((word, at) => (at % 2 === 0 && isOut(word) ? "…" : word))
    .join("")
    .replace(/[-/_.:@\s]*…(?:[-/_.:@\s]*…)*[-/_.:@\s]*/g, "…");

/** What a figure's description says of each of its lines: of the first ones, and whether there are others. */
export function told<T>(
  lines: readonly T[],
  say: (line: T, at: number) => string,
  { most = 12, none = "." }: { most?: number; none?: string } = {},
): string {
  const first = lines.slice(0, most).map(say).join("; ");
  return `${first}${lines.length > most ? "; and others" : ""}${lines.length > 0 ? "." : none}`;
}
