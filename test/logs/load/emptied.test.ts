import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { forget } from "../../../src/logs/forget";
import { ingest } from "../../../src/logs/ingest";
import { emptiedIn, emptiedText } from "../../../src/logs/load/emptied";
import type { Mapping } from "../../../src/logs/records/mapping";
import { doctor } from "../../../src/measures/doctor";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";

const mapping: Mapping[] = [
  {
    table: "calls",
    columns: {
      call_id: "id",
      model: "m",
      duration: "ms / 1000",
      started_at: "at",
      input_tokens: "usage.inp",
      cost: "cost",
    },
  },
  { table: "tasks", columns: { task_id: "id", resolved: "ok" } },
];
const record = (id: number, own: object = {}) => ({
  ...{ id: `${id}`, m: id % 2 ? "gpt-4o" : "mini", ms: 1000, at: "2026-03-04T05:06:07Z" },
  ...{ usage: { inp: 5 }, cost: 0.01, ok: true },
  ...own,
});
/** Values that cannot be, each with the column that is left empty and what is said. */
const odd: [own: object, column: string, reason: RegExp][] = [
  [{ ms: -5 }, "duration", /duration must not be negative, got -0\.005 from .*ms -5$/],
  [{ ms: "slow" }, "duration", /duration must be a finite number: not computable from/],
  [{ ms: 1.7e15 }, "duration", /from 0 to 1,000,000,000, got 1700000000000\.0 from/],
  [
    { at: "1970-01-01T00:00:00Z" },
    "started_at",
    /at must be a time from 2000-01-01 to 2099-12-31, got "1970/,
  ],
  [{ at: "2400-01-01T00:00:00Z" }, "started_at", /at must be a time from 2000-01-01 to 2099/],
  [{ at: "yesterday" }, "started_at", /at must be a time, got "yesterday"/],
  [{ usage: { inp: -1 } }, "input_tokens", /usage\.inp must not be negative, got -1$/],
  [{ usage: { inp: 3.7 } }, "input_tokens", /usage\.inp must be a whole number, got 3\.7/],
  [{ usage: "none" }, "input_tokens", /usage must be a record, got "none"/],
  [{ cost: -1 }, "cost", /cost must not be negative, got -1$/],
  [{ cost: "Infinity" }, "cost", /cost must be a finite number, got "Infinity"$/],
  [
    { at: "2026-03-02T10:00:00+02:00Z" },
    "started_at",
    /at must be a time, got "2026-03-02T10:00:00\+02:00Z", which names two zones: \+02:00 and Z$/,
  ],
  [{ at: "2026-02-30T10:00:00Z" }, "started_at", /at must be a time, got "2026-02-30T10:00:00Z"$/],
];

