import { readFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { causeScores, type StoredDraw, type TaskKind, taskKinds } from "../measures/causes/causeFrame";
import { unnamedNote } from "../measures/causes/causeNotes";
import { checkTaxonomy, type Taxonomy } from "../measures/causes/causesFile";
import { checked, type FileSchema, readJsonFile, wrong } from "../store/checked";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";
import { inTurn } from "../store/turn";
import { signed } from "./causeDraw";
import { againNotes, type CauseFile, codedLabels, noCause } from "./codedCauses";
import { fileLabels } from "./labelFile";
import { stepMark } from "./stepMark";

const sql = statements(__dirname, "importCauses.sql");

const text = (errorMessage: string, more: object = {}) => ({ type: "string", errorMessage, ...more });
const object = (
  properties: Record<string, FileSchema>,
  optional: Record<string, FileSchema> = {},
): FileSchema => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});
const list = (items: FileSchema): FileSchema => ({ type: "array", items });
const kind = { enum: Object.keys(taskKinds), errorMessage: "a kind of task" };
const count = { type: "integer", minimum: 0, errorMessage: "a whole number" };
const offered = list(object({ name: text("a cause"), definition: text("its definition") }));
const required = {
  fieldnotes: { const: "causes", errorMessage: 'fieldnotes "causes", as a page of tasks saves it' },
  draw: object({
    sheet: text("the sheet's own hash"),
    seed: { type: "number" },
    where: text("a predicate"),
    until: text("a time, or nothing"),
    kinds: list(object({ kind, tasks: count, drawn: count })),
    tasks: list(object({ id: text("an id of a task on the sheet"), kind })),
  }),
  rater_id: text("the reader's name", { pattern: "\\S", maxLength: 80 }),
  labels: list(
    object(
      {
        id: text("an id of a task on the sheet"),
        cause: text("a cause of at most 80 letters", { maxLength: 80 }),
        note: text("a note of at most 2000 letters", { maxLength: 2000 }),
        step: text("the title of a step"),
      },
      {
        place: { type: "integer", minimum: 1, errorMessage: "the place of a step in its task, from 1" },
        mark: text("the mark of a step"),
      },
    ),
  ),
};
const fileSchema = object(required, { causes: offered });

/** What came in. */
export interface ImportedCauses {
  tasks: number;
  /** Rows of earlier imports that were replaced. */
  replaced: number;
  /** Causes that the taxonomy does not have. */
  added: string[];
  /** Which tasks have a note and no cause, and which are to be read again, and why. */
  notes: string[];
}

/**
 * Imports what a reader of a sheet said of tasks, as scores of these tasks by a human, and how the sheet was drawn.
 *
 * What a reader says replaces what the same reader said of the task before. A note without a cause gets the one that it was
 * put in when the notes were coded.
 *
 * @param file the file that the page saved
 * @param taxonomy `causes`, of which the result says which are lacking, and `coded`: the notes that were put in them
 * @throws RangeError for a file that no page saved, whose draw is not as it was, that names a task twice or one that is
 * not on its sheet, or a step that its task does not have at that place; Error if the store lacks a task of it: nothing is then imported
 * @example
 * const store = await openDemo();
 * await importCauses(store, "none.json").catch(({ message }) => message) // "causes requires a file of JSON, got none.json; no such file"
 */
export async function importCauses(store: Store, file: string, taxonomy?: Taxonomy): Promise<ImportedCauses> {
  const given = readCauseFile(file);
  const { causes, coded } = checkTaxonomy(taxonomy ?? { causes: [] }, "causes");
  const labels = codedLabels(given, { causes, coded });
  const replaced = await inTurn(store, () => put(store, file, { ...given, labels }));
  const known = new Set(["", ...causes.map(({ name }) => name), ...noCause]);
  const named = [...new Set(labels.map(({ cause }) => cause))];
  const open = labels.filter(({ cause }) => cause === "").length;
  return {
    tasks: labels.length,
    replaced,
    added: taxonomy === undefined ? [] : named.filter((one) => !known.has(one)),
    notes: [...(open === 0 ? [] : [unnamedNote(open)]), ...againNotes(given.rater_id.trim(), labels)],
  };
}

