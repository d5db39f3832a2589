import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { causesTruth } from "../src/demo/causes";
import { generateDemo } from "../src/demo/generate";
import { ingest } from "../src/logs/ingest";
import { checkCells } from "../src/notebook/precheck";
import { type Notebook, type NotebookCell, readNotebook } from "../src/notebook/read";
import { runNotebook } from "../src/notebook/run";
import { runNotebooks } from "../src/notebook/run-all";
import { open } from "../src/store/open";
import { built, root } from "./dist";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-notebooks-"));
const store = join(here, "demo.duckdb");
const folder = join(root, "notebooks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
const code = (cells: readonly NotebookCell[]) => cells.filter((cell) => cell.cell_type === "code");

before(async () => {
  built();
  const { logs } = generateDemo({ out: here, calls: 3000, truthCalls: 0 });
  const opened = await open(store);
  try {
    for (const { status, path, reason } of (await ingest(opened, logs)).files)
      assert.equal(status, "ingested", `${path}: ${reason}`);
  } finally {
    opened.close();
  }
});
after(() => rmSync(here, { recursive: true, force: true }));

test("the notebooks are numbered", () => {
  assert.ok(names.length > 0);
  for (const name of names) assert.match(name, /^\d\d-[a-z-]+\.ipynb$/);
});

test("the notebook on consistency takes a graded score with the score from which a run passes", async () => {
  const path = join(folder, "04-consistency.ipynb");
  const parameters = { db: store, score: "quality", pass: "0.6" };
  const run = await runNotebook(path, { parameters, timeout: 60 });
  assert.equal(run.status, "ok", run.reason);
  const said = code(run.notebook.cells).map(({ outputs }) => outputs);
  const choice = /for (\d+) % of the prompts, against (\d+) % when/.exec(JSON.stringify(said)) ?? [];
  const [, all, once] = choice.map(Number);
  assert.ok(all <= once && once <= 100, `${all} of all, ${once} when asked once`);
});

for (const [number, others] of [
  ["04", ["chat-assistant", "coding-assistant", "tamarisk-mini"]],
  ["05", ["chat-assistant", "coding-assistant", "tamarisk-mini"]],
  // A leaderboard has its models whether or not calls of them are chosen.
  ["06", ["chat-assistant", "coding-assistant"]],
  ["07", ["chat-assistant", "coding-assistant", "tamarisk-mini"]],
] as const)
  test(`notebook ${number} measures the chosen calls, and shows nothing of the others`, async () => {
    const path = join(folder, names.find((name) => name.startsWith(number)) as string);
    // The comment takes nothing with it that a notebook puts behind.
    const where = "workload = 'document-review' and model <> 'tamarisk-mini' -- ours";
    const parameters = { db: store, where, ...(number === "07" ? { profiles: "review" } : {}) };
    const run = await runNotebook(path, { parameters, timeout: 60 });
    assert.equal(run.status, "ok", run.reason);
    const shown = JSON.stringify(code(run.notebook.cells).map(({ outputs }) => outputs));
    assert.match(shown, /document-review/);
    assert.match(shown, /tamarisk-large/);
    for (const other of others) assert.ok(!shown.includes(other), other);
  });

test("the notebook to start from reads the demo's files as it stands and says what they show, in three cells", async () => {
  const run = await runNotebook(join(folder, "00-start-here.ipynb"), { timeout: 60 });
  assert.deepEqual([run.status, run.cells], ["ok", 7], run.reason);
  const said = run.notebook.cells.filter(({ cell_type }) => cell_type === "code")[2];
  assert.match(JSON.stringify(said.outputs), /is best by/);
  assert.match(JSON.stringify(run.notebook.cells), /application\/vnd\.plotly/);
});

/** Runs a notebook with a cell at its end, and returns what that prints. */
async function printed(
  name: string,
  cell: string,
  { nodeArguments = [], ...parameters }: { nodeArguments?: string[]; level?: number } = {},
): Promise<string> {
  const notebook = readNotebook(join(folder, `${name}.ipynb`));
  notebook.cells.push({ cell_type: "code", id: "asked", metadata: {}, source: cell });
  const run = await runNotebook(notebook, {
    ...{ cwd: folder, parameters: { db: store, ...parameters }, timeout: 60, kernel: { nodeArguments } },
  });
  assert.equal(run.status, "ok", run.reason);
  return JSON.stringify(run.notebook.cells.map(({ outputs }) => outputs ?? []));
}

test("the numbers of a data frame are the measure's: means by hour grouped by hand, and two measures joined by model", async () => {
  const rowsOf = (frame: string) =>
    `const told = (${frame}.values as any[][]).map((row) => Object.fromEntries(${frame}.columns.map((name, at) => [name, row[at]])));`;
  const near = "const near = (a: number, b: number) => Math.abs(a - b) <= 1e-5 * Math.abs(b);";
  const hours = await printed(
    "09-exploring",
    `${rowsOf("joined")}\n${near}
console.log(told.length > 3 && told.every((one) => near(one.seconds_mean, one.mean) && one.seconds_count === one.n), "by hour", told.length);`,
  );
  assert.match(hours, /true by hour \d/);
  const models = await printed(
    "10-what-if",
    `${rowsOf("both")}\n${near}
const [wait, price] = [(model) => waits.rows.find((row) => row.model === model), (model) => costs.rows.find((row) => row.model === model)];
console.log(told.length === waits.rows.length && told.every((one) => near(one.p95_high, wait(one.model).quantiles["0.95"].high) && near(one.cost_per_call, price(one.model).cost_per_call.value)), "by model", told.length);`,
  );
  assert.match(models, /true by model 6/);
});

test("the shares of causes, and what a fix is worth, cover what is planted in the log", async () => {
  // Fifteen intervals at once: at .999 each.
  const said = await printed(
    "12-why-it-fails",
    `const planted: Record<string, Record<string, number>> = ${JSON.stringify(causesTruth().causes)};
const holds = ({ low, high }: { low: number; high: number }, share: number) => low <= share && share <= high;
const found = why.rows.filter(({ cause }) => cause !== "nothing went wrong");
const covered = found.flatMap((row) => Object.entries(planted[row.cause]).filter(([name, share]) => holds(row[name], share)));
console.log(found.length, "causes,", covered.length, "of", 3 * found.length, "covered; first:", found[0].cause);`,
    { level: 0.999 },
  );
  assert.match(said, /5 causes, 15 of 15 covered; first: search failed/);
});

test("the notebook on causes says how to get them where nobody read a task", async () => {
  const file = join(here, "unread.duckdb");
  const opened = await open(file);
  opened.close();
  const run = await runNotebook(join(folder, "12-why-it-fails.ipynb"), {
    parameters: { db: file },
    timeout: 60,
  });
  assert.equal(run.status, "skipped", run.reason);
  assert.match(run.reason ?? "", /causes sheet draws tasks to read, and fieldnotes causes import reads/);
});

test("without danfojs a notebook that uses it says how to install it, and goes on", async () => {
  const hiding = join(here, "hiding.cjs");
  writeFileSync(
    hiding,
    `const Module = require("node:module"); const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  if (name === "danfojs-node") throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
  return resolve.call(this, name, ...rest);
};`,
  );
  // Every notebook that loads it does so by the same line, so that one is enough to run.
  const loads = names.flatMap(
    (name) => readFileSync(join(folder, name), "utf8").match(/require\(.*danfojs-node.*?\}/g) ?? [],
  );
  assert.equal(loads.length, 2);
  assert.equal(new Set(loads).size, 1);
  const said = await printed("09-exploring", 'console.log("to the end");', {
    nodeArguments: ["--require", hiding],
  });
  assert.match(said, /danfojs-node is not installed: docs\/library.md has its line/);
  assert.match(said, /to the end/);
});

/** A store's bytes, and the files beside it. */
const stateOf = (file: string) => ({
  hash: createHash("sha256").update(readFileSync(file)).digest("hex"),
  beside: readdirSync(dirname(file)).sort(),
});

test("with a user's store given, no notebook writes to it, and none leaves a file beside it", async () => {
  const place = join(here, "user");
  const file = join(place, "mine.duckdb");
  mkdirSync(place);
  const call = (at: number) => ({ call_id: `c${at}`, model: at % 2 ? "elm" : "oak", duration: 1 + (at % 7) });
  writeFileSync(
    join(place, "mine.jsonl"),
    Array.from({ length: 40 }, (_, at) => JSON.stringify(call(at))).join("\n"),
  );
  const mine = await open(file);
  await ingest(mine, join(place, "mine.jsonl"));
  mine.close();
  const before = stateOf(file);
  const executed = new Map<string, Notebook>();
  const paths = names.map((name) => join(folder, name));
  const options = { parameters: [`db=${file}`], timeout: 60, together: 2 };
  const { notebooks } = await runNotebooks(paths, options, (path, run) => executed.set(path, run));
  for (const { path, status, reason } of notebooks) assert.notEqual(status, "failed", `${path}: ${reason}`);
  assert.deepEqual(stateOf(file), before);
  const start = JSON.stringify(code(executed.get(paths[0])?.cells ?? []).map(({ outputs }) => outputs));
  assert.match(start, /40 calls, 0 tasks/);
  assert.match(start, /mine\.jsonl/);
});

test("on a log of failures without times, sections without data are one line at the end", async () => {
  const file = join(here, "failures.jsonl");
  const failure = (at: number) => ({ call_id: `c${at}`, model: at % 2 ? "elm" : "oak", status: "error" });
  writeFileSync(file, Array.from({ length: 40 }, (_, at) => JSON.stringify(failure(at))).join("\n"));
  const db = join(here, "failures.duckdb");
  const opened = await open(db);
  await ingest(opened, file);
  opened.close();
  const executed = new Map<string, Notebook>();
  const options = { parameters: [`db=${db}`], timeout: 60, together: 2 };
  const paths = names.map((name) => join(folder, name));
  const { notebooks } = await runNotebooks(paths, options, (path, run) => executed.set(path, run));
  for (const { path, status, reason } of notebooks) assert.notEqual(status, "failed", `${path}: ${reason}`);
  for (const { path } of notebooks.filter(({ status }) => status === "ok")) {
    const cells = executed.get(path)?.cells ?? [];
    const texts = cells.flatMap(({ outputs }) =>
      (outputs ?? []).map((output) => String("data" in output ? output.data["text/plain"] : "")),
    );
    assert.equal(texts.filter((text) => /^Not in this log: \d+ things?/.test(text)).length, 1, path);
    assert.ok(texts.includes("Not in this log."), path);
    assert.ok(!texts.some((text) => /^No call has/.test(text)), path);
  }
});

test("a notebook that ends while the engine has rows on disk leaves none of them beside the store", async () => {
  const before = stateOf(store);
  const source = [
    'import { open } from "fieldnotes";',
    'import { readdirSync } from "node:fs";',
    `const store = await open(${JSON.stringify(store)}, { readOnly: true, memory: "60MB" });`,
    `await store.connection.run("create temp table a as select range::varchar || repeat('x', 40) as a from range(3000000)");`,
    `console.log(readdirSync(${JSON.stringify(`${store}.tmp`)}).length > 0);`,
  ].join("\n");
  const cells = [{ cell_type: "code", id: "a", metadata: {}, source }];
  const run = await runNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells } as never, {
    cwd: folder,
    timeout: 60,
  });
  assert.equal(run.status, "ok", run.reason);
  assert.match(JSON.stringify(run.notebook.cells), /true/);
  assert.deepEqual(stateOf(store), before);
});

