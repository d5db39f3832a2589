import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { type Notebook, readNotebook, writeNotebook } from "./read";

/** The notebooks that come with this package. */
export const shippedFolder = (): string => join(dirname(dirname(__dirname)), "notebooks");

/** The paths of the notebooks that come with this package, in order. */
export function shippedNotebooks(): string[] {
  return readdirSync(shippedFolder())
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((name) => join(shippedFolder(), name));
}

/** The result of copying the notebooks that come with this package. */
export interface Copies {
  made: string[];
  kept: string[];
  /** Copies that were kept although their original has changed since. */
  old: string[];
}

/**
 * Copies the notebooks that come with this package into a folder, so that edits leave the originals unchanged.
 *
 * @param folder created if it doesn't exist; a copy already in it is kept as it is
 * @param store path of the store that the copies read; by default the one that the originals name
 */
export function copyNotebooks(folder: string, store?: string): Copies {
  mkdirSync(folder, { recursive: true });
  const copies: Copies = { made: [], kept: [], old: [] };
  for (const original of shippedNotebooks()) {
    const copy = join(folder, basename(original));
    const version = createHash("sha256").update(readFileSync(original)).digest("hex").slice(0, 12);
    if (existsSync(copy)) {
      copies.kept.push(copy);
      if (readNotebook(copy).metadata.copied_of !== version) copies.old.push(copy);
      continue;
    }
    const notebook = readNotebook(original);
    const own = store === undefined ? notebook : withStore(notebook, pathFrom(folder, store));
    writeNotebook(copy, { ...own, metadata: { ...own.metadata, copied_of: version } });
    copies.made.push(copy);
  }
  return copies;
}

/** A path as written in a cell of a notebook in a folder. */
export const pathFrom = (folder: string, file: string): string =>
  relative(folder, file).split(sep).join("/") || ".";

const storeLine = /^(const db = )"(?:[^"\\]|\\.)*"/m;

/** A notebook with another store in its parameters cell; one that makes its own store is unchanged. */
export function withStore(notebook: Notebook, path: string): Notebook {
  const cells = notebook.cells.map((cell) =>
    isParameters(cell.metadata) && !cell.source.includes('const db = ":memory:"')
      ? { ...cell, source: cell.source.replace(storeLine, (_, before) => before + JSON.stringify(path)) }
      : cell,
  );
  return { ...notebook, cells };
}

const isParameters = (metadata: Record<string, unknown>) =>
  Array.isArray(metadata.tags) && metadata.tags.includes("parameters");

/**
 * Writes a copy back over its original: without outputs and counts, and with the store that the original names.
 *
 * @returns the original's path
 * @throws if no notebook of that name comes with this package
 */
export function bringBack(copy: string): string {
  const original = join(shippedFolder(), basename(copy));
  if (!existsSync(original)) {
    const known = shippedNotebooks().map((path) => basename(path));
    throw new RangeError(`lab requires a copy of ${known.join(", ")} to bring back, got ${copy}`);
  }
  const { copied_of: _, ...metadata } = readNotebook(copy).metadata;
  const named = readNotebook(original)
    .cells.filter((cell) => isParameters(cell.metadata))
    .map(({ source }) => storeLine.exec(source)?.[0])
    .find((line) => line !== undefined);
  const path = named === undefined ? undefined : (JSON.parse(named.slice(named.indexOf('"'))) as string);
  const own = path === undefined ? readNotebook(copy) : withStore(readNotebook(copy), path);
  const cells = own.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  writeNotebook(original, { ...own, cells, metadata });
  return original;
}
