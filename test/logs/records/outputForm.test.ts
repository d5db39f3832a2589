import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonl, workbench } from "../workbench";

const one = { model: "m", status: "ok" };
type Formed = { output_form: string | null };

/** The forms of answers, as a log of calls with them is ingested. */
async function formsOf(...outputs: (string | null)[]): Promise<(string | null)[]> {
  let forms: (string | null)[] = [];
  await workbench(async ({ read, rows }) => {
    await read("log.jsonl", jsonl(...outputs.map((output, at) => ({ ...one, call_id: `c${at}`, output }))));
    forms = (await rows<Formed>("select output_form from calls order by line")).map((row) => row.output_form);
    assert.deepEqual(await rows("select * from texts"), []);
  });
  return forms;
}

describe("the form of an answer", () => {
  test("in JSON is that of its keys at the top, in whatever order and with whatever values", async () => {
    const [one, other, more, nested, list] = await formsOf(
      '{"name": "Ann", "age": 4}',
      ' \n{"age": [1, 2], "name": null}',
      '{"name": "Ann", "age": 4, "city": "Ulm"}',
      '{"name": {"age": 4}}',
      '[{"name": "Ann"}]',
    );
    assert.match(one ?? "", /^json [0-9a-f]{8}$/);
    assert.equal(one, other);
    assert.equal(new Set([one, more, nested, list]).size, 4);
    assert.equal(list, "json array");
  });

  test("in Markdown is code, a table or a list, else prose", async () => {
    const fence = "```";
    assert.deepEqual(
      await formsOf(
        `Try this:\n${fence}python\nprint(1)\n${fence}\n- and\n- rest`,
        "| a | b |\n|---|:-:|\n| 1 | 2 |",
        "a | b\n--- | ---\n1 | 2",
        "There are:\n\n- one\n- two",
        "1. first\n   more of it\n2) second",
        "* one\r\n* two",
        "• one\n• two",
      ),
      ["code", "table", "table", "list", "list", "list", "list"],
    );
    assert.deepEqual(
      await formsOf(
        "Yes.",
        "- only one",
        "-1\n-2",
        "a | b -- or c",
        "3.5\n4.5",
        "use ``` here",
        "true",
        "{not JSON}",
      ),
      ["prose", "prose", "prose", "prose", "prose", "prose", "prose", "prose"],
    );
  });

  test("that is empty is one of its own, and without an answer there is none", async () => {
    assert.deepEqual(await formsOf("", " \n\t", "no", null), ["empty", "empty", "prose", null]);
  });

  test("is that of an expression's text as well, and of the text in a response", () =>
    workbench(async ({ read, rows }) => {
      const columns = { model: "m", output: "concat('- ', said, chr(10), '- ', said)" };
      await read("list.jsonl", jsonl({ m: "m", said: "x" }), { mapping: { table: "calls", columns } });
      const message = { role: "assistant", content: '{"a": 1}' };
      await read("chat.jsonl", jsonl({ ...one, call_id: "r", output: JSON.stringify(message) }));
      const [list, json] = await rows<Formed>("select output_form from calls order by ingest_id");
      assert.equal(list.output_form, "list");
      assert.match(json.output_form ?? "", /^json/);
    }));

  test("stands where a log names it, unless it is none that is known, which may be a text", () =>
    workbench(async ({ read, rows }) => {
      const forms = ["table", "json 0123abcd", "My name is Ann", "xml"];
      await read("log.jsonl", jsonl(...forms.map((output_form) => ({ ...one, output: "no", output_form }))));
      assert.deepEqual(
        (await rows<Formed>("select output_form from calls order by line")).map((row) => row.output_form),
        ["table", "json 0123abcd", null, null],
      );
    }));
});
