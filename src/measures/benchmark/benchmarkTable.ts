import { columnOf, findColumn, modelColumnOf, plainHeader } from "./benchmarkColumn";
import { readScoreFile, type ScoreFile, scoreFiles } from "./benchmarkFile";
import { matchNames, type NameOptions, plainName, renamed } from "./benchmarkNames";

/** Scores by model, from one table or several joined on the model. */
export interface Scores {
  /** The column that holds the models' names. */
  model: string;
  /** All other columns; one that occurs in several files is named "file.column". */
  columns: string[];
  /** One row per model, or the file's own rows if there is only one file. */
  rows: Record<string, unknown>[];
  /** The file that each column comes from, by name without folder and extension. */
  files: Record<string, string>;
  /** What was left out, filled in or matched, as full sentences. */
  notes: string[];
}

/** How to read and join tables of scores. */
export interface ReadScoresOptions extends NameOptions {
  /** The column of models. Default: a column with a usual name ("model", "llm_model", ...), else the first. */
  model?: string;
  /**
   * Names that mean the same model, used if a table has only one of them: { "mistral-7b-instruct":
   * "mistral-7b-instruct-v0.2" }.
   */
  same?: Readonly<Record<string, string>>;
  /** Only these models, matched by the same rules. Default: all. */
  models?: readonly string[];
  /** Only models that every table has. Default false. */
  shared?: boolean;
}

/**
 * Reads tables of scores (CSV, JSON lists, JSON lines, or folders of these) and joins them on the model (full outer
 * join).
 *
 * In headers, line breaks and spaces count as one space. Rows shorter than the header are filled with blanks, and a
 * line that cannot be read is named in the notes; nothing is dropped silently. Model names match by spelling, ignoring
 * case, then by meaning (see `modelName`) if exactly one name on each side has it, then by `same`.
 *
 * @param paths files or folders
 * @returns one row per model (a single file keeps its rows as they are), the columns, and notes
 * @throws RangeError for a table without rows, an unknown column or a model that no table has
 * @example
 * joinScores([{ name: "a", columns: ["model", "x"], rows: [{ model: "A", x: "1" }], notes: [] }]).rows[0].x // "1"
 */
export function readScores(paths: string | readonly string[], options: ReadScoresOptions = {}): Scores {
  const files = [paths].flat().flatMap(scoreFiles).map(readScoreFile);
  if (files.length === 0) throw new RangeError("readScores requires at least one table, got none");
  return joinScores(files, options);
}

/** The same for tables that were already read. */
export function joinScores(files: readonly ScoreFile[], options: ReadScoresOptions = {}): Scores {
  const { model: modelColumn } = options;
  if (
    modelColumn !== undefined &&
    files.every(({ columns }) => findColumn(columns, modelColumn) === undefined)
  )
    columnOf("readScores", "model", files[0].columns, modelColumn);
  const notes = files.flatMap((file) => file.notes);
  const key = modelColumnOf(files[0].columns, modelColumn);
  const count = new Map<string, number>();
  for (const { columns } of files)
    for (const column of columns) count.set(plainHeader(column), (count.get(plainHeader(column)) ?? 0) + 1);
  const rows: Record<string, unknown>[] = [];
  // The name that each row is matched by.
  const keys: string[] = [];
  const columns: string[] = [];
  const origin: Record<string, string> = {};
  const matched: string[] = [];
  for (const [at, file] of files.entries()) {
    const own = modelColumnOf(file.columns, modelColumn);
    const withModel = file.rows.filter((row) => spellingOf(row[own]) !== "");
    if (withModel.length < file.rows.length)
      notes.push(`${file.name}: ${file.rows.length - withModel.length} rows have no model and are left out.`);
    const spellings = withModel.map((row) => spellingOf(row[own]));
    const names = renamed(spellings, options.same);
    const found = at === 0 ? [] : matchNames(names, keys, options);
    const byKey = new Map(keys.map((name, line) => [name, rows[line]]));
    const titles = file.columns
      .filter((column) => column !== own)
      .map((column): [string, string] => [
        column,
        (count.get(plainHeader(column)) ?? 0) > 1 || column === key ? `${file.name}.${column}` : column,
      ]);
    for (const [, column] of titles) {
      columns.push(column);
      origin[column] = file.name;
    }
    withModel.forEach((row, line) => {
      const match = found[line];
      let target = match === undefined ? undefined : byKey.get(match);
      if (target === undefined || titles.some(([, column]) => column in (target as object))) {
        target = { [key]: spellings[line] };
        rows.push(target);
        keys.push(names[line]);
      } else if (plainName(spellings[line]) !== plainName(String(target[key]))) {
        matched.push(`${spellings[line]} = ${String(target[key])}`);
      }
      for (const [column, as] of titles) target[as] = row[column];
    });
  }
  if (matched.length > 0)
    notes.push(
      `Names treated as one model: ${listed([...new Set(matched)])}. With exact names they stay separate.`,
    );
  const all = { model: key, columns, rows, files: origin, notes };
  const named = options.models === undefined ? all : only(all, keys, options.models, options);
  return options.shared === true ? inEvery(named) : named;
}

/** The rows of the models that every table has. */
function inEvery(scores: Scores): Scores {
  const { rows, columns, files } = scores;
  const tables = [...new Set(Object.values(files))].map((file) =>
    columns.filter((column) => files[column] === file),
  );
  const shared = rows.filter((row) => tables.every((own) => own.some((column) => column in row)));
  if (shared.length === 0)
    throw new RangeError("readScores requires tables that share a model, got none that all of them have");
  const note = `${shared.length} of ${rows.length} models are in every table; the others are left out.`;
  return {
    ...scores,
    rows: shared,
    notes: shared.length < rows.length ? [note, ...scores.notes] : scores.notes,
  };
}

/** The rows of the requested models. */
function only(
  scores: Scores,
  keys: readonly string[],
  models: readonly string[],
  options: NameOptions,
): Scores {
  const found = matchNames(models, keys, options);
  const missing = models.filter((_, at) => found[at] === undefined);
  const wanted = new Set(found.map((name) => (name === undefined ? "" : plainName(name))));
  const rows = scores.rows.filter((_, line) => wanted.has(plainName(keys[line])));
  if (rows.length === 0)
    throw new RangeError(`readScores requires models that the tables have, got ${listed(models)}`);
  const notes = missing.length === 0 ? [] : [`Not in the tables: ${listed(missing)}.`];
  return { ...scores, rows, notes: [...scores.notes, ...notes] };
}

/** Finds a column by its name, or by its file's name if that file has only one column. */
export function scoreColumn(caller: string, option: string, scores: Scores, name: string): string {
  const found = findColumn(scores.columns, name);
  if (found !== undefined) return found;
  const files = [...new Set(Object.values(scores.files))];
  const wanted = plainHeader(name);
  const named = files.filter((file) => plainHeader(file) === wanted);
  const starting = files.filter((file) => wanted !== "" && plainHeader(file).startsWith(wanted));
  for (const [file, ...others] of [named, starting]) {
    const own = scores.columns.filter((column) => scores.files[column] === file);
    if (file !== undefined && others.length === 0 && own.length === 1) return own[0];
  }
  return columnOf(caller, option, scores.columns, name);
}

/** Lists the first of many names, and how many more there are. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).join(", ");
  const more = names.length - most;
  return more > 0 ? `${shown} and ${more} ${more === 1 ? "other" : "others"}` : shown;
}

function spellingOf(cell: unknown): string {
  return cell === null || cell === undefined ? "" : String(cell).replace(/\s+/g, " ").trim();
}
