import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { openDemo } from "../../src/demo/openDemo";
import { agreementRanks } from "../../src/measures/agreement/agreementRanks";
import { columnsWithCalls } from "../../src/measures/behind";
import { type Calls, calls } from "../../src/measures/calls";
import { latency } from "../../src/measures/latency/latency";
import { shift } from "../../src/measures/latency/shift";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { offeredMetrics } from "../../src/measures/metrics";
import { metricTable } from "../../src/measures/metricTable";
import { isEstimate, type Row, type Table } from "../../src/measures/table";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { fc, runs } from "../property";
import { crowd } from "./agree/crowd";
import { hostile, openLog, withLog } from "./agree/hostile";

type Options = { by?: string[]; where?: string };
/** What a row's calls must add up to: their number, and the sum of their amounts, for one column if it has several. */
type Says = { column?: string; n?: number; total?: number };
type Case = { options?: object; says: (row: never) => Says | Says[] };

const sumOf = ({ n, value }: Estimate) => (n === 0 ? 0 : n * value);
const count =
  (column: string) =>
  (row: Row): Says => ({ n: row[column] as number });

/** What the rows say of measures that need an option, or whose rows say more than their number of `calls`. */
const special: Record<string, Case> = {
  latency: {
    says: ({ n, mean }: { n: number; mean: Estimate }) => ({ n, total: n === 0 ? 0 : n * mean.value }),
  },
  "latency --distribution": {
    options: { metric: "cost_per_task" },
    says: ({ n, mean }: { n: number; mean: Estimate }) => ({ n, total: n === 0 ? 0 : n * mean.value }),
  },
  "latency --exposure": { options: { by: undefined }, says: count("calls") },
  "latency --by-outcome": {
    says: ({ n, outcome }: { n: number; outcome: Estimate }) => ({ n, total: sumOf(outcome) }),
  },
  reliability: {
    says: ({ calls: n, error_rate }: { calls: number; error_rate: Estimate }) => ({
      n,
      total: sumOf(error_rate),
    }),
  },
  "reliability --retry-after": { says: count("refused") },
  "reliability --bursts": {
    says: ({ calls: n, failed: total }: { calls: number; failed: number }) => ({ n, total }),
  },
  "reliability --fallbacks": { says: count("tasks") },
  "cost --cache-hits": {
    says: ({ calls: n, cost }: { calls: number; cost: Estimate }) => ({ n, total: sumOf(cost) }),
  },
  "throughput --load": {
    says: ({ calls: n, duration }: { calls: number; duration: Estimate }) => ({ n, total: sumOf(duration) }),
  },
  "quality --by-length": {
    says: ({ calls: n, duration }: { calls: number; duration: Estimate }) => ({ n, total: sumOf(duration) }),
  },
  "quality --floor": { options: { floor: 0.5 }, says: () => ({}) },
  "latency --stages": { says: count("tasks") },
  trajectories: {
    says: ({ tasks: n, steps }: { tasks: number; steps: Estimate }) => ({ n, total: sumOf(steps) }),
  },
  "trajectories --turns": {
    says: ({ conversations: n, cost_per_turn }: { conversations: number; cost_per_turn: Estimate }) => ({
      n,
      total: sumOf(cost_per_turn),
    }),
  },
  "trajectories --conversations": {
    says: ({ conversations: n, failed }: { conversations: number; failed: Estimate }) => ({
      n,
      total: failed.n,
    }),
  },
  "trajectories --tools": {
    says: ({ tasks: n, uses: total }: { tasks: number; uses: number }) => ({ n, total }),
  },
  "quality --pipeline": { says: count("n") },
  cost: { says: ({ tasks: n, total_cost: total }: { tasks: number; total_cost: number }) => ({ n, total }) },
  "cost --monthly": {
    options: { monthly: 30_000 },
    says: ({ cost_per_task: { n } }: { cost_per_task: Estimate }) => ({ n }),
  },
  "cost --repriced": {
    options: { as: "m0" },
    says: ({ calls: n, repriced: total }: { calls: number; repriced: number }) => ({ n, total }),
  },
  "cost --pairs": { says: () => ({}) },
  "cost --tiers": {
    options: { tiers: "resolve_rate" },
    says: (row: Record<"quality" | "cost", Estimate>) =>
      (["quality", "cost"] as const)
        .filter((column) => row[column].n > 0)
        .map((column) => ({ column, n: row[column].n })),
  },
  "cost --growth": { options: { at: "2026-03-05" }, says: () => ({}) },
  quality: {
    options: { score: "good" },
    says: ({ n, mean }: { n: number; mean: Estimate }) => ({ n, total: n * mean.value }),
  },
  "quality --judge": {
    options: { score: "good" },
    says: ({ n, raw }: { n: number; raw: Estimate }) => ({ n, total: n * raw.value }),
  },
  "quality --pairs": { options: { score: "good" }, says: () => ({}) },
  "quality --flips": { options: { score: "good", flips: "m0,m1" }, says: count("runs") },
  "quality --controlled": { options: { score: "good", controlled: "output_length" }, says: count("n") },
  "quality --drift": { options: { score: "good" }, says: count("items") },
  "quality --raters": { options: { score: "good" }, says: count("subjects") },
  "quality --validator": { options: { score: "good", validator: "grade" }, says: count("n") },
  "quality --beside": { options: { score: "good", beside: "grade" }, says: count("n") },
  consistency: { says: count("runs") },
  "consistency --worst": { options: { worst: 10 }, says: count("runs") },
  "consistency --form": { says: count("runs") },
  "consistency --single-shot": { says: () => ({}) },
};

