import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { calls as callsOf } from "../../../src/measures/calls";
import { cost } from "../../../src/measures/cost/cost";
import { latencyCurves } from "../../../src/measures/latency/curves";
import { latencyDistribution } from "../../../src/measures/latency/distribution";
import { latency } from "../../../src/measures/latency/latency";
import { quantileInterval } from "../../../src/stats/quantileInterval";
import { random } from "../../../src/stats/random";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Log-normal durations, longer by a factor in the body and in the tail of model b. */
function calls(count: number, body: number, tail: number, seed = 3): Call[] {
  const r = random(seed);
  return Array.from({ length: count }, (_, at) => {
    const z = r.normal();
    const model = at % 2 === 0 ? "a" : "b";
    const factor = model === "a" ? 1 : z > 0.6 ? tail : body;
    return {
      model,
      task_id: `t${Math.floor(at / 4)}-${model}`,
      duration: Math.exp(z) * factor,
      cost: 0.001 * Math.exp(z) * factor,
      input_tokens: 10,
      output_tokens: 1 + Math.floor(20 * Math.exp(z)),
      status: "ok",
    };
  });
}
const plain = { cluster: "call_id" };

describe("latencyDistribution", () => {
  thorough("has those of an attribute that is a number, whose calls are behind its rows", async () => {
    const all = calls(400, 1, 1);
    await withCalls(all, async (store) => {
      await store.connection.run(
        `alter table calls add column "attributes.own.queue_ms" double;
         alter table calls add column "attributes.tenant" varchar;
         update calls set "attributes.own.queue_ms" = 1000 * duration where output_tokens > 5`,
      );
      const waited = all.filter(({ model, output_tokens }) => model === "a" && Number(output_tokens) > 5);
      for (const metric of ["queue_ms", "Queue_MS", "own.queue_ms", "attributes.own.queue_ms"]) {
        const { rows, notes } = await latencyDistribution(store, { ...plain, metric, by: "model", q: [0.5] });
        assert.equal(rows[0].n, waited.length);
        const own = waited.map(({ duration }) => 1000 * Number(duration));
        near(rows[0].quantiles["0.5"].value, quantileInterval(own, 0.5).value);
        assert.match(notes.join("\n"), /calls have no attributes.own.queue_ms and are left out/);
        const behind = await callsOf(store, { row: rows[0] });
        assert.equal(behind.n, waited.length);
        near(
          behind.total,
          own.reduce((sum, one) => sum + one, 0),
        );
      }
      await assert.rejects(
        latencyDistribution(store, { metric: "tenant" }),
        /requires a metric that is a number, and attributes.tenant is text/,
      );
      await store.connection.run('alter table calls add column "attributes.other.queue_ms" double');
      await assert.rejects(
        latencyDistribution(store, { metric: "queue_ms" }),
        /names one attribute.*there are attributes.own.queue_ms, attributes.other.queue_ms/,
      );
    });
  });

  test("has the quantiles of any number of calls, and of tasks with all their calls", async () => {
    const all = calls(400, 1, 1);
    await withCalls(all, async (store) => {
      const { rows } = await latencyDistribution(store, {
        ...plain,
        metric: "output_tokens",
        by: "model",
        q: [0.5],
      });
      const own = all.filter(({ model }) => model === "a").map((call) => Number(call.output_tokens));
      near(rows[0].quantiles["0.5"].value, quantileInterval(own, 0.5).value);
      assert.equal(rows[0].quantiles["0.5"].unit, "tokens");
      const tasks = await latencyDistribution(store, {
        ...plain,
        metric: "cost_per_task",
        by: "model",
        q: [0.5],
      });
      const sums = new Map<unknown, number>();
      for (const { task_id, cost, model } of all)
        if (model === "a") sums.set(task_id, (sums.get(task_id) ?? 0) + Number(cost));
      assert.equal(tasks.rows[0].n, sums.size);
      near(tasks.rows[0].quantiles["0.5"].value, quantileInterval([...sums.values()], 0.5).value);
      assert.equal(tasks.rows[0].quantiles["0.5"].unit, "USD");
    });
  });

  thorough("says that one model is lower at every decile only where all nine are apart", async () => {
    const said = async (all: Call[]) =>
      withCalls(all, async (store) =>
        (await latencyDistribution(store, { ...plain, by: "model" })).notes.at(-1),
      );
    assert.equal(await said(calls(4000, 2, 2)), "a is lower than b at every decile.");
    assert.match(
      String(await said(calls(4000, 2, 1))),
      /^a is clearly lower than b at p10 to p[78]0 alone\.$/,
    );
    assert.match(
      String(await said(calls(4000, 2, 0.3))),
      /^a is lower than b at p10 to p.*, and higher at p.*: neither is lower throughout\.$/,
    );
    assert.equal(await said(calls(4000, 1, 1)), "a and b are not distinguishable at any decile.");
  });

  test("a task with a call of unknown cost is bounded as in cost, not taken for cheap or free", async () => {
    const some = ["a", "b", "b", "c"].map(
      (task_id, at): Call => ({
        task_id,
        model: "m",
        status: "ok",
        input_tokens: 10,
        cost: [1, 2, null, null][at],
        started_at: `2026-03-02 10:00:0${at}`,
      }),
    );
    await withCalls(some, async (store) => {
      const { rows, notes } = await latencyDistribution(store, {
        metric: "cost_per_task",
        by: "model",
        q: [0.5],
      });
      const [{ cost_per_task }] = (await cost(store, { by: "model" })).rows;
      assert.deepEqual(rows[0].mean, { ...cost_per_task, unit: "USD" });
      assert.deepEqual([rows[0].n, rows[0].mean.value, rows[0].quantiles["0.5"].value], [3, 1, 1]);
      // An unknown call costs as much as the dearest known one at most: tasks of 1, 4 and 2.
      assert.deepEqual(rows[0].quantiles["0.5"].unpriced, { calls: 2, of: 4, at_most: 2 });
      assert.match(String(notes), /2 of 4 calls have no known cost: each costs at least 0, and at most/);
    });
  });

  test("costs none of which is known have no quantiles, and are lower than none", async () => {
    const some = Array.from({ length: 400 }, (_, at): Call => {
      const failed = at % 4 === 1;
      return {
        task_id: `t${at}`,
        user_id: `u${at % 40}`,
        model: at % 2 === 0 ? "priced" : "bare",
        status: failed ? "error" : "ok",
        input_tokens: 10,
        output_tokens: failed ? 0 : 10,
        cost: at % 2 === 0 ? 1 + at / 400 : failed ? 0 : null,
      };
    });
    await withCalls(some, async (store) => {
      for (const metric of ["cost_per_task", "cost_per_call"]) {
        const { rows, notes } = await latencyDistribution(store, { metric, by: "model" });
        const bare = rows.find(({ model }) => model === "bare");
        const known = [bare?.mean, ...Object.values(bare?.quantiles ?? {})].map((one) => one?.value);
        assert.deepEqual(new Set(known), new Set([Number.NaN]));
        assert.doesNotMatch(notes.join(" "), /lower than|distinguishable/);
        const curves = await latencyCurves(store, { metric, by: "model" });
        assert.deepEqual(
          curves.map(({ name }) => name),
          ["priced"],
        );
      }
    });
  });

  test("one model is lower at every decile only where no unknown cost can turn it", async () => {
    const said = async (unknown: (at: number) => boolean) => {
      const some = Array.from({ length: 800 }, (_, at): Call => {
        const [model, least] = at % 2 === 0 ? ["cheap", 1] : ["dear", 3];
        const known = model === "dear" || !unknown(at);
        return { model, status: "ok", input_tokens: 10, cost: known ? least + (at % 97) / 97 : null };
      });
      return withCalls(some, async (store) => {
        const { notes } = await latencyDistribution(store, {
          ...plain,
          metric: "cost_per_call",
          by: "model",
        });
        return notes.at(-1);
      });
    };
    assert.equal(await said((at) => at % 100 === 0), "cheap is lower than dear at every decile.");
    assert.match(
      String(await said((at) => at % 10 < 4)),
      /^cheap is clearly lower than dear at p10 to p[56]0 alone\.$/,
    );
  });

  test("refuses what is no number of a call, and names those that are", async () => {
    await withCalls([{ duration: 1 }], async (store) => {
      await assert.rejects(
        latencyDistribution(store, { metric: "error_rate" }),
        /latencyDistribution requires a metric of duration, .*cost_per_task, cost_per_conversation, .*attempts_per_task, got "error_rate"/,
      );
      await assert.rejects(
        latency(store, { metric: "cost_per_call" as never }),
        /got "cost_per_call"; fieldnotes latency --distribution has cost_per_call$/,
      );
      await assert.rejects(
        latency(store, { metric: "cost" as never }),
        /got "cost"; fieldnotes latency --distribution has cost_per_call, cost_per_task and cost_per_conversation$/,
      );
      await assert.rejects(
        latencyDistribution(store, { metric: "cost" }),
        /got "cost"; did you mean cost_per_call, cost_per_task or cost_per_conversation\?$/,
      );
    });
  });

  test("gives curves whose bins count every value once, zeros apart", async () => {
    const some = [0, 0, 1, 1.2, 3, 40].map((duration) => ({ duration, status: "ok" }));
    await withCalls(some, async (store) => {
      const [{ bins, n }] = await latencyCurves(store, { by: "" });
      assert.equal(n, 6);
      assert.deepEqual(bins[0], { from: 0, to: 0, n: 2 });
      assert.equal(
        bins.reduce((sum, bin) => sum + bin.n, 0),
        6,
      );
      for (const { from, to } of bins.slice(1)) near(to / from, 10 ** 0.1);
      assert.deepEqual(
        bins.slice(1).map((bin) => bin.n),
        [2, 1, 1],
      );
    });
  });
});

