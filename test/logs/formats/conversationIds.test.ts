import assert from "node:assert/strict";
import { test } from "node:test";
import { fixturesOf } from "./fixtures";
import { read, textOf } from "./read";

// What each export's fixture calls its conversation, and another name that teams give it.
const names: [fixture: string, own: string, other: string][] = [
  ["bedrock", '"sessionId"', '"thread_id"'],
  ["cloudflare", "session_id", "threadId"],
  ["portkey", "session_id", "conversationId"],
  ["openai", '"session_id"', '"chat_id"'],
  ["otlp", "gen_ai.conversation.id", "langfuse.session.id"],
  ["phoenix", "session.id", "gen_ai.conversation.id"],
];

for (const [fixture, own, other] of names)
  test(`${fixture}: ${other} names the conversation as ${own} does`, async () => {
    const { full } = fixturesOf[fixture];
    const text = textOf(full);
    assert.ok(text.includes(own), `the fixture has no ${own}`);
    const ids = async (content: string) =>
      (await read([{ file: full.file, content }])).calls.map((row) => row.conversation_id);
    const found = await ids(text);
    assert.ok(found.includes("session-1"));
    assert.deepEqual(await ids(text.replaceAll(own, other)), found);
  });

for (const fixture of ["tauBench", "tau2Bench"])
  test(`${fixture}: a run is one conversation, and what simulates the user has no part in it`, async () => {
    const { calls } = await read([fixturesOf[fixture].full]);
    assert.ok(calls.length > 1);
    for (const { conversation_id, task_id } of calls) assert.equal(conversation_id, task_id);
  });
