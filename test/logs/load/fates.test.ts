import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Fates } from "../../../src/logs/load/options";
import { fc, some, thorough } from "../../property";
import { fixturesOf } from "../formats/fixtures";
import { textOf } from "../formats/read";
import { jsonl, workbench } from "../workbench";

const sumOf = ({ rows, twice, rejected, nothing }: Fates) =>
  rows + twice + rejected + Object.values(nothing).reduce((sum, one) => sum + one, 0);

describe("every record has one fate, and their sum is what was read", () => {
  thorough("rows, told twice, rejected, nothing by its kind", () =>
    workbench(async ({ read, rows, take, folder }) => {
      const answer = (id: string) => ({ id, object: "chat.completion", model: "m", choices: [], usage: {} });
      const file = await read(
        "log.jsonl",
        jsonl(
          answer("a"),
          answer("a"),
          answer("b"),
          "{damaged",
          { ...answer("c"), usage: { prompt_tokens: "many" } },
          { error: { code: 429 } },
          { id: "d", object: "list", model: null },
          {
            id: "e",
            object: "Ann said: a secret, and more than a word of it is too much to tell",
            model: null,
          },
        ),
        { format: "openai" },
      );
      const records = { read: 8, rows: 3, twice: 1, rejected: 1, nothing: { error: 1, list: 1, other: 1 } };
      assert.deepEqual(file.records, records);
      assert.equal(file.calls, 3);
      const stored = await rows<{ n: number }>("select sum(records)::double as n from fates");
      assert.equal(stored[0].n, 8);
      const again = await take(`${folder}/log.jsonl`, { format: "openai" });
      assert.equal(again[0].status, "unchanged");
      assert.deepEqual(again[0].records, records);
    }),
  );

  test("of files that are read together", () =>
    workbench(async ({ write, take, folder }) => {
      write(
        "a.jsonl",
        jsonl({ call_id: "1", model: "m", duration: 1 }, { call_id: "1", model: "m", duration: 1 }),
      );
      write(
        "b.jsonl",
        jsonl({ call_id: "1", model: "m", duration: 1 }, { call_id: "2", model: "m", duration: 1 }),
      );
      const files = await take(folder);
      assert.deepEqual(
        files.map(({ records }) => records),
        [
          { read: 2, rows: 1, twice: 1, rejected: 0, nothing: {} },
          { read: 2, rows: 2, twice: 0, rejected: 0, nothing: {} },
        ],
      );
    }));

  const odd = [
    null,
    "",
    "x",
    -1,
    3.7,
    1e300,
    true,
    [],
    {},
    [null],
    "\0",
    "2025-13-45",
    { type: "x" },
    "9223372036854775807",
  ];
  const mutated = (line: string) =>
    fc
      .tuple(
        fc.nat(),
        fc.constantFrom(...odd),
        fc.constantFrom("keep", "set", "drop", "cut", "twice", "nest"),
      )
      .map(([at, value, how]) => {
        const record = JSON.parse(line);
        const paths = pathsOf(record);
        const [owner, key] = paths[at % paths.length] ?? [record, "x"];
        if (how === "set") owner[key] = value;
        if (how === "drop") delete owner[key];
        if (how === "nest") owner[key] = [{ [key]: owner[key] }];
        const text = JSON.stringify(record);
        return how === "cut" ? [text.slice(0, at % text.length)] : how === "twice" ? [text, text] : [text];
      });

  for (const [name, { fixtures }] of some(Object.entries(fixturesOf))) {
    const lines = fixtures
      .filter(({ file, content }) => file.endsWith(".jsonl") && typeof content !== "string")
      .map((fixture) => ({ format: fixture.format, lines: textOf(fixture).trim().split("\n") }));
    if (lines.length === 0) continue;
    thorough(`of mutated files of ${name}`, () =>
      workbench(async ({ read, rows }) => {
        let number = 0;
        const file = fc.constantFrom(...lines).chain(({ format, lines: known }) =>
          fc.record({
            format: fc.constant(format),
            lines: fc.array(fc.constantFrom(...known).chain(mutated), { minLength: 1, maxLength: 20 }),
          }),
        );
        await fc.assert(
          fc.asyncProperty(file, async ({ format, lines: groups }) => {
            const text = groups
              .flat()
              .map((line) => `${line}\n`)
              .join("");
            const records = groups.flat().filter((line) => line.trim() !== "").length;
            const done = await read(`${(number += 1)}.jsonl`, text, { format });
            if (done.status !== "ingested" || done.format === null) return;
            assert.ok(done.records !== undefined);
            assert.equal(sumOf(done.records), done.records.read);
            assert.ok(done.records.read >= records, `${done.records.read} of ${records}`);
            assert.ok(done.rejected > 0 === done.records.rejected > 0, JSON.stringify(done));
            assert.doesNotMatch(done.reason ?? "", engineWords);
            const odd = await rows<{ reason: string }>("select reason from rejects");
            for (const { reason } of odd) assert.doesNotMatch(reason, engineWords);
          }),
          { numRuns: 2 },
        );
      }),
    );
  }
});

const engineWords = /(Conversion|Binder|Parser|Invalid Input|Catalog|Out of Range|INTERNAL) Error/;

type Owner = Record<string, unknown>;

function pathsOf(value: unknown): [Owner, string][] {
  if (value === null || typeof value !== "object") return [];
  return Object.keys(value).flatMap((key) => [
    [value as Owner, key] as [Owner, string],
    ...pathsOf((value as Owner)[key]),
  ]);
}
