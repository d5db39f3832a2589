/** A page of help is at most as wide as this, however wide the screen is. */
export const pageWidth = 100;

/** And at most as many lines, which is a screen. */
export const pageHeight = 40;

/** A term and what it means. */
export type Item = readonly [string, string];

/** Words in lines of at most this width. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text in lines that fit a page. */
export const textLines = (text: string): string[] => wrapped(text, pageWidth);

/** Terms, each with its meaning beside it; a term too long for its column has it below. */
export function itemLines(items: readonly Item[], widest = 24): string[] {
  const column = Math.min(widest, Math.max(0, ...items.map(([term]) => term.length)));
  return items.flatMap(([term, meaning]) => {
    const indent = " ".repeat(column + 4);
    const [first = "", ...rest] = wrapped(meaning, pageWidth - indent.length);
    const below = [first, ...rest].map((line) => `${indent}${line}`);
    if (term.length > column) return [`  ${term}`, ...below];
    return [`  ${term.padEnd(column)}  ${first}`, ...below.slice(1)].map((line) => line.trimEnd());
  });
}

/** As much of a text as fits in a line, up to the end of one of its parts, else of a word. */
export function shortened(text: string, room: number): string {
  if (text.length <= room) return text;
  const ends = [...text.matchAll(/[:;,] /g)].map(({ index }) => index).filter((end) => end <= room);
  return text.slice(0, ends.at(-1) ?? text.lastIndexOf(" ", room)).trimEnd();
}