describe("a value that cannot be", () => {
  test("costs its column and not its record, and is told with the model and the reason", () =>
    workbench(async ({ read, rows, rejects }) => {
      for (const [at, [own, column, reason]] of odd.entries()) {
        const file = await read(`${at}.jsonl`, jsonl(record(10 * at), record(10 * at + 1, own)), { mapping });
        assert.deepEqual([file.calls, file.tasks, file.rejected], [2, 2, 0], JSON.stringify(own));
        const [emptied] = file.emptied ?? [];
        assert.deepEqual(
          [emptied.table, emptied.column, emptied.rows, emptied.models],
          ["calls", column, 1, [{ model: "gpt-4o", rows: 1 }]],
        );
        assert.match(emptied.first, reason);
        assert.match(emptied.first, /^line 2: /);
        const [row] = await rows(`select * from calls where call_id = '${10 * at + 1}'`);
        assert.deepEqual([row[column], row.emptied], [null, column]);
      }
      assert.deepEqual(await rejects(), []);
      const [{ kept }] = await rows("select count(*) filter (emptied is null)::int as kept from calls");
      assert.equal(kept, odd.length);
    }));

  test("is told as it stands in the file, also where JSON has no word for it", () =>
    workbench(async ({ read }) => {
      const lines = `${JSON.stringify(record(1))}\n${JSON.stringify(record(2)).replace("0.01", "-Infinity")}\n`;
      const [bare] = (await read("bare.jsonl", lines, { mapping })).emptied ?? [];
      assert.equal(bare.first, "line 2: cost must be a finite number, got -Infinity");
    }));

  test("of a task is left empty too, and the call and the task stay", () =>
    workbench(async ({ read, rows, rejects }) => {
      const file = await read("log.jsonl", jsonl(record(1), record(2, { ok: "maybe", ms: -1 })), { mapping });
      assert.deepEqual([file.calls, file.tasks, file.rejected], [2, 2, 0]);
      assert.deepEqual(
        file.emptied?.map(({ table, column, rows }) => [table, column, rows]),
        [
          ["calls", "duration", 1],
          ["tasks", "resolved", 1],
        ],
      );
      assert.deepEqual(await rows("select task_id, resolved, emptied from tasks order by task_id"), [
        { task_id: "1", resolved: true, emptied: null },
        { task_id: "2", resolved: null, emptied: "resolved" },
      ]);
      assert.deepEqual(await rejects(), []);
    }));

  thorough(
    "is counted once, whichever file comes first and however often it is read, and goes with its row",
    () =>
      workbench(async ({ store, write, rows }) => {
        const one = write("one.jsonl", jsonl(record(1, { ms: -1 }), record(2, { ms: -1, cost: -1 })));
        const two = write("two.jsonl", jsonl(record(2, { ms: 9 }), record(3, { cost: "much" })));
        const counted = async (...paths: string[]) => {
          for (const path of paths) await ingest(store, path, { mapping });
          const emptied = await emptiedIn(store.connection);
          const all = emptied.map(({ column, rows, models }) => [
            column,
            rows,
            models.map(({ model }) => model),
          ]);
          return all.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
        };
        const [cost, duration] = [
          ["cost", 1, ["gpt-4o"]],
          ["duration", 1, ["gpt-4o"]],
        ];
        assert.deepEqual(await counted(one, two, two), [cost, duration]);
        await run(store.connection, "update ingests set options = 'read before'");
        assert.deepEqual(await counted(one, two), [cost, duration]);
        await forget(store, one);
        assert.deepEqual(await counted(), [cost]);
        assert.equal((await rows("from rejects")).length, 0);
      }),
  );

  test("is told by doctor, by the model", () =>
    workbench(async ({ store, read }) => {
      await read("log.jsonl", jsonl(record(1, { ms: -1 }), record(2), record(3, { ms: "slow" })), {
        mapping,
      });
      const { warnings } = await doctor(store);
      assert.ok(
        warnings.some(
          ({ text }) =>
            text === "duration is left empty in 2 calls, since what the log has cannot be: 2 of gpt-4o",
        ),
        JSON.stringify(warnings),
      );
    }));

  test("of which a row is nothing without rejects the row, and the record's other rows stay", () =>
    workbench(async ({ read, rows, rejects }) => {
      const scores = {
        table: "scores" as const,
        columns: { subject: "'call'", subject_id: "id", name: "'good'", value: "ok" },
      };
      const file = await read("log.jsonl", jsonl({ id: "a", m: "x", ok: 1 }, { id: "b", m: "x", ok: 1e13 }), {
        mapping: [{ table: "calls" as const, columns: { call_id: "id", model: "m" } }, scores],
      });
      assert.deepEqual([file.calls, file.scores, file.rejected], [2, 1, 1]);
      assert.match((await rejects())[0], /^2: ok must be a finite number from .*, got 10000000000000/);
      assert.deepEqual(await rows("select subject_id from scores"), [{ subject_id: "a" }]);
    }));

  test("stops a file that is to be read strictly", () =>
    workbench(async ({ read, rows }) => {
      const file = await read("log.jsonl", jsonl(record(1, { ms: -1 })), { mapping, strict: true });
      assert.equal(file.status, "failed");
      assert.match(
        file.reason ?? "",
        /duration is left empty in one row of calls.* strict rejects the whole file; line 1: /,
      );
      assert.deepEqual(await rows("from calls"), []);
    }));
});

test("durations of days are durations", () =>
  workbench(async ({ read, rows }) => {
    const file = await read("log.jsonl", jsonl(record(1, { ms: 40 * 86_400_000 })), { mapping });
    assert.equal(file.emptied, undefined);
    assert.deepEqual(await rows("select duration from calls"), [{ duration: 3_456_000 }]);
  }));

test("what is left empty is told in words", () => {
  const models = [200, 20, 3, 2, 1].map((rows, at) => ({ model: `m${at}`, rows }));
  assert.equal(
    emptiedText({ table: "calls", column: "duration", rows: 1226, models }),
    "duration is left empty in 1,226 calls, since what the log has cannot be: 200 of m0, 20 of m1, 3 of m2, 2 of m3, and 1 more models",
  );
});
