import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Sharper, sharpen } from "../../src/explore/sharpen";
import { latency } from "../../src/measures/latency/latency";
import { throughputLoad } from "../../src/measures/service/throughput";
import type { Table } from "../../src/measures/table";
import { open, type Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { fieldnotes } from "../cli/command";

/** Calls of 400 users; every fifth is a judge's, which names no user and no conversation but has a task. */
const calls = 8000;
const fill = `insert into calls by name
  select 'c' || i as call_id, 't' || i // 5 as task_id, case when i % 5 < 4 then 'u' || (i // 5 % 400) end as user_id,
    if(i % 5 = 4, 'judge', 'answer') as role, 'm' || i // 5 % 2 as model, 'ok' as status,
    timestamp '2025-01-01' + to_seconds(60 * i) as started_at, 1 + hash(i) % 1000 / 100 as duration from range(${calls}) as t(i)`;

async function all<T>(answers: AsyncGenerator<Sharper<T>>): Promise<Sharper<T>[]> {
  const found: Sharper<T>[] = [];
  for await (const one of answers) found.push(one);
  return found;
}

describe("sharpen", () => {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
  const db = join(folder, "log.duckdb");
  let store: Store;
  before(async () => {
    store = await open(db);
    await run(store.connection, fill);
  });
  after(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  test("asks few users first, then more, and last the whole log", async () => {
    const sets: Set<string>[] = [];
    const found = await all(
      sharpen(
        store,
        async (part) => {
          const rows = await rowsOf<{ user_id: string }>(
            part.connection,
            "select distinct user_id from calls where user_id is not null",
          );
          sets.push(new Set(rows.map(({ user_id }) => user_id)));
          return (await latency(part, { by: "model" })).rows;
        },
        { first: 200 },
      ),
    );
    assert.deepEqual(
      found.map(({ share }) => share),
      [0.025, 0.25, 1],
    );
    assert.ok(sets[0].size > 2 && sets[0].size < 30, `${sets[0].size}`);
    for (const user of sets[0]) assert.ok(sets[1].has(user), user);
    assert.equal(sets[2].size, 400);
    assert.equal(found[2].unit, "user");
    assert.deepEqual(found[2].value, (await latency(store, { by: "model" })).rows);
  });

  test("takes a judge's calls with the user of their task", async () => {
    const [part] = await all(
      sharpen(
        store,
        async (of) => {
          const [{ judged, tasks }] = await rowsOf<{ judged: number; tasks: number }>(
            of.connection,
            "select count(*) filter (role = 'judge')::int as judged, count(distinct task_id)::int as tasks from calls",
          );
          return { judged, tasks };
        },
        { first: 400, within: 1e-9 },
      ),
    );
    assert.ok(part.value.judged > 20);
    assert.equal(part.value.judged, part.value.tasks);
  });

  test("begins no answer that would take longer than allowed, and says in its table what it rests on", async () => {
    const found = await all(sharpen(store, (part) => latency(part), { first: 400, within: 1e-9 }));
    assert.equal(found.length, 1);
    assert.match(
      (found[0].value as Table).notes.join(" "),
      /Drawn from .*log\.duckdb: 5 % of its users, with all/,
    );
  });

  test("asks the whole of a log that is small, and of one that is itself a draw", async () => {
    assert.deepEqual(
      (await all(sharpen(store, async () => 1))).map(({ share }) => share),
      [1],
    );
    const [inner] = await all(
      sharpen(store, (part) => all(sharpen(part, async () => 1, { first: 10 })), {
        first: 400,
        within: 1e-9,
      }),
    );
    assert.deepEqual(
      inner.value.map(({ share }) => share),
      [1],
    );
  });

  test("asks the whole log at once what no share can tell, and leaves nothing behind", async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => name.includes(`-${process.pid}-`)).length;
    const earlier = ours();
    const found = await all(sharpen(store, (part) => throughputLoad(part), { first: 400, within: 1e-9 }));
    assert.deepEqual(
      found.map(({ share }) => share),
      [1],
    );
    await assert.rejects(
      all(sharpen(store, () => Promise.reject(new Error("no answer")), { first: 400 })),
      /no answer/,
    );
    assert.equal(ours(), earlier);
  });

  test("draws more where nobody was drawn", async () => {
    const few = await open(":memory:");
    await run(
      few.connection,
      "insert into calls by name select 'c' || i as call_id, 'u' || i % 3 as user_id from range(3000) as _(i)",
    );
    for (const { value } of await all(
      sharpen(few, (part) => rowsOf<{ n: number }>(part.connection, "select count(*)::int as n from calls"), {
        first: 3,
        within: 1e-9,
      }),
    ))
      assert.ok(value[0].n > 0);
    few.close();
  });

  test("refuses times and sizes that are none", async () => {
    await assert.rejects(
      all(sharpen(store, async () => 1, { within: 0 })),
      /sharpen requires a finite within > 0, got 0/,
    );
    await assert.rejects(
      all(sharpen(store, async () => 1, { first: -1 })),
      /sharpen requires a finite first > 0/,
    );
  });

  test("is --within on the command line, for a store and for files", async () => {
    store.close();
    const { code, stdout, stderr } = await fieldnotes(
      ["latency", "--by", "model", "--within", "500ms", "--json", "--db", db],
      folder,
    );
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).rows.length, 2);
    const wrong = await fieldnotes(["latency", "--within", "soon", "--db", db], folder);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--within.*requires a time above 0, such as 500ms, 5s or 2m/);
    store = await open(db);
  });
});
