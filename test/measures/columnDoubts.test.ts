import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { heapQuestions, oddIn, type Typical } from "../../src/measures/columnUnits";
import { cost } from "../../src/measures/cost/cost";
import { latencyDistribution } from "../../src/measures/latency/distribution";
import { latencyExposure } from "../../src/measures/latency/exposure";
import { latency } from "../../src/measures/latency/latency";
import { latencyBetween } from "../../src/measures/latency/varianceByProvider";
import { metricTable } from "../../src/measures/metricTable";
import { reliability } from "../../src/measures/service/reliability";
import { throughputLoad } from "../../src/measures/service/throughput";
import { estimatesIn } from "../../src/measures/table";
import { findingsIn } from "../../src/page/sideFindings";
import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { fc } from "../property";
import { type Call, withCalls } from "./calls";

/** Two models, of which `odd` changes the calls of the second. */
function calls(odd: (call: Call, at: number) => Call): Call[] {
  const source = random(3);
  return Array.from({ length: 1000 }, (_, at): Call => {
    const call = {
      ...{ call_id: `c${at}`, user_id: `u${source.integer(100)}`, workload: "chat" },
      model: at % 2 === 0 ? "alder" : "birch",
      status: source.uniform() < 0.1 ? "error" : "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e5).toISOString().slice(0, 19),
      duration: 2 * Math.exp(0.4 * source.normal()),
      ...{ input_tokens: 900, output_tokens: 100 },
      cost: 0.01 * Math.exp(0.2 * source.normal()),
    };
    return call.model === "birch" ? odd(call, at) : call;
  });
}

/** Why compare and choose leave a metric open, what check says, and how far the headline goes. */
async function verdicts(store: Store, metric: string, limit: object, bad: number): Promise<string[]> {
  const sides = { a: "model = 'alder'", b: "model = 'birch'" };
  const { rows } = await compare(store, { ...sides, metrics: metric });
  const limits = { name: "gate", where: sides.b, limits: [{ metric, ...limit }] };
  const checked = (await check(store, { limits })).rows;
  const criteria = [{ metric, weight: 1, good: 0, bad }];
  const { claim } = await choose(store, { profile: { name: "one", criteria }, draws: 500 });
  const table = await metricTable(store, { metrics: [metric], by: "model" });
  return [
    ...[...rows.map((row) => row.claim), claim].map(({ status, because }) => `${status} ${because}`),
    ...checked.map(({ verdict }) => verdict),
    ...findingsIn(table).map((one) => `${one.claim.status === "settled" ? "settled" : "open"}`),
  ];
}

