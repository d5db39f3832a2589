import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { latency } from "../../src/measures/latency/latency";
import { metricTable } from "../../src/measures/metricTable";
import { reliability } from "../../src/measures/service/reliability";
import { findingsIn } from "../../src/page/sideFindings";
import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { type Call, withCalls } from "../measures/calls";

/** Two equal models, of which the second has something odd in three of ten calls. */
function calls(odd: Call): Call[] {
  const source = random(3);
  return Array.from({ length: 2400 }, (_, at): Call => {
    const model = at % 2 === 0 ? "alder" : "birch";
    const isOdd = model === "birch" && source.uniform() < 0.3;
    return {
      ...{ call_id: `c${at}`, user_id: `u${source.integer(200)}`, workload: "chat", model },
      status: source.uniform() < 0.05 ? "error" : "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e5).toISOString().slice(0, 19),
      duration: 2 * Math.exp(0.4 * source.normal()),
      ...(isOdd ? odd : {}),
    };
  });
}

const claimsOf = async (store: Store, metric: string) =>
  (await compare(store, { a: "model = 'alder'", b: "model = 'birch'", metrics: metric })).rows.map(
    ({ claim }) => `${claim.status} ${claim.because}`,
  );

describe("successful calls with a duration of 0 make no model faster", () => {
  const zeros = calls({ duration: 0, status: "ok" });
  const on = (work: (store: Store) => Promise<void>) => withCalls(zeros, work);

  test("in latency, whose upper end says so, and stays where a cache answered", async () => {
    await on(async (store) => {
      const { rows } = await latency(store, { by: "model" });
      const [alder, birch] = ["alder", "birch"].map((name) => rows.find(({ model }) => model === name)!);
      assert.equal(birch.quantiles["0.5"].reservations?.[0].id, "doubt.zero-waits");
      assert.equal(birch.mean.reservations?.[0].id, "doubt.zero-waits");
      assert.match(
        String(birch.mean.note),
        /^3\d\d of 1,1\d\d successful calls have a duration of 0, which may/,
      );
      assert.ok(alder.mean.reservations === undefined);
      // What the mean would be without them is within reach.
      const { value, high, reservations } = birch.mean;
      const reached = value + (reservations?.[0].reach as number) * (high - value);
      assert.ok(reached > alder.mean.low && reached < 1.2 * alder.mean.high, `${reached}`);
    });
    const cached = zeros.map((call) => ({ ...call, cache_hit: call.duration === 0 }));
    await withCalls(cached, async (store) => {
      const { rows } = await latency(store, { by: "model" });
      assert.ok(rows.every(({ mean }) => mean.reservations === undefined));
    });
  });

  test("in the share within a limit, of which check and a floor of choose read it", () =>
    on(async (store) => {
      const limit = { metric: "duration", within: 5, at_least: 0.9 };
      const limits = { name: "gate", where: "model = 'birch'", limits: [limit] };
      const { rows } = await check(store, { limits });
      assert.deepEqual([rows[0].verdict, rows[0].claim.because], ["cannot tell", "doubt.zeros-within"]);
      const criteria = [{ metric: "error_rate", weight: 1, good: 0, bad: 1 }];
      const choice = await choose(store, {
        profile: { name: "quick", criteria, floors: [limit] },
        draws: 500,
      });
      const birch = choice.rows.find(({ name }) => name === "birch");
      assert.match(birch?.fails.join() ?? "", /decides nothing: 3\d\d of 1,200 calls have a duration of 0/);
    }));

  test("in compare, check, choose and the headline", () =>
    on(async (store) => {
      for (const claim of await claimsOf(store, "duration_p50,time_waited")) assert.match(claim, /^open/);
      const limits = {
        ...{ name: "gate", where: "model = 'birch'" },
        limits: [{ metric: "duration_mean", at_most: 1.8 }],
      };
      const { rows } = await check(store, { limits });
      assert.deepEqual([rows[0].verdict, rows[0].claim.because], ["cannot tell", "doubt.zero-waits"]);
      const criteria = [{ metric: "duration_p50", weight: 1, good: 0, bad: 4 }];
      const choice = await choose(store, { profile: { name: "speed", criteria } });
      assert.deepEqual([choice.best, choice.claim.status], [null, "open"]);
      const metrics = await metricTable(store, { metrics: ["duration_p50", "duration_mean"], by: "model" });
      for (const { claim } of findingsIn(metrics)) assert.notEqual(claim.status, "settled");
    }));
});