/** Tables whose rows are not made of calls in the log. */
const without: Record<string, string> = {
  agreement: "a row is a benchmark against a metric of all models",
  "agreement --side-by-side": "a row is a question to benchmarks and production",
  "agreement --releases": "a row is a step of a leaderboard's best model",
  "benchmark tiers": "a row is a model on a benchmark",
  "benchmark contamination": "a row is a model on two benchmarks",
  trend: "a row is a course of days; the calls of its days are those of the metric's own measure by day",
  preferences: "comparisons belong to no call",
};

/** Every measure of the log by name, with its options and what its rows say. */
const cases: Record<string, Case> = Object.fromEntries(
  measures
    .map(commandOf)
    .filter((name) => !(name in without))
    .map((name) => [name, special[name] ?? { says: plain(name) }]),
);

/** A column `calls`, which a measure has that is not named above. */
function plain(name: string): Case["says"] {
  return (row: Row) => {
    assert.ok(
      typeof row.calls === "number",
      `rows of ${name} have no number of calls: say in \`special\` what they count, or in \`without\` why they count no calls`,
    );
    return { n: row.calls };
  };
}

/** Undefined if the log doesn't have the score or price. */
async function tableOf(name: string, store: Store, options: Options): Promise<Row[]> {
  const measure = measures.find((one) => commandOf(one) === name);
  if (measure === undefined) throw new Error(`no measure ${name}`);
  try {
    return (await measure.run(store, { ...options, ...cases[name].options } as never)).rows;
  } catch (error) {
    if (
      error instanceof RangeError &&
      /requires (the name of a score|logs with|by to include|a model with a price|prices of|a score given by a rule)/.test(
        error.message,
      )
    )
      return [];
    throw error;
  }
}

async function rowAddsUp(store: Store, row: Row, { column, n, total }: Says, name: string): Promise<Calls> {
  const found = await calls(store, { row, column, limit: 1000 });
  const which = `${name} ${column ?? ""}: ${JSON.stringify(row)}`;
  if (n !== undefined) assert.equal(found.n, n, which);
  if (total !== undefined && !Number.isNaN(total) && !Number.isNaN(found.total))
    assert.ok(
      Math.abs(found.total - total) <= 1e-9 * Math.max(1, Math.abs(total)),
      `${found.total} is not ${total}: ${which}`,
    );
  assert.deepEqual(
    found.notes.filter((note) => note.includes("has changed")),
    [],
    which,
  );
  const shares = found.rows.flatMap(({ share }) => share ?? []);
  if (shares.length > 0 && shares.length < 1000)
    assert.ok(Math.abs(shares.reduce((sum, x) => sum + x, 0) - 1) < 1e-9, which);
  return found;
}

async function addsUp(name: string, store: Store, options: Options): Promise<number> {
  const rows = await tableOf(name, store, options);
  // The first and the last: reading what is behind a row measures it again.
  for (const row of rows.filter((_, at) => at === 0 || at === rows.length - 1))
    for (const says of [cases[name].says(row as never)].flat()) await rowAddsUp(store, row, says, name);
  return rows.length;
}

/** Every column with its own calls adds up to what its estimate says. */
async function columnsAddUp(
  store: Store,
  { measure, rows }: Pick<Table, "measure" | "rows">,
): Promise<number> {
  let checked = 0;
  for (const row of rows)
    for (const column of columnsWithCalls(row)) {
      const cell = row[column];
      await rowAddsUp(store, row, { column, ...(isEstimate(cell) ? statedBy(column, cell) : {}) }, measure);
      checked++;
    }
  return checked;
}

// Conversations and users aren't calls, corrected judges count differently, and a longest input counts scores.
const statedBy = (column: string, { n, method }: Estimate): Says =>
  /conversation|user|effective_context|consistency/.test(column) || /corrected|ppi/.test(method) ? {} : { n };