describe("a column that looks wrong settles no verdict", () => {
  test("milliseconds of one model beside seconds of another", () =>
    withCalls(
      calls((call) => ({ ...call, duration: 1000 * Number(call.duration) })),
      async (store) => {
        const found = await verdicts(store, "duration_p50", { at_most: 3 }, 4000);
        assert.deepEqual(found.slice(0, 3), ["open doubt.units", "open doubt.units", "cannot tell"]);
        assert.ok(!found.includes("settled"));
        const within = [{ metric: "duration", within: 3, at_least: 0.5 }];
        const { rows } = await check(store, {
          limits: { name: "gate", where: "model = 'birch'", limits: within },
        });
        assert.equal(rows[0].verdict, "cannot tell");
      },
    ));

  test("milliseconds of one file beside seconds of another, of the same model", () =>
    withCalls(
      calls((call) => ({
        ...call,
        model: "birch",
        ingest_id: 2,
        duration: 1000 * Number(call.duration),
      })).map((call) => ({ ingest_id: 1, ...call, model: "birch" })),
      async (store) => {
        const limits = { name: "gate", limits: [{ metric: "duration_mean", at_most: 3 }] };
        const [{ verdict }] = (await check(store, { limits })).rows;
        assert.equal(verdict, "cannot tell");
      },
    ));

  test("but not longer answers, each token of which takes as long", () =>
    withCalls(
      calls((call) => ({ ...call, duration: 1000 * Number(call.duration), output_tokens: 100_000 })),
      async (store) => {
        const { rows } = await metricTable(store, { metrics: ["duration_p50"], by: "model" });
        for (const { duration_p50 } of rows) assert.ok(!JSON.stringify(duration_p50).includes("doubt"));
      },
    ));

  test("prices for a million tokens taken for prices of one", () =>
    withCalls(
      calls((call) => ({ ...call, cost: 1e6 * Number(call.cost) })),
      async (store) => {
        const found = await verdicts(store, "cost_per_call", { at_most: 1 }, 1e4);
        assert.deepEqual(found.slice(0, 3), ["open doubt.dear", "open doubt.dear", "cannot tell"]);
        assert.ok(!found.includes("settled"));
      },
    ));

  test("prices of one token divided by a million", () =>
    withCalls(
      calls((call) => ({ ...call, cost: Number(call.cost) / 1e6 })),
      async (store) => {
        const found = await verdicts(store, "cost_per_call", { at_most: 0.005 }, 0.02);
        assert.deepEqual(found.slice(0, 3), ["open doubt.cheap", "open doubt.cheap", "cannot tell"]);
      },
    ));

  test("calls in a role that nothing knows, if these are the slow ones", () =>
    withCalls(
      calls((call) => (Number(call.duration) > 2.2 ? { ...call, role: "assistant" } : call)),
      async (store) => {
        const found = await verdicts(store, "duration_p50", { at_most: 2 }, 4);
        assert.deepEqual(found.slice(0, 3), ["open doubt.roles", "open doubt.roles", "cannot tell"]);
        const where = "role = 'assistant'";
        const { rows } = await metricTable(store, { metrics: ["duration_p50"], where });
        assert.ok(!JSON.stringify(rows).includes("doubt"));
      },
    ));

  test("statuses that one side logs of its failures alone", () =>
    withCalls(
      calls((call, at) => (call.status === "ok" && at % 4 === 1 ? { ...call, status: null } : call)),
      async (store) => {
        const found = await verdicts(store, "error_rate", { at_most: 0.14 }, 0.5);
        assert.deepEqual(found.slice(0, 3), ["open doubt.no-status", "open doubt.no-status", "cannot tell"]);
        assert.ok(!found.includes("settled"));
      },
    ));
});

test("a few calls without a status turn no verdict that they cannot turn", () =>
  withCalls(
    calls((call, at) => ({ ...call, status: at % 100 === 1 ? null : call.status })),
    async (store) => {
      const limits = {
        name: "gate",
        where: "model = 'birch'",
        limits: [{ metric: "error_rate", at_most: 0.2 }],
      };
      assert.deepEqual(
        (await check(store, { limits })).rows.map(({ verdict }) => verdict),
        ["pass"],
      );
    },
  ));

test("one call without a status leaves the verdict on a rate of 0 open only near its ends", async () => {
  for (const errors of [0, 3]) {
    const log = Array.from({ length: 3000 }, (_, at): Call => {
      return { call_id: `c${at}`, model: "alder", status: at === 0 ? null : at <= errors ? "error" : "ok" };
    });
    await withCalls(log, async (store) => {
      const [{ error_rate: rate }] = (await reliability(store)).rows;
      const [doubt] = rate.reservations ?? [];
      assert.equal(doubt.id, errors === 0 ? "doubt.no-status-of-none" : "doubt.no-status");
      assert.ok(Number(doubt.reach) > 1.05 && Number(doubt.reach) < 1.5, `${doubt.reach}`);
      assert.equal(/may be higher$/.test(String(rate.note)), errors === 0);
      const limits = { name: "gate", limits: [{ metric: "error_rate", at_most: 0.02 }] };
      assert.equal((await check(store, { limits })).rows[0].verdict, "pass");
    });
  }
});

test("a group without answers hears of no calls in an unknown role", () => {
  const log = [
    ...calls((call) => call).map((call, at) => (at % 4 === 0 ? { ...call, role: "assistant" } : call)),
    { call_id: "judge", model: "cedar", role: "judge", duration: 2, status: "ok" },
  ];
  return withCalls(log, async (store) => {
    const { rows } = await metricTable(store, { metrics: ["duration_p50"], by: "model" });
    for (const { model, duration_p50 } of rows)
      assert.equal(JSON.stringify(duration_p50).includes("doubt.roles"), model === "alder", String(model));
  });
});

test("130,000 models of a workload are looked through at once", async () => {
  await withCalls([], async (store) => {
    await run(
      store.connection,
      `insert into calls by name select 'c' || i as call_id, 'chat' as workload, 'm' || (i // 10) as model, 'ok' as status,
         2 + i % 7 as duration from range(1300000) as t(i)`,
    );
    const where = "model = 'm1'";
    const { rows } = await metricTable(store, { metrics: ["duration_p50"], where });
    assert.equal(estimatesIn(rows[0].duration_p50)[0].n, 10);
  });
});

