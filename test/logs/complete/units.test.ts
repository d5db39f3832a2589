import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { doctor } from "../../../src/measures/doctor";
import { jsonl, workbench } from "../workbench";

/** What an ingest asks about a log of calls made by a rule, and what doctor asks about the store. */
async function asked(callOf: (at: number) => object, options = {}): Promise<string[]> {
  let questions: string[] = [];
  await workbench(async ({ store, write }) => {
    const calls = Array.from({ length: 60 }, (_, at) => ({ model: "a", status: "ok", ...callOf(at) }));
    const { notes } = await ingest(store, write("log.jsonl", jsonl(...calls)), options);
    questions = notes.filter((note) => note.includes("milliseconds?"));
    const { warnings } = await doctor(store);
    assert.deepEqual(
      warnings.flatMap(({ id, text }) => (id === "units" ? [text] : [])),
      questions,
    );
  });
  return questions.map((question) => question.replace(/\/\S*\//, ""));
}

describe("a log is asked about milliseconds", () => {
  test("where its median duration and no tokens make a chat of 18 minutes, with what to write", async () => {
    assert.deepEqual(await asked((at) => ({ duration: 800 + 10 * at })), [
      'durations have a median of 1,100 s in log.jsonl: milliseconds? If so, ingest it with a mapping that has "duration": "duration / 1000" (fieldnotes map, docs/exports.md)',
    ]);
    const mapping = { table: "calls" as const, columns: { model: "m", duration: "total - waited" } };
    assert.deepEqual(await asked((at) => ({ m: "a", total: 900 + 10 * at, waited: 100.5 }), { mapping }), [
      'durations have a median of 1,100 s in log.jsonl: milliseconds? If so, write "duration": "(total - waited) / 1000" in the mapping and ingest the file again',
    ]);
  });

  test("where it makes less than half a token a second", async () => {
    const [question, ...more] = await asked((at) => ({ duration: 2000 + at / 7, output_tokens: 300 + at }));
    assert.match(
      question,
      /^durations have a median of 2,000 s, which makes 0\.16 output tokens a second, in log/,
    );
    assert.deepEqual(more, []);
  });

  test("where the first token takes minutes", async () => {
    const [question] = await asked((at) => ({
      duration: 5,
      output_tokens: 300,
      time_to_first_token: 300 + at,
    }));
    assert.match(question, /^times to first token have a median of 330 s in log\.jsonl: milliseconds\?/);
  });
});

describe("a log is not asked", () => {
  const logs: Record<string, (at: number) => object> = {
    "of a chat": (at) => ({ duration: 0.5 + at / 10, output_tokens: 200, time_to_first_token: 0.3 }),
    "of slow answers": (at) => ({ duration: 60 + at, output_tokens: 900 }),
    "of agents that work for hours": (at) => ({ duration: 3600 * (1 + (at % 30)), output_tokens: 9000 + at }),
    "of agents that work for days and say no tokens": (at) => ({ duration: 3600 * (1 + at) }),
    "of a batch, which is done when all of it is": (at) => ({
      ...{ duration: 7200 + at, output_tokens: 300, service_tier: "batch" },
    }),
    "of embeddings, which have no output tokens": () => ({ duration: 0.04, input_tokens: 30 }),
    "without durations": () => ({ output_tokens: 200 }),
  };
  for (const [name, callOf] of Object.entries(logs))
    test(name, async () => {
      assert.deepEqual(await asked(callOf), []);
    });

  test("of few calls", async () => {
    assert.deepEqual(await asked((at) => (at < 9 ? { duration: 1100 } : { input_tokens: 3 })), []);
  });
});
