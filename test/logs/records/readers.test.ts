import assert from "node:assert/strict";
import { test } from "node:test";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";

// As they stand in a log, as JSON.
const values = [
  ...'3.7 3 0 1 -1 true false null "" "true" "yes" "1" "3.7" 9007199254740991 9007199254740992 9007199254740993'.split(
    " ",
  ),
  ...'999999999 1e3 1e400 -0 "NaN" "1_000" "0x10" [] {} [1] "2025-01-01" "2025-01-01T00:00:00Z"'.split(" "),
  ...'"2025-01-01T00:00:00+02:00" "2025-01-01T00:00:00+02:00Z" "2025-01-01T00:00:00-0500Z"'.split(" "),
  '"2025-01-01 10:00:00.123456"',
  ..."1e2 1.0 1.50 2.5e9 1e-400 5e-324 12345678901234567890 -9007199254740993 18446744073709551616 1735689600".split(
    " ",
  ),
  ...'"7" " 7 " "+1" "1." ".5" "1,000" "７" "٣" "TRUE" "t" "off" "N" "-" "nan" "infinity" "epoch" "now" "today"'.split(
    / (?=")/,
  ),
  ...["\\u00a07", "7\\u0000", "7\\n", "\\ufeff7"].map((one) => `"${one}"`),
  ...["2025-02-29", "2025-1-1", "20250101", "2025-01-01T24:00:00Z", "2025-01-01T00:00:60Z", "12:00"].map(
    (one) => `"${one}"`,
  ),
  ...["2025-01-01 00:00:00 UTC", "2025-01-01 00:00:00 Europe/Berlin", "2025-01-01T00:00:00+99:00"].map(
    (one) => `"${one}"`,
  ),
];
const columns = {
  cache_hit: "v",
  input_tokens: "v",
  duration: "v",
  started_at: "v",
  call_id: "v",
};

thorough("a value is read the same in a clean file and in one where another line is damaged", () =>
  workbench(async ({ read, rows }) => {
    let number = 0;
    for (const [column, expression] of Object.entries(columns))
      for (const value of values) {
        const came = [];
        // A value of the column's own type sets the field's type, as the rest of a log would.
        const usual = {
          cache_hit: true,
          input_tokens: 3,
          duration: 1.5,
          started_at: "2025-01-01T00:00:00Z",
          call_id: "a",
        };
        const first = jsonl({ id: "first", v: usual[column as keyof typeof usual] });
        for (const damage of ["", "{damaged\n"]) {
          await read(`${(number += 1)}.jsonl`, `${first}{"id":"x","v":${value}}\n${damage}`, {
            mapping: { table: "calls", columns: { model: "id", [column]: expression } },
          });
          const found = await rows(`select ${column}::varchar as v from calls where model = 'x'`);
          came.push(JSON.stringify(found.map(({ v }) => v)));
          await rows("delete from calls");
          await rows("delete from ingests");
        }
        assert.equal(came[0], came[1], `${value} as ${column}`);
      }
  }),
);

test("a time with an offset and a Z is none", () =>
  workbench(async ({ read, rows }) => {
    const file = await read(
      "z.jsonl",
      jsonl({ m: "a", at: "2025-01-01T00:00:00+02:00Z" }, { m: "a", at: "2025-01-01T00:00:00Z" }),
      {
        mapping: { table: "calls", columns: { model: "m", started_at: "at" } },
      },
    );
    assert.deepEqual([file.calls, file.rejected], [2, 0]);
    assert.match(
      file.emptied?.[0].first ?? "",
      /^line 1: at must be a time.*, got "2025-01-01T00:00:00\+02:00Z"/,
    );
    assert.deepEqual(await rows("select started_at, emptied from calls order by line"), [
      { started_at: null, emptied: "started_at" },
      { started_at: new Date("2025-01-01T00:00:00Z"), emptied: null },
    ]);
  }));