describe("a column that looks wrong as a whole", () => {
  const sides = { a: "model = 'alder'", b: "model = 'birch'" };
  const millionth = (call: Call) => ({ ...call, cost: 1e6 * Number(call.cost) });
  /** Both models in one unit, of which the second costs and waits twice as much. */
  const twice = (change: (call: Call) => Call) =>
    calls((call) => ({ ...call, cost: 2 * Number(call.cost), duration: 2 * Number(call.duration) })).map(
      change,
    );
  const claimsOf = async (store: Store, metric: string) => {
    const { rows } = await compare(store, { ...sides, metrics: metric });
    const limits = {
      name: "gate",
      limits: [
        { metric, at_most_times: 1.5, where: "model <> 'cedar'" },
        { metric, at_most: 3, where: sides.b },
      ],
    };
    const checked = (await check(store, { limits, against: sides.a })).rows;
    const table = await metricTable(store, { metrics: [metric], by: "model" });
    return {
      compared: rows.map(({ claim }) => [claim.id, claim.status].join(" ")),
      checked: checked.map(({ verdict }) => verdict),
      first: findingsIn(table).map(({ best, claim }) => [best.model, claim.status].join(" ")),
    };
  };

  test("still says which of two is dearer and by how many times, and breaks or keeps no limit in dollars", () =>
    withCalls(twice(millionth), async (store) => {
      assert.deepEqual(await claimsOf(store, "cost_per_call"), {
        compared: ["compare.dearer settled"],
        checked: ["fail", "cannot tell"],
        first: ["alder settled"],
      });
    }));

  test("but not if one side alone is, or each is in a file of its own", async () => {
    const apart = [
      twice((call) => (call.model === "birch" ? millionth(call) : call)),
      twice((call) => ({ ...millionth(call), ingest_id: call.model === "birch" ? 2 : 1 })),
      // What the tasks of both spent on judges is in another file.
      [
        ...twice((call) => ({ ...millionth(call), ingest_id: 1 })),
        { call_id: "j", model: "cedar", role: "judge", cost: 0.01, status: "ok", ingest_id: 2 },
      ],
    ];
    for (const log of apart)
      await withCalls(log, async (store) => {
        const { compared, first } = await claimsOf(store, "cost_per_call");
        assert.deepEqual(compared, ["compare.dearer open"]);
        assert.ok(!first.join().includes("settled"));
      });
  });

  test("nor if a model's costs are in one unit in one file and in another in the next", () =>
    withCalls(
      twice(millionth).map((call, at) => {
        const ingest_id = 1 + (Math.floor(at / 2) % 2);
        return { ...call, ingest_id, cost: ingest_id === 2 ? 100 * Number(call.cost) : call.cost };
      }),
      async (store) => {
        assert.deepEqual((await claimsOf(store, "cost_per_call")).compared, ["compare.dearer open"]);
      },
    ));

  test("waits of one heap say which of two in it is slower, beside a third in the other", () =>
    withCalls(
      [
        ...twice((call) => call),
        ...calls((call) => call).map((call, at) => ({
          ...{ ...call, call_id: `d${at}`, model: "cedar" },
          duration: 1000 * Number(call.duration),
        })),
      ],
      async (store) => {
        const { compared, checked } = await claimsOf(store, "duration_p50");
        assert.deepEqual([...compared, ...checked], ["compare.slower settled", "fail", "cannot tell"]);
        const third = await compare(store, { ...sides, b: "model = 'cedar'", metrics: "duration_p50" });
        assert.deepEqual(
          third.rows.map(({ claim }) => claim.because),
          ["doubt.units"],
        );
      },
    ));
});

