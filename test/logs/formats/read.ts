import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type IngestedFile, type IngestOptions, ingest } from "../../../src/logs/ingest";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";

/** A handwritten file of a format: its records, or its text if it isn't JSON or is damaged. */
export interface Fixture {
  format: string;
  file: string;
  /** Records of a .jsonl, the document of a .json, the text of anything else. */
  content: unknown;
}

/** A row in the store. */
export type Row = Record<string, unknown>;

/** The result of reading. */
export interface Read {
  files: IngestedFile[];
  calls: Row[];
  tasks: Row[];
  scores: Row[];
  spans: Row[];
  texts: Row[];
  preferences: Row[];
  sides: Row[];
  benchmarks: Row[];
  prices: Row[];
  rejects: Row[];
}

/** The text of a fixture. */
export function textOf({ file, content }: Pick<Fixture, "file" | "content">): string {
  if (typeof content === "string") return content;
  if (file.endsWith(".jsonl"))
    return (content as unknown[]).map((one) => `${JSON.stringify(one)}\n`).join("");
  return JSON.stringify(content, null, 2);
}

/** Ingests files into a store of their own and returns its rows. */
export async function readFiles(paths: string[], options: IngestOptions = {}): Promise<Read> {
  const store = await open(":memory:");
  try {
    const { files } = await ingest(store, paths, options);
    const table = (name: string) =>
      rowsOf<Row>(store.connection, `select * from ${name} order by ingest_id, line`);
    return {
      files,
      calls: await table("calls"),
      tasks: await table("tasks"),
      scores: await table("scores"),
      spans: await table("spans"),
      texts: await table("texts"),
      preferences: await table("preferences"),
      sides: await table("sides"),
      benchmarks: await table("benchmarks"),
      prices: await table("prices"),
      rejects: await table("rejects"),
    };
  } finally {
    store.close();
  }
}

/** Ingests fixtures by recognition alone. */
export async function read(fixtures: Omit<Fixture, "format">[], options: IngestOptions = {}): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
  try {
    const paths = fixtures.map((fixture) => {
      const path = join(folder, fixture.file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, textOf(fixture));
      return path;
    });
    return await readFiles(paths, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads the same records from a Parquet file with nested fields as the engine's own types. */
export async function readAsParquet(records: unknown[], options: IngestOptions = {}): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
  const store = await open(":memory:");
  try {
    const lines = join(folder, "lines.jsonl");
    const path = join(folder, "table.parquet");
    writeFileSync(lines, textOf({ file: lines, content: records }));
    await run(
      store.connection,
      `copy (select * from read_json('${lines}', format = 'newline_delimited', map_inference_threshold = -1)) to '${path}' (format parquet)`,
    );
    return await readFiles([path], options);
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The named columns of a row. */
export function pick(row: Row | undefined, ...names: string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row?.[name]]));
}

/**
 * The filled columns of a row, without attributes, columns of its origin, and the model and the form of the output, which
 * are derived from others.
 */
export function filled(row: Row | undefined): Row {
  return Object.fromEntries(
    Object.entries(row ?? {}).filter(
      ([name, value]) =>
        value !== null &&
        !name.startsWith("attributes.") &&
        !["ingest_id", "line", "model", "output_form", "place_in_task"].includes(name),
    ),
  );
}
