import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { filledTables } from "../../../src/store/schema";
import { half } from "../../property";
import { workbench } from "../workbench";
import { fixturesOf } from "./fixtures";
import * as boards from "./fixtures/leaderboards";
import * as prices from "./fixtures/prices";
import { type Fixture, textOf } from "./read";

type Owner = Record<string, unknown>;

const odd = [null, [], 3, "x", {}, true, [null], [[]], [{}]];
// Words of the engine, and of the SQL that formats are written in.
const notForUsers =
  /\b[A-Z]\w* Error\b|\bLINE \d+:|json_|list_|regexp_|lambda|cast\(|coalesce\(| then | is null/;
// Lists of records inside a document; lists inside a record are part of it.
const lists =
  /^(\d+|data|results?|runs|logs|traces|spans|rows|value|observations|scores|samples|simulations|leaderboards|models|full|coding|(resource|scope)_?[sS]pans)$/;
const isRecord = (value: unknown): value is Owner =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function pathsOf(value: unknown, at: string[] = []): string[][] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, one]) => [[...at, key], ...pathsOf(one, [...at, key])]);
}

const get = (value: unknown, path: readonly string[]) =>
  path.reduce<unknown>((at, key) => (at as Owner)[key], value);

function set(value: unknown, path: readonly string[], to: unknown): unknown {
  if (path.length === 0) return to;
  (get(value, path.slice(0, -1)) as Owner)[path.at(-1) as string] = to;
  return value;
}

// A copy under names of its own, so that it does not replace the record it was made from.
function copied(record: unknown, number: number): unknown {
  const copy = structuredClone(record);
  for (const path of pathsOf(copy)) {
    const value = get(copy, path);
    if (typeof value === "string" && value !== "" && /id$|^name$|^model/i.test(path.at(-1) as string))
      set(copy, path, `${value}-${number}`);
  }
  return copy;
}

/** The paths of a fixture's lists of records: arrays, and objects whose fields are records. */
function listsOf({ content }: Fixture): string[][] {
  const isList = (value: unknown) =>
    (Array.isArray(value) && value.some((one) => one !== null && typeof one === "object")) ||
    (isRecord(value) &&
      Object.keys(value).length > 0 &&
      Object.entries(value).every(([key, one]) => isRecord(one) && !lists.test(key)));
  // An element that is a list is a row of cells.
  const inside = pathsOf(content).filter(
    (path) => path.every((key) => lists.test(key)) && !/^\d+$/.test(path.at(-1) as string),
  );
  return [[], ...inside].filter((path) => isList(get(content, path)));
}

/** The file's text with odd records in the middle of each of these lists. */
function withOdd({ content, file }: Fixture, paths: string[][], records: readonly unknown[]): string {
  const middle = <T>(all: T[], more: T[]) => all.toSpliced(all.length >> 1, 0, ...more);
  const oddIn = (list: unknown[] | Owner) =>
    Array.isArray(list)
      ? middle(list, [...records])
      : Object.fromEntries(
          middle(
            Object.entries(list),
            records.map((one, at) => [`odd${at}`, one]),
          ),
        );
  // The innermost first: records put into a list move those behind them.
  const made = [...paths]
    .sort((a, b) => b.length - a.length)
    .reduce<unknown>(
      (whole, path) => set(whole, path, oddIn(get(whole, path) as unknown[] | Owner)),
      structuredClone(content),
    );
  return textOf({ file, content: made });
}

/** The rows of a file, without what depends on its place in the file, and how it was read. */
async function taken(name: string, text: string) {
  let rows: string[] = [];
  let said: string[] = [];
  let file: unknown;
  await workbench(async (bench) => {
    const one = await bench.read(name.replaceAll("/", "-"), text);
    said = [one.reason ?? "", ...(await bench.rejects())];
    file = one;
    for (const table of filledTables)
      for (const row of await bench.rows<Owner>(`select * exclude (ingest_id, line) from ${table}`)) {
        const kept = Object.entries(row).filter(
          ([key, value]) =>
            value !== null && !/^(attributes[.]|place_in_task)/.test(key) && !/^1:\d/.test(String(value)),
        );
        rows.push(table + JSON.stringify(kept).replace(/fieldnotes-test-\w{6}/g, ""));
      }
    rows = rows.sort();
    const { read, nothing, ...fates } = one.records ?? { read: 0, rows: 0, nothing: {} };
    const sum = [...Object.values(fates), ...Object.values(nothing)].reduce((total, n) => total + n, 0);
    assert.equal(sum, read, "the ledger adds up");
  });
  return { rows, said, ...(file as { status: string; format: string | null; reason?: string }) };
}

async function areAlone(fixture: Fixture, paths: string[][], records: readonly unknown[], before: string[]) {
  const { status, format, reason, rows, said } = await taken(fixture.file, withOdd(fixture, paths, records));
  const what = `${fixture.file} ${paths.map((path) => path.join(".")).join(", ")}`;
  assert.deepEqual([status, format], ["ingested", fixture.format], `${what}: ${reason}`);
  for (const one of said) assert.doesNotMatch(one, notForUsers, what);
  const left = [...rows];
  for (const row of before) {
    const at = left.indexOf(row);
    assert.ok(at >= 0, `${what} loses ${row}; ${reason}`);
    left.splice(at, 1);
  }
}

const all = [...Object.values(fixturesOf), prices, boards].flatMap(({ fixtures }) => fixtures);
/** With enough good records that the odd ones are not the most; a document's in its own list. */
const several = all.map((fixture): Fixture => {
  const { content } = fixture;
  const path = listsOf(fixture).find((one) => one.length < 2 && Array.isArray(get(content, one)));
  if (path === undefined) return fixture;
  const list = get(content, path) as unknown[];
  if (!list.every(isRecord)) return fixture;
  const more = Array.from({ length: 8 }, (_, n) => list.map((one) => copied(one, n))).flat();
  return { ...fixture, content: set(structuredClone(content), path, more) };
});

describe("records that no format can read, in the middle of a good file, leave its other rows as they are", () => {
  for (const fixture of several.filter(({ content }) => typeof content !== "string")) {
    const { format, file } = fixture;
    test(`${format} ${file}: what is no record`, async () => {
      const { rows } = await taken(file, textOf(fixture));
      assert.ok(rows.length > 0);
      // Odd records in the outermost list alone, then in all lists at once, so that a deep document is read twice.
      const paths = listsOf(fixture);
      const ways = paths.length > 2 ? [paths, paths.slice(0, 1)] : paths.map((path) => [path]);
      for (const some of half(ways)) await areAlone(fixture, some, odd, rows);
    });
  }

  for (const { format, file, content } of all.filter(({ content }) => typeof content === "string")) {
    // A table of any columns, and conversations under any names, are told by most of their cells.
    const byCells = ["leaderboard-table", "conversation"].includes(format);
    if (typeof content !== "string" || !file.endsWith(".csv") || byCells) continue;
    test(`${format} ${file}: odd cells`, async () => {
      const before = await taken(file, content);
      const [header, ...rows] = content.trimEnd().split("\n");
      const cells = header.replace(/"[^"]*"/g, "").split(",").length;
      const odd = ["x", "[]", "{}", "3", "null"].map((cell) => Array(cells).fill(cell).join(","));
      const text = [header, rows[0], ...odd, "x", '"', ...rows.slice(1)].join("\n");
      const { status, said } = await taken(file, text);
      assert.deepEqual([before.status, status], ["ingested", "ingested"]);
      for (const one of said) assert.doesNotMatch(one, notForUsers);
    });
  }
});