describe("latency with more", () => {
  test("has the trimmed mean, p99 over p50 and the share of all waiting in the slowest 1 %, as plain arrays have them", async () => {
    const all = calls(4000, 1, 1, 8).map((call): Call => ({ ...call, model: "a" }));
    await withCalls(all, async (store) => {
      const [row] = (await latency(store, { ...plain, by: "model", more: true })).rows;
      const sorted = all.map(({ duration }) => Number(duration)).sort((x, y) => x - y);
      const mean = (some: number[]) => some.reduce((sum, x) => sum + x, 0) / some.length;
      const trimmed = mean(sorted.slice(200, 3800));
      assert.ok(Math.abs((row.trimmed_mean?.value ?? 0) / trimmed - 1) < 1e-3);
      const slowest = sorted.slice(3960).reduce((sum, x) => sum + x, 0) / (4000 * mean(sorted));
      assert.ok(Math.abs((row.slowest_share?.value ?? 0) / slowest - 1) < 5e-3);
      near(row.p99_to_p50?.value ?? 0, row.quantiles["0.99"].value / row.quantiles["0.5"].value);
      for (const cell of [row.trimmed_mean, row.slowest_share, row.p99_to_p50])
        assert.ok(cell !== undefined && cell.low < cell.value && cell.value < cell.high);
      // In a log-normal with spread 1 the slowest 1 % hold 9.2 % of the total.
      assert.ok((row.slowest_share?.low ?? 1) < 0.092 && (row.slowest_share?.high ?? 0) > 0.092);
    });
  });

  thorough(
    "is open above where timeouts could only raise it, and has no share where p99 is not bounded",
    async () => {
      const cut = calls(4000, 1, 1).map((call, at) =>
        at % 400 === 0 ? { ...call, status: "timeout", duration: 30 } : call,
      );
      await withCalls(cut, async (store) => {
        const [row] = (await latency(store, { ...plain, by: "", more: true })).rows;
        assert.equal(row.slowest_share?.high, 1);
        assert.match(row.slowest_share?.note ?? "", /^at least this: 10 calls are timeouts/);
        assert.ok(Number.isFinite(row.trimmed_mean?.high), "timeouts above p95 are trimmed");
      });
      await withCalls(calls(100, 1, 1), async (store) => {
        const [row] = (await latency(store, { ...plain, by: "", more: true })).rows;
        assert.ok(Number.isNaN(row.slowest_share?.high));
        assert.match(row.slowest_share?.note ?? "", /^p99 needs/);
      });
    },
  );

  thorough("says where the first by mean is not the first by p95, and how sure that is", async () => {
    const r = random(4);
    const both: Call[] = Array.from({ length: 2000 }, (_, at) => {
      const base = at % 2 === 0 ? (r.uniform() < 0.85 ? 1 : 5) : 2;
      return { model: at % 2 === 0 ? "a" : "b", duration: base + 0.2 * r.uniform(), status: "ok" };
    });
    await withCalls(both, async (store) => {
      const { notes } = await latency(store, { ...plain, by: "model", more: true });
      assert.equal(notes.at(-1), "a is best by mean but not by p95, where b is (both clearly).");
      const bare = await latency(store, { ...plain, by: "model" });
      assert.ok(!bare.notes.some((note) => note.includes("best by mean")));
    });
    await withCalls(calls(2000, 2, 2), async (store) => {
      const { notes } = await latency(store, { ...plain, by: "model", more: true });
      assert.ok(!notes.some((note) => note.includes("best by mean")), "one model is best by both");
    });
  });
});
