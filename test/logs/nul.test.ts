import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonl, simple, workbench } from "./workbench";

// A field name with a NUL, which SQL cannot contain, in every container that may have one.
const odd = "a\0b";
const records = [
  { id: "1", m: "x", ms: 1000, [odd]: 3, deep: { [odd]: 4 } },
  { id: "2", m: "x", ms: 2000, [odd]: { [odd]: [{ [odd]: 1 }] } },
];

for (const damage of ["", "nonsense\n"])
  for (const name of ["a.jsonl", "a.json", "a.csv"])
    test(`a NUL in a field's name costs nothing else: ${name}${damage && ", damaged"}`, () =>
      workbench(async ({ read, rows }) => {
        const content = name.endsWith("csv")
          ? `id,m,ms,${odd}\n1,x,1000,3\n2,x,2000,4\n`
          : name.endsWith("json")
            ? JSON.stringify(records)
            : jsonl(...records);
        const file = await read(name, name.endsWith(".json") ? content : content + damage, {
          mapping: simple,
        });
        assert.equal(file.status, "ingested", file.reason);
        assert.deepEqual(await rows("select call_id, duration from calls order by line"), [
          { call_id: "1", duration: 1 },
          { call_id: "2", duration: 2 },
        ]);
      }));

test("a format that reads by the names it finds passes over one with a NUL", () =>
  workbench(async ({ read, rows }) => {
    const file = await read("board.csv", `model,mmlu,gs${"\0"}m8k\ngpt-4o,0.5,0.6\no3,0.7,0.8\n`);
    assert.doesNotMatch(file.reason ?? "", /Error:|quoted/);
    const wide = await read("board.jsonl", jsonl({ model: "gpt-4o", mmlu: 0.5, [odd]: 0.6 }));
    assert.doesNotMatch(wide.reason ?? "", /Error:|quoted/);
    assert.ok((await rows("select 1 from benchmarks")).length >= 0);
  }));

test("a mapping cannot name such a field, and is told so", () =>
  workbench(async ({ read }) => {
    const mapping = { table: "calls" as const, columns: { call_id: "id", model: `"${odd}"` } };
    const { reason } = await read("a.jsonl", jsonl(...records), { mapping });
    assert.match(reason ?? "", /mapping column model requires an expression without NUL/);
  }));
