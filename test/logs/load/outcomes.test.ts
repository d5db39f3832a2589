import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { outcomesView } from "../../../src/facts/outcomes";
import { ingest } from "../../../src/logs/ingest";
import { cost } from "../../../src/measures/cost/cost";
import { doctor } from "../../../src/measures/doctor";
import { quality } from "../../../src/measures/quality/quality";
import type { Row } from "../../../src/measures/table";
import { open, type Store } from "../../../src/store/open";
import { rowsOf } from "../../../src/store/run";
import { fc, runs } from "../../property";

const folder = mkdtempSync(join(tmpdir(), "outcomes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const calls = file(
  "calls.jsonl",
  Array.from(
    { length: 60 },
    (_, at) =>
      `{"call_id":"c${at}","task_id":"t${at}","user_id":"u${at % 40}","model":"m","started_at":"2026-01-0${1 + (at % 9)}T10:00:00Z","duration":1,"cost":0.01,"status":"ok"}\n`,
  ).join(""),
);
const tasks = (name: string, resolved: (at: number) => string, at = "") =>
  file(
    name,
    `task_id,resolved,resolved_at\n${Array.from({ length: 60 }, (_, one) => `t${one},${resolved(one)},${at}\n`).join("")}`,
  );

async function outcomesOf(store: Store): Promise<unknown[]> {
  await outcomesView(store.connection);
  return rowsOf(store.connection, "select task_id, resolved, contradicted from outcomes order by task_id");
}

/** What is asked of a store after files came in, together or one by one. */
async function storeAfter<T>(
  batches: readonly (string | readonly string[])[],
  ask: (store: Store) => Promise<T>,
  outcomesFrom?: string[],
): Promise<T> {
  const store = await open(":memory:");
  try {
    for (const batch of batches) await ingest(store, batch);
    if (outcomesFrom !== undefined) await ingest(store, batches.flat(), { outcomesFrom });
    return await ask(store);
  } finally {
    store.close();
  }
}

/** The share of tasks that are resolved. */
async function shareOf(store: Store): Promise<number> {
  const found = (await outcomesOf(store)) as { resolved: boolean | null }[];
  const known = found.filter(({ resolved }) => resolved !== null);
  return known.filter(({ resolved }) => resolved).length / known.length;
}

describe("files that disagree on the outcome of a task", () => {
  const yes = tasks("yes.csv", () => "true");
  const no = tasks("no.csv", () => "false");

  test("make it unknown, in any order of ingest, and doctor counts tasks once", async () => {
    const first = await storeAfter([calls, yes, no], outcomesOf);
    assert.equal(first.length, 60);
    for (const order of [[calls, no, yes], [no, calls, yes], [[calls, yes, no]], [[no, yes], calls]])
      assert.deepEqual(await storeAfter(order, outcomesOf), first, JSON.stringify(order));
    const { tasks, warnings } = await storeAfter([calls, yes, no], (store) => doctor(store));
    assert.equal(tasks, 60);
    assert.ok(
      warnings.some((one) =>
        one.startsWith("Files disagree on the outcome of 60 tasks: they count as unknown"),
      ),
      warnings.join(),
    );
  });

  test("give way to the newest outcome", async () => {
    const old = tasks("old.csv", () => "false", "2026-02-01T00:00:00Z");
    const newer = tasks("newer.csv", () => "true", "2026-02-02T00:00:00Z");
    for (const order of [
      [calls, old, newer, no],
      [calls, newer, no, old],
      [[newer, old, no], calls],
    ])
      assert.equal(await storeAfter(order, shareOf), 1, JSON.stringify(order));
  });

  test("give way to the one that the user names first", async () => {
    for (const order of [
      [calls, yes, no],
      [calls, no, yes],
    ]) {
      assert.equal(await storeAfter(order, shareOf, ["no.csv", "yes.csv"]), 0);
      assert.equal(await storeAfter(order, shareOf, ["y*.csv"]), 1);
    }
    await assert.rejects(
      storeAfter([calls, yes], shareOf, ["yes.cvs"]),
      /outcomesFrom requires files or formats of the store, got "yes.cvs"; did you mean "yes.csv"/,
    );
    await storeAfter(
      [calls, yes, no],
      async (store) => {
        await assert.rejects(ingest(store, no, { outcomesFrom: ["nobody"] }));
        assert.equal(await shareOf(store), 1, "a refused order leaves the one before");
      },
      ["yes.csv"],
    );
  });

  test("are told in a note of every rate that has them", async () => {
    const some = tasks("some.csv", (at) => (at < 6 ? "true" : "false"));
    await storeAfter([calls, no, some], async (store) => {
      for (const { rows, notes } of [
        await quality(store, { score: "resolved", by: "" }),
        await cost(store, { by: "" }),
      ]) {
        const row: Row = rows[0];
        const { n } = (row.resolve_rate ?? row.mean) as { n: number };
        assert.equal(n, 54);
        const told = notes.filter((note) => note.startsWith("Files disagree on the outcome of 6 tasks"));
        assert.equal(told.length, 1);
      }
    });
  });
});

test("a file that changes says what it says now, and a repeated outcome is stored once", async () => {
  const path = tasks("changing.csv", () => "false");
  const copy = tasks("copy.csv", () => "true");
  const store = await open(":memory:");
  await ingest(store, [calls, path]);
  tasks("changing.csv", () => "true");
  await ingest(store, path);
  await ingest(store, copy);
  const [{ rows, yes }] = await rowsOf<{ rows: number; yes: number }>(
    store.connection,
    "select count(*)::double as rows, count(*) filter (resolved)::double as yes from tasks",
  );
  assert.deepEqual([rows, yes], [60, 60]);
  store.close();
});

test("no order of files changes an outcome", async () => {
  const cell = fc.constantFrom("true", "false", "");
  const time = fc.constantFrom("", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z");
  const row = fc.record({ task: fc.integer({ min: 0, max: 2 }), resolved: cell, at: time });
  let made = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(row, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      async (files, picks) => {
        const paths = files.map((rows) =>
          file(
            `random-${made++}.csv`,
            `task_id,resolved,resolved_at\n${rows.map(({ task, resolved, at }) => `t${task},${resolved},${at}\n`).join("")}`,
          ),
        );
        const found: unknown[] = [];
        for (const together of [false, true]) {
          const order = [...paths].sort(() => (Number(picks.next().value) % 2 === 0 ? 1 : -1));
          const store = await open(":memory:");
          for (const batch of together ? [order] : order) await ingest(store, batch);
          found.push(await outcomesOf(store));
          store.close();
        }
        assert.deepEqual(found[0], found[1]);
      },
    ),
    { numRuns: runs(15) },
  );
});

test("a file without dates takes no date from another: three files decide the same in every order", async () => {
  const dated = file("dated.csv", "task_id,resolved,resolved_at\nt1,false,2026-05-01T00:00:00Z\n");
  const undated = file("undated.csv", "task_id,resolved\nt1,false\n");
  const other = file("other.csv", "task_id,resolved\nt1,true\n");
  const ask = async (store: Store) => JSON.stringify(await outcomesOf(store));
  const orders = [
    [dated, undated, other],
    [dated, other, undated],
    [undated, dated, other],
    [other, undated, dated],
    [undated, other, dated],
  ];
  const answers = await Promise.all(
    orders.flatMap((order) => [storeAfter([calls, ...order], ask), storeAfter([calls, order], ask)]),
  );
  assert.deepEqual([...new Set(answers)].length, 1, answers.join("\n"));
});
