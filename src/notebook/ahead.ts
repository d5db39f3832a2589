import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { shippedFolder } from "./copies";

/** A compiled cell, as launch.js hands it to tslab. */
export interface CompiledCell {
  /** What the cell's comments say about it, such as `@module`. */
  meta: { mode?: string; module?: string };
  /** tslab's result, if there is one; `declOutput` holds the declarations of this cell and all before it. */
  converted?: { output?: string; declOutput?: string; diagnostics: unknown[] };
  /** The error, if the compiler itself failed. */
  failed?: string;
}

/** A parameter as the notebook's own cell declares it. */
export interface Declaration {
  keyword: "const" | "let" | "var";
  /** The annotation, or the type of an `as` in the default value; empty if there is none. */
  type: string;
  /** The kind of the default value, if it can be determined. */
  kind: "string" | "number" | "boolean" | "other";
}

/** Cells that were compiled ahead, when the package was built. */
export interface AheadCells {
  /** By the cell and all those before it, see `keyOf`. Without declarations: these are made again where needed. */
  cells: Record<string, CompiledCell>;
  /** What cells tagged `parameters` declare, by their text's hash. */
  parameters: Record<string, [name: string, declaration: Declaration][]>;
  /** The hashes of the texts that were checked for what the kernel gets wrong. */
  checked: string[];
}

const file = join(__dirname, "ahead.json");
let shipped: (AheadCells & { isChecked: Set<string> }) | undefined;
let isRead = false;

/** The cells of the notebooks that come with this package; undefined where the build made none. */
function ofPackage() {
  if (!isRead) {
    isRead = true;
    try {
      const read = JSON.parse(readFileSync(file, "utf8")) as AheadCells;
      shipped = { ...read, isChecked: new Set(read.checked) };
    } catch {
      // Not built, or not with these: cells are then compiled when they run.
    }
  }
  return shipped;
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** The cells compiled ahead for notebooks in a folder: elsewhere, a cell may import another library of the same name. */
export const aheadFor = (folder: string): AheadCells | undefined =>
  resolve(folder) === shippedFolder() ? ofPackage() : undefined;

/** What a cell tagged `parameters` declares, if that is known without reading it. */
export const declaredAhead = (source: string): [string, Declaration][] | undefined =>
  ofPackage()?.parameters[hashOf(source)];

/** Whether a cell was checked when the package was built. */
export const isCheckedAhead = (source: string): boolean =>
  ofPackage()?.isChecked.has(hashOf(source)) ?? false;

/** A kernel's place in a notebook whose cells were compiled ahead: what ran, and the values that it was given. */
export interface Place {
  key: string;
  parameters: ReadonlyMap<string, Declaration>;
}

export const start: Place = { key: "", parameters: new Map() };

/** The key of a cell after others: what it compiles to depends on all of them. */
export const keyOf = (before: string, source: string): string => hashOf(`${before}\n${source}`);

/** The cell compiled, and the place after it; undefined if it was not compiled ahead at this place. */
export function compiledAhead(
  { cells, parameters }: AheadCells,
  place: Place,
  source: string,
): { cell: CompiledCell; after: Place } | undefined {
  const given = assignments(source, place.parameters);
  // Later cells compile to the same, whatever the values are.
  if (given !== undefined) return { cell: given, after: place };
  const key = keyOf(place.key, source);
  if (!Object.hasOwn(cells, key)) return undefined;
  const declared = parameters[hashOf(source)];
  return {
    cell: cells[key],
    after: { key, parameters: declared === undefined ? place.parameters : new Map(declared) },
  };
}

/** A cell of injected parameters, compiled: plain values of the same kind as the defaults they replace. */
function assignments(source: string, known: Place["parameters"]): CompiledCell | undefined {
  const [head, ...lines] = source.split("\n");
  if (head !== "// Parameters" || lines.length === 0) return undefined;
  const output = [];
  for (const line of lines) {
    const [, name, value] = /^(?:const|let|var) (\w+) = (.*);$/.exec(line) ?? [];
    const declaration = known.get(name);
    if (declaration === undefined || declaration.type !== "" || !isLiteral(value, declaration.kind))
      return undefined;
    output.push(`exports.${name} = ${value};`);
  }
  return { meta: {}, converted: { output: output.join("\n"), diagnostics: [] } };
}

function isLiteral(text: string, kind: Declaration["kind"]): boolean {
  try {
    return typeof JSON.parse(text) === kind;
  } catch {
    return false;
  }
}
