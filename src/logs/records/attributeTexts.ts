import { quoteName, quoteText } from "../../store/quote";
import type { Fields } from "./field";
import type { Attribute } from "./format";

/**
 * The SQL of each attribute's text, or of its value if it is read as one, over the record's fields and `derived`.
 *
 * JSON that contains several of them is read once for all, into a record where their names allow it: by paths it takes
 * half as long again, and writes numbers with exponents in another way than the file's reader.
 */
export function textsOf(attributes: readonly Attribute[]): {
  texts: string[];
  derived: Record<string, string>;
} {
  const found = new Map<string, (readonly string[])[]>();
  for (const { sql: json, within } of attributes)
    if (within !== undefined) found.set(json, [...(found.get(json) ?? []), within]);
  const records = new Map(
    [...found].map(([json, paths], at) => {
      const name = `@attributes ${at}`;
      const structure = structureOf(paths);
      const list = paths.map((path) => quoteText(`$${path.map((part) => `."${part}"`).join("")}`));
      const read =
        structure === undefined
          ? `json_extract_string(${json}, [${list.join(", ")}])`
          : `from_json(${json}, ${quoteText(JSON.stringify(structure))})`;
      const place = (path: readonly string[]) =>
        structure === undefined ? `[${paths.indexOf(path) + 1}]` : `.${path.map(quoteName).join(".")}`;
      return [json, { name, read, place }];
    }),
  );
  const texts = attributes.map(({ sql: json, within }) => {
    const record = records.get(json);
    return within === undefined || record === undefined
      ? json
      : `${quoteName(record.name)}${record.place(within)}`;
  });
  return { texts, derived: Object.fromEntries([...records.values()].map(({ name, read }) => [name, read])) };
}

/**
 * The structure of a record with these fields; undefined if there is none, since the engine's records tell no names
 * apart by case, and since a field may be a text or a record, not both.
 */
function structureOf(paths: readonly (readonly string[])[]): Fields | undefined {
  const structure: Fields = Object.create(null);
  const known = new Map<string, string>();
  for (const path of paths) {
    let at = structure;
    for (const [depth, name] of path.entries()) {
      const place = JSON.stringify(path.slice(0, depth + 1));
      const before = known.get(place.toLowerCase());
      const isLeaf = depth === path.length - 1;
      if (before !== undefined && (before !== place || isLeaf || typeof at[name] === "string"))
        return undefined;
      known.set(place.toLowerCase(), place);
      at[name] ??= isLeaf ? "VARCHAR" : Object.create(null);
      at = at[name] as Fields;
    }
  }
  return structure;
}
