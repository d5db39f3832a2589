import assert from "node:assert/strict";
import { test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { jsonl, workbench } from "../workbench";

const mapping = {
  table: "calls" as const,
  columns: { call_id: "id", model: "m", output_tokens: "out", operation: "op", duration: "1" },
};

test("a model named as an embedder embeds, unless it writes or the log says what the call does", () =>
  workbench(async (bench) => {
    const file = bench.write(
      "log.jsonl",
      jsonl(
        { id: "openai", m: "text-embedding-3-small", out: 0 },
        { id: "cohere", m: "embed-english-v3.0" },
        { id: "bedrock", m: "amazon.titan-embed-text-v2:0", out: null },
        { id: "writes", m: "embedding-explainer", out: 20 },
        { id: "said", m: "text-embedding-3-small", op: "rerank" },
        { id: "chat", m: "gpt-4o", out: 20 },
        { id: "embedded", m: "tiny-embedded-chat", out: 0 },
        { id: "nameless", out: 0 },
      ),
    );
    const { notes } = await ingest(bench.store, file, { mapping });
    const found = await bench.rows<{ id: string; operation: string | null; derived: number | null }>(
      "select call_id as id, operation, derived from calls order by call_id",
    );
    assert.deepEqual(
      found.filter(({ operation }) => operation === "embeddings").map(({ id }) => id),
      ["bedrock", "cohere", "openai"],
    );
    assert.ok(found.every(({ operation, derived }) => (operation === "embeddings") === (derived === 64)));
    assert.equal(found.find(({ id }) => id === "said")?.operation, "rerank");
    assert.match(notes.join(), /count as embeddings by their model's name.*1 of text-embedding-3-small/);
  }));

test("is said once, and holds when more is read", () =>
  workbench(async (bench) => {
    await bench.read("one.jsonl", jsonl({ id: "a", m: "text-embedding-3-small" }), { mapping });
    const more = bench.write("two.jsonl", jsonl({ id: "b", m: "gpt-4o", out: 5 }));
    const { notes } = await ingest(bench.store, more, { mapping });
    assert.doesNotMatch(notes.join(), /embeddings/);
    const [{ embeddings }] = await bench.rows<{ embeddings: number }>(
      "select count(*)::int as embeddings from calls where operation = 'embeddings'",
    );
    assert.equal(embeddings, 1);
  }));
