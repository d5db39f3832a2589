import { checked, readJsonFile, wrong } from "../../store/checked";
import { cannotTell, nothingWrong } from "./causeFrame";

/** One cause of a taxonomy: when a task has it, and when not. */
export interface Cause {
  name: string;
  /** Empty if nobody has given one yet. */
  definition: string;
  /** At most two notes of readers that show what is meant. */
  examples?: readonly string[];
  /** The wider cause that it is a part of. */
  parent?: string;
  /** A predicate over calls and steps that finds tasks which may have it: see `causes`. */
  rule?: string;
}

/** Notes of one reader that were put in a cause by hand. */
export interface Coded {
  /** The name of a cause, or what a reader may say instead of one. */
  cause: string;
  /** The definition that the cause had then. */
  definition: string;
  /** The sheet that the notes are on. */
  sheet: string;
  rater_id: string;
  /** By the task's id on the sheet a hash of what the reader had said of it. */
  notes: Readonly<Record<string, string>>;
}

/** Causes, and the notes that were put in them. */
export interface Taxonomy {
  causes: readonly Cause[];
  coded?: readonly Coded[];
}

/** The JSON Schema of a file of causes, which editors read as well. */
const causesSchema = require("../../../data/causes/causes.schema.json");

/**
 * Checks that a value holds causes, each with a name of its own and a parent that is another of them, and notes each in one
 * of them; `from` names it in messages.
 */
export function checkTaxonomy(value: unknown, from: string): Required<Taxonomy> {
  const { causes, coded = [] } = checked<Taxonomy>(value, causesSchema, from);
  const names = new Set([nothingWrong, cannotTell]);
  for (const [at, { name }] of causes.entries()) {
    if (names.has(name)) throw wrong(`${from}: causes[${at}]`, "a name of its own", name);
    names.add(name);
  }
  const parents = new Map(causes.map(({ name, parent }) => [name, parent]));
  for (const [at, { name, parent }] of causes.entries()) {
    if (parent === undefined) continue;
    const place = `${from}: causes[${at}].parent`;
    if (!parents.has(parent)) throw wrong(place, "the name of another cause of the file", parent);
    const above = new Set([name]);
    for (let one: string | undefined = parent; one !== undefined; one = parents.get(one)) {
      if (above.has(one)) throw wrong(place, "a cause that is not a part of this one", parent);
      above.add(one);
    }
  }
  const seen = new Set<string>();
  for (const [at, { cause, sheet, rater_id, notes }] of coded.entries()) {
    if (!names.has(cause))
      throw wrong(`${from}: coded[${at}].cause`, "the name of a cause of the file", cause);
    for (const id of Object.keys(notes)) {
      const note = JSON.stringify([sheet, rater_id, id]);
      if (seen.has(note)) throw wrong(`${from}: coded[${at}].notes`, "notes that are in one cause each", id);
      seen.add(note);
    }
  }
  return { causes, coded };
}

/** The causes of a value that holds some. */
export const checkCauses = (value: unknown, from: string): readonly Cause[] =>
  checkTaxonomy(value, from).causes;

/** The causes in a file, and the notes that were put in them. */
export const readTaxonomy = (file: string): Required<Taxonomy> =>
  checkTaxonomy(readJsonFile(file, "causes"), file);

/** The causes in a file. */
export const readCauses = (file: string): readonly Cause[] => readTaxonomy(file).causes;
