import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { writeWhole } from "../store/wholeFile";

/** Data by MIME type: text as one string, JSON types as they are. */
export type MimeBundle = Record<string, unknown>;

/** What a code cell printed or displayed, in order (nbformat 4.5). */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** One cell; only code cells have `outputs` and `execution_count`. */
export interface NotebookCell {
  /** Stays the same from run to run. */
  id: string;
  cell_type: "code" | "markdown" | "raw";
  /** The whole text as one string. */
  source: string;
  metadata: Record<string, unknown>;
  outputs?: Output[];
  execution_count?: number | null;
  attachments?: Record<string, MimeBundle>;
}

/** A Jupyter notebook, nbformat 4.5, with every multi-line text joined into one string. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: number;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** nbformat keeps long text as a list of lines; everything here holds it joined. */
function joinLines(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  return undefined;
}

const isJsonType = (mime: string): boolean =>
  mime === "application/json" || /^application\/.*\+json$/.test(mime);

function readBundle(bundle: unknown): MimeBundle {
  if (!isObject(bundle)) return {};
  return Object.fromEntries(
    Object.entries(bundle).map(([mime, data]) => [mime, isJsonType(mime) ? data : (joinLines(data) ?? data)]),
  );
}

function readOutput(output: unknown, where: string): Output {
  if (!isObject(output)) throw new Error(`${where} has an output that is not an object`);
  const metadata = isObject(output.metadata) ? output.metadata : {};
  switch (output.output_type) {
    case "stream": {
      const name = output.name === "stderr" ? "stderr" : "stdout";
      return { output_type: "stream", name, text: joinLines(output.text) ?? "" };
    }
    case "display_data":
      return { output_type: "display_data", data: readBundle(output.data), metadata };
    case "execute_result": {
      const count = typeof output.execution_count === "number" ? output.execution_count : null;
      return {
        output_type: "execute_result",
        data: readBundle(output.data),
        metadata,
        execution_count: count,
      };
    }
    case "error": {
      const traceback = Array.isArray(output.traceback) ? output.traceback.map(String) : [];
      return {
        output_type: "error",
        ename: String(output.ename ?? ""),
        evalue: String(output.evalue ?? ""),
        traceback,
      };
    }
    default:
      throw new Error(`${where} has an output of the unknown type ${JSON.stringify(output.output_type)}`);
  }
}

function readCell(cell: unknown, index: number, taken: Set<string>): NotebookCell {
  const where = `cell ${index + 1}`;
  if (!isObject(cell)) throw new Error(`${where} is not an object`);
  const type = cell.cell_type;
  if (type !== "code" && type !== "markdown" && type !== "raw") {
    throw new Error(`${where} has the cell_type ${JSON.stringify(type)}; known are code, markdown and raw`);
  }
  const source = joinLines(cell.source);
  if (source === undefined) throw new Error(`${where} has a source that is neither text nor a list of lines`);
  // nbformat before 4.5 had no ids; an id made from position and text is the same at every reading.
  let id =
    typeof cell.id === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(cell.id) && !taken.has(cell.id)
      ? cell.id
      : "";
  for (let turn = 0; id === "" || taken.has(id); turn++) {
    id = createHash("sha256").update(`${index}:${turn}:${source}`).digest("hex").slice(0, 8);
  }
  taken.add(id);
  const read: NotebookCell = {
    id,
    cell_type: type,
    source,
    metadata: isObject(cell.metadata) ? { ...cell.metadata } : {},
  };
  if (isObject(cell.attachments)) read.attachments = cell.attachments as Record<string, MimeBundle>;
  if (type === "code") {
    const outputs = cell.outputs ?? [];
    if (!Array.isArray(outputs)) throw new Error(`${where} has outputs that are not a list`);
    read.outputs = outputs.map((output) => readOutput(output, where));
    read.execution_count = typeof cell.execution_count === "number" ? cell.execution_count : null;
  }
  return read;
}

