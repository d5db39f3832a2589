const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const NARROW = /^[\u0020-\u1099\u2000-\u20ff]*$/;
const NO_WIDTH = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;

let segments: Intl.Segmenter | undefined;

/** The number of columns a text takes in a terminal: two for East Asian wide characters and emoji, none for marks. */
export function width(text: string): number {
  if (NARROW.test(text) && !/\p{Mark}/u.test(text)) return text.length;
  segments ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let columns = 0;
  for (const { segment } of segments.segment(text))
    columns += WIDE.test(segment) ? 2 : NO_WIDTH.test(segment) ? 0 : 1;
  return columns;
}

export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - width(text))) + text;
}

export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}
