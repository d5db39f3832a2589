import { checked, readJsonFile, wrong } from "../../store/checked";
import { cannotTell, nothingWrong } from "./causeFrame";

/** One cause of a taxonomy: when a task has it, and when not. */
export interface Cause {
  name: string;
  definition: string;
  /** A predicate over calls and steps that finds tasks which may have it: see `causes`. */
  rule?: string;
}

/** The JSON Schema of a file of causes, which editors read as well. */
const causesSchema = require("../../../data/causes/causes.schema.json");

/** Checks that a value holds causes, each with a name of its own; `from` names it in messages. */
export function checkCauses(value: unknown, from: string): Cause[] {
  const { causes } = checked<{ causes: Cause[] }>(value, causesSchema, from);
  const names = new Set([nothingWrong, cannotTell]);
  for (const [at, { name }] of causes.entries()) {
    if (names.has(name)) throw wrong(`${from}: causes[${at}]`, "a name of its own", name);
    names.add(name);
  }
  return causes;
}

/** The causes in a file. */
export const readCauses = (file: string): Cause[] => checkCauses(readJsonFile(file, "causes"), file);
