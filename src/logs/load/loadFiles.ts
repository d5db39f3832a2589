import { readFileSync, writeFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { defined } from "../../stats/defined";
import { rowsOf } from "../../store/run";
import { onThreadsFor } from "../../store/threads";
import { transaction } from "../../store/transaction";
import { markUncompleted } from "../complete/complete";
import { scratchFile } from "../files/pieces";
import { mayFail, together, withAttributes } from "../records/attributes";
import { attributesKept, maskAttributes } from "./attributes";
import { emptiedOf, emptiedText } from "./emptied";
import { earlierFates, fatesOf, keepFates } from "./fates";
import { againNote, missingNote, nothingCame, unusedNote } from "./fileNotes";
import { type Filled, fillStage } from "./fill";
import { type Identified, identify } from "./identify";
import { earlierIngests, enter, nextId, rowsLeft, type Source, sourceOf, takeOut } from "./ledger";
import { type BadRecords, keepFiles, numberRecords, recordCounts } from "./number";
import { addRows, failed, type IngestedFile, noRows } from "./options";
import { keepOrder, keptOrder } from "./order";
import { keepsTexts, type Prepared } from "./prepare";
import { firstReason, keepRejects } from "./reject";
import { filesWithRows, moveRows } from "./rows";

/**
 * Loads files that are read alike, as if one after the other: each is stored with all its rows or not at all.
 * Queries cost more than reading a small file, so many are read as one.
 *
 * @returns the result of each, in order; undefined if some record does not fit, and each file has to be read by
 * itself
 */
export async function loadFiles(
  connection: DuckDBConnection,
  files: readonly Prepared[],
  folder: string,
  { strict = false, also = false }: { strict?: boolean; also?: boolean },
): Promise<IngestedFile[] | undefined> {
  const earlier = await earlierIngests(
    connection,
    files[0].config,
    files.map(({ path, seen: { size }, small }) => ({ path, size, sha256: small?.sha256 })),
  );
  const identified = Promise.all(files.map((file) => identify(file, earlier.known, also)));
  // Only a file that may have been read before has to wait for its hash; otherwise the engine reads it meanwhile.
  const mayBeKnown = earlier.known.some(({ size }) => files.some(({ seen }) => seen.size === size));
  const known = mayBeKnown ? (await identified).filter(({ unchanged }) => unchanged !== undefined) : [];
  const knownPaths = new Set(known.map(({ path }) => path));
  const results = new Map((await unchangedResults(connection, known)).map((one) => [one.path, one]));
  const news = files.filter(({ path }) => !knownPaths.has(path));
  if (news.length > 0) {
    const { ready, seen, starts } = news.length === 1 ? { ...news[0], starts: [0] } : joined(news, folder);
    const stage = fillStage(connection, readingsOf(news), ready, seen, folder, news.length > 1);
    const [all, filled] = await Promise.all([identified, stage]);
    if (filled === undefined) return undefined;
    const fresh = all.filter(({ path }) => !knownPaths.has(path));
    const header = ready.sample.container === "csv" ? 1 : 0;
    const [{ rows }] = await rowsOf<{ rows: number }>(connection, "select count(*) as rows from stage");
    const loaded = await onThreadsFor(connection, rows, async () => {
      await maskAttributes(connection, filled.reading);
      const bad = await numberRecords(connection, fresh[0].reading, filled, starts, header);
      const gone = new Set(fresh.flatMap(({ contained }) => contained));
      const paths = fresh.map(({ path }) => path);
      const source = earlier.count > gone.size ? sourceOf(fresh[0].config, paths, also) : undefined;
      return loadStage(connection, fresh, source, filled, bad, strict);
    });
    for (const one of loaded) results.set(one.path, one);
  }
  return files.map(({ path }) => results.get(path) as IngestedFile);
}

/**
 * With the attributes of all of them in their own types; and as texts, in case one turns out to have another type.
 */
function readingsOf(files: readonly Prepared[]): Prepared["reading"][] {
  const [{ reading, options }] = files;
  const attributes = together(files.map((file) => file.attributes));
  const keep = keepsTexts(options);
  const as = (asText: boolean) => withAttributes(reading, attributes, asText, keep);
  return attributes.some(mayFail) ? [as(false), as(true)] : [as(true)];
}

async function unchangedResults(
  connection: DuckDBConnection,
  known: readonly Identified[],
): Promise<IngestedFile[]> {
  const ids = known.flatMap(({ unchanged }) => unchanged ?? []);
  const counts = await rowsLeft(connection, ids);
  const fates = await earlierFates(connection, ids);
  return known.map(({ path, reading: { format }, unchanged }) => {
    const rows = counts.get(unchanged as number) ?? { ...noRows(), rejected: 0 };
    const records = fates.get(unchanged as number);
    const result = { path, format, status: "unchanged" as const, ...rows, replaced: 0 };
    return records === undefined ? result : { ...result, records };
  });
}

/** The records of several small files as one file, and how many lines precede each. */
function joined(files: readonly Prepared[], folder: string) {
  const file = scratchFile(folder, "joined");
  const pieces: Buffer[] = [];
  const starts: number[] = [];
  const skipped: number[] = [];
  let lines = 0;
  for (const { ready, seen } of files) {
    const bytes = readFileSync(ready.file);
    pieces.push(bytes);
    if (bytes.at(-1) !== 10) pieces.push(Buffer.from("\n"));
    starts.push(lines);
    for (const line of seen.skipped) skipped.push(lines + line);
    lines += seen.lines;
  }
  writeFileSync(file, Buffer.concat(pieces));
  const longest = Math.max(...files.map(({ seen }) => seen.longest));
  return {
    ready: { ...files[0].ready, file, split: false },
    seen: { ...files[0].seen, longest, skipped },
    starts,
  };
}

/**
 * Moves what was read into the tables, or reports what is wrong with it. Only a single file may have bad records.
 */
async function loadStage(
  connection: DuckDBConnection,
  files: readonly Identified[],
  source: Source | undefined,
  filled: Filled,
  bad: BadRecords,
  strict: boolean,
): Promise<IngestedFile[]> {
  const [{ reading, ready }] = files;
  const { format } = reading;
  const first = bad.count === 0 ? undefined : await firstReason(filled, bad);
  const emptied = await emptiedOf(connection, filled);
  if (strict && (bad.count > 0 || emptied.length > 0)) {
    const what =
      bad.count > 0
        ? `${bad.count} ${bad.count === 1 ? "record" : "records"} cannot be read`
        : emptiedText(emptied[0]);
    const why = `${what}, so strict rejects the whole file; ${first ?? emptied[0].first}`;
    return [failed(files[0].path, format, why)];
  }
  const withRows = await filesWithRows(connection, reading, filled.clean, files.length);
  const taken = files.filter((_, at) => withRows.has(at));
  const isAll = taken.length === files.length;
  const counts = isAll && !reading.note ? [] : await recordCounts(connection, reading, filled.clean);
  const countsOf = (file: Identified) =>
    counts.find((one) => one.file === files.indexOf(file)) ?? { records: 0, rows: 0 };
  const results = files
    .filter((file) => !taken.includes(file))
    .map((file) => failed(file.path, format, nothingCame(reading, countsOf(file), bad, first)));
  if (taken.length === 0) return results;
  if (!isAll) await keepFiles(connection, [...withRows]);
  const kept = await attributesKept(connection, filled.reading);
  return transaction(connection, async () => {
    // A file that is read again keeps its number, and with it its place in the order of the logs.
    const next = await nextId(connection);
    const ids = taken.map(({ contained: [first] }, at) => first?.id ?? next + at);
    const rows = taken.map(() => ({ ...noRows(), replaced: 0 }));
    const gone = taken.flatMap(({ contained }) => contained.map(({ id }) => id));
    if (gone.length > 0) await keepOrder(connection, gone);
    const again: number[] = [];
    for (const [at, { contained }] of taken.entries()) {
      again[at] = 0;
      for (const { id } of contained) again[at] += await takeOut(connection, id);
      rows[at].replaced += again[at];
    }
    const order = gone.length > 0 ? keptOrder : undefined;
    const { moved, superseded } = await moveRows(connection, kept, filled, ids, {
      source,
      order,
      paths: taken.map(({ path }) => path),
    });
    const fates = await fatesOf(connection, reading, filled.clean, taken.length, superseded);
    for (const one of moved) {
      addRows(rows[one.file], one.table, one.rows);
      rows[one.file].replaced += one.replaced;
    }
    await markUncompleted(connection, { takenOut: rows.some(({ replaced }) => replaced > 0) });
    await keepRejects(connection, filled, bad, ids[0]);
    const rejected = bad.count;
    const entries = [];
    for (const [at, file] of taken.entries()) {
      const { path, sha256, options, seen, unused, config } = file;
      const { calls, tasks, scores, others, replaced } = rows[at];
      const sum = calls + tasks + scores + others;
      const about = { ...config, id: ids[at], path, sha256, options, size: seen.size };
      entries.push({ ...about, rows: sum, replaced: replaced - again[at], rejected });
      const notes = [
        againNote(file, again[at]),
        first === undefined ? "" : `${rejected} rejected; ${first}`,
        missingNote(reading, [...(ready.shape.fields?.keys() ?? [])]),
        unusedNote(reading, unused),
        reading.note?.(countsOf(file).records, sum) ?? "",
      ];
      const reason = notes.filter(Boolean).join("; ");
      const read = { path, format, status: "ingested" as const, ...rows[at], rejected, records: fates[at] };
      const result: IngestedFile = defined({
        ...read,
        ...(emptied.length === 0 ? {} : { emptied }),
        mapping: file.mapping,
      });
      results.push(reason === "" ? result : { ...result, reason });
    }
    await enter(connection, entries);
    await keepFates(
      connection,
      entries.map(({ id }, at) => ({ id, fates: fates[at] })),
    );
    return results;
  });
}
