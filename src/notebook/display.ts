import { join } from "node:path";
import { visible } from "../charts/text";
import type { MimeBundle } from "./read";

interface DisplayData {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

type Write = (content: DisplayData, update: boolean) => void;

/**
 * Returns the function that writes to the running cell, or undefined outside a notebook.
 *
 * tslab's public display takes one MIME type per call, so this uses the function behind it. It searches the loaded
 * modules: the kernel's copy of tslab may not be the one beside this package, and outside a notebook none is loaded.
 */
function kernelWriter(): Write | undefined {
  for (const [file, loaded] of Object.entries(require.cache)) {
    const folder = /^(.*[\\/]tslab[\\/]dist)[\\/]jupyter\.js$/.exec(file)?.[1];
    if (folder === undefined) continue;
    const write: unknown = loaded?.exports?.lastWriteDisplayData;
    if (typeof write === "function") return write as Write;
    if (write === undefined) return publicWriter(folder);
  }
  return undefined;
}

/** For a tslab without that function: its public display, with the one type that every front end draws. */
function publicWriter(folder: string): Write | undefined {
  try {
    const { display } = require(join(folder, "public.js")) as {
      display: { raw(type: string, data: unknown): void };
    };
    return ({ data }) => {
      const type = "text/html" in data ? "text/html" : "text/plain";
      display.raw(type, data[type]);
    };
  } catch {
    return undefined;
  }
}

/** True inside a notebook's kernel. */
export function inNotebook(): boolean {
  return kernelWriter() !== undefined;
}

/** Displays a bundle in the running cell, or prints its text/plain outside a notebook. */
export function showBundle(data: MimeBundle, metadata: Record<string, unknown> = {}): void {
  const write = kernelWriter();
  if (write) write({ data, metadata, transient: {} }, false);
  else process.stdout.write(`${visible(String(data["text/plain"]))}\n`);
}

let displays = 0;

/** A display in the running cell that later calls replace; undefined outside a notebook. */
export function updatingBundle():
  | ((data: MimeBundle, metadata?: Record<string, unknown>) => void)
  | undefined {
  // Kept for all updates, which belong to the cell that started the display.
  const write = kernelWriter();
  if (!write) return undefined;
  const transient = { display_id: `fieldnotes-${process.pid}-${++displays}` };
  let shown = false;
  return (data, metadata = {}) => {
    write({ data, metadata, transient }, shown);
    shown = true;
  };
}

const drawn = new WeakSet<object>();

/** Marks a value as shown already: as a cell's last expression it adds nothing. */
export function markDrawn<T extends object>(value: T): T {
  drawn.add(value);
  return value;
}

export const isDrawn = (value: unknown): boolean =>
  typeof value === "object" && value !== null && drawn.has(value);
