import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { say } from "../../src/stats/sentences";
import { countedIds, isTooOften, sentencesPage } from "../calibration/sentencePage";
import { type SentenceRow, said } from "../calibration/sentenceTally";

const root = join(__dirname, "..", "..");
const measured: SentenceRow[] = JSON.parse(
  readFileSync(join(root, "test", "calibration", "sentenceResults.json"), "utf8"),
);

/** Those whose counts are still to be drawn, which the page lists as such: `cost --equal-quality` is slow to repeat. */
const notYet = ["cost.notWorse", "cost.saves"];

test("every sentence that compares has been counted on logs whose truth is known", () => {
  const missing = countedIds.filter((id) => !measured.some((row) => row.id === id));
  assert.deepEqual(missing, notYet);
  assert.deepEqual(
    measured.filter(({ logs }) => logs < 80),
    [],
    "80 logs at least",
  );
});

/** If one side's inputs are nearly three times as long, few calls on the other side are comparable. */
const known = ["inputs 2.7 times as long"];

test("no sentence that claims something is false in more than 5 % of the logs of any world", () => {
  const often = measured.filter(
    (row) => isTooOften(row) && !known.some((world) => row.world.includes(world)),
  );
  assert.deepEqual(often, []);
});

test("the page of sentences is that of the counts", () =>
  assert.equal(
    readFileSync(join(root, "docs", "simulations", "sentences.md"), "utf8"),
    sentencesPage(measured),
  ));

test("a sentence is known again by its fixed words, and asks for all its blanks", () => {
  const text = say("compare.changed", { a: "x", b: "y", changes: "p50 duration slower" });
  assert.equal(text, "b (y) against a (x), at the same mix: p50 duration slower.");
  assert.deepEqual(said(text), ["compare.changed"]);
  assert.throws(() => say("compare.changed", { a: "x" }), /say requires "b" for compare.changed/);
});

test("latency and cost state nothing about time, tails and tiers that is not in the list", () => {
  const claims =
    /(not shown to be worse than|may be worse by|not like the others|half of the tail|very skewed:|best by mean but|independent spells)/;
  const folders = ["measures/latency", "measures/cost", "measures/estimate", "stats"];
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, "src", folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && file !== "sentences.ts" && file !== "measures.ts")
      .filter((file) => {
        const text = readFileSync(join(root, "src", folder, file), "utf8").replace(
          /^\s*(\*|\/\/|\/\*).*$/gm,
          "",
        );
        return (text.match(/`[^`]*`|"[^"\n]*"/g) ?? []).some((one) => claims.test(one));
      })
      .map((file) => `${folder}/${file}`),
  );
  assert.deepEqual(found, []);
});

test("compare and choose state no comparison that is not in the list", () => {
  const comparing =
    /\b(the best with|leads, not|slower from|faster from|the mix changed|at the same mix|the only one)\b/i;
  const allowed = [
    "compare/compareVerdict.ts: the mix changed",
    "compare/compareSteps.ts: at the same mix",
    "compare/compareAssumptions.ts: at the same mix",
    "choose/chooseAssumptions.ts: the best with",
    "choose/chooseVerdict.ts: the best with",
  ];
  const folder = join(root, "src", "decide");
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => /^(compare|choose)\/.*\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8").replace(/^\s*(\*|\/\/|\/\*).*$/gm, "");
      const literals = text.match(/`[^`]*`|"[^"\n]*"/g) ?? [];
      return literals.flatMap((one) => {
        const match = comparing.exec(one);
        return match === null ? [] : [`${file}: ${match[1].toLowerCase()}`];
      });
    });
  assert.deepEqual(
    [...new Set(found)].filter((one) => !allowed.includes(one)),
    [],
  );
});
