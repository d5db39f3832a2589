import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { commandLine } from "../../src/cli/main";
import { inNewNames } from "../../src/cli/oldNames";
import { ingestDemo } from "../../src/demo/openDemo";
import { explain } from "../../src/measures/explain";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { fieldnotes, folder } from "./command";

const { path: here, remove } = folder();
after(remove);

before(async () => {
  const store = await open(`${here}/fieldnotes.duckdb`);
  await ingestDemo(store);
  await run(store.connection, "delete from calls where hash(task_id) % 40 > 0");
  store.close();
});

/** What an old name was typed with, and the new words. */
const pairs: [string[], string[]][] = [
  [["exposure"], ["latency", "--exposure"]],
  [
    ["attainment", "--duration", "5"],
    ["latency", "--attainment", "--duration", "5"],
  ],
  [
    ["distribution", "--metric", "cost_per_call"],
    ["latency", "--distribution", "--metric", "cost_per_call"],
  ],
  [
    ["variance-by-provider", "--between", "region"],
    ["latency", "--between", "region"],
  ],
  [["variance-by-provider"], ["latency", "--between"]],
  [
    ["outcome-by-latency", "--bins", "3"],
    ["latency", "--by-outcome", "--bins", "3"],
  ],
  [["stages"], ["latency", "--stages"]],
  [["context-length"], ["quality", "--by-length"]],
  [
    ["context-length", "--floor", "0.5"],
    ["quality", "--floor", "0.5"],
  ],
  [["pipeline-effects"], ["quality", "--pipeline"]],
  [["error-bursts"], ["reliability", "--bursts"]],
  [["fallback-chains"], ["reliability", "--fallbacks"]],
  [["load-curve"], ["throughput", "--load"]],
  [["cache-hits"], ["cost", "--cache-hits"]],
  [
    ["cache-hits", "--mixture"],
    ["latency", "--cache-mixture"],
  ],
  [
    ["cost", "--equal-quality", "resolve_rate"],
    ["cost", "--tiers", "resolve_rate"],
  ],
  [
    ["cost", "--by", "model", "--reprice", "list.json"],
    ["cost", "--by", "model", "--repriced", "list.json"],
  ],
  [["cost-pairs"], ["cost", "--pairs"]],
  [["bill-growth"], ["cost", "--growth"]],
  [["tiers"], ["benchmark", "tiers"]],
  [
    ["shortlist", "--benchmark", "arena-rating"],
    ["benchmark", "shortlist", "--benchmark", "arena-rating"],
  ],
  [
    ["summarise", "calls"],
    ["query", "--summary", "calls"],
  ],
];

/** Sums over threads may differ in the last digits. */
const rounded = (text: string) =>
  text.replace(/\d+\.\d{6,}(e-?\d+)?/g, (number) => Number(number).toPrecision(9));

const known = commandLine();

describe("a command's name of the version before", () => {
  for (const [was, now] of pairs)
    test(`${was.join(" ")} stands for ${now.join(" ")}`, () => {
      const words = inNewNames(known, was);
      for (const word of now) assert.ok(words.includes(word), words.join(" "));
      assert.equal(words[0], now[0]);
    });

  for (const [was, now] of pairs.filter((_, at) => at % 4 === 2))
    test(`${was.join(" ")} answers what ${now.join(" ")} does, with a line that names it`, async () => {
      const old = await fieldnotes([...was, "--json"], here);
      const fresh = await fieldnotes([...now, "--json"], here);
      assert.equal(old.code, 0, old.stderr);
      assert.ok(rounded(old.stdout) === rounded(fresh.stdout), "the same JSON");
      assert.ok(JSON.parse(fresh.stdout).measure !== undefined);
      const [line, ...rest] = old.stderr.split("\n");
      assert.match(line, new RegExp(`^fieldnotes: "${was[0]}.*" is now "${now[0]}`));
      assert.equal(rest.join("\n"), fresh.stderr);
    });

  for (const [was, now] of [
    ["cache-hits --mixture", "latency --cache-mixture"],
    ["cost --mixture", "latency --cache-mixture"],
    ["cost --cache", "cost --cache-hits"],
    ["cache-hits --by model --mixture", "latency --cache-mixture"],
    ["context-length --slope", "quality --slope"],
    ["context-length --by model --floor 0.5", "quality --floor"],
    ["help context-length --slope", "quality --slope"],
  ])
    test(`${was} is named by all of it: ${now}`, async () => {
      const lines: string[] = [];
      const write = process.stderr.write;
      process.stderr.write = (line: string | Uint8Array) => lines.push(String(line)) > 0;
      try {
        const words = inNewNames(known, was.split(" "));
        assert.deepEqual(
          words.filter((word) => word.startsWith("--") && word !== "--by"),
          [now.split(" ")[1]],
        );
      } finally {
        process.stderr.write = write;
      }
      assert.match(lines.join(""), new RegExp(`^fieldnotes: "[^"]+" is now "${now}";`));
    });

  test("fails as the new one does", async () => {
    const wrong = ["--public", "arena-rating"];
    const old = await fieldnotes(["contamination", ...wrong], here);
    const fresh = await fieldnotes(["benchmark", "contamination", ...wrong], here);
    assert.deepEqual([old.code, old.stderr.split("\n").slice(1).join("\n")], [2, fresh.stderr]);
  });

  test("may follow options of all commands, explain and help", async () => {
    const before = await fieldnotes(["--memory", "1GB", "--json", "stages"], here);
    assert.match(before.stderr, /"stages" is now "latency --stages"/);
    const [old, fresh] = [
      await fieldnotes(["explain", "stages"], here),
      await fieldnotes(["explain", "latency", "--stages"], here),
    ];
    assert.ok(rounded(old.stdout) === rounded(fresh.stdout), "the same script");
    assert.match(old.stderr, /"explain stages" is now "explain latency --stages"/);
    const help = await fieldnotes(["help", "kernel", "install"], here);
    assert.match(help.stderr, /"kernel install" is now "lab --install-kernel"/);
    assert.ok(!existsSync(`${here}/lab`));
  });

  test("is no name where it is a value or a file", async () => {
    const { stderr } = await fieldnotes(["latency", "stages", "--by", "model"], here);
    assert.doesNotMatch(stderr, /is now/);
  });

  test("is known to the library's explain as well", async () => {
    const store = await open(`${here}/fieldnotes.duckdb`, { readOnly: true });
    try {
      const [old, fresh] = [
        await explain(store, "error-bursts"),
        await explain(store, "reliability --bursts"),
      ];
      assert.ok(rounded(old.script) === rounded(fresh.script), "the same script");
    } finally {
      store.close();
    }
  });

  test("is none of the names that are in use", () => {
    const names = measures.map(commandOf);
    for (const was of measures.flatMap((one) => one.was ?? [])) assert.ok(!names.includes(was), was);
  });
});