/**
 * Checks and normalises the parsed JSON of a notebook: texts joined, every cell with a unique id.
 *
 * Any nbformat 4 is accepted and becomes 4.5. Throws an Error that says which cell breaks which rule;
 * `name` is what the messages call the notebook.
 *
 * @example
 * parseNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] }).cells.length // 0
 */
export function parseNotebook(json: unknown, name = "notebook"): Notebook {
  const refuse = (what: string): never => {
    throw new Error(`parseNotebook requires a Jupyter notebook (nbformat 4), got ${name}: ${what}`);
  };
  if (!isObject(json)) return refuse("its JSON is not an object");
  if (json.nbformat === undefined) return refuse('it has no "nbformat"; is it another kind of JSON file?');
  if (typeof json.nbformat !== "number" || json.nbformat < 4) {
    return refuse(
      `it is nbformat ${json.nbformat}; convert it with: jupyter nbconvert --to notebook --inplace ${name}`,
    );
  }
  if (json.nbformat > 4) {
    return refuse(`it is nbformat ${json.nbformat}, newer than this reader; save it as nbformat 4`);
  }
  if (!Array.isArray(json.cells)) return refuse('it has no list of "cells"');
  const taken = new Set<string>();
  let cells: NotebookCell[] = [];
  try {
    cells = json.cells.map((cell, index) => readCell(cell, index, taken));
  } catch (error) {
    refuse((error as Error).message);
  }
  const minor = typeof json.nbformat_minor === "number" ? json.nbformat_minor : 5;
  return {
    cells,
    metadata: isObject(json.metadata) ? { ...json.metadata } : {},
    nbformat: 4,
    nbformat_minor: Math.max(5, minor),
  };
}

/**
 * Reads a notebook file.
 *
 * Throws an Error that says what the file is instead (missing, not JSON, not a notebook, too old) and what to do.
 * @example
 * const cells = [{ cell_type: "code", id: "a", metadata: {}, source: "6 * 7" }];
 * writeNotebook("answer.ipynb", { nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
 * readNotebook("answer.ipynb").cells[0].source // "6 * 7"
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "it is a folder" : (error as Error).message;
    throw new Error(`readNotebook requires a notebook file, got ${path}: ${why}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const next = /^<{7} /m.test(text)
      ? "it holds an unfinished merge (<<<<<<<); settle it first"
      : text.trim() === ""
        ? "the file is empty"
        : `it is not JSON (${(error as Error).message})`;
    throw new Error(`readNotebook requires a notebook file, got ${path}: ${next}`);
  }
  return parseNotebook(json, basename(path));
}

const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const splitBundle = (bundle: MimeBundle): Json =>
  Object.fromEntries(
    Object.entries(bundle).map(([mime, data]) => [
      mime,
      typeof data === "string" && !isJsonType(mime) && !/^image\/(png|jpe?g|gif)$/.test(mime)
        ? splitLines(data)
        : data,
    ]),
  );

function outputJson(output: Output): Json {
  if (output.output_type === "stream") return { ...output, text: splitLines(output.text) };
  if (output.output_type === "error") return { ...output };
  return { ...output, data: splitBundle(output.data) };
}

/** Keys in order, as Jupyter writes them, so that saving from either side makes no difference in a diff. */
const sortKeys = (_key: string, value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/** The text of an .ipynb file as Jupyter writes it: one space of indent, sorted keys, texts as lists of lines. */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: splitLines(cell.source),
    ...(cell.outputs ? { outputs: cell.outputs.map(outputJson) } : {}),
  }));
  return `${JSON.stringify({ ...notebook, cells }, sortKeys, 1)}\n`;
}

/**
 * Writes a notebook file as Jupyter would.
 * @example
 * const cells = [{ cell_type: "code", id: "a", metadata: {}, source: "6 * 7" }];
 * writeNotebook("answer.ipynb", { nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
 * readNotebook("answer.ipynb").cells.length // 1
 */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeWhole(path, notebookText(notebook));
}
