import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";

const verdict = { type: "object", required: ["verdict"], properties: { verdict: { enum: ["yes", "no"] } } };

function call(id: string, workload: string | null, content: string | null, more: object = {}) {
  return {
    call_id: id,
    workload,
    model: "gpt-4o",
    status: "ok",
    output: content,
    ...more,
  };
}

const log = jsonl(
  call("a", "review", '{"verdict": "yes"}'),
  call("b", "review", '{"verdict": "perhaps"}'),
  call("c", "review", "yes"),
  call("d", "review", null),
  call("e", "chat", '{"verdict": "yes"}'),
  call("f", null, '{"verdict": "no"}'),
  call("g", "review", '{"verdict": "yes"}', { role: "judge" }),
);

const judged = "select call_id, schema_valid from calls order by call_id";

describe("schemas of outputs", () => {
  test("an output is held against the schema of its workload; one of no schema has no answer", () =>
    workbench(async ({ read, rows }) => {
      await read("log.jsonl", log, { schemas: { review: verdict } });
      assert.deepEqual(
        (await rows(judged)).map((row) => row.schema_valid),
        [true, false, false, null, null, null, null],
      );
      assert.equal((await rows("select * from texts")).length, 0);
    }));

  test("the schema under * is for every workload that has none of its own, and for calls without one", () =>
    workbench(async ({ read, rows }) => {
      await read("log.jsonl", log, { schemas: { "*": verdict, review: true as never } });
      assert.deepEqual(
        (await rows(judged)).map((row) => row.schema_valid),
        [true, true, false, null, true, true, null],
      );
    }));

  test("a schema that lies among the logs is no log", () =>
    workbench(async ({ take, folder, write }) => {
      write("log.jsonl", log);
      const file = write("verdict.json", JSON.stringify(verdict));
      const read = await take(folder, { schemas: { review: file } });
      assert.deepEqual(
        read.map(({ path, status }) => [path, status]),
        [[join(folder, "log.jsonl"), "ingested"]],
      );
    }));

  test("a schema may be a file, and the workload a constant", () =>
    workbench(async ({ read, rows, write }) => {
      const file = write("verdict.schema", JSON.stringify(verdict));
      await read("log.jsonl", log, { schemas: { audit: file }, set: { workload: "audit" } });
      assert.deepEqual(
        (await rows(judged)).map((row) => row.schema_valid),
        [true, false, false, null, true, true, null],
      );
    }));

  thorough("a file read before without a schema, or with another, is read again in its own place", () =>
    workbench(async ({ read, rows, take, folder }) => {
      await read("log.jsonl", log.replaceAll(/"call_id":"."/g, '"call_id":null'));
      const path = join(folder, "log.jsonl");
      const counted = async () => (await rows("select count(*) n, count(schema_valid) v from calls"))[0];
      assert.deepEqual(await counted(), { n: 7, v: 0 });
      assert.equal((await take(path, { schemas: { review: verdict } }))[0].status, "ingested");
      assert.deepEqual(await counted(), { n: 7, v: 3 });
      assert.equal((await take(path, { schemas: { review: verdict } }))[0].status, "unchanged");
      await take(path, { schemas: { "*": verdict } });
      assert.deepEqual(await counted(), { n: 7, v: 5 });
    }),
  );

  test("damaged records beside it do not stop the judging, nor does an output that nests 100,000 deep", () =>
    workbench(async ({ read, rows, rejects }) => {
      const deep = "[".repeat(100_000) + "]".repeat(100_000);
      const recursive = {
        $ref: "#/$defs/list",
        $defs: { list: { type: "array", items: { $ref: "#/$defs/list" } } },
      };
      const content = jsonl(
        call("a", "w", "[[]]"),
        '{"call_id": "x", "mod',
        call("b", "w", "[1]"),
        call("c", "w", deep),
      );
      const file = await read("log.jsonl", content, { schemas: { "*": recursive } });
      assert.equal(file.rejected, 1);
      assert.match((await rejects())[0], /^2: /);
      assert.deepEqual(
        (await rows(judged)).map((row) => row.schema_valid),
        [true, false, false],
      );
    }));

  thorough("the fixtures of an export format are judged by the answer's text, not by its wrapping", () =>
    workbench(async ({ read, rows }) => {
      const answer = (content: string) => ({
        id: content,
        object: "chat.completion",
        model: "gpt-4o",
        choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }],
        usage: { prompt_tokens: 1, completion_tokens: 1 },
      });
      await read("answers.jsonl", jsonl(answer('{"verdict":"no"}'), answer("{}")), {
        schemas: { "*": verdict },
      });
      assert.deepEqual(
        (await rows("select schema_valid from calls order by line")).map((row) => row.schema_valid),
        [true, false],
      );
    }),
  );

  test("a schema that is none stops before any file is read, and says which and why", () =>
    workbench(async ({ read, rows, write }) => {
      const bad = write("bad.txt", '{"type": "objekt"}');
      const none = write("none.txt", "{");
      await assert.rejects(
        read("log.jsonl", log, { schemas: { "*": bad } }),
        /schema .*bad.txt is not a self-contained JSON Schema of draft/,
      );
      await assert.rejects(
        read("log.jsonl", log, { schemas: { "*": none } }),
        /schema .*none.txt is not JSON \(/,
      );
      const deep = write("deep.txt", `${'{"not":'.repeat(50_000)}{}${"}".repeat(50_000)}`);
      await assert.rejects(
        read("log.jsonl", log, { schemas: { "*": deep } }),
        /schema .*deep.txt is not a JSON Schema: it nests too deep/,
      );
      await assert.rejects(
        read("log.jsonl", log, { schemas: { "*": "missing.json" } }),
        /cannot read the schema missing.json \(ENOENT\)/,
      );
      assert.equal((await rows("select * from calls")).length, 0);
    }));
});
