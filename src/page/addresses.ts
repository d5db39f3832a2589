// Fields in which a figure may name a picture or map to fetch: a page fetches nothing.
const addressed = new Set(["source", "url", "style", "sourcesrc", "topojsonURL"]);
const isAddress = (value: unknown) =>
  typeof value === "string" &&
  /^\s*(?:[a-z][\w+.-]*:|[\\/]{2})/i.test(value) &&
  !/^data:image\/(?:png|jpeg|gif|webp);/.test(value);

/** Removes the addresses that a part of a figure names: it keeps only pictures that it holds itself. */
export function withoutAddresses<T>(part: T): T {
  if (Array.isArray(part)) return part.map(withoutAddresses) as T;
  if (part === null || typeof part !== "object") return part;
  const kept = Object.entries(part).filter(([name, value]) => !addressed.has(name) || !isAddress(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutAddresses(value)])) as T;
}
