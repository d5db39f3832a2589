import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { priceCalls } from "../../../src/logs/complete/price";
import { ingest } from "../../../src/logs/ingest";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { near } from "../../same";
import { pick, type Read, readFiles } from "./read";

// Files from real tools are next to the checkout, if available, and are read in place.
const cases = join(__dirname, "..", "..", "..", "..", "shared", "cases");
const required = (process.env.FIELDNOTES_REQUIRE ?? "").split(",").includes("cases");
const skip = existsSync(cases) || required ? false : "the folder of real files is not beside the checkout";

const filesIn = (folder: string) => readdirSync(join(cases, folder)).map((name) => join(cases, folder, name));
const formatsOf = ({ files }: Read) => [...new Set(files.map(({ format }) => format))];

describe("real files", { skip }, () => {
  test("langfuse: calls are the generations alone, without the events of a framework, timed by their timestamps", async () => {
    const found = await readFiles(filesIn("langfuse"));
    assert.deepEqual(formatsOf(found), ["langfuse"]);
    assert.equal(found.calls.length, 16);
    assert.equal(found.spans.length, 76);
    assert.equal(found.tasks.length, 7);
    assert.equal(found.scores.length, 6);
    const durations = found.calls.map((row) => row.duration).filter((one) => one !== null) as number[];
    assert.equal(durations.length, 15);
    near(Math.max(...durations), 17.163);
    near(
      found.calls.reduce((sum, row) => sum + ((row.cost as number) ?? 0), 0),
      0.007326649998,
    );
  });

  test("conversations with labels: an agent's first failure by state, and every message and tool of it", async () => {
    const found = await readFiles(filesIn("failures"));
    assert.deepEqual(formatsOf(found), ["conversation"]);
    assert.equal(new Set(found.calls.map((row) => row.conversation_id)).size, 96);
    const failures = found.scores.filter(({ name }) => name === "first_failure_state");
    const count = (label: string) => failures.filter((row) => row.label === label).length;
    assert.deepEqual(
      ["GetRecipes", "GenRecipeArgs", "GetCustomerProfile", "GenWebArgs"].map(count),
      [32, 20, 13, 8],
    );
    assert.ok(
      found.calls.every(
        ({ cost, duration, started_at }) => cost === null && duration === null && started_at === null,
      ),
    );
    assert.deepEqual([found.calls.length, found.spans.length], [679, 307]);
  });

  test("tau-bench: 200 trials of 50 tasks, pass^1 0.42, and no cost", async () => {
    const found = await readFiles(filesIn("tau-bench"));
    assert.deepEqual(formatsOf(found), ["tau-bench"]);
    assert.equal(found.tasks.length, 200);
    assert.equal(new Set(found.tasks.map((row) => row.prompt_id)).size, 50);
    const solved = new Map<unknown, number>();
    for (const { prompt_id, resolved } of found.tasks)
      solved.set(prompt_id, (solved.get(prompt_id) ?? 0) + Number(resolved));
    const choose = (n: number, k: number): number =>
      k === 0 ? 1 : n < k ? 0 : (choose(n - 1, k - 1) * n) / k;
    const passed = [1, 2, 3, 4].map(
      (k) => [...solved.values()].reduce((sum, c) => sum + choose(c, k) / choose(4, k), 0) / solved.size,
    );
    for (const [at, expected] of [0.42, 0.27333, 0.22, 0.2].entries())
      near(passed[at], expected, `pass^${at + 1}`, 0, 5e-6);
    assert.ok(found.calls.every((row) => row.cost === null && row.environment === "evaluation"));
  });

  test("tau2-bench: mean reward 0.98, half of the simulations within 89.4 s, cost not known", async () => {
    const found = await readFiles(filesIn("tau2-bench"));
    assert.deepEqual(formatsOf(found), ["tau2-bench"]);
    near(found.scores.reduce((sum, row) => sum + (row.value as number), 0) / found.scores.length, 0.98);
    // Uses of tools are spans as well, and have no times here.
    const durations = found.spans
      .filter(({ tool }) => tool === null)
      .map((row) => row.duration as number)
      .sort((a, b) => a - b);
    near((durations[24] + durations[25]) / 2, 89.4, "median", 0, 0.05);
    assert.ok(found.calls.every((row) => row.cost === null));
    assert.equal(found.calls.filter((row) => row.role === "answer").length, 556);
  });

  test("inspect: the metrics of the results come out of the samples, from .json and .eval alike", async () => {
    const found = await readFiles(filesIn("inspect"));
    assert.deepEqual(formatsOf(found), ["inspect"]);
    const failed = found.files.filter(({ status }) => status === "failed");
    assert.equal(failed.length, 1);
    assert.match(failed[0].reason ?? "", /no samples/);
    const scoresOf = (name: string) => {
      const at = found.files
        .filter(({ status }) => status === "ingested")
        .findIndex(({ path }) => path.includes(name));
      return found.scores.filter((row) => row.ingest_id === at + 1).map((row) => row.value as number);
    };
    const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    near(mean(scoresOf("T20-28-13")), 0.6666666666666666);
    near(mean(scoresOf("browser")), 1);
    const browser = found.calls.filter((row) => row.workload === "browser");
    // The sum of the sample's usage: cached tokens are inside it, and counted once.
    assert.equal(
      browser.reduce((sum, row) => sum + (row.input_tokens as number), 0),
      15235,
    );
    assert.equal(
      browser.reduce((sum, row) => sum + (row.cache_read_input_tokens as number), 0),
      9088,
    );
  });

  test("prices: gpt-4o costs 2.5e-06 and 1e-05 dollars a token in both lists, and the lists price real calls as logged", async () => {
    const store = await open(":memory:");
    try {
      const { files } = await ingest(store, [...filesIn("price-tables"), ...filesIn("langfuse")]);
      assert.deepEqual([...new Set(files.map(({ format }) => format))].sort(), [
        "genai-prices",
        "langfuse",
        "litellm-prices",
      ]);
      const prices = await rowsOf(
        store.connection,
        "select model, input, output from prices where model = 'gpt-4o' and source like '%:openai' and service_tier is null",
      );
      assert.deepEqual(prices, Array(2).fill({ model: "gpt-4o", input: 2.5e-6, output: 1e-5 }));
      await run(
        store.connection,
        "create temp table logged as select call_id, cost as logged_cost from calls where cost_source = 'log'",
      );
      await run(store.connection, "update calls set cost = null, cost_source = null");
      await priceCalls(store.connection);
      const [row] = await rowsOf(
        store.connection,
        `select count(*) as priced, max(abs(cost / logged_cost - 1)) as off from calls join logged using (call_id)
         where cost_source = 'price' and request_model <> 'gpt-4o-2024-08-06'`,
      );
      // The export of one model was priced by its own, older list.
      assert.equal(row.priced, 11);
      assert.ok((row.off as number) < 1e-6);
    } finally {
      store.close();
    }
  });

  test("leaderboards: every table with a signature is told, and its rows are counted", async () => {
    const found = await readFiles([
      ...filesIn("arena-hard"),
      ...filesIn("benchbench"),
      ...filesIn("alpaca_eval").filter((path) => path.endsWith(".csv")),
    ]);
    assert.deepEqual(formatsOf(found).sort(), [
      "alpaca-eval",
      "arena-hard",
      "arena-table",
      "leaderboard-table",
    ]);
    assert.deepEqual(
      found.files.filter(({ status }) => status !== "ingested"),
      [],
    );
    const arena = found.benchmarks.filter((row) => row.benchmark === "Chatbot Arena");
    assert.equal(arena.length, 76);
    const model = found.benchmarks.find(
      (row) => row.source === "weighted_alpaca_eval_gpt4_turbo_leaderboard" && row.model === "NullModel",
    );
    assert.deepEqual(pick(model, "score", "standard_error", "items"), {
      score: 76.91979180386511,
      standard_error: 0.9090102449662572,
      items: 805,
    });
  });

  test("files without a signature are refused with a mapping to start from", async () => {
    const found = await readFiles([
      ...filesIn("mooncake"),
      ...filesIn("azure-llm-trace").filter((path) => path.endsWith(".csv")),
    ]);
    for (const { status, reason } of found.files) {
      assert.equal(status, "failed");
      assert.match(reason ?? "", /Write a mapping/);
    }
  });
});
