import assert from "node:assert/strict";
import { test } from "node:test";
import { fc, runs } from "../property";
import { jsonl, simple, workbench } from "./workbench";

// Values of a field; most fit their column, some fit none.
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 0.1 + 0.2, 1e21, 5e-324, 1.7976931348623157e308, 2 ** 53, 2 ** 63, -(2 ** 63)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    "",
    " 12 ",
    "1_000",
    "0x10",
    "1e3",
    "nan",
    "Infinity",
    "-inf",
    "12abc",
    "1,5",
    "true",
    "None",
  ),
  fc.boolean(),
  fc.constant(null),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
  fc.constantFrom(
    "2026-01-02T03:04:05+02:00",
    "2026-01-02 03:04:05.1234567",
    "2026-01-02",
    "2026-01-02T03:04:05z",
  ),
  fc.constantFrom("", "never", "infinity", "2026-13-01T00:00:00Z", null, 12),
);
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  number,
  fc.constant([1, "a"]),
);
const flag = fc.oneof(fc.boolean(), fc.constantFrom("true", "f", "yes", "", 0, 1, 2, 0.5, "maybe", null));
const record = fc.record(
  {
    m: text,
    ms: number,
    at: time,
    ok: flag,
    usage: fc.oneof(
      fc.record({ in: number, out: number, note: text }, { requiredKeys: [] }),
      fc.constantFrom(null, {}, "none", [], 7),
    ),
    tags: fc.oneof(fc.array(fc.oneof(fc.string(), fc.integer())), fc.constantFrom(null, "x", 5)),
    extra: fc.jsonValue({ maxDepth: 3 }),
  },
  { requiredKeys: [] },
);

const mapping = {
  table: "calls" as const,
  columns: {
    model: "m",
    duration: "ms",
    time_to_first_token: "ms / 1000",
    started_at: '"at"',
    stream: "ok",
    input_tokens: "usage.in",
    output_tokens: "usage.out",
    region: "'r' || usage.note",
    finish_reason: "tags[1]",
    status: "if(ms > 1000, 'timeout', 'ok')",
  },
};
const all = `select * exclude (ingest_id, call_id) from calls order by line`;

// Mostly one or two records: with many, a single misfit would send all of them down the slow path.
const someRecords = fc.oneof(
  { weight: 4, arbitrary: fc.array(record, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(record, { minLength: 2, maxLength: 5 }) },
);

test("a file read record by record gives the rows that it gives read at once", () =>
  workbench(async ({ read, rows }) => {
    // The first line decides the types of the others, so it is the same in both files.
    const usage = { in: 1, out: 1, note: "n" };
    const first = { m: "a", ms: 1, at: "2026-01-01T00:00:00Z", ok: true, usage, tags: ["a"] };
    const took = async (content: string) => {
      await rows("delete from calls");
      await rows("delete from ingests");
      const { rejected, reason } = await read("log.jsonl", content, { mapping });
      return { rejected, reason, taken: await rows(all) };
    };
    const check = fc.asyncProperty(someRecords, async (records) => {
      const content = jsonl(first, ...records);
      const alone = await took(content);
      const damaged = await took(`${content}nonsense\n`);
      assert.equal(damaged.rejected, alone.rejected + 1, `${alone.reason} / ${damaged.reason}`);
      assert.deepEqual(damaged.taken, alone.taken);
      assert.equal(alone.taken.length + alone.rejected, records.length + 1);
    });
    await fc.assert(check, { numRuns: runs(50), seed: 7 });
  }));

test("a delimited file read record by record gives the rows that it gives read at once", () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary" }).map((one) => one.replaceAll("\r", "")),
    fc.constantFrom("", " ", ' "q"', 'a"b', "é🙂", "x,y", "12", "1.5", "nan"),
  );
  const quoted = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, fc.oneof(number.map(String), cell)), { maxLength: 6 }),
      (cells) =>
        workbench(async ({ read, rows }) => {
          const lines = cells.map(([m, ms], at) => `c${at},${quoted(m)},${quoted(ms)}\n`).join("");
          const content = `id,m,ms\nfirst,x,1\n${lines}`;
          const alone = await read("alone.csv", content, { mapping: simple });
          const rowsAlone = await rows(all);
          await rows("delete from calls");
          const damaged = await read("damaged.csv", `${content}nonsense\n`, { mapping: simple });
          assert.equal(damaged.rejected, alone.rejected + 1);
          assert.deepEqual(await rows(all), rowsAlone);
          assert.equal(rowsAlone.length + alone.rejected, cells.length + 1);
        }),
    ),
    { numRuns: runs(30), seed: 7 },
  );
});