describe("tables say what is doubted of whole columns", () => {
  const ids = (cell: unknown) => estimatesIn(cell).map(({ reservations = [] }) => reservations.at(-1)?.id);

  test("of waits in milliseconds", () =>
    withCalls(
      calls((call) => ({ ...call, duration: 1000 * Number(call.duration) })),
      async (store) => {
        const [{ of_calls, met_slow }] = (await latencyExposure(store, { slow: 3 })).rows;
        assert.deepEqual([...ids(of_calls), ...ids(met_slow)], ["doubt.units", "doubt.units"]);
        const { rows: loads, notes } = await throughputLoad(store, { bins: 3 });
        for (const { duration, quantiles } of loads)
          assert.deepEqual(new Set([...ids(duration), ...ids(quantiles)]), new Set(["doubt.units"]));
        assert.ok(!notes.join(" ").includes("has a knee"), "by which models were busy together");
        for (const { mean, quantiles } of [
          ...(await latency(store, { by: "model", q: [0.5] })).rows,
          ...(await latencyDistribution(store, { by: "model", metric: "duration", q: [0.5] })).rows,
        ])
          assert.deepEqual([...ids(mean), ...ids(quantiles)], ["doubt.units", "doubt.units"]);
      },
    ));

  test("of one provider's waits in milliseconds, which make it no slower", () =>
    withCalls(
      calls((call) => ({ ...call, provider: "far", duration: 1000 * Number(call.duration) })).map((call) => ({
        ...{ provider: "near", ...call },
        model: "alder",
      })),
      async (store) => {
        const [{ slowdown, verdict, claim }] = (await latencyBetween(store)).rows;
        assert.deepEqual(ids(slowdown), ["doubt.units"]);
        assert.deepEqual([claim.status, verdict], ["open", "none is shown to be slower than another"]);
      },
    ));

  test("of costs for a token that no price is", () =>
    withCalls(
      calls((call) => ({ ...call, cost: 1e6 * Number(call.cost) })),
      async (store) => {
        const { rows } = await cost(store, { by: "model" });
        assert.deepEqual(
          rows.map(({ cost_per_call }) => ids(cost_per_call)),
          [[undefined], ["doubt.dear"]],
        );
      },
    ));
});

/** What a model's waits are like, from seconds and tokens of a usual call. */
const typicalOf = (model: string, seconds: number, tokens: number): Typical => ({
  ...{ workload: "chat", model, provider: null, ingest_id: 1, timed: 300 },
  ...{ wait: Math.log(seconds), wait_of_token: Math.log(seconds / tokens), paid: 0, cost_of_token: null },
});

describe("milliseconds of one model beside seconds of another in one file", () => {
  const ofModels = fc.record({
    tokens: fc.double({ min: 50, max: 2000, noNaN: true }),
    rate: fc.double({ min: 2, max: 400, noNaN: true }),
    times: fc.double({ min: 1, max: 250, noNaN: true }),
    longer: fc.double({ min: 0.3, max: 3, noNaN: true }),
  });

  test("are found though the models differ by up to 20 times", () =>
    fc.assert(
      fc.property(ofModels, fc.boolean(), ({ tokens, rate, times, longer }, isSlower) => {
        // Of waits that are not in milliseconds, the rates are usual ones.
        const own = isSlower ? rate / Math.min(20, times) : rate * Math.min(20, times);
        fc.pre(own >= 2 && own <= 400);
        const [seconds, other] = [tokens / rate, (tokens * longer) / own];
        fc.pre(other / seconds > 0.04 && other / seconds < 25);
        // An hour of a model fewer than 300 times as slow may be an agent's.
        fc.pre(1000 * other < 3600 || 1000 * other > 300 * seconds);
        const found = oddIn([
          typicalOf("elm", seconds, tokens),
          typicalOf("ash", 1000 * other, tokens * longer),
        ]);
        assert.equal(found.length, 2, JSON.stringify({ seconds, other }));
      }),
      { numRuns: 1000 },
    ));

  test("and are not suspected of a model that is up to 250 times as slow, at a rate that models have", () =>
    fc.assert(
      fc.property(ofModels, ({ tokens, rate, times, longer }) => {
        fc.pre(rate / times >= 0.5);
        const slow = (tokens * longer) / (rate / times);
        fc.pre(slow / (tokens / rate) < 300);
        const found = oddIn([
          typicalOf("elm", tokens / rate, tokens),
          typicalOf("ash", slow, tokens * longer),
        ]);
        assert.deepEqual(found, []);
      }),
      { numRuns: 1000 },
    ));

  test("are asked about by name", () => {
    const [asked] = heapQuestions([typicalOf("elm", 2, 200), typicalOf("ash", 600, 200)]);
    assert.match(
      asked,
      /^durations of ash are about 300 times those of elm in workload chat: milliseconds\? .*case when model in \('ash'\)/,
    );
    assert.deepEqual(heapQuestions([typicalOf("elm", 2, 200), typicalOf("ash", 100, 200)]), []);
  });
});
