import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const src = join(__dirname, "..", "..", "src");

/** Verdicts that state no claim of their own, with the reason. */
const without: Record<string, string> = {
  "decide/check/check.ts": "counts the verdicts of its rows",
  "decide/choose/chooseAll.ts": "names the choices of each profile",
  "decide/compare/compare.ts": "says what its rows claim",
  "decide/route/cascades.ts": "says what its rows claim",
};

/** Rows that say something to act on without a field called verdict: who is first, what is dropped, what changed. */
const others: Record<string, string> = {
  TrendRow: "measures/trend/trendSeries.ts",
  TrendChange: "measures/trend/trendSeries.ts",
  PreferenceRow: "measures/preferences/preferenceGroup.ts",
  TierRow: "measures/benchmark/tiers.ts",
  SideBySideRow: "measures/agreement/sideBySide.ts",
  ContaminationRow: "measures/benchmark/contamination.ts",
  ShortlistRow: "decide/shortlist.ts",
  RunningRow: "decide/plan/planRunning.ts",
};

test("every verdict of a result carries its claim", () => {
  const found: string[] = [];
  for (const room of ["decide", "measures", "evalset"])
    for (const file of readdirSync(join(src, room), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(join(src, room, file), "utf8");
      // A field of a type: "verdict: string;" or a union of texts.
      for (const type of text.split(/\nexport (?:interface|type) /).slice(1)) {
        const body = type.slice(0, type.search(/\n\}/));
        const isVerdict = /^ {2}verdict: (?!verdictOf)[^,(]+;$/m.test(body);
        if (isVerdict && !/^ {2}claim\??: /m.test(body)) found.push(`${room}/${file}`.replaceAll("\\", "/"));
      }
    }
  assert.deepEqual([...new Set(found)].sort(), Object.keys(without).sort());
});

test("every row that says who is first, what is dropped or what changed carries its claim", () => {
  for (const [type, file] of Object.entries(others)) {
    const text = readFileSync(join(src, file), "utf8");
    const [, body = ""] = text.split(new RegExp(`\\nexport (?:interface|type) ${type}\\b`));
    assert.match(body.slice(0, body.search(/\n\}/)), /^ {2,4}claim: Claim;$/m, type);
  }
});

/** Files that put the verdict of a command into words: all those that are called so, and these. */
const worded = ["decide/choose/chooseAll.ts", "decide/compare/timeline.ts", "decide/shortlist.ts"];

test("the sentences of verdicts are in the one list, not where verdicts are put together", () => {
  const files = readdirSync(join(src, "decide"), { recursive: true, encoding: "utf8" })
    .map((file) => `decide/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith("Verdict.ts"));
  assert.ok(files.length >= 4, String(files));
  const written = [...files, ...worded].flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8").replace(/^\s*(\*|\/\/|\/\*).*$/gm, "");
    // A sentence has a full stop, or starts one with a capital letter and has four words of its own or more.
    const isSentence = (one: string) =>
      /[a-z)}]\.(["`]$| )/.test(one) || /^.\s?[A-Z][a-z]+( [a-z]+){3}/.test(one);
    return (text.match(/`[^`]*`|"[^"\n]*"/g) ?? []).filter(isSentence).map((one) => `${file}: ${one}`);
  });
  assert.deepEqual(written, []);
});
