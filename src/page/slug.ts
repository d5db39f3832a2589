/** A text as part of an address or of a file's name: "How long, and why?" is "how-long-and-why". */
export function slugOf(text: string, otherwise: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .slice(0, 80)
    .replace(/^-|-$/g, "");
  return slug || otherwise;
}

/** Hands out ids of headings: the same for the same titles, and none twice. */
export function headingIds(): (title: string) => string {
  const taken = new Set(["content", "verdict", "verdict-title"]);
  return (title) => {
    // Figures, terms and traces have ids of their own.
    const slug = slugOf(title, "chapter").replace(/^(?=(?:figure|term|trace)-\d)/, "about-");
    let id = slug;
    for (let more = 2; taken.has(id); more++) id = `${slug}-${more}`;
    taken.add(id).add(`${id}-title`);
    return id;
  };
}

/** A link to a heading beside it, for whoever wants to send somebody there. */
export function anchorHtml(id: string): string {
  return `<a class="anchor" href="#${id}" aria-label="Link to this heading">#</a>`;
}
