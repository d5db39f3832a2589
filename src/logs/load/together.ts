import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { quoteName } from "../../store/quote";
import { transaction } from "../../store/transaction";
import type { IngestedFile } from "../ingest";
import { fillClean } from "./fill";
import { notTaken, unusedNote } from "./ingestFile";
import { type Counts, countsOf, type Earlier, earlierIngests, earlierOf, enterAll, nextId } from "./ledger";
import { loadTogether } from "./loadTogether";
import type { Member } from "./member";
import { numberRecords } from "./number";

/**
 * Reads small files that are read alike as one: what the engine has to be asked for each file costs more than the
 * file. Each is in with all its rows or not at all, and stands in `ingests` for itself, as if read alone.
 *
 * @returns what came of each, by path; of files that have to be looked at one by one, nothing
 */
export async function ingestTogether(
  connection: DuckDBConnection,
  members: readonly Member[],
  folder: string,
): Promise<Map<string, IngestedFile>> {
  const results = new Map<string, IngestedFile>();
  const fresh = await unknownOnes(connection, members, results);
  await inHalves(connection, fresh, folder, results);
  return results;
}

// One damaged file among many costs as many readings as the many can be halved.
async function inHalves(
  connection: DuckDBConnection,
  members: readonly Member[],
  folder: string,
  results: Map<string, IngestedFile>,
): Promise<void> {
  if (members.length < 3) return;
  const read = await readAll(connection, members, folder).catch(() => undefined);
  if (read !== undefined) {
    for (const one of read) results.set(one.path, one);
    return;
  }
  const half = members.length >> 1;
  await inHalves(connection, members.slice(0, half), folder, results);
  await inHalves(connection, members.slice(half), folder, results);
}

/** Files that were not read before; those that were are unchanged, or are left out where they may have grown. */
async function unknownOnes(
  connection: DuckDBConnection,
  members: readonly Member[],
  results: Map<string, IngestedFile>,
): Promise<Member[]> {
  const before = await earlierOf(connection, members[0].way, members);
  if (before.length === 0) return [...members];
  const byHash = new Map(before.map((one) => [one.sha256, one]));
  const byName = new Map<string, Earlier[]>();
  for (const one of before) byName.set(basename(one.path), [...(byName.get(basename(one.path)) ?? []), one]);
  const counts = await countsOf(
    connection,
    before.map(({ id }) => id),
  );
  const fresh: Member[] = [];
  for (const member of members) {
    const { path, sha256, size, asked, reading } = member;
    const same = byHash.get(sha256);
    if (same?.asked === asked) {
      const rows = counts.get(same.id) as Counts;
      results.set(path, { path, format: reading.format, status: "unchanged", ...rows, replaced: 0 });
    } else if (same === undefined && !byName.get(basename(path))?.some((one) => one.size < size)) {
      fresh.push(member);
    }
  }
  return fresh;
}

/** Reads all of them, or tells that one has to be looked at. */
async function readAll(
  connection: DuckDBConnection,
  members: readonly Member[],
  folder: string,
): Promise<IngestedFile[] | undefined> {
  const { reading, way, asked } = members[0];
  const file = join(folder, "together");
  writeFileSync(file, Buffer.concat(members.map(({ bytes }) => bytes)));
  const before: number[] = [];
  const skipped: number[] = [];
  let lines = 0;
  for (const member of members) {
    before.push(lines);
    for (const line of member.blank) skipped.push(lines + line);
    lines += member.lines;
  }
  const longest = members.reduce((most, one) => Math.max(most, one.longest), 0);
  const filled = await fillClean(connection, reading, file, { longest, skipped });
  if (filled === undefined) return undefined;
  await numberRecords(connection, reading, filled, 0);
  return transaction(connection, async () => {
    const results: IngestedFile[] = [];
    const first = await nextId(connection);
    await tellIngests(connection, before, first);
    const { files } = await earlierIngests(connection, way, 0);
    const loaded = await loadTogether(connection, reading, files > 0 ? way : undefined);
    const counts = members.map(() => ({ calls: 0, tasks: 0, scores: 0, others: 0, told: 0, replaced: 0 }));
    for (const { ingest, table, rows, replaced } of loaded) {
      const one = counts[ingest - first];
      one[table === "calls" || table === "tasks" || table === "scores" ? table : "others"] += rows;
      if (table !== "spans" && table !== "texts") one.told += rows;
      one.replaced += replaced;
    }
    const isLog = reading.mapping === undefined && reading.targets.some(({ table }) => table === "calls");
    const empty = (at: number) => {
      const { calls, tasks, scores, others, told } = counts[at];
      return calls + tasks + scores + others === 0 || (isLog && told === 0);
    };
    const none = members.map((_, at) => at).filter(empty);
    const rowsOfNone = await takenOut(
      connection,
      reading.targets,
      none.map((at) => first + at),
    );
    const entries = [];
    for (const [at, { path, sha256, size, unused }] of members.entries()) {
      const { told: _, replaced, ...rows } = counts[at];
      const id = first + at;
      if (none.includes(at)) {
        results.push(notTaken(path, reading.format, reading.nothing(rowsOfNone.get(id) ?? 0)));
        continue;
      }
      const sum = rows.calls + rows.tasks + rows.scores + rows.others;
      entries.push({ ...way, id, path, sha256, asked, size, rows: sum, replaced, rejected: 0 });
      const note = unusedNote(reading, unused);
      const status = "ingested" as const;
      const result = { path, format: reading.format, status, ...rows, replaced, rejected: 0 };
      results.push(note === "" ? result : { ...result, reason: note });
    }
    await enterAll(connection, entries);
    return results;
  });
}

// Every row of the stage gets its file's ingest, and its line in that file.
async function tellIngests(connection: DuckDBConnection, before: number[], first: number): Promise<void> {
  await run(
    connection,
    `create or replace temp table member as select unnest(from_json($before::json, '["BIGINT"]')) as before,
       ${first} + unnest(range(0, $many)) as ingest`,
    { before: JSON.stringify(before), many: before.length },
  );
  await run(
    connection,
    `create or replace temp view good as select numbered.* exclude (line), numbered.line - before as line, ingest
     from numbered asof join member on numbered.line > member.before`,
  );
}

// Files of which nothing counts leave nothing behind; how many rows each had in the stage.
async function takenOut(
  connection: DuckDBConnection,
  targets: readonly { table: string }[],
  ingests: readonly number[],
): Promise<Map<number, number>> {
  if (ingests.length === 0) return new Map();
  for (const table of new Set(targets.map(({ table }) => table)))
    await run(connection, `delete from ${quoteName(table)} where ingest_id in (${ingests.join(", ")})`);
  const rows = await rowsOf<{ ingest: number; rows: number }>(
    connection,
    "select ingest, count(*) as rows from good group by ingest",
  );
  return new Map(rows.map(({ ingest, rows }) => [ingest, rows]));
}
