import assert from "node:assert/strict";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { forget } from "../../../src/logs/forget";
import type { Mapping } from "../../../src/logs/records/mapping";
import { thorough } from "../../property";
import { jsonl, simple, type Workbench, workbench } from "../workbench";

const log = (from: number, to: number, more: object = {}) =>
  jsonl(
    ...Array.from({ length: to - from }, (_, at) => ({ id: `c${from + at}`, m: "x", ms: 1000, ...more })),
  );
/** A mapping without ids, and one that reads more from the same records. */
const rough: Mapping = { table: "calls", columns: { model: "m" } };
const better: Mapping = { table: "calls", columns: { model: "m", duration: "ms / 1000" } };

async function counts({ rows }: Workbench): Promise<[calls: number, timed: number, files: number]> {
  const [{ calls, timed, files }] = await rows<{ calls: number; timed: number; files: number }>(
    "select count(*) as calls, count(duration) as timed, (select count(*) from ingests) as files from calls",
  );
  return [calls, timed, files];
}

describe("the same bytes read in another way", () => {
  thorough("take the place of what they gave before, by whatever option they are read otherwise", () =>
    workbench(async (bench) => {
      const content = log(0, 5);
      await bench.read("a.jsonl", content, { mapping: rough });
      for (const options of [
        { mapping: better },
        { mapping: better, set: { provider: "p" } },
        { mapping: better, set: { provider: "q" } },
        { mapping: { ...better, columns: { ...better.columns, call_id: "id" } } },
        { mapping: { table: "calls" as const, columns: { ...simple.columns, status: "'ok'" } } },
      ]) {
        const file = await bench.read("a.jsonl", content, options);
        assert.deepEqual([file.status, file.calls, file.replaced], ["ingested", 5, 5]);
        assert.match(
          file.reason ?? "",
          /^read again differently: the 5 rows of ingest 1 \(read as mapping\) are gone \(--also keeps both\)/,
        );
        assert.deepEqual(await counts(bench), [5, 5, 1]);
      }
    }),
  );
  thorough("stay beside it where that is asked, and it is said that they count twice", () =>
    workbench(async (bench) => {
      const content = log(0, 5);
      await bench.read("a.jsonl", content, { mapping: rough });
      const file = await bench.read("a.jsonl", content, { mapping: better, also: true });
      assert.deepEqual([file.calls, file.replaced], [5, 0]);
      assert.match(
        file.reason ?? "",
        /ingest 1 \(read as mapping\) has the same records and stays, as --also asks/,
      );
      assert.deepEqual(await counts(bench), [10, 5, 2]);
      // Both are loaded: neither command does anything if repeated.
      for (const options of [{ mapping: rough }, { mapping: better, also: true }])
        assert.equal((await bench.read("a.jsonl", content, options)).status, "unchanged");
      assert.deepEqual(await counts(bench), [10, 5, 2]);
    }),
  );
  thorough("bring what follows from them in order: whose a call is, retries and prices are told anew", () =>
    workbench(async (bench) => {
      const { read, rows } = bench;
      const call = { task_id: "t", model: "m", started_at: "2026-03-02T09:00:00Z", duration: 1 };
      await read(
        "calls.jsonl",
        jsonl({ call_id: "a", ...call, status: "ok", input_tokens: 10, output_tokens: 0 }),
      );
      const tasks = jsonl({ id: "t", who: "u1", what: "chat", done: true });
      const columns = { task_id: "id", resolved: "done" };
      await read("tasks.jsonl", tasks, {
        mapping: { table: "tasks", columns: { ...columns, user_id: "what", workload: "who" } },
      });
      const whose = "select user_id as who, workload as what, cost from calls";
      assert.deepEqual(await rows(whose), [{ who: "chat", what: "u1", cost: null }]);
      await read("tasks.jsonl", tasks, {
        mapping: { table: "tasks", columns: { ...columns, user_id: "who", workload: "what" } },
      });
      assert.deepEqual(await rows(whose), [{ who: "u1", what: "chat", cost: null }]);
      const list = jsonl({ name: "m", usd: 2, out: 3 });
      const priced = (input: string) => ({
        mapping: { table: "prices" as const, columns: { model: "name", input, output: "out / 1e6" } },
      });
      await read("list.jsonl", list, priced("usd"));
      assert.deepEqual((await rows<{ cost: number }>(whose))[0].cost, 20);
      await read("list.jsonl", list, priced("usd / 1e6"));
      assert.ok(Math.abs((await rows<{ cost: number }>(whose))[0].cost - 20e-6) < 1e-12);
    }),
  );
});

