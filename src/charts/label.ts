import { fitted } from "./text";

/** Characters that plotly reads as markup (`<b>`), templates (`%{x}`), entities (`&lt;`) or formulas (`$x$`). */
const MARKUP = /[&<>%{}$]/g;

/**
 * A text from outside as a label of a figure: one line that fits, and nothing in it is markup to plotly.
 *
 * @example
 * label("<b>bold</b> %{x}") // "&#60;b&#62;bold&#60;/b&#62; &#37;&#123;x&#125;"
 */
export function label(text: string, longest: number = 40): string {
  return fitted(text, longest).replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`);
}

/** What a label shows, read back: plotly's own markup taken out, entities as their characters. */
export function unlabel(markup: string): string {
  return markup
    .replace(/<br ?\/?>/gi, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d{1,6})|(lt|gt|quot|amp));/g, (_, code: string | undefined, name: string) =>
      code === undefined ? NAMED[name]! : String.fromCodePoint(Number(code)),
    );
}

const NAMED: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
