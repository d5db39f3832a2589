import { visible } from "../charts/text";
import { escapeMarkdown } from "../page/escape";

/** A sentence for `show` in which only the literal text is Markdown. */
export class Markdown {
  constructor(
    /** As Markdown, with the values escaped. */
    readonly source: string,
    /** As plain text, with the values as they are. */
    readonly text: string,
  ) {}
}

/**
 * Returns Markdown around values from a log, which stay text: a model's name cannot become a tag, link or emphasis.
 *
 * @example
 * md`**${"a*b"}** answers ${98} % of the calls`.source // "**a\\*b** answers 98 % of the calls"
 */
export function md(written: TemplateStringsArray, ...values: readonly unknown[]): Markdown {
  const join = (words: (part: string) => string, shown: (value: string) => string) =>
    written.map((part, at) => words(part) + (at < values.length ? shown(String(values[at])) : "")).join("");
  const same = (text: string) => text;
  return new Markdown(
    join(same, escapedWithin),
    visible(join((part) => part.replaceAll("**", "").replaceAll("`", ""), same)),
  );
}

/** A value escaped between the spaces that part it from the words beside it. */
const escapedWithin = (value: string): string =>
  [/^\s/.test(value) ? " " : "", escapeMarkdown(value), /\S\s+$/.test(value) ? " " : ""].join("");
