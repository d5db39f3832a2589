import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openDemo } from "../../src/demo/openDemo";
import { all } from "../../src/measures/all";
import { commandOf } from "../../src/measures/measure";
import type { Table } from "../../src/measures/table";
import type { Store } from "../../src/store/open";

/** The words of a name, however it is spelled: latencyByOutcome, "latency --by-outcome", "latency by outcome". */
const wordsOf = (name: string) =>
  name
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .split(/[\s-]+/)
    .join(" ");

/** What a measure cannot do without. */
const needed: Record<string, object> = {
  benchmarkContamination: { public: "general-knowledge", private: "general-knowledge" },
  agreementRanks: { benchmark: "general-knowledge", metric: "duration_p95" },
  costMonthly: { tasks: 1 },
  costRepriced: { as: "orrery-swift" },
  qualityControlled: { control: "output_length", score: "hallucination" },
  qualityFloor: { floor: 0.5 },
  qualityBeside: { beside: "evidence_position", score: "hallucination" },
  qualityDrift: { score: "hallucination" },
  qualityFlips: { score: "correct" },
  qualityJudge: { score: "hallucination" },
  qualityPairs: { score: "correct" },
  qualityRaters: { score: "hallucination" },
  qualityValidator: { score: "hallucination", validator: "supported" },
  quality: { score: "hallucination" },
};

describe("a measure has one name", () => {
  let store: Store;
  before(async () => {
    store = await openDemo();
  });
  after(() => store.close());

  test("for the list of all of them, without one twice", () => {
    const names = all.map(({ name }) => name);
    assert.ok(names.length >= 48, `${names.length}`);
    assert.equal(new Set(names).size, names.length);
  });

  for (const measure of all)
    test(`${measure.name}, as its command, as its function and in its JSON`, async () => {
      assert.equal(wordsOf(measure.name), wordsOf(commandOf(measure.entry)));
      const run = measure as unknown as (store: Store, options: object) => Promise<Table>;
      // No call is enough for a table without rows.
      const options = measure.entry.words?.where === false ? {} : { where: "false" };
      const table = await run(store, { ...options, ...needed[measure.name] });
      assert.equal(table.measure, wordsOf(measure.name));
    });
});
