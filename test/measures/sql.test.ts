import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { latencyView } from "../../src/measures/latency";
import { open } from "../../src/store/open";
import { run } from "../../src/store/query";
import { select } from "../../src/store/select";
import { statements } from "../../src/store/statements";

const source = join(__dirname, "..", "..", "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".sql"))
  .sort();
/** Statements that make what a file's other statements read, and all but SELECT are run rather than explained. */
const makes = /^(--.*\n)*\s*(create|insert)/;
const parameters = { wanted: "[]", thresholds: "[]", most: 1 };

test("there are .sql files to look at", () =>
  assert.ok(files.includes(join("measures", "distribution.sql"))));

describe("the engine takes every statement, whatever rows are told apart by and count as independent", () => {
  for (const file of files) {
    for (const options of [{ by: "" }, { by: "workload,model,day" }, { by: "cache_hit", cluster: "hour" }]) {
      test(`${file}, ${JSON.stringify(options)}`, async () => {
        const store = await open(":memory:");
        try {
          const { connection } = await select(store, options);
          await run(connection, "set variable metric = 'duration'");
          await run(connection, latencyView);
          const found = Object.entries(statements<string>(join(source, file)));
          assert.ok(found.length > 0, "no statement is named");
          for (const [name, sql] of found) {
            const bound = Object.fromEntries(
              Object.entries(parameters).filter(([parameter]) => sql.includes(`$${parameter}`)),
            );
            await assert.doesNotReject(
              run(connection, makes.test(sql) ? sql : `explain ${sql}`, bound),
              name,
            );
          }
        } finally {
          store.close();
        }
      });
    }
  }
});

describe("statements are static", () => {
  for (const file of files) {
    test(file, () => {
      const text = readFileSync(join(source, file), "utf8");
      assert.doesNotMatch(text, /\$\{/, "nothing is put into the text");
      assert.doesNotMatch(text, /approx_quantile|reservoir_quantile|random\(|current_timestamp|now\(/);
      const named = text.match(/^-- name: .*$/gm) ?? [];
      assert.deepEqual(
        named.map((line) => line.slice("-- name: ".length)),
        Object.keys(statements<string>(join(source, file))),
        "every name opens one statement",
      );
    });
  }
});
