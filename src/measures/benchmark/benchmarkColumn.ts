import { modelNames } from "../../logs/records/leaderboardColumns";
import { nearest } from "../../store/nearest";

/** Common names for the column of models on leaderboards, the most common first. */
const modelColumns = [
  ...modelNames.flatMap((name) => [name, name.replaceAll("_", " ")]),
  "name",
  "generator",
  "key",
];

/**
 * A name normalised for comparing headers: line breaks (also typed as \\n) and spaces become one space, and case is
 * ignored.
 */
export function plainHeader(name: string): string {
  return name
    .replace(/(\s|\\n)+/g, " ")
    .trim()
    .toLowerCase();
}

/** The column that a name means, ignoring case and extra spaces; undefined if there is none. */
export function findColumn(columns: readonly string[], name: string): string | undefined {
  return columns.find((one) => one === name) ?? columns.find((one) => plainHeader(one) === plainHeader(name));
}

/** The column that a name means; throws an error that suggests the nearest names. */
export function columnOf(caller: string, option: string, columns: readonly string[], name: string): string {
  const found = findColumn(columns, name);
  if (found !== undefined) return found;
  // Headers carry additions such as "(5-shot)" that nobody types.
  const wanted = plainHeader(name);
  const holding = columns.filter((one) => wanted !== "" && plainHeader(one).includes(wanted));
  const near = [...new Set([...holding, ...nearest(name, columns)])].slice(0, 3);
  const hint =
    near.length > 0 ? `; did you mean ${near.map((one) => JSON.stringify(one)).join(" or ")}?` : "";
  throw new RangeError(
    `${caller} requires ${option} to be a column of the table, got ${JSON.stringify(name)}${hint || `; it has ${columns.slice(0, 12).join(", ")}`}`,
  );
}

/** The column that holds the models' names: the one given, else one with a usual name, else the first. */
export function modelColumnOf(columns: readonly string[], given?: string): string {
  const wanted = [...(given === undefined ? [] : [given]), ...modelColumns];
  for (const name of wanted) {
    const found = findColumn(columns, name);
    if (found !== undefined) return found;
  }
  return columns[0];
}
