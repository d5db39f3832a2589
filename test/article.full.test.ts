import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { articleDocument, claims, declaredProfile } from "../scripts/article";
import { shows } from "./articleShows";
import { fieldnotes, folder, json } from "./cli/command";
import { root } from "./dist";

const { path: here, remove } = folder();
after(remove);

/** The words of a command line; text in double quotes is one word. */
const wordsOf = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);

const names = Object.keys(JSON.parse(readFileSync(join(root, "data", "demo", "world.json"), "utf8")).models);

/** What a command said, had each model the numbers of another; undefined if it names none. */
function passedOn(said: unknown): unknown {
  const text = JSON.stringify(said);
  // The longer first: a name may be the beginning of another.
  const any = new RegExp([...names].sort((a, b) => b.length - a.length).join("|"), "g");
  const passed = text.replace(any, (name) => names[(names.indexOf(name) + 1) % names.length]);
  return passed === text ? undefined : JSON.parse(passed);
}

describe("every claim of the article", () => {
  const known = new Map<string, unknown>();

  before(async () => {
    await json(["ingest", join(root, "data", "demo"), "--text", "keep", "--db", "fieldnotes.duckdb"], here);
    writeFileSync(join(here, "eu.json"), JSON.stringify(declaredProfile));
    copyFileSync(join(root, "notebooks", "01-latency.ipynb"), join(here, "01-latency.ipynb"));
  });

  const run = (command: string) => fieldnotes(wordsOf(command), here);
  const asJson = async (command: string) => {
    const found = known.get(command) ?? (await json(wordsOf(command), here));
    known.set(command, found);
    return found;
  };

  for (const { id, claim, command, says } of claims)
    test(`${id}: ${claim}`, async () => {
      const show = shows[id];
      assert.ok(show !== undefined, `${id}: nothing holds what it shows`);
      if (says === undefined) {
        const said = await asJson(command);
        await show({ said, here, run, json: asJson });
        const passed = passedOn(said);
        if (passed !== undefined)
          await assert.rejects(
            async () => show({ said: passed, here, run, json: asJson }),
            `${id} holds of any model`,
          );
        return;
      }
      const { stdout, stderr, code } = await run(command);
      assert.equal(code, 0, stderr);
      assert.match(stdout, says);
      await show({ said: undefined, here, run, json: asJson });
    });

  test("stands in the cell and on the page that the table names", () => {
    const notebooks = readdirSync(join(root, "notebooks"));
    const report = readFileSync(join(here, "report.md"), "utf8");
    assert.ok(existsSync(join(here, "report.html")));
    for (const { id, cell, page } of claims) {
      const [number, name] = cell?.split(" ") ?? [];
      if (number !== undefined) {
        const file = notebooks.find((one) => one.startsWith(`${number}-`));
        assert.ok(file !== undefined, `${id}: notebook ${number}`);
        const { cells } = JSON.parse(readFileSync(join(root, "notebooks", file), "utf8"));
        assert.ok(
          cells.some((one: { id: string }) => one.id === name),
          `${id}: ${file} has no cell ${name}`,
        );
      }
      if (page !== undefined && page !== "verdict")
        assert.ok(report.includes(`## ${page}\n`), `${id}: ${page}`);
    }
  });
});

describe("docs/article.md", () => {
  test("has all 74 claims, each once", () => {
    assert.equal(claims.length, 74);
    assert.equal(new Set(claims.map(({ id }) => id)).size, 74);
  });
  test("is what npm run docs writes", () => {
    assert.equal(readFileSync(join(root, "docs", "article.md"), "utf8"), articleDocument());
  });
});
