import { shorten } from "../charts/text";
import { escapeHtml } from "./escape";

/** Plain text as HTML: lines do not break between a number and its unit, nor at the hyphens of a name or date. */
export function sentence(text: string, longest: number): string {
  return wholeUnits(escapeHtml(shorten(text, longest))).replace(
    /(?<![\w.-])(?=[\w.-]{3,20}(?![\w.-]))[\w.]+(?:-[\w.]+)+\b/g,
    '<span class="whole">$&</span>',
  );
}

/** Text in which lines do not break between a number and its unit. */
export function wholeUnits(text: string): string {
  return text.replace(/(\d) (%|s|ms|USD|tokens)(?![\w-])/g, "$1\u00a0$2");
}

/** A text as the beginning of a sentence or caption. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
