import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { guideDocuments, guides } from "../scripts/guides";
import { fieldnotes } from "./cli/command";
import { root } from "./dist";

const read = (name: string) => readFileSync(join(root, "docs", "guides", `${name}.md`), "utf8");

describe("the guides", () => {
  test("show what the commands print today: npm run docs guides", async () => {
    for (const [name, text] of await guideDocuments()) assert.equal(read(name), text, name);
  });

  test("name commands and options that there are", async () => {
    const { stdout } = await fieldnotes(["--help"], root);
    for (const [name, { command, next }] of Object.entries(guides)) {
      const help = (await fieldnotes([command[0], "--help"], root)).stdout;
      for (const [, own, rest] of read(name).matchAll(
        /`(?:fieldnotes )?([a-z-]*)((?: ?--[a-z]+)?[^`\n]*)`/g,
      )) {
        if (own !== "" && !stdout.includes(`  ${own} `)) continue;
        const [, part] = /^ ([a-z]+)\b/.exec(rest) ?? [];
        const helps = own === "" ? [help] : [(await fieldnotes([own, "--help"], root)).stdout];
        if (own !== "" && part !== undefined)
          helps.push((await fieldnotes([own, part, "--help"], root)).stdout);
        const of = helps.join("\n");
        for (const [flag] of rest.matchAll(/--[a-z-]+/g))
          assert.ok(of.includes(flag), `${name}: ${own} ${flag}`);
      }
      const [, notebook] = /notebook (\d\d)/.exec(next) ?? [];
      if (notebook !== undefined)
        assert.ok(
          readdirSync(join(root, "notebooks")).some((one) => one.startsWith(`${notebook}-`)),
          notebook,
        );
    }
  });
});

test("the pages beside the code link to files that are there", () => {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  for (const page of pages.filter((name) => name.endsWith(".md"))) {
    const text = readFileSync(join(root, "docs", page), "utf8");
    for (const [, target] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      assert.ok(existsSync(join(root, "docs", page, "..", target)), `${page}: ${target}`);
  }
});