describe("a log that grew", () => {
  test("counts once what it had, also where it is read in another way by now", () =>
    workbench(async (bench) => {
      await bench.read("a.jsonl", log(0, 5), { mapping: rough });
      appendFileSync(join(bench.folder, "a.jsonl"), log(5, 8));
      const [file] = await bench.take(join(bench.folder, "a.jsonl"), { mapping: better });
      assert.deepEqual([file.calls, file.replaced], [8, 5]);
      assert.deepEqual(await counts(bench), [8, 8, 1]);
    }));
  for (const rotated of ["app.jsonl.1", "app.jsonl-20260302", "app.jsonl.2026-03-02", "app.jsonl.old"])
    test(`and was rotated to ${rotated} counts once what it had, and the new one of its name adds`, () =>
      workbench(async (bench) => {
        const path = join(bench.folder, "app.jsonl");
        await bench.read("app.jsonl", log(0, 5), { mapping: better });
        appendFileSync(path, log(5, 7));
        renameSync(path, join(bench.folder, rotated));
        writeFileSync(path, log(7, 9));
        const files = await bench.take([path, join(bench.folder, rotated)], { mapping: better });
        assert.deepEqual(
          files.map(({ calls, replaced }) => [calls, replaced]),
          [
            [2, 0],
            [7, 5],
          ],
        );
        assert.deepEqual(await counts(bench), [9, 9, 2]);
      }));
  test("daily exports of one name add to each other", () =>
    workbench(async (bench) => {
      for (const day of [0, 1, 2])
        await bench.read("export.jsonl", log(5 * day, 5 * day + 5), { mapping: better });
      assert.deepEqual(await counts(bench), [15, 15, 3]);
    }));
  test("an overlapping export that is read by a better mapping takes the place of the calls it has again", () =>
    workbench(async (bench) => {
      await bench.read("export.jsonl", log(0, 5), { mapping: simple });
      const columns = { ...simple.columns, status: "'ok'" };
      const file = await bench.read("export.jsonl", log(3, 8), { mapping: { table: "calls", columns } });
      assert.deepEqual([file.calls, file.replaced], [5, 2]);
      assert.deepEqual(await counts(bench), [8, 8, 2]);
    }));
});

describe("the order of the logs", () => {
  /** Calls of one task without a time: the task belongs to the first in the log. */
  const call = (id: string, model: string) => ({ call_id: id, task_id: "t", model, status: "ok" });
  const owner = async ({ rows }: Workbench) =>
    (await rows<{ model: string }>("select model from calls where task_id = 't' and place_in_task = 1"))[0]
      .model;

  thorough("is kept by a file that is read again with other options", () =>
    workbench(async (bench) => {
      const first = jsonl({ ...call("a", "first"), output: "{}" });
      await bench.read("1.jsonl", first);
      await bench.read("2.jsonl", jsonl(call("b", "second")));
      assert.equal(await owner(bench), "first");
      await bench.read("1.jsonl", first, { schemas: { "*": { type: "object" } } });
      assert.equal(await owner(bench), "first");
    }),
  );
  thorough("is kept by calls that an overlapping export brings again, and by reading that export again", () =>
    workbench(async (bench) => {
      await bench.read("1.jsonl", jsonl(call("a", "first")));
      await bench.read("2.jsonl", jsonl(call("b", "second")));
      const both = jsonl({ ...call("z", "other"), task_id: "z" }, { ...call("a", "first"), output: "{}" });
      await bench.read("3.jsonl", both);
      assert.equal(await owner(bench), "first");
      await bench.read("3.jsonl", both, { schemas: { "*": { type: "object" } } });
      assert.equal(await owner(bench), "first");
    }),
  );
  test("is kept by a call that stands in one file twice", () =>
    workbench(async (bench) => {
      await bench.read("1.jsonl", jsonl(call("a", "first"), call("b", "second"), call("a", "first")));
      assert.deepEqual(await bench.rows("select call_id, place_in_task as place from calls order by 1"), [
        { call_id: "a", place: 1 },
        { call_id: "b", place: 2 },
      ]);
    }));
});

