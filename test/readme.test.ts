import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { commandLine } from "../src/cli/main";
import { ingest } from "../src/logs/ingest";
import type { OptionsOf } from "../src/measures/define";
import { latency } from "../src/measures/latency/latency";
import { tableText } from "../src/page/table";
import { open } from "../src/store/open";
import { thorough } from "./property";

const root = join(__dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const documentation = readFileSync(join(root, "docs", "README.md"), "utf8");

describe("the README", () => {
  thorough("shows a notebook cell with the output that the demo gives", async () => {
    const [, command, shown] =
      /show\(await latency\(store, (\{.*\})\)\);\n```\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
    const options = new Function(`return ${command}`)() as OptionsOf<typeof latency>;
    const store = await open(":memory:");
    try {
      await ingest(store, join(root, "data", "demo"));
      const given = tableText(await latency(store, options)).split("\n");
      for (const line of shown.trimEnd().split("\n")) assert.ok(given.includes(line), `not given: ${line}`);
    } finally {
      store.close();
    }
  });

  test("and the page of the documentation link to files that are there", () => {
    for (const [text, folder] of [
      [readme, root],
      [documentation, join(root, "docs")],
    ])
      for (const [, target] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(folder, target)), target);
  });

  test("sends the reader on to questions whose commands are there, and to every page of docs", () => {
    const known = commandLine().commands.map((command) => command.name());
    const [, questions] = /^## Questions$([\s\S]*?)^## /m.exec(documentation) ?? [];
    const commands = [...questions.matchAll(/^\|.*\|(.*)\|$/gm)].flatMap(([, cell]) =>
      [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
    );
    assert.ok(commands.length > 10);
    for (const name of commands) assert.ok(known.includes(name), name);
    for (const page of readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")))
      assert.ok(page === "README.md" || documentation.includes(`(${page})`), page);
  });
});

test("what is reached on logs made to mislead stands on the page that is named beside it", () => {
  const folder = join(root, "docs", "simulations");
  const rows = readFileSync(join(folder, "worlds.md"), "utf8")
    .split("\n")
    .filter((line) => line.includes(".md) |"));
  assert.ok(rows.length > 40, String(rows.length));
  for (const row of rows) {
    const [number, page] = [/\*\*(.*?)\*\*/, /\]\((\w+\.md)\)/].map((of) => of.exec(row)?.[1] ?? "");
    assert.ok(number !== "" && readFileSync(join(folder, page), "utf8").includes(number), row);
  }
});

test("the summary of the simulations names every page, and worst numbers that stand on these", () => {
  const folder = join(root, "docs", "simulations");
  const rows = readFileSync(join(folder, "README.md"), "utf8")
    .split("\n")
    .filter((line) => line.includes("**"));
  let page = "";
  const seen = rows.map((row) => {
    // A second claim of a page stands below the first.
    page = /\]\((\w+\.md)\)/.exec(row)?.[1] ?? page;
    const [, number] = /\*\*(.*?)\*\*/.exec(row) ?? [];
    assert.ok(readFileSync(join(folder, page), "utf8").includes(number), `${page} has no ${number}`);
    return page;
  });
  assert.deepEqual(
    readdirSync(folder).filter((name) => name !== "README.md" && !seen.includes(name)),
    [],
  );
});
