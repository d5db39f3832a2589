import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { say } from "../../src/stats/sentences";
import { isFalseTooOften, isNamed, rowsIn } from "../calibration/anyPage";
import { countedIds, isTooOften, sentencesPage } from "../calibration/sentencePage";
import { type SentenceRow, said } from "../calibration/sentenceTally";

const root = join(__dirname, "..", "..");
const measured: SentenceRow[] = JSON.parse(
  readFileSync(join(root, "test", "calibration", "sentenceResults.json"), "utf8"),
);

test("every sentence that compares has been counted on logs whose truth is known", () => {
  assert.deepEqual(
    countedIds.filter((id) => !measured.some((row) => row.id === id)),
    [],
  );
  assert.deepEqual(
    measured.filter(({ logs }) => logs < 80),
    [],
    "80 logs at least",
  );
});

test("no sentence that claims something is false in more than 5 % of the logs of any world", () =>
  assert.deepEqual(
    measured.filter((row) => isTooOften(row)),
    [],
  ));

test("no claim of any command is settled and false in more than 5 % of the drawn worlds, but where the page says why", () => {
  const drawn = rowsIn();
  assert.deepEqual(
    drawn.filter((row) => isFalseTooOften(row) && !isNamed(row)),
    [],
  );
  const commands = new Set(drawn.map(({ command }) => command));
  const asked =
    "check,check --against,compare,compare --switch,route,route --cascade,trend,report,cost --tiers";
  for (const command of [
    ...asked.split(","),
    "tiers",
    "shortlist",
    "preferences",
    "agreement",
    "contamination",
  ])
    assert.ok(commands.has(command), command);
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

/** The code of a file without its comments, and without the line that says what a command is about. */
const statedIn = (path: string) =>
  readFileSync(path, "utf8")
    .replace(/^\s*(\*|\/\/|\/\*).*$/gm, "")
    .replace(/^\s*about:\s*["`].*$/gm, "");

test("latency and cost state nothing about time, tails and tiers that is not in the list", () => {
  const claims =
    /(not shown to be worse than|may be worse by|not like the others|half of the tail|very skewed:|best by mean but|independent spells|at every decile|clearly lower|neither is lower)/;
  const folders = ["measures/latency", "measures/cost", "measures/estimate", "stats"];
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, "src", folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && file !== "sentences.ts" && file !== "measures.ts")
      .filter((file) => {
        const text = statedIn(join(root, "src", folder, file));
        return (text.match(/`[^`]*`|"[^"\n]*"/g) ?? []).some((one) => claims.test(one));
      })
      .map((file) => `${folder}/${file}`),
  );
  assert.deepEqual(found, []);
});

test("a report states no comparison of models that is not in the list", () => {
  const comparing =
    /\b(is best|be best|the lowest|leads by|as good|not distinguishable|the next is|worse than)\b/;
  const found = ["sideSentences.ts", "headline.ts", "sideFindings.ts", "costFindings.ts"].flatMap((file) => {
    const text = statedIn(join(root, "src", "page", file));
    const literals = text.match(/`[^`]*`|"[^"\n]*"/g) ?? [];
    return literals.filter((one) => comparing.test(one)).map((one) => `${file}: ${one}`);
  });
  // What was measured, whatever is true of the models.
  const measured = ["also measured the lowest cost per call", "The lowest cost per call was that of"];
  assert.deepEqual(
    found.filter((one) => !measured.some((words) => one.includes(words))),
    [],
  );
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
      const text = statedIn(join(folder, file));
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