for (const name of names) {
  describe(name, () => {
    const path = join(folder, name);
    const { cells } = readNotebook(path);

    test("is kept without outputs and counts", () => {
      const raw = JSON.parse(readFileSync(path, "utf8"));
      for (const cell of raw.cells) {
        if (cell.cell_type !== "code") continue;
        assert.deepEqual(cell.outputs, []);
        assert.equal(cell.execution_count, null);
      }
      assert.doesNotMatch(readFileSync(path, "utf8"), /\/(home|Users|work|tmp)\//, "a path of one machine");
    });

    test("has cells of at most six lines, that the kernel takes", () => {
      for (const { source } of code(cells)) assert.ok(source.split("\n").length <= 6, source);
      assert.deepEqual(checkCells(cells), []);
    });

    test("opens with a question, closes with what the data cannot say, and takes the store as a parameter", () => {
      assert.equal(cells[0].cell_type, "markdown");
      assert.match(cells[0].source, /^# .*\?/);
      assert.match(cells.at(-1)?.source ?? "", /cannot say/);
      const tagged = cells.filter(({ metadata }) => (metadata.tags as string[])?.includes("parameters"));
      assert.deepEqual(tagged.length, 1);
      assert.match(tagged[0].source, /const db =/);
    });

    test("runs from top to bottom on a small demo, every cell without an error", async () => {
      const before = stateOf(store);
      const run = await runNotebook(path, { parameters: { db: store }, timeout: 60 });
      assert.equal(run.status, "ok", run.reason);
      for (const { source, execution_count, outputs } of code(run.notebook.cells)) {
        assert.notEqual(execution_count, null, source);
        for (const output of outputs ?? []) {
          assert.notEqual(output.output_type, "error", source);
          assert.ok(!(output.output_type === "stream" && output.name === "stderr"), JSON.stringify(output));
        }
      }
      const pictures = run.notebook.cells.flatMap(({ outputs }) => outputs ?? []);
      assert.ok(JSON.stringify(pictures).includes("application/vnd.plotly.v1+json"), "no figure was shown");
      assert.deepEqual(stateOf(store), before);
    });
  });
}
