import { escapeHtml } from "./escape";
import { glossary } from "./glossary";

const idOf = (at: number) => `term-${at + 1}`;

/**
 * Returns a function that marks the first use of each glossary word across the HTML texts it is called with: a tap or a
 * click shows the meaning. The texts must not have tags that contain such words.
 */
export function termMarker(): (html: string) => string {
  const seen = new Set<number>();
  return (html) => {
    const spots = glossary.flatMap(({ found }, at) => {
      const hit = found === undefined || seen.has(at) ? null : found.exec(html);
      return hit === null ? [] : [{ at, from: hit.index, text: hit[0] }];
    });
    spots.sort((a, b) => a.from - b.from || b.text.length - a.text.length);
    let out = "";
    let done = 0;
    for (const { at, from, text } of spots) {
      if (from < done) continue;
      seen.add(at);
      out += `${html.slice(done, from)}<button type="button" class="term" popovertarget="${idOf(at)}">${text}</button>`;
      done = from + text.length;
    }
    return out + html.slice(done);
  };
}

/** The meanings of the marked words, for a page that shows one at a time. */
export function meaningsHtml(): string {
  return glossary
    .map(({ term, meaning, found }, at) =>
      found === undefined
        ? ""
        : `<div popover id="${idOf(at)}" class="meaning"><p><b>${escapeHtml(term)}</b> ${escapeHtml(meaning)}</p></div>`,
    )
    .filter(Boolean)
    .join("\n");
}