describe("forget", () => {
  thorough("takes a file's rows and rejects out by its name, its path or its number, and says how many", () =>
    workbench(async (bench) => {
      for (const what of ["a.jsonl", join(bench.folder, "a.jsonl"), "1", 1]) {
        await bench.read("a.jsonl", `${log(0, 3)}damaged\n`, { mapping: simple });
        await bench.read("b.jsonl", log(3, 5), { mapping: simple });
        const gone = await forget(bench.store, what);
        assert.deepEqual(
          gone.map(({ ingest, calls, rejected }) => [ingest, calls, rejected]),
          [[1, 3, 1]],
        );
        assert.deepEqual(await counts(bench), [2, 2, 1]);
        assert.deepEqual(await bench.rejects(), []);
        await forget(bench.store, "b.jsonl");
      }
    }),
  );
  thorough("completes anew what follows: owners of tasks, retries, whose a call is, prices", () =>
    workbench(async (bench) => {
      const { read, rows } = bench;
      const call = (id: string, at: number, status: string) => ({
        call_id: id,
        task_id: "t",
        model: "m",
        started_at: `2026-03-02T09:00:0${at}Z`,
        duration: 1,
        status,
        input_tokens: 10,
        output_tokens: 1,
      });
      await read("first.jsonl", jsonl(call("a", 1, "error")));
      await read("second.jsonl", jsonl(call("b", 4, "ok")));
      await read("tasks.jsonl", jsonl({ task_id: "t", resolved: true, user_id: "u" }));
      await read("prices.jsonl", jsonl({ model: "m", input: 1e-6, output: 1e-6 }));
      const message =
        "select place_in_task as place, attempt, user_id, cost is not null as priced from calls where call_id = 'b'";
      assert.deepEqual(await rows(message), [{ place: 2, attempt: 2, user_id: "u", priced: true }]);
      await forget(bench.store, "first.jsonl");
      assert.deepEqual(await rows(message), [{ place: 1, attempt: null, user_id: "u", priced: true }]);
      await forget(bench.store, "tasks.jsonl");
      await forget(bench.store, "prices.jsonl");
      assert.deepEqual(await rows(message), [{ place: 1, attempt: null, user_id: null, priced: false }]);
    }),
  );
  test("lets a file whose rows it had replaced be read again, with those that came after", () =>
    workbench(async (bench) => {
      const mapping = { ...simple, columns: { ...simple.columns, call_id: "id" } };
      const read = async (name: string, content: string) =>
        (await bench.read(name, content, { mapping })).status;
      const whole = [
        ["a.jsonl", log(0, 10)],
        ["b.jsonl", log(8, 12, { m: "b" })],
        ["c.jsonl", log(5, 15, { m: "c" })],
        ["d.jsonl", log(14, 20)],
      ] as const;
      for (const [name, content] of whole) await read(name, content);
      const [{ again }] = await forget(bench.store, "c.jsonl");
      assert.deepEqual(
        again.map((path) => basename(path)),
        ["a.jsonl", "b.jsonl", "d.jsonl"],
      );
      assert.equal((await counts(bench))[0], 5 + 6);
      const rest = whole.filter(([name]) => name !== "c.jsonl");
      for (const [name, content] of rest) assert.equal(await read(name, content), "ingested");
      const calls = await bench.rows("select call_id, model from calls order by call_id");
      for (const [name, content] of rest) assert.equal(await read(name, content), "unchanged");
      await workbench(async (fresh) => {
        for (const [name, content] of rest) await fresh.read(name, content, { mapping });
        assert.deepEqual(calls, await fresh.rows("select call_id, model from calls order by call_id"));
      });
      // What replaced nothing asks for nothing.
      assert.deepEqual((await forget(bench.store, "d.jsonl"))[0].again, []);
    }));
  test("says what is there where it finds nothing of the name", () =>
    workbench(async (bench) => {
      await assert.rejects(forget(bench.store, "a.jsonl"), /forget a\.jsonl: the store holds nothing yet/);
      await bench.read("a.jsonl", log(0, 3), { mapping: simple });
      await assert.rejects(
        forget(bench.store, "x.jsonl"),
        /forget requires a file or an ingest of this store, got x\.jsonl; it holds 1 .*a\.jsonl/,
      );
    }));
});
