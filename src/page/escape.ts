import { oneLine, visible } from "../charts/text";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escapes text for HTML text or a quoted attribute: nothing in it can become markup, and nothing is invisible.
 *
 * @example
 * escapeHtml('<img src="x">') // "&lt;img src=&quot;x&quot;&gt;"
 */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Escapes text for XML text or a quoted attribute, in one line; what XML has no place for becomes "�". */
export const escapeXml = (text: string): string => escapeHtml(oneLine(text).replace(/[\uFFFE\uFFFF]/g, "�"));

/** Removes what programs print to control a terminal: colours, cursor moves, titles, links. */
export function withoutAnsi(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
    /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[@-Z\\^_a-z=>]/g,
    "",
  );
}

/**
 * Escapes text for one line of Markdown: anything that could start a tag, a link, code, emphasis or a new cell, or
 * notify a person.
 */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_[\]|~!#]/g, "\\$&")
      .replace(/[&<>]/g, (character) => ENTITIES[character]!)
      // Markdown turns bare addresses and names after @ into links; a sign written as an entity keeps them text.
      .replace(/:(?=\/\/)/g, "&#58;")
      .replace(/(?<=www)\./gi, "&#46;")
      .replace(/(?<!\w)@(?=\w)|(?<=\w)@(?=[\w-]+\.)/g, "&#64;")
  );
}
