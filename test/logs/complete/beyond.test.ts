import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isUncompleted } from "../../../src/logs/complete/complete";
import { completeStore } from "../../../src/logs/ingest";
import { isEssential } from "../../../src/logs/records/essential";
import { run } from "../../../src/store/run";
import { type Column, columnsOf } from "../../../src/store/schema";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";

const bounded = (["calls", "tasks", "scores", "spans", "benchmarks", "prices"] as const).flatMap((table) =>
  Object.entries(columnsOf(table))
    .filter(([name, { bounds }]) => bounds !== undefined && name !== "ingest_id" && name !== "line")
    .map(([name, column]) => ({ table, name, column })),
);

/** Values just inside and just outside a column's bounds, as written in a log. */
function around({ type, bounds = [0, 0] }: Column): { inside: unknown[]; outside: unknown[] } {
  if (type === "TIMESTAMP")
    return {
      inside: ["2000-01-01T00:00:00Z", "2099-12-31T23:59:59Z"],
      outside: ["1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "290000-01-01T00:00:00Z", "infinity"],
    };
  const [least, most] = bounds as [number, number];
  const far =
    type === "BIGINT" ? ["9223372036854775807", "-9223372036854775808"] : [1e300, -1e300, "Infinity"];
  return { inside: [most, least, 0], outside: [most + 1, least - 1, ...far] };
}

describe("a value beyond its column's bounds", () => {
  thorough(
    "is left empty with a reason, or rejected with its row, in a clean file and in a damaged one",
    () =>
      workbench(async ({ read, rows, rejects }) => {
        assert.ok(bounded.length > 30);
        for (const { table, name, column } of bounded) {
          const { inside, outside } = around(column);
          for (const damage of ["", "{damaged\n"]) {
            const of = `${table}.${name}${damage}`;
            const lines = jsonl(...[...inside, ...outside].map((v) => ({ v, of }))) + damage;
            const mapping = { table, columns: { [name]: "v" } };
            const file = await read(`${table}-${name}-${damage.length}.jsonl`, lines, { mapping });
            assert.equal(file.status, "ingested", `${of}: ${file.reason}`);
            const isLost = isEssential(table, name);
            assert.equal(file.rejected, (isLost ? outside.length : 0) + (damage === "" ? 0 : 1), of);
            const [emptied] = file.emptied ?? [];
            assert.deepEqual(
              [emptied?.column, emptied?.rows],
              isLost ? [undefined, undefined] : [name, outside.length],
              of,
            );
            const reason = isLost ? (await rejects())[0] : emptied.first;
            assert.match(reason, /v must be (a|an) .* from .* to .*, got/);
          }
          const [{ n }] = await rows<{ n: number }>(`select count("${name}")::double as n from ${table}`);
          assert.equal(n, 2 * inside.length, `${table}.${name}`);
          await rows(`delete from ${table}`);
          await rows("delete from rejects");
        }
      }),
  );

  test("is told by its bounds where it is calculated", () =>
    workbench(async ({ read }) => {
      const file = await read("log.jsonl", jsonl({ ms: 1000, m: "a" }, { ms: 1e16, m: "a" }), {
        mapping: { table: "calls", columns: { model: "m", duration: "ms / 1000" } },
      });
      assert.equal(
        file.emptied?.[0].first,
        "line 2: calls.duration must be a finite number from 0 to 1,000,000,000, got 10000000000000.0 from (ms / 1000) with ms 10000000000000000",
      );
    }));
});

describe("a store", () => {
  const log = jsonl({ model: "a", duration: 1, status: "ok" }, { model: "a", duration: 2, status: "ok" });
  const poisons: [string, emptied: string | null][] = [
    [
      "insert into calls (call_id, task_id, status, duration, started_at, ingest_id, line) values ('x', 't', 'error', -1, timestamp '2025-01-01', 1, 9)",
      "duration",
    ],
    [
      "insert into calls (call_id, task_id, status, duration, started_at, ingest_id, line) values ('x', 't', 'error', 1e13, timestamp '290000-01-01', 1, 9)",
      "started_at, duration",
    ],
    [
      "insert into calls (call_id, input_tokens, output_tokens, ingest_id, line) values ('x', 9223372036854775807, 9, 1, 9)",
      "input_tokens",
    ],
    ["insert into spans (span_id, duration, ingest_id, line) values ('s', 'nan', 1, 9)", "duration"],
    [
      `insert into prices (model, "from", input, output, ingest_id, line) values ('a', timestamp '290000-01-01', 1, 1e300, 1, 9)`,
      null,
    ],
  ];
  for (const [poison, emptied] of poisons)
    test(`that holds an absurd value heals with the next ingest: ${poison.slice(12, 60)}`, () =>
      workbench(async ({ store, read, rows, rejects }) => {
        await read("one.jsonl", log);
        await run(store.connection, poison);
        const next = await read("two.jsonl", jsonl({ model: "b", duration: 3 }));
        assert.equal(next.status, "ingested");
        const table = /into (\w+)/.exec(poison)?.[1];
        const [row] = await rows(`select * from ${table} where line = 9`);
        if (emptied !== null) {
          assert.equal(row.emptied, emptied);
          for (const column of emptied.split(", ")) assert.equal(row[column], null);
          assert.deepEqual(await rejects(), []);
          return;
        }
        assert.equal(row, undefined);
        assert.match((await rejects()).join(), /^9: \w+\.\w+ must be from .* to .*, got /);
        const counts = await rows("select ingest_id, rows, rejected from ingests order by ingest_id");
        assert.deepEqual(counts, [
          { ingest_id: 1, rows: 1, rejected: 1 },
          { ingest_id: 2, rows: 1, rejected: 0 },
        ]);
      }));

  test("whose ingest was ended before it was completed is completed once it is opened again", () =>
    workbench(async ({ store, read, rows }) => {
      await read("one.jsonl", jsonl({ request_model: "gpt-4o-2024-08-06", duration: 1, input_tokens: 1 }));
      assert.equal(await isUncompleted(store.connection), false);
      await run(store.connection, "update calls set model = request_model");
      await run(store.connection, "create table uncompleted (since TIMESTAMP)");
      assert.equal(await completeStore(store), true);
      assert.equal(await completeStore(store), false);
      assert.equal(await isUncompleted(store.connection), false);
      assert.equal((await rows("select model from calls"))[0].model, "gpt-4o-2024-08-06");
    }));
});
