import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calls } from "../../src/measures/calls";
import { consistency } from "../../src/measures/consistency/consistency";
import { worstPrompts } from "../../src/measures/consistency/repeatsWorst";
import { cost } from "../../src/measures/cost/cost";
import { attainment } from "../../src/measures/latency/attainment";
import { distribution } from "../../src/measures/latency/distribution";
import { exposure } from "../../src/measures/latency/exposure";
import { latency } from "../../src/measures/latency/latency";
import { outcomeByLatency } from "../../src/measures/latency/outcomeByLatency";
import { judged } from "../../src/measures/quality/judged";
import { quality } from "../../src/measures/quality/quality";
import { refusals } from "../../src/measures/quality/refusals";
import { structured } from "../../src/measures/quality/structured";
import { cacheHits } from "../../src/measures/service/cacheHits";
import { contextLength } from "../../src/measures/service/contextLength";
import { errorBursts } from "../../src/measures/service/errorBursts";
import { fallbackChains } from "../../src/measures/service/fallbackChains";
import { reliability } from "../../src/measures/service/reliability";
import { stages } from "../../src/measures/service/stages";
import { loadCurve, throughput } from "../../src/measures/service/throughput";
import type { Row, Table } from "../../src/measures/table";
import type { Store } from "../../src/store/open";
import { fc, runs } from "../property";
import { crowd } from "./agree/crowd";
import { hostile, withLog } from "./agree/hostile";

type Options = { by?: string[]; where?: string };
type Estimated = { n: number; value: number };
/** What a row says that its calls must add up to: how many, and the sum of their amounts. */
type Says = (row: never) => { n?: number; total?: number };

const sumOf = ({ n, value }: Estimated) => (n === 0 ? 0 : n * value);
const measures: Record<string, [(store: Store, options: Options) => Promise<Table>, Says]> = {
  latency: [
    latency,
    ({ n, mean }: { n: number; mean: Estimated }) => ({ n, total: n === 0 ? 0 : n * mean.value }),
  ],
  "time to first token": [
    (store, options) => latency(store, { ...options, metric: "ttft" }),
    ({ n }: { n: number }) => ({ n }),
  ],
  distribution: [
    (store, options) => distribution(store, { ...options, metric: "cost_per_task" }),
    ({ n, mean }: { n: number; mean: Estimated }) => ({ n, total: n === 0 ? 0 : n * mean.value }),
  ],
  attainment: [attainment, ({ calls: n }: { calls: number }) => ({ n })],
  exposure: [(store, { where }) => exposure(store, { where }), ({ calls: n }: { calls: number }) => ({ n })],
  "outcome by latency": [
    outcomeByLatency,
    ({ n, outcome }: { n: number; outcome: Estimated }) => ({ n, total: n * outcome.value }),
  ],
  reliability: [
    reliability,
    ({ calls: n, error_rate }: { calls: number; error_rate: Estimated }) => ({ n, total: sumOf(error_rate) }),
  ],
  "error bursts": [
    errorBursts,
    ({ calls: n, failed: total }: { calls: number; failed: number }) => ({ n, total }),
  ],
  "fallback chains": [fallbackChains, ({ tasks: n }: { tasks: number }) => ({ n })],
  "cache hits": [
    cacheHits,
    ({ calls: n, cost }: { calls: number; cost: Estimated }) => ({ n, total: sumOf(cost) }),
  ],
  throughput: [throughput, ({ calls: n }: { calls: number }) => ({ n })],
  "load curve": [
    loadCurve,
    ({ calls: n, duration }: { calls: number; duration: Estimated }) => ({ n, total: sumOf(duration) }),
  ],
  "context length": [
    contextLength,
    ({ calls: n, duration }: { calls: number; duration: Estimated }) => ({ n, total: sumOf(duration) }),
  ],
  stages: [stages, ({ tasks: n }: { tasks: number }) => ({ n })],
  cost: [cost, ({ tasks: n, total_cost: total }: { tasks: number; total_cost: number }) => ({ n, total })],
  quality: [
    (store, options) => quality(store, { ...options, score: "good" }),
    ({ n, mean }: { n: number; mean: Estimated }) => ({ n, total: n * mean.value }),
  ],
  judged: [
    (store, options) => judged(store, { ...options, score: "good" }),
    ({ n, raw }: { n: number; raw: Estimated }) => ({ n, total: n * raw.value }),
  ],
  refusals: [refusals, ({ calls: n }: { calls: number }) => ({ n })],
  structured: [structured, ({ calls: n }: { calls: number }) => ({ n })],
  consistency: [consistency, ({ runs: n }: { runs: number }) => ({ n })],
  "worst prompts": [worstPrompts, ({ runs: n }: { runs: number }) => ({ n })],
};

/** Nothing where a score is asked for that nobody gave. */
async function rowsOf(measure: string, store: Store, options: Options): Promise<Row[]> {
  try {
    return (await measures[measure][0](store, options)).rows;
  } catch (error) {
    if (error instanceof RangeError && /requires the name of a score|requires logs with/.test(error.message))
      return [];
    throw error;
  }
}

async function addsUp(measure: string, store: Store, options: Options): Promise<void> {
  for (const row of (await rowsOf(measure, store, options)).slice(0, 8)) {
    const found = await calls(store, { row, limit: 1000 });
    const says = measures[measure][1](row as never);
    if (says.n !== undefined) assert.equal(found.n, says.n, `${measure}: ${JSON.stringify(row)}`);
    if (says.total !== undefined && !Number.isNaN(says.total) && !Number.isNaN(found.total))
      assert.ok(
        Math.abs(found.total - says.total) <= 1e-9 * Math.max(1, says.total),
        `${found.total} is not ${says.total}: ${measure}`,
      );
    assert.deepEqual(
      found.notes.filter((note) => note.includes("has changed")),
      [],
    );
    const shares = found.rows.flatMap(({ share }) => share ?? []);
    if (shares.length > 0) assert.ok(Math.abs(shares.reduce((sum, x) => sum + x, 0) - 1) < 1e-9, measure);
  }
}

describe("the calls behind a row add up to what the row says", () => {
  for (const measure of Object.keys(measures))
    test(`of ${measure}, whatever can be missing in a log`, async () => {
      const settings = fc.record({
        by: fc.constantFrom<string[][]>([], ["model"], ["workload"], ["user_id"], ["weekday", "model"]),
        where: fc.constantFrom(undefined, undefined, "status = 'ok'", "duration > 0.6"),
      });
      await fc.assert(
        fc.asyncProperty(hostile, settings, async (log, { by, where }) => {
          await withLog(log, (store) => addsUp(measure, store, { by, where }));
        }),
        { numRuns: runs(6) },
      );
      await withLog(crowd({ seed: 3, tasks: 120, withoutTask: true, unpriced: true }), (store) =>
        addsUp(measure, store, { by: ["model"] }),
      );
    });
});