describe("waits that cannot be make no model faster", () => {
  const slow = (odd: Call) =>
    calls({}).map((call) =>
      call.model === "birch" && Number(call.duration) > 2.6 ? { ...call, ...odd } : call,
    );
  const metrics = "duration_p50,time_waited";
  const criteria = [{ metric: "duration_p50", weight: 1, good: 0, bad: 4 }];
  const limits = {
    ...{ name: "gate", where: "model = 'birch'" },
    limits: [
      { metric: "duration_mean", at_most: 2 },
      { metric: "duration", within: 2, at_least: 0.52 },
    ],
  };
  for (const [name, odd] of Object.entries({
    "clocks that go back": { duration: -1 },
    "statuses that nothing knows": { status: "finished" },
  }))
    test(name, () =>
      withCalls(slow(odd), async (store) => {
        for (const claim of await claimsOf(store, metrics)) assert.equal(claim, "open doubt.waits");
        for (const { verdict } of (await check(store, { limits })).rows) assert.equal(verdict, "cannot tell");
        const choice = await choose(store, { profile: { name: "speed", criteria } });
        assert.deepEqual([choice.best, choice.claim.because], [null, "doubt.waits"]);
        const table = await metricTable(store, { metrics: metrics.split(","), by: "model" });
        for (const { claim } of findingsIn(table)) assert.notEqual(claim.status, "settled");
      }),
    );

  test("first tokens after the end make none slower to start", () => {
    const late = calls({ time_to_first_token: 9 }).map((call) => ({ time_to_first_token: 0.5, ...call }));
    return withCalls(late, async (store) => {
      for (const claim of await claimsOf(store, "time_to_first_token_p95"))
        assert.equal(claim, "open doubt.waits");
    });
  });

  test("but a few that could not turn it leave a verdict as it is", () => {
    const fast = calls({}).map((call, at) => ({
      ...call,
      duration: at % 240 === 1 ? -1 : Number(call.duration) * (call.model === "birch" ? 0.5 : 1),
    }));
    return withCalls(fast, async (store) => {
      assert.deepEqual(await claimsOf(store, metrics), ["settled undefined", "settled undefined"]);
    });
  });
});

test("a cost below 0 counts as not known, and makes no model cheaper", () => {
  const paid = calls({ cost: -0.02 }).map((call) => ({
    cost: 0.01,
    input_tokens: 900,
    output_tokens: 90,
    ...call,
  }));
  return withCalls(paid, async (store) => {
    for (const claim of await claimsOf(store, "cost_per_call")) assert.match(claim, /^open/);
  });
});

test("calls that are in the log twice, under other ids, show no more than once", async () => {
  const once = calls({}).map(({ user_id: _, ...call }, at) => ({ ...call, input_tokens: 900 + at }));
  const twice = [...once, ...once].map((call, at) => ({ ...call, call_id: `c${at}` }));
  const widths: number[] = [];
  for (const log of [once, twice])
    await withCalls(log, async (store) => {
      const { rows, notes } = await latency(store, { by: "model", q: [0.5] });
      const { low, high, clusterBy } = rows[0].quantiles["0.5"];
      widths.push(high - low);
      assert.equal(clusterBy, log === once ? "call_id and hour" : "copies and hour");
      assert.equal(/same time, duration, model and tokens as one cluster/.test(notes.join()), log === twice);
    });
  assert.ok(Math.abs(widths[1] / widths[0] - 1) < 0.05, `${widths}`);
});

test("doubts about the others' numbers leave a choice open as well", () =>
  withCalls(calls({ status: "finished" }), async (store) => {
    const criteria = [{ metric: "error_rate", weight: 1, good: 0, bad: 0.5 }];
    const choice = await choose(store, { profile: { name: "sure", criteria } });
    assert.deepEqual([choice.best, choice.claim.because], [null, "doubt.statuses"]);
    assert.match(choice.verdict, /error rate of birch/);
  }));

describe("calls of an unknown status", () => {
  test("that count as errors do not show that a model fails more often", () =>
    withCalls(calls({ status: "finished" }), async (store) => {
      const { rows } = await reliability(store, { by: "model" });
      const birch = rows.find(({ model }) => model === "birch")!;
      assert.equal(birch.error_rate.reservations?.[0].id, "doubt.statuses");
      for (const claim of await claimsOf(store, "error_rate")) assert.match(claim, /^open/);
      const metrics = await metricTable(store, { metrics: ["error_rate"], by: "model" });
      for (const { claim } of findingsIn(metrics)) assert.notEqual(claim.status, "settled");
    }));
});
