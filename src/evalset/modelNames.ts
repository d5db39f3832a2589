/** A pattern for model names, since some models name themselves; short names could be any word. */
export function modelNames(outputs: readonly { model: string }[]): RegExp | undefined {
  const names = new Set(
    outputs
      .flatMap(({ model }) => [model, model.split("/").at(-1) as string])
      .filter((name) => name.length >= 4 && name !== "unknown"),
  );
  if (names.size === 0) return undefined;
  const longestFirst = [...names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const patterns = longestFirst.map((name) =>
    name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/[-_\s]+/g, "[-_ ]?"),
  );
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

/** A text with those names taken out. */
export function withoutNames(text: string, names: RegExp | undefined): string {
  return names === undefined ? text : text.replace(names, "[model]");
}
