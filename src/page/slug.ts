/** Turns a text into part of an address or file name: "How long, and why?" becomes "how-long-and-why". */
export function slugOf(text: string, otherwise: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 80)
    .replace(/^-|-$/g, "");
  return slug || otherwise;
}

/** Assigns ids to headings: the same titles always give the same ids, and no id is used twice. */
export function headingIds(): (title: string) => string {
  const taken = new Set(["content", "verdict", "verdict-title"]);
  return (title) => {
    // Ids of this form belong to figures, terms and traces.
    const slug = slugOf(title, "chapter").replace(/^(?=(?:figure|term|trace)-\d)/, "about-");
    let id = slug;
    for (let more = 2; taken.has(id); more++) id = `${slug}-${more}`;
    taken.add(id).add(`${id}-title`);
    return id;
  };
}

/** A link beside a heading, for sending somebody there. */
export function anchorHtml(id: string): string {
  return `<a class="anchor" href="#${id}" aria-label="Link to this heading">#</a>`;
}
