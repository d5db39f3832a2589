import { formatCount } from "../charts/number";

/** Maximum length of one output, source or prose that a page shows in full, in characters. */
export const LONGEST_TEXT = 60_000;
/** Maximum size of one output's HTML or figure, in characters. */
export const LARGEST_OUTPUT = 1_500_000;
/** Maximum size of a page without plotly, so that the whole stays under 6 MB. */
export const LARGEST_PAGE = 4_000_000;

/** Cuts the middle out of a long text and says so: the first and last lines matter most. */
export function clipped(text: string, longest: number = LONGEST_TEXT): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, Math.floor(longest * 0.75));
  const tail = text.slice(text.length - Math.floor(longest * 0.25));
  return `${head}\n\n[… ${formatCount(text.length - longest)} characters left out …]\n\n${tail}`;
}

/** nbformat stores text as one string or as a list of lines. */
export function joined(source: unknown): string {
  if (typeof source === "string") return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === "string").join("") : "";
}
