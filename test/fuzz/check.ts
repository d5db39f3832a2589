import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type IngestedFile, ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { filledTables } from "../../src/store/schema";

/** The result of reading a file: its report, its rows as text, and the rejected lines. */
interface Came {
  file: IngestedFile;
  rows: string;
  rejected: Set<number>;
  /** Lines of which some value was left empty. */
  emptied: Set<number>;
  said: string[];
}

async function taken(path: string, format: string): Promise<Came> {
  const store = await open(":memory:");
  try {
    const { files, notes } = await ingest(store, path, { format });
    const rejects = await rowsOf<{ line: number; reason: string }>(
      store.connection,
      "select line, reason from rejects",
    );
    const rows: unknown[] = [];
    const emptied = await rowsOf<{ line: number }>(
      store.connection,
      filledTables.map((table) => `select line from ${table} where emptied is not null`).join(" union "),
    );
    for (const table of filledTables)
      rows.push(await rowsOf(store.connection, `select * exclude (ingest_id) from ${table} order by all`));
    return {
      file: files[0],
      rows: JSON.stringify(rows),
      rejected: new Set(rejects.map(({ line }) => line)),
      emptied: new Set(emptied.map(({ line }) => line)),
      said: [
        ...[files[0].reason ?? "", ...notes, ...rejects.map(({ reason }) => reason)],
        ...(files[0].emptied ?? []).map(({ first }) => first),
      ],
    };
  } finally {
    store.close();
  }
}

const engineWords =
  /\b(Binder|Parser|Conversion|Catalog|Invalid Input|Invalid|Out of Range|IO|INTERNAL|Internal|Constraint|Type|Syntax|Not implemented|Range|Out of Memory|Fatal|Reference) Error\b|\bLINE \d+:|FATAL|DuckDB/;
// Seconds of CPU time, whatever else the machine does.
const longest = 60;

/**
 * What goes wrong when lines of a format are read; empty if nothing does.
 *
 * @param end the end of a line: one or two line breaks
 */
export async function faultsOf(
  folder: string,
  format: string,
  lines: readonly Buffer[],
  end: string,
): Promise<string[]> {
  const faults: string[] = [];
  const breaks = end.split("\n").length - 1;
  // Some formats read the names of the file and its folder, so these are always the same.
  const write = (some: readonly Buffer[]) => {
    const path = join(folder, "log.jsonl");
    writeFileSync(path, Buffer.concat(some.flatMap((line) => [line, Buffer.from(end)])));
    return path;
  };
  const all = await ingested(write(lines), format, faults);
  if (all === undefined || all.file.status === "failed") return faults;
  // The accepted lines, alone and with a damaged line: the first file is read fast, the second record by record.
  const lost = new Set([...all.rejected, ...all.emptied]);
  const fit = lines.filter((line, at) => !lost.has(at * breaks + 1) && line.length > 0);
  if (fit.length === 0) return faults;
  const clean = await ingested(write(fit), format, faults);
  const beside = await ingested(write([...fit, Buffer.from("{damaged")]), format, faults);
  if (clean === undefined || beside === undefined || clean.file.status === "failed") return faults;
  if (clean.rows !== beside.rows)
    faults.push(`the two readers disagree: ${difference(clean.rows, beside.rows)}`);
  return faults;
}

/** What goes wrong when a text of a format is read. */
export async function faultsOfText(
  folder: string,
  format: string,
  name: string,
  text: string,
): Promise<string[]> {
  const faults: string[] = [];
  const path = join(folder, name);
  writeFileSync(path, text);
  await ingested(path, format, faults);
  rmSync(path);
  return faults;
}

// Reads a file, and checks its report against what must hold for every file.
async function ingested(path: string, format: string, faults: string[]): Promise<Came | undefined> {
  const begun = process.cpuUsage();
  try {
    const came = await taken(path, format);
    const { file, said } = came;
    for (const one of said) if (engineWords.test(one)) faults.push(`words of the engine: ${one}`);
    if (file.status === "failed" && file.reason === undefined) faults.push("failed without a reason");
    if (file.records !== undefined) {
      const { read, rows, twice, rejected, nothing } = file.records;
      const sum = rows + twice + rejected + Object.values(nothing).reduce((total, one) => total + one, 0);
      if (sum !== read) faults.push(`the ledger has ${sum} of ${read} records`);
    } else if (file.status === "ingested") faults.push("no ledger");
    const { user, system } = process.cpuUsage(begun);
    const seconds = (user + system) / 1e6;
    if (seconds > longest) faults.push(`it took ${seconds.toFixed(0)} s of the processor`);
    return came;
  } catch (error) {
    faults.push(`threw: ${(error as Error).message}`);
    return undefined;
  }
}

function difference(one: string, other: string): string {
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return `${one.slice(Math.max(0, at - 60), at + 60)} | ${other.slice(Math.max(0, at - 60), at + 60)}`;
}