describe("the calls behind a row add up to what the row says", () => {
  test("of every measure, or it says why no calls stand behind its rows, and nothing else is listed", () => {
    const names = measures.map(commandOf);
    for (const name of [...Object.keys(special), ...Object.keys(without)])
      assert.ok(names.includes(name), `${name} is no measure`);
  });

  let many: Store;
  before(async () => {
    many = await openLog(crowd({ seed: 3, tasks: 120, withoutTask: true, unpriced: true }));
  });
  after(() => many.close());

  for (const name of Object.keys(cases))
    test(`of ${name}, whatever can be missing in a log`, async () => {
      const settings = fc.record({
        by: fc.constantFrom<string[][]>([], ["model"], ["workload"], ["user_id"], ["weekday", "model"]),
        where: fc.constantFrom(undefined, undefined, "status = 'ok'", "duration > 0.6"),
      });
      await fc.assert(
        fc.asyncProperty(hostile, settings, async (log, { by, where }) => {
          await withLog(log, (store) => addsUp(name, store, { by, where }));
        }),
        { numRuns: runs(2) },
      );
      await addsUp(name, many, { by: ["model"] });
    });

  const metrics = [...offeredMetrics("list"), ...offeredMetrics("compare")].map(({ name }) => name);
  const names = [...new Set([...metrics, "score:good", "duration_mean", "retry_rate"])];

  test("of each metric of a table of metrics, whatever can be missing in a log", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom([], ["model"], ["workload", "model"]), async (log, by) => {
        await withLog(log, async (store) => {
          const { measure, rows } = await metricTable(store, { metrics: names, by });
          await columnsAddUp(store, { measure, rows: rows.slice(0, 3) });
        });
      }),
      { numRuns: runs(2) },
    );
  });

  test("of both sides of a comparison", () =>
    withLog(crowd({ seed: 5, tasks: 300, withoutTask: true, unpriced: true }), async (store) => {
      const found = await compare(store, { switch: "2026-03-09" });
      for (const row of found.rows)
        for (const column of ["a", "b"] as const)
          await rowAddsUp(store, row, { column, ...statedBy(row.metric, row[column]) }, "compare");
      assert.ok(found.rows.length > 10);
      const [row] = found.rows;
      const { notes } = await calls(store, { row });
      assert.match(notes[0], /metric .*, column b\.$/);
    }));
});

describe("the calls behind the rows of the demo", () => {
  let store: Store;
  before(async () => {
    store = await openDemo();
    // A third of its users says the same in half the time.
    await run(
      store.connection,
      "delete from calls where environment is distinct from 'evaluation' and hash(user_id) % 3 > 0",
    );
  });
  after(() => store.close());

  const asked: Record<string, object> = {
    "cost --repriced": { as: "orrery-swift" },
    quality: { score: "hallucination" },
    "quality --judge": { score: "hallucination" },
    "quality --pairs": { score: "correct" },
    "quality --flips": { score: "correct", flips: "orrery-apex,orrery-swift" },
    "quality --controlled": { score: "hallucination", controlled: "output_length" },
    "quality --drift": { score: "hallucination" },
    "quality --raters": { score: "hallucination" },
    "quality --validator": { score: "hallucination", validator: "supported" },
    "quality --beside": { score: "hallucination", beside: "evidence_position" },
  };
  for (const name of Object.keys(cases))
    test(`add up to what ${name} says, and there are some`, async () => {
      const options = { by: ["workload", "model"], ...asked[name] };
      const own = cases[name].options;
      const measure = measures.find((one) => commandOf(one) === name);
      const rows = (await measure?.run(store, { ...options, ...own, ...asked[name] } as never))?.rows ?? [];
      // The demo company's agents log no tools, and nobody has read why its tasks fail.
      assert.ok(
        rows.length > 0 ||
          ["trajectories --tools", "causes", "causes --worth", "causes --began"].includes(name),
        name,
      );
      for (const row of rows.slice(0, 2))
        for (const says of [cases[name].says(row as never)].flat())
          assert.ok((await rowAddsUp(store, row, says, name)).rows.length > 0, JSON.stringify(row));
    });

  test("add up for each metric, each rank and each criterion of a choice", async () => {
    const by = "model";
    const where = "workload = 'document-review'";
    const table = await metricTable(store, {
      metrics: [
        "cost_per_user",
        "effective_context:0.7",
        "cost_per_resolved",
        "ttft_p95",
        "score:hallucination",
      ],
      by,
      where,
    });
    const known = table.rows.flatMap((row) =>
      Object.values(row).filter((cell) => isEstimate(cell) && cell.n > 0),
    );
    assert.ok(known.length >= 4 * table.rows.length);
    assert.equal(await columnsAddUp(store, table), known.length);
    const ranks = await agreementRanks(store, { benchmark: "general-knowledge", metric: "duration_p95", by });
    assert.equal(await columnsAddUp(store, ranks), ranks.rows.length);
    const choice = await choose(store, { profile: "review", by });
    const [row] = choice.rows;
    assert.deepEqual(columnsWithCalls(row).sort(), Object.keys(row.criteria).sort());
    for (const column of columnsWithCalls(row)) await rowAddsUp(store, row as never, { column }, "choose");
    const quantiles = await latency(store, { by, where, q: [0.1, 0.5, 0.9] });
    const [a, b] = quantiles.rows.map(({ model }) => ({ model }));
    const moved = shift(quantiles as never, { a, b });
    assert.equal((await calls(store, { row: moved.rows[0], column: "b" })).n, quantiles.rows[1].n);
  });
});
