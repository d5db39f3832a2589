import { fitted } from "./text";

/** Characters that plotly reads as markup (`<b>`), templates (`%{x}`), entities (`&lt;`) or formulas (`$x$`). */
const MARKUP = /[&<>%{}$]/g;

/**
 * Turns any text into a label of a figure: one line that fits, with nothing that plotly reads as markup.
 *
 * @example
 * label("<b>bold</b> %{x}") // "&#60;b&#62;bold&#60;/b&#62; &#37;&#123;x&#125;"
 */
export function label(text: string, longest: number = 40): string {
  return fitted(text, longest).replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`);
}

/** The plain text of a label: without plotly's markup, with entities as their characters. */
export function unlabel(markup: string): string {
  return markup
    .replace(/<br ?\/?>/gi, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d{1,6})|(lt|gt|quot|amp));/g, (_, code: string | undefined, name: string) =>
      code === undefined ? NAMED[name]! : String.fromCodePoint(Number(code)),
    );
}

const NAMED: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
