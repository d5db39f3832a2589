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
  "decide/compare/timeline.ts": "a search for a date: its p-value and range stand beside it",
  "decide/plan/planSplit.ts": "a test of the split itself, with its p-value",
  "decide/route/cascades.ts": "says what its rows claim",
  "measures/agreement/progressOverReleases.ts": "sets two intervals side by side",
  "measures/benchmark/saturation.ts": "counts tiers",
  "measures/service/effectiveContext.ts": "states between which lengths the floor is crossed",
};

test("every verdict of a result carries its claim", () => {
  const found: string[] = [];
  for (const room of ["decide", "measures"])
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
