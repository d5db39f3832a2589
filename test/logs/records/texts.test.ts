import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { finishReasons } from "../../../src/logs/records/canonical";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";

const one = { model: "m", status: "ok" };

describe("features of texts", () => {
  test("a prompt and an output in the kit's own records become length, hash, validity, id and template", () =>
    workbench(async ({ read, rows }) => {
      const prompt = "Summarise the order in three short lines.";
      await read("log.jsonl", jsonl({ ...one, prompt, output: "[1]" }, { ...one, prompt, output: "no" }));
      const [first, second] = await rows("select * from calls order by line");
      assert.equal(first.output_length, 3);
      assert.equal(first.json_valid, true);
      assert.equal(second.json_valid, false);
      assert.ok(first.output_hash && first.output_hash !== second.output_hash);
      assert.ok(first.prompt_id && first.prompt_id === second.prompt_id);
      assert.ok(first.prompt_template);
      assert.equal((await rows("select * from texts")).length, 0);
    }));

  thorough(
    "an empty output of a failed call, or of one that calls a tool, is none; an empty answer is one",
    () =>
      workbench(async ({ read, rows }) => {
        const columns = { call_id: "id", model: "m", output: "said", status: "state", finish_reason: "why" };
        const content = jsonl(
          { id: "a", m: "m", said: "", state: "failed", why: null },
          { id: "b", m: "m", said: "", state: "success", why: "tool_use" },
          { id: "c", m: "m", said: "", state: "success", why: "stop" },
          { id: "d", m: "m", said: "{}", state: "failed", why: null },
        );
        await read("log.jsonl", content, { mapping: { table: "calls", columns }, schemas: { "*": {} } });
        const known =
          "output_length, output_form, json_valid, schema_valid, output_hash is not null as hashed";
        assert.deepEqual(await rows(`select call_id, ${known} from calls order by line`), [
          {
            call_id: "a",
            output_length: null,
            output_form: null,
            json_valid: null,
            schema_valid: null,
            hashed: false,
          },
          {
            call_id: "b",
            output_length: null,
            output_form: null,
            json_valid: null,
            schema_valid: null,
            hashed: false,
          },
          {
            call_id: "c",
            output_length: 0,
            output_form: "empty",
            json_valid: false,
            schema_valid: false,
            hashed: true,
          },
          {
            call_id: "d",
            output_length: 2,
            output_form: "json d41d8cd9",
            json_valid: true,
            schema_valid: true,
            hashed: true,
          },
        ]);
      }),
  );

  test("nor is one that its HTTP status says has failed, where the log has no other status", () =>
    workbench(async ({ read, rows }) => {
      const columns = { model: "m", output: "said", http_status: "code" };
      const content = jsonl({ m: "m", said: "", code: 500 }, { m: "m", said: "", code: 200 });
      await read("log.jsonl", content, { mapping: { table: "calls", columns } });
      assert.deepEqual(
        (await rows("select json_valid from calls order by line")).map((row) => row.json_valid),
        [null, false],
      );
    }));

  test("texts are kept where asked, under the call's id or the one made for it, also for a file read before", () =>
    workbench(async ({ read, rows, take, folder }) => {
      await read(
        "log.jsonl",
        jsonl({ ...one, call_id: "a", prompt: "p", output: "o" }, { ...one, prompt: "q" }),
      );
      await take(join(folder, "log.jsonl"), { text: "keep" });
      assert.deepEqual(
        await rows(
          "select call_id, prompt, output from texts join calls using (call_id) order by texts.line",
        ),
        [
          { call_id: "a", prompt: "p", output: "o" },
          { call_id: "1:2", prompt: "q", output: null },
        ],
      );
      assert.equal((await rows("select * from calls")).length, 2);
    }));

  test("a mapping names them as prompt and output, of a text, a record or a list; what it gives itself stands", () =>
    workbench(async ({ read, rows }) => {
      const columns = {
        model: "m",
        prompt: "ask",
        output: "reply.text",
        prompt_id: "item",
        output_length: "99",
      };
      const content = jsonl(
        { m: "m", ask: [{ role: "user", content: "Hi" }], reply: { text: "yes" }, item: "i1" },
        { m: "m", ask: [{ role: "user", content: "Ho" }], reply: { text: "{}" }, item: null },
      );
      await read("log.jsonl", content, { mapping: { table: "calls", columns }, text: "keep" });
      const [first, second] = await rows("select * from calls order by line");
      assert.equal(first.prompt_id, "i1");
      assert.ok(second.prompt_id);
      assert.deepEqual([first.json_valid, second.json_valid], [false, true]);
      assert.equal(first.output_length, 99);
      const [text] = await rows<{ prompt: string }>("select prompt from texts order by line");
      assert.deepEqual(JSON.parse(text.prompt), [{ role: "user", content: "Hi" }]);
    }));

  test("an output expression that fails empties what is measured of it, in its record alone", () =>
    workbench(async ({ read, rejects, rows }) => {
      const mapping = { table: "calls" as const, columns: { model: "m", output: "chr(code::int)" } };
      await read("log.jsonl", jsonl({ m: "m", code: "65" }, { m: "m", code: "x" }), { mapping });
      assert.deepEqual(await rows("select output_length, json_valid, emptied from calls order by line"), [
        { output_length: 1, json_valid: false, emptied: null },
        {
          output_length: null,
          json_valid: null,
          emptied: "output_length, output_hash, output_form, json_valid",
        },
      ]);
      assert.deepEqual(await rejects(), []);
    }));

  test("prompts that differ in numbers, quoted texts, ids, dates and names are of one template", () =>
    workbench(async ({ read, rows }) => {
      const prompts = [
        'Summarise the order ORD-1234 of Anna Maria Schmidt, placed on 2026-03-01, which says "send it soon".',
        'Summarise the order 7f9c24e5-1 of Bob, placed on March 3, which says "no hurry".',
        "Translate the order ORD-1234 of Anna Maria Schmidt, placed on 2026-03-01.",
      ];
      const messages = [
        [{ role: "user", content: "Is the claim 17 of Anna covered by the contract we hold?" }],
        [{ role: "user", content: "Is the claim 18 of Bob covered by the contract we hold?" }],
        [{ role: "user", content: "Is the claim 18 of Bob excluded by the contract we hold?" }],
      ];
      const all = [...prompts, ...messages.map((one) => JSON.stringify(one)), "Anna?", "Bob?"];
      await read("log.jsonl", jsonl(...all.map((prompt) => ({ ...one, prompt }))));
      const found = (await rows("select prompt_template t, prompt_id p from calls order by line")).map(
        (row) => row.t,
      );
      assert.equal(found[0], found[1]);
      assert.notEqual(found[0], found[2]);
      assert.equal(found[3], found[4]);
      assert.notEqual(found[3], found[5]);
      // These have hardly any words in common, so they aren't a template.
      assert.notEqual(found[6], found[7]);
    }));

  thorough("a template's name in the log stands before the hash, and makes no two prompts one item", () =>
    workbench(async ({ read, rows }) => {
      const span = (spanId: string, prompt: string) => ({
        traceId: "0a".repeat(16),
        spanId,
        startTimeUnixNano: "1770000000000000000",
        endTimeUnixNano: "1770000000000000001",
        attributes: Object.entries({
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "m",
          "gen_ai.prompt.name": "support",
          "gen_ai.input.messages": prompt,
        }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      });
      const spans = [span("0b".repeat(8), "one"), span("0c".repeat(8), "two")];
      await read("traces.jsonl", jsonl({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
      const calls = await rows("select prompt_id, prompt_template from calls");
      assert.deepEqual(new Set(calls.map((row) => row.prompt_template)), new Set(["support"]));
      assert.equal(new Set(calls.map((row) => row.prompt_id)).size, 2);
    }),
  );

  thorough("older traces number their messages: all of them are the prompt, not the system's alone", () =>
    workbench(async ({ read, rows }) => {
      const span = (spanId: string, question: string) => ({
        traceId: "0a".repeat(16),
        spanId,
        startTimeUnixNano: "1770000000000000000",
        endTimeUnixNano: "1770000000000000001",
        attributes: Object.entries({
          "gen_ai.request.model": "m",
          "gen_ai.prompt.0.content": "You are kind.",
          "gen_ai.prompt.1.content": question,
        }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      });
      const spans = [span("0b".repeat(8), "one"), span("0c".repeat(8), "two")];
      await read("traces.jsonl", jsonl({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), { text: "keep" });
      assert.equal((await rows("select distinct prompt_id from calls")).length, 2);
      assert.deepEqual((await rows("select prompt from texts order by call_id"))[1], {
        prompt: "You are kind.\ntwo",
      });
    }),
  );

  test("why a model stopped is one of a few words, whatever the API calls it; an unknown word is kept", () =>
    workbench(async ({ read, rows }) => {
      const words: Record<string, string[]> = {
        stop: ["stop", "end_turn", "stop_sequence", "STOP", "COMPLETE", "FinishReason.STOP", '["stop"]'],
        length: ["length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_context_window_exceeded"],
        content_filter: [
          "content_filter",
          "SAFETY",
          "RECITATION",
          "guardrail_intervened",
          "content_filtered",
        ],
        refusal: ["refusal"],
        tool_calls: ["tool_calls", "tool_use", "function_call", "TOOL_CALL"],
        error: ["error", "MALFORMED_FUNCTION_CALL"],
        cancelled: ["canceled", "abort"],
        pause_turn: ["pause_turn"],
      };
      const given = Object.values(words).flat();
      await read("log.jsonl", jsonl(...given.map((finish_reason) => ({ ...one, finish_reason }))));
      assert.deepEqual(
        (await rows("select finish_reason f from calls order by line")).map((row) => row.f),
        Object.entries(words).flatMap(([word, spellings]) => spellings.map(() => word)),
      );
      for (const word of Object.keys(words)) assert.ok(word === "pause_turn" || finishReasons.includes(word));
    }));

  test("an error is a kind in any language: one word, or its first words without capitals and without data", () =>
    workbench(async ({ read, rows }) => {
      const kinds = {
        Zeitüberschreitung: "Zeitüberschreitung",
        超时: "超时",
        Ошибка: "Ошибка",
        "délai d’attente dépassé pour 4111 1111": "délai d’attente dépassé pour",
        "ошибка соединения: Зельда Квинт": "ошибка соединения",
        "la connexion a été refusée": "la connexion a été refusée",
        "Zélda Quüxington": "unnamed",
        "Übermüller Straße 14": "unnamed",
        用户张三的请求超时了很久: "unnamed",
        "요청 김철수": "unnamed",
        "zélda@example.com": "unnamed",
        [`échec ${"q".repeat(31)} et plus`]: "unnamed",
        "é b c d e f g h i j k l": "é b c d",
        "é b c d e f g h": "é b c d e f g h",
        [`please.${"tell.".repeat(30)}SomeError`]: "unnamed",
        ["é".repeat(65)]: "unnamed",
      };
      const log = Object.keys(kinds).map((error_type, at) => ({ ...one, call_id: `c${at}`, error_type }));
      await read("log.jsonl", jsonl(...log));
      assert.deepEqual(
        (await rows("select error_type as kind from calls order by line")).map(({ kind }) => kind),
        Object.values(kinds),
      );
    }));

  test("a status, a role, an operation and why a model stopped are words: a sentence, an address or a key is none", () =>
    workbench(async ({ read, rows }) => {
      const columns = ["finish_reason", "status", "role", "operation"];
      const given = {
        "Zelda Quux owes me money": "unnamed",
        "zelda@example.com": "unnamed",
        "4111 1111 1111 1111": "unnamed",
        "sk-proj-Zq7Xw9Vt3Rk5Np2Lm8": "unnamed",
        pause_turn: "pause_turn",
        "v1/chat.things": "v1/chat.things",
        保留: "保留",
        "499": "499",
      };
      const log = Object.keys(given).map((word) => ({
        ...one,
        ...Object.fromEntries(columns.map((column) => [column, word])),
      }));
      await read("log.jsonl", jsonl(...log));
      for (const column of columns)
        assert.deepEqual(
          (await rows(`select ${column} as word from calls order by line`)).map(({ word }) => word),
          Object.values(given),
          column,
        );
    }));
});
