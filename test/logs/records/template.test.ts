import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { templateSql } from "../../../src/logs/records/template";
import { open, type Store } from "../../../src/store/open";
import { query } from "../../../src/store/query";
import { fc } from "../../property";

/** The rule in two plain steps: what differs becomes "#", then neighbours become one. */
function template(prompt: string): string {
  let begin = [...prompt].slice(0, 400).join("");
  if (/^[[{]/.test(begin))
    begin = begin.replaceAll('\\"', "\u0001").replaceAll('"', " ").replaceAll("\u0001", '"');
  const fixed = begin
    .replace(/"[^"]*"|“[^”]*”| '[^'\n]*'|[A-Za-z0-9_-]*[0-9][A-Za-z0-9_.,:/%+@-]*|\p{Lu}[\p{L}'’-]*/gu, "#")
    .replace(/(?:[ \t\n\r\f,;]*#)+/g, " #");
  const isOwn = [...fixed.replaceAll("#", "")].length < 12;
  return createHash("md5")
    .update(isOwn ? prompt : fixed)
    .digest("hex");
}

describe("the template of a prompt", () => {
  let store: Store;
  before(async () => {
    store = await open();
  });
  after(() => store.close());
  const templates = async (prompts: string[]) => {
    const table = `(select unnest(prompts) as "fixed", generate_subscripts(prompts, 1) as place from (select from_json($prompts::json, '["VARCHAR"]') as prompts))`;
    const rows = await query(
      store,
      `select ${templateSql('"fixed"')} as template from ${table} order by place`,
      { prompts: JSON.stringify(prompts) },
    );
    return rows.map((row) => row.template);
  };

  test("is its fixed words, whatever the names, numbers and quotes between them", async () => {
    const [one, two, other] = await templates([
      'Dear Ann, please summarise order 1,204 and "the blue one" of Monday.',
      'Dear Bob Smith, please summarise order A-77 and "nothing" of Friday.',
      "Dear Ann, please translate order 1,204 of Monday.",
    ]);
    assert.equal(one, two);
    assert.notEqual(one, other);
  });

  test("is found in one pass as in two", async () => {
    const piece = fc.constantFrom(
      ..."ab AZé1.,;'\"“”’#\\\n[{-_:%@\t".split(""),
      " 'a, b'",
      "word ",
      "Word",
      '\\"in\\"',
      "a1 ",
      ", ",
      " # ",
    );
    const prompt = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(prompt, { minLength: 50, maxLength: 50 }), async (prompts) => {
        assert.deepEqual(await templates(prompts), prompts.map(template));
      }),
      { numRuns: 40 },
    );
  });
});
