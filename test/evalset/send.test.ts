import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readAnswers } from "../../src/evalset/answerFile";
import { askAll } from "../../src/evalset/askAll";
import { importLabels } from "../../src/evalset/importLabels";
import type { Item } from "../../src/evalset/item";
import { planRun, type RunOptions } from "../../src/evalset/runSet";
import { send } from "../../src/evalset/send";
import type { Sent } from "../../src/evalset/sent";
import { open } from "../../src/store/open";
import { query } from "../../src/store/query";

const key = "sk-test-ä/0123456789abcdef";

/** What is made of a response that a service gives, piece by piece. */
async function sentFor(
  pieces: Iterable<string>,
  { http = 200, type = "application/json", sentKey = key } = {},
): Promise<Sent> {
  const server = createServer((_request, response) => {
    response.writeHead(http, { "content-type": type });
    for (const piece of pieces) response.write(piece);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const body = { model: "m", messages: [], stream: false };
    return await send({ url: new URL(`http://127.0.0.1:${port}/`), key: sentKey }, body, { timeout: 20 });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const json = (value: unknown) => [JSON.stringify(value)];
const events = (...values: unknown[]) => values.map((value) => `data: ${JSON.stringify(value)}\n\n`);
const said = (content: unknown, more: object = {}) => ({
  choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }],
  ...more,
});

describe("an answer is one only if a choice is in it", () => {
  const none: unknown[] = [
    ...[{ choices: null }, [5, null], { "0": 1 }, { choices: [] }, { choices: [null] }, { choices: [5] }],
    ...[{ choices: "yes" }, { choices: { message: { content: "yes" } } }, { choices: [{ message: "yes" }] }],
    ...[{ choices: [{}] }, 7, "text", true, null, {}, [], { error: null }],
  ];
  for (const given of none)
    test(JSON.stringify(given), async () => {
      const { status, error_type, output } = await sentFor(json(given));
      assert.deepEqual([status, error_type, output], ["error", "unreadable answer", null]);
    });

  test("the same holds for a stream", async () => {
    const type = "text/event-stream";
    for (const given of none) {
      const sent = await sentFor([...events(given), "data: [DONE]\n\n"], { type });
      assert.deepEqual([sent.status, sent.output], ["error", null], JSON.stringify(given));
    }
    const parts = events({ choices: [] }, { choices: [{ delta: { content: "ye" } }] }, said("s"));
    const sent = await sentFor([...parts, "data: [DONE]\n\n"], { type });
    assert.deepEqual([sent.status, sent.output], ["ok", "yes"]);
  });

  test("a call of a tool and an empty text are answers", async () => {
    for (const content of [null, ""]) {
      const { status, output } = await sentFor(json(said(content, { error: null })));
      assert.deepEqual([status, output], ["ok", ""]);
    }
  });
});

test("counts that no service can mean are left empty", async () => {
  const usage = {
    prompt_tokens: 1e300,
    completion_tokens: 7,
    cost: 1e300,
    prompt_tokens_details: { cached_tokens: -1 },
  };
  const sent = await sentFor(json(said("a", { usage })));
  assert.deepEqual(
    [sent.input_tokens, sent.output_tokens, sent.cost, sent.cache_read_input_tokens],
    [null, 7, null, null],
  );
  assert.equal((await sentFor(json(said("a", { usage: { prompt_tokens: 1.5 } })))).input_tokens, null);
  assert.equal((await sentFor(json(said("a", { usage: [] })))).status, "ok");
});

test("half a character, with which a file of answers could not be read, is in no text of an answer", async () => {
  const half = "a\ud800";
  const spoken = { model: half, choices: [{ message: { content: half }, finish_reason: half }] };
  for (const given of [spoken, { error: { code: half, message: half } }, { error: { type: half } }]) {
    const sent = await sentFor(json(given));
    for (const [name, value] of Object.entries(sent)) assert.ok(!/\ud800/.test(String(value)), name);
  }
  assert.equal((await sentFor(json(spoken))).output, "a\ufffd");
});

test("the key is nowhere in what is kept, wherever the service repeats it", async () => {
  const echo = `<${key}> ${encodeURIComponent(key)}`;
  const answers = [
    await sentFor(
      json({ ...said(echo), model: echo, choices: [{ ...said(echo).choices[0], finish_reason: echo }] }),
    ),
    await sentFor(json({ error: { code: key, type: key, message: echo } }), { http: 400 }),
    await sentFor(events({ choices: [{ delta: { content: key.slice(0, 9) } }] }, said(key.slice(9))), {
      type: "text/event-stream",
    }),
  ];
  for (const sent of answers) {
    const kept = JSON.stringify(sent);
    assert.ok(!kept.includes(key) && !kept.includes(encodeURIComponent(key)), kept);
  }
});

test("a key so short that it may be a word of an answer changes nothing", async () => {
  for (const sentKey of ["", "none", "ok", "123456789012345"]) {
    const content = "It is none of these, ok? 123456789012345";
    const { status, output } = await sentFor(json(said(content)), { sentKey });
    assert.deepEqual([status, output], ["ok", content]);
  }
  const { status, output } = await sentFor(json(said("<1234567890123456>")), { sentKey: "1234567890123456" });
  assert.deepEqual([status, output], ["ok", "<***>"]);
});

test("an error's kind is a code, never a text", async () => {
  const error = { code: 'Your prompt was: tell me, "what" is it?', type: "server_error" };
  assert.equal((await sentFor(json({ error }), { http: 500 })).error_type, "server_error");
  assert.equal((await sentFor(json({ error: { code: error.code } }), { http: 500 })).error_type, "HTTP 500");
});

test("an answer without end is not waited for", async () => {
  function* endless() {
    for (let at = 0; at < 40; at++) yield " ".repeat(2 ** 19);
  }
  for (const type of ["application/json", "text/event-stream"]) {
    const { status, error_type, output } = await sentFor(endless(), { type });
    assert.deepEqual([status, error_type, output], ["error", "answer too long", null]);
  }
});

test("an answer that is too long is final: it is asked for once, in this run and the next", async () => {
  const item = { item_id: "q", prompt: "p" } as Item;
  const tooLong = {
    ...(await sentFor(json(said("a")))),
    status: "error" as const,
    error_type: "answer too long",
  };
  let asked = 0;
  const world = {
    send: () => {
      asked += 1;
      return Promise.resolve(tooLong);
    },
    ...{ keep: () => undefined, sleep: () => Promise.resolve(), now: () => 0, isStopped: () => false },
  };
  await askAll([{ item, model: "m", repeat: 1 }], { concurrency: 1, retries: 5 }, world, [0]);
  assert.equal(asked, 1);

  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-answers-"));
  try {
    const out = join(folder, "answers.jsonl");
    const options: RunOptions = {
      endpoint: "http://127.0.0.1:1/v1",
      models: ["m"],
      out,
      stream: false,
      ...{ timeout: 1, concurrency: 1, retries: 1 },
    };
    const { run, setup } = planRun([item], options);
    const line = (more: object) => ({
      run,
      setup,
      task_id: `${run}/q/m/1`,
      model: "m",
      prompt_version: null,
      ...more,
    });
    writeFileSync(out, `${JSON.stringify(line({ status: "error", error_type: "HTTP 500" }))}\n`);
    assert.equal(planRun([item], options).asks.length, 1);
    writeFileSync(out, `${JSON.stringify(line({ status: "error", error_type: "answer too long" }))}\n`);
    assert.equal(planRun([item], options).asks.length, 0);

    // As an earlier version wrote it.
    const numbers = { input_tokens: 1e300, output_tokens: 7, cost: 1e300, duration: 1.5, http_status: 200 };
    const old = {
      ...line({ status: "ok", call_id: "c", item_id: "q", repeat: 1, output: "a", attempt: 1 }),
      ...numbers,
    };
    writeFileSync(out, `${JSON.stringify({ ...old, provider: "p", last: true })}\n`);
    const [read] = readAnswers(out);
    assert.deepEqual(
      [read.output, read.input_tokens, read.output_tokens, read.cost, read.duration, read.http_status],
      ["a", null, 7, null, 1.5, 200],
    );
    const store = await open(":memory:");
    assert.equal((await importLabels(store, out)).outputs, 1);
    // What is read is also written again before anything else reads it.
    writeFileSync(out, `${JSON.stringify({ ...read, output: "a\ud800" })}\n`);
    assert.equal(readAnswers(out)[0].output, "a\ufffd");
    assert.deepEqual(
      await query(
        store,
        "select input_tokens as i, output_tokens::int as o, cost as c, duration as d from calls",
      ),
      [{ i: null, o: 7, c: null, d: 1.5 }],
    );
    store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
