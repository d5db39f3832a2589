import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { plan } from "../../../src/decide/plan/plan";
import { contradictionNotes, outcomesView } from "../../../src/facts/outcomes";
import { forget } from "../../../src/logs/forget";
import { ingest } from "../../../src/logs/ingest";
import { cost } from "../../../src/measures/cost/cost";
import { doctor } from "../../../src/measures/doctor";
import { qualityPairs } from "../../../src/measures/quality/paired";
import { quality } from "../../../src/measures/quality/quality";
import { qualityRefusals } from "../../../src/measures/quality/refusals";
import { qualityByLength } from "../../../src/measures/service/contextLength";
import { qualitySlope } from "../../../src/measures/service/contextSlope";
import { qualityFloor } from "../../../src/measures/service/effectiveContext";
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
      warnings.some(({ text }) =>
        text.startsWith("Files disagree on the outcome of 60 tasks: they count as unknown"),
      ),
      JSON.stringify(warnings),
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

  test("are told under every measure that counts outcomes, whatever else it counts", async () => {
    const some = tasks("some.csv", (at) => (at < 6 ? "true" : "false"));
    await storeAfter([calls, no, some], async (store) => {
      for (const [name, { notes }] of Object.entries({
        refusals: await qualityRefusals(store),
        slope: await qualitySlope(store, { score: "resolved" }),
        length: await qualityByLength(store, { score: "resolved" }),
        floor: await qualityFloor(store, { floor: 0.1 }),
        paired: await qualityPairs(store, { score: "resolved", compare: "model" }),
        plan: await plan(store, { metrics: "resolve_rate" }),
      })) {
        const told = notes.filter((note) => note.startsWith("Files disagree on the outcome of 6 tasks"));
        assert.equal(told.length, 1, `${name}: ${notes.join("\n")}`);
      }
    });
  });
});

test("a file that says the same as another is a voice of its own, in every order and when the other is forgotten", async () => {
  const trusted = file("trusted.csv", "task_id,resolved\nt1,true\nt2,true\n");
  const same = file("same.csv", "task_id,resolved,note\nt1,true,7\nt2,true,7\n");
  const other = file("against.csv", "task_id,resolved\nt1,false\nt2,false\n");
  for (const order of [
    [trusted, same, other],
    [same, other, trusted],
    [other, trusted, same],
    [trusted, other, same],
  ])
    for (const batches of [order, [order]])
      assert.equal(await storeAfter(batches, shareOf, ["trusted.csv"]), 1, JSON.stringify(batches));
  await storeAfter([trusted, same], async (store) => {
    await forget(store, same);
    assert.equal(await shareOf(store), 1);
    assert.equal((await doctor(store)).tasks, 2);
  });
});

test("an attribute on which files of tasks disagree is none of them, in any order", async () => {
  const [one, two] = [7, 8].map((note) =>
    file(`note-${note}.csv`, `task_id,resolved,note\nt1,true,${note}\nt2,true,7\n`),
  );
  const ask = async (store: Store) => {
    const { rows } = await cost(store, { by: "attributes.note" });
    return rows.map((row: Row) => [row["attributes.note"], row.n]);
  };
  const found = await storeAfter([calls, one, two], ask);
  assert.deepEqual(found.map(([note]) => note).sort(), [7, null]);
  assert.deepEqual(await storeAfter([calls, two, one], ask), found);
});

test("of two lines of one file on a task the newer counts, wherever it stands, and without dates the last", async () => {
  const dated = ["t1,true,2026-04-02T00:00:00Z", "t1,false,2026-04-01T00:00:00Z", "t1,false,", "t1,,"];
  const ask = async (store: Store) => JSON.stringify(await outcomesOf(store));
  for (const lines of [dated, [...dated].reverse(), [dated[2], dated[0], dated[3], dated[1]]]) {
    const path = file("lines.csv", `task_id,resolved,resolved_at\n${lines.join("\n")}\n`);
    assert.equal(await storeAfter([calls, path], shareOf), 1, lines.join(" "));
  }
  const undated = file("undated-lines.csv", "task_id,resolved\nt1,true\nt1,false\n");
  assert.match(await storeAfter([calls, undated], ask), /"resolved":false,"contradicted":false/);
});

describe("files that disagree on the outcome of a conversation", () => {
  const mapping = {
    table: "tasks",
    columns: { conversation_id: "conversation_id", resolved: "resolved", resolved_at: "resolved_at" },
  } as const;
  const talks = (name: string, rows: string) =>
    file(name, `conversation_id,resolved,resolved_at\n${rows.replaceAll(" ", "\n")}\n`);
  const newer = talks("talks-newer.csv", "v1,true,2026-04-02 v2,true,2026-04-02");
  const older = talks("talks-older.csv", "v1,false,2026-04-01 v2,false,2026-04-01");
  const dateless = talks("talks-dateless.csv", "v1,true, v2,false,");
  const against = talks("talks-against.csv", "v1,false, v2,false,");

  async function ofTalks<T>(
    paths: readonly string[],
    ask: (store: Store) => Promise<T>,
    outcomesFrom?: string[],
  ): Promise<T> {
    const store = await open(":memory:");
    try {
      for (const path of paths) await ingest(store, path, { mapping });
      if (outcomesFrom !== undefined) await ingest(store, paths, { mapping, outcomesFrom });
      return await ask(store);
    } finally {
      store.close();
    }
  }
  const known = async ({ connection }: Store) => {
    await outcomesView(connection);
    return rowsOf(connection, "select conversation_id, resolved from outcomes order by conversation_id");
  };
  const both = (v1: boolean | null, v2: boolean | null) => [
    { conversation_id: "v1", resolved: v1 },
    { conversation_id: "v2", resolved: v2 },
  ];

  test("are decided by the rule for tasks, in any order", async () => {
    for (const order of [
      [newer, older, against],
      [against, older, newer],
    ])
      assert.deepEqual(await ofTalks(order, known), both(true, true));
    for (const order of [
      [dateless, against],
      [against, dateless],
    ]) {
      assert.deepEqual(await ofTalks(order, known), both(null, false));
      assert.deepEqual(await ofTalks(order, known, ["talks-d*.csv"]), both(true, false));
    }
  });

  test("are counted, and a file that changes says what it says now", async () => {
    await ofTalks([dateless, against], async (store) => {
      const [note] = await contradictionNotes(store.connection);
      assert.match(note, /^Files disagree on the outcome of 1 conversation: it counts as unknown/);
      assert.deepEqual(await contradictionNotes(store.connection, "task"), []);
      assert.equal((await doctor(store)).conversations.outcomes, 1);
      talks("talks-dateless.csv", "v1,false, v2,true,");
      await ingest(store, dateless, { mapping });
      assert.deepEqual(await known(store), both(false, null));
    });
  });
});

test("a file that changes says what it says now, and a copy of a file is stored once", async () => {
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
