import { oneLine, visible } from "../charts/text";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text as HTML text or as a quoted attribute: nothing in it can become markup, nothing in it is invisible.
 *
 * @example
 * escapeHtml('<img src="x">') // "&lt;img src=&quot;x&quot;&gt;"
 */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Takes out what programs print to steer a terminal: colours, cursor moves, titles, links. */
export function withoutAnsi(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[@-Z\\^_a-z=>]/g,
    "",
  );
}

/** Text on one line of Markdown: what could start a tag, a link, code, emphasis or a new cell is escaped. */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_[\]|~!#]/g, "\\$&")
      .replace(/[&<>]/g, (character) => ENTITIES[character]!)
      // Bare addresses become links by themselves; a colon as an entity keeps them text.
      .replace(/:(?=\/\/)/g, "&#58;")
  );
}
