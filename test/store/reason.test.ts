import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { open } from "../../src/store/open";
import { quoteName, quoteText } from "../../src/store/quote";
import { EngineError, messageOf } from "../../src/store/reason";
import { rowsOf } from "../../src/store/run";

const secret = "sk-ant-api03-9kd83jx7Qm2Lw5Zt8Yb1";

describe("what the engine says is told in our words", () => {
  const said: [string, RegExp][] = [
    ["selec 1", /^a syntax error at "selec"$/],
    ["select foo from calls", /^no column "foo"$/],
    ["select * from cals", /^no table "cals"; did you mean "calls"\?$/],
    ["select nosuch(1)", /^no function "nosuch"/],
    ["select sum(model) from calls", /^no function sum\(VARCHAR\)$/],
    ["select '12x'::bigint", /^"12x" is no INT64$/],
    [`select 'ask ${secret}'::timestamp`, /^"… \(\d+ characters\)" is no timestamp$/],
    [`select '${secret}'::double`, /^"\[key-1\]" is no DOUBLE$/],
    [`select json_extract('{"a": "${secret}"', '$.a')`, /^a text is not valid JSON$/],
    [`select error('of ${secret} and more')`, /./],
    ["select * from read_csv('/none/at/all.csv')", /^no such file: \/none\/at\/all.csv$/],
    ["copy calls to '/none/at/all.csv'", /^cannot open \/none\/at\/all.csv: no such file or directory$/],
    ["insert into calls values (1)", /^table calls has \d+ columns but 1 values were supplied$/],
    ["select model, count(*) from calls", /must appear in the GROUP BY clause/],
  ];
  for (const [sql, plain] of said)
    test(sql.slice(0, 40), async () => {
      const store = await open(":memory:");
      try {
        await assert.rejects(rowsOf(store.connection, sql), (error: Error) => {
          assert.ok(error instanceof EngineError);
          assert.match(error.message, plain);
          assert.doesNotMatch(error.message, /Error:|LINE \d|\n|9kd83jx7/);
          return true;
        });
      } finally {
        store.close();
      }
    });
});

test("no statement is run but by the function that tells its failure", () => {
  const root = join(__dirname, "..", "..", "src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const direct = files.filter((file) =>
    /\b(connection|one)\.(run|runAndRead\w*|stream\w*|prepare)\(/.test(
      readFileSync(join(root, file), "utf8"),
    ),
  );
  assert.deepEqual(direct, [join("store", "run.ts")]);
});

test("what the system says in a code is told in words, with the file", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const denied = Object.assign(new Error("EACCES: x"), { code: "EACCES", path: "/a/b" });
  assert.equal(messageOf(full), "the disk is full");
  assert.equal(messageOf(denied), "/a/b: no permission for it");
  assert.equal(messageOf(new RangeError("q requires 1")), "q requires 1");
});

test("a text with a NUL is a text like any other, and a name cannot have one", async () => {
  const store = await open(":memory:");
  const [row] = await rowsOf(store.connection, `select ${quoteText("a\0'b\0")} as text`);
  store.close();
  assert.deepEqual(row, { text: "a\0'b\0" });
  assert.throws(() => quoteName("a\0b"), /requires characters other than NUL/);
});
