// Where a figure may name a picture or a map to be fetched: a page asks nobody for anything.
const addressed = new Set(["source", "url", "style", "sourcesrc", "topojsonURL"]);
const isAddress = (value: unknown) =>
  typeof value === "string" &&
  /^\s*(?:[a-z][\w+.-]*:|[\\/]{2})/i.test(value) &&
  !/^data:image\/(?:png|jpeg|gif|webp);/.test(value);

/** A part of a figure without the addresses that it names: its pictures are those that it holds itself. */
export function withoutAddresses<T>(part: T): T {
  if (Array.isArray(part)) return part.map(withoutAddresses) as T;
  if (part === null || typeof part !== "object") return part;
  const kept = Object.entries(part).filter(([name, value]) => !addressed.has(name) || !isAddress(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutAddresses(value)])) as T;
}
