// Fields in which a figure may name a picture, map or font to fetch: a page fetches nothing.
const addressed = new Set(
  "source sourcesrc url urls style topojsonURL geojson data tiles glyphs sprite href src".split(" "),
);
const isAddress = (value: unknown) =>
  typeof value === "string" &&
  /^\s*(?:[a-z][\w+.-]*:|[\\/]{2})/i.test(value) &&
  !/^data:image\/(?:png|jpeg|gif|webp);/.test(value);

// In a text that is drawn as markup, a link's target, and a style that fetches.
const linked = /\s(?:xlink:)?(?:href|src)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*)/gi;
const styled = /\sstyle\s*=\s*(?:"[^"]*"|'[^']*')/gi;

function withoutLinks(text: string): string {
  if (!text.includes("<")) return text;
  return text
    .replace(linked, "")
    .replace(styled, (style) => (/url|image|import|\\/i.test(style) ? "" : style));
}

/**
 * Removes the addresses that a part of a figure names: it keeps only pictures that it holds itself, and an address
 * that is only shown as text.
 */
export function withoutAddresses<T>(part: T): T {
  if (typeof part === "string") return withoutLinks(part) as T;
  if (Array.isArray(part)) return part.map(withoutAddresses) as T;
  if (part === null || typeof part !== "object") return part;
  const kept = Object.entries(part).flatMap(([name, value]) => {
    if (!addressed.has(name)) return [[name, withoutAddresses(value)]];
    if (Array.isArray(value)) return [[name, withoutAddresses(value.filter((one) => !isAddress(one)))]];
    return isAddress(value) ? [] : [[name, withoutAddresses(value)]];
  });
  return Object.fromEntries(kept) as T;
}