/** What a reader saved, as the page saved it. */
export function readCauseFile(file: string): CauseFile {
  const given = checked<CauseFile>(readJsonFile(file, "causes"), fileSchema, file);
  checkSheet(given, file);
  return given;
}

/** Throws for a file that was changed: each share stands on how its tasks were drawn. */
function checkSheet({ draw, labels }: CauseFile, file: string): void {
  const { sheet, ...rest } = draw;
  if (signed(rest).sheet !== sheet)
    throw new RangeError(
      `${file} requires the draw of its sheet as the page saved it, got one that was changed: its hash is not ${sheet}; save the file from the page again`,
    );
  const open = new Set(draw.tasks.map(({ id }) => id));
  for (const [at, { id, cause, note }] of labels.entries()) {
    if (!open.delete(id)) throw wrong(`${file}: labels[${at}]`, "a task of the sheet, each once", id);
    if (cause.trim() === "" && note.trim() === "")
      throw wrong(`${file}: labels[${at}]`, "a cause of 1 to 80 letters, or a note", cause);
  }
}

async function put(store: Store, file: string, { draw, labels, rater_id }: CauseFile): Promise<number> {
  const connection = await store.connect();
  try {
    await run(connection, sql.placed, { tasks: JSON.stringify(draw.tasks) });
    const tasks = await rowsOf<{ id: string; kind: TaskKind; task_id: string | null }>(connection, sql.tasks);
    const lost = tasks.filter(({ task_id }) => task_id === null);
    if (lost.length > 0)
      throw new Error(
        `${file}: ${lost.length} of ${tasks.length} drawn tasks are not in this store (first: ${lost[0].id}); ingest the log they came from, and import the file again`,
      );
    const marked = await markedIn(connection, file, labels);
    const rows = labels.flatMap(({ id, cause, step, note }, at) =>
      Object.entries({ cause, step, place: marked[at], note }).map(([of, label]) => ({
        id,
        name: causeScores[of as keyof typeof causeScores],
        label: wellFormed(label).trim(),
        line: at + 1,
      })),
    );
    await run(connection, sql.labelled, { labels: JSON.stringify(rows) });
    const stored: StoredDraw = {
      ...draw,
      tasks: tasks.flatMap(({ task_id, kind }) => (task_id === null ? [] : [{ task_id, kind }])),
    };
    const names = JSON.stringify(Object.values(causeScores));
    return await fileLabels(
      connection,
      { file, text: readFileSync(file, "utf8"), constants: JSON.stringify(stored) },
      async (id) => {
        const replaced = await run(connection, sql.replaced, { rater: rater_id.trim(), names });
        return { rows: await run(connection, sql.inserted, { rater: rater_id.trim(), id }), replaced };
      },
    );
  } finally {
    connection.closeSync();
  }
}

/** Where each task first went wrong, as "3 call c7"; empty where that was not saved. Throws for a step that its sheet did not show. */
async function markedIn(
  connection: DuckDBConnection,
  file: string,
  labels: CauseFile["labels"],
): Promise<string[]> {
  if (labels.every(({ place, mark }) => place === undefined && mark === undefined))
    return labels.map(() => "");
  const steps = await rowsOf<{ id: string; task_id: string; step: string }>(connection, sql.steps);
  const byTask = new Map<string, typeof steps>();
  for (const one of steps) byTask.set(one.id, [...(byTask.get(one.id) ?? []), one]);
  return labels.map(({ id, step: title, place, mark }, at) => {
    if (place === undefined && mark === undefined) return "";
    const found = (byTask.get(id) ?? []).find(
      ({ task_id, step }) => place !== undefined && stepMark(task_id, { place, title, step }) === mark,
    );
    if (found === undefined)
      throw new RangeError(
        `${file}: labels[${at}] requires a step of its task as the sheet shows it, got "${title}" at place ${String(place)}, whose mark is not ${String(mark)}: it was changed, or the log has lost the step; save the file from the page again`,
      );
    return `${place} ${found.step}`;
  });
}

/** The engine reads no half of a pair of surrogates. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, "\ufffd");
