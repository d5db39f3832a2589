import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkJunit, checkMarkdown } from "../../src/cli/checkText";
import type { Check } from "../../src/decide/check/check";
import { root } from "../dist";

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(root, "src", name), "utf8") }));

/** A kind of output: what writes it, what it has to pass, and who does not need to, for it writes only words of ours. */
interface Kind {
  writes: RegExp;
  passes: RegExp;
  ours: Record<string, string>;
}

const kinds: Record<string, Kind> = {
  Markdown: {
    writes: /`\| |`#+ \$|`- \$|`\*\*\$/,
    passes: /\bescapeMarkdown\(|\bescapeMarkdown\b.*\.join/,
    ours: {},
  },
  HTML: {
    writes:
      /<(p|td|th|span|div|li|h\d|a|button|code|pre|figure|section|title|text)\b[^>`]*>\$\{|<[a-z]+ [^>`]*="\$\{/,
    passes: /\bescapeHtml\(|\bescapeXml\(|\bsentence\(|\bwithSymbols\(/,
    ours: {
      "evalset/reviewPage.ts": "texts are data in JSON, which the page's program puts in as text",
      "evalset/sheetPage.ts": "texts are data in JSON, which the page's program puts in as text",
      "look/page.ts": "a nonce, a policy and programs of ours; texts come as JSON",
      "page/symbol.ts": "signs and colours",
    },
  },
  XML: { writes: /<\?xml/, passes: /\bescapeXml\(/, ours: {} },
  CSV: {
    writes: /\.join\("[,;\\t]+"\).*\\r?\\n|format csv|"\\r\\n"/,
    passes: /\bcsvText(Sql)?\(/,
    ours: { "logs/files/foreign.ts": "names an option of Postgres" },
  },
  "a script's JSON": {
    writes: /<script type="application\/json"/,
    passes: /\bjsonInScript\(/,
    ours: {},
  },
  "a terminal": {
    writes: /std(out|err)\.write\(|console\.(log|error|warn|info)\(/,
    passes: /\bvisible(Json)?\(/,
    ours: { "cli/helpCommand.ts": "pages of help", "cli/profile.ts": "a template of ours" },
  },
};

describe("every file that writes one kind of output passes that kind's escaper", () => {
  for (const [kind, { writes, passes, ours }] of Object.entries(kinds))
    test(kind, () => {
      const writers = sources.filter(({ text }) => writes.test(code(text)));
      assert.ok(writers.length > 0);
      const without = writers.filter(({ text }) => !passes.test(text)).map(({ name }) => name);
      assert.deepEqual(without.sort(), Object.keys(ours).sort());
    });
});

/** Without comments, whose examples show output. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

const hostile =
  "<img src=x onerror=alert(1)> [a](javascript:1) **b** `c` | d\n# e\u202e\u0007 www.evil.example @octocat https://evil.example";

test("names of a log are text in what check writes for a pull request and for CI", () => {
  const row = { limit: hostile, model: hostile, verdict: "fail", why: hostile, value: { value: 1 } };
  const found = {
    name: hostile,
    result: "fail",
    verdict: hostile,
    by: ["model", "limit"],
    rows: [row],
    notes: [hostile],
  };
  const markdown = checkMarkdown(found as unknown as Check);
  assert.doesNotMatch(markdown, /<img|[^\\]\[a\]|[^\\*]\*\*b|\u202e|www\.|@octocat|:\/\//);
  const [lines, bars] = [markdown.split("\n"), /(?<!\\)\|/g];
  assert.equal(lines.filter((line) => line.startsWith("# ")).length, 0);
  assert.equal(lines.find((line) => line.startsWith("| &lt;"))?.match(bars)?.length, 5);
  const xml = checkJunit(found as unknown as Check);
  assert.doesNotMatch(xml, /<img|\u202e/);
  assert.equal(xml.match(/<testcase /g)?.length, 1);
});
