import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonl, workbench } from "../workbench";

const odd: [name: string, value: unknown][] = [
  ["a text", "x"],
  ["a flag", true],
  ["a record", { x: 1 }],
  ["a list of records", [{ x: 1 }]],
  ["null", null],
];
const good = Array.from({ length: 6 }, (_, at) => at);

/** The number of scores of the good records, whose ids end below 6, beside one record with an odd score. */
async function scoresBeside(file: string, text: string) {
  let found = { n: 0, kept: "" };
  await workbench(async ({ read, rows }) => {
    const one = await read(file, text);
    assert.equal(one.status, "ingested", one.reason);
    [found] = await rows<typeof found>(
      `select count(*) filter (right(subject_id, 1) < '6')::int as n,
         coalesce(string_agg(label, ' '), '') as kept from scores`,
    );
  });
  return found;
}

describe("a score of another type costs only that score", () => {
  for (const [name, value] of odd) {
    test(`${name} in a column of scores of Langfuse's traces`, async () => {
      const trace = (at: number, helpful: unknown) => ({
        ...{
          id: `t${at}`,
          timestamp: "2025-03-01T10:00:00.000Z",
          name: "chat",
          bookmarked: false,
          public: false,
        },
        ...{ userId: "u", sessionId: null, tags: [], version: null, release: null, helpful },
      });
      const traces = good.map((at) => trace(at, [0.5]));
      const { n, kept } = await scoresBeside("traces.json", JSON.stringify([...traces, trace(9, value)]));
      assert.equal(n, 6);
      assert.doesNotMatch(kept, /\{/);
    });
    test(`${name} in a metric of the harness's samples`, async () => {
      const sample = (doc_id: number, exact_match: unknown) => ({
        ...{ doc_id, doc: { question: "2+2?" }, target: "4", arguments: {}, resps: [["4"]] },
        ...{
          filtered_resps: ["4"],
          filter: "none",
          doc_hash: "d",
          prompt_hash: "p",
          target_hash: "t",
          exact_match,
        },
      });
      const samples = good.map((at) => sample(at, 1));
      const text = jsonl(...samples.slice(0, 3), sample(9, value), ...samples.slice(3));
      const { n } = await scoresBeside("samples_gsm8k_2025-01-02T03-04-05.jsonl", text);
      assert.equal(n, 6);
    });
  }
});
