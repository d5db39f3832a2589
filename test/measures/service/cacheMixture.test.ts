import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latency } from "../../../src/measures/latency/latency";
import { latencyCacheMixture } from "../../../src/measures/service/cacheMixture";
import { normalCdf } from "../../../src/stats/normal";
import { random } from "../../../src/stats/random";
import { disowning } from "../../../src/stats/reservation";
import { runs, thorough } from "../../property";
import { type Call, withCalls } from "../calls";

/** Calls of users, each with a pace of their own; three in ten are hits, which are twenty times as fast. */
function log(seed: number, users: number): Call[] {
  const { normal, uniform } = random(seed);
  return Array.from({ length: users }, (_, user) => {
    const pace = 0.4 * normal();
    return Array.from({ length: 12 }, (_, call) => {
      const hit = uniform() < 0.3;
      const duration = (hit ? 0.1 : 2) * Math.exp(pace + 0.5 * normal());
      return {
        call_id: `${user}-${call}`,
        user_id: `u${user}`,
        model: "m",
        status: "ok",
        cache_hit: hit,
        duration,
      };
    });
  }).flat();
}

describe("waits with a cache in front", () => {
  test("at the share of hits there is are those of all calls", async () => {
    const calls = log(1, 60);
    await withCalls(calls, async (store) => {
      const hits = calls.filter(({ cache_hit }) => cache_hit).length;
      const { rows } = await latencyCacheMixture(store, {
        by: [],
        hitRate: hits / calls.length,
        q: [0.5, 0.9],
      });
      const [own] = (await latency(store, { by: [], q: [0.5, 0.9] })).rows;
      const [row] = rows;
      assert.equal(row.calls, calls.length);
      assert.equal(row.hits.value, hits / calls.length);
      for (const p of ["0.5", "0.9"]) {
        assert.equal(row.all[p].value, own.quantiles[p].value);
        assert.ok(Math.abs(row.at_hit_rate[p].value / own.quantiles[p].value - 1) < 0.01, p);
        assert.ok(Math.abs(row.at_hit_rate[p].low / own.quantiles[p].low - 1) < 0.1, p);
      }
    });
  });
  test("at no hits are those of misses, at nothing but hits those of hits", async () => {
    await withCalls(log(2, 40), async (store) => {
      const [none] = (await latencyCacheMixture(store, { by: [], hitRate: 0 })).rows;
      const [all] = (await latencyCacheMixture(store, { by: [], hitRate: 1 })).rows;
      assert.ok(Math.abs(none.at_hit_rate["0.95"].value / none.miss["0.95"].value - 1) < 0.02);
      assert.ok(Math.abs(all.at_hit_rate["0.5"].value / all.hit["0.5"].value - 1) < 0.02);
      assert.equal(none.hits_in_tail.value, 0);
    });
  });
  test("at another share no end decides, since which calls a cache answers is left out", async () => {
    await withCalls(log(3, 20), async (store) => {
      const [row] = (await latencyCacheMixture(store, { by: [], hitRate: 0.6 })).rows;
      for (const end of ["low", "high"] as const) {
        assert.equal(disowning(row.at_hit_rate["0.5"].reservations, end)[0]?.id, "hits.alike");
        assert.deepEqual(disowning(row.all["0.5"].reservations, end), []);
      }
      assert.match(row.at_hit_rate["0.5"].note ?? "", /as if hits and misses stayed as they are/);
    });
  });
  thorough(
    "are told of rows alone where some call says that a cache answered it; what is no share is refused",
    async () => {
      await withCalls([{ model: "m", duration: 1, status: "ok" }], async (store) => {
        const { rows, notes } = await latencyCacheMixture(store);
        assert.deepEqual(rows, []);
        assert.match(notes.join(" "), /No call says that a response cache answered it/);
        await assert.rejects(
          latencyCacheMixture(store, { hitRate: 30 }),
          /latencyCacheMixture requires .*hitRate.*got 30/,
        );
      });
      const cut = Array.from({ length: 40 }, (_, at) => ({
        model: "m",
        duration: 9,
        status: "timeout",
        cache_hit: false,
        call_id: `t${at}`,
      }));
      const hit = { model: "m", duration: 0.1, status: "ok", cache_hit: true, call_id: "h" };
      await withCalls([...cut, hit], async (store) => {
        const [row] = (await latencyCacheMixture(store, { cluster: "call_id" })).rows;
        assert.equal(row.at_hit_rate["0.95"].high, Number.POSITIVE_INFINITY);
        assert.match(String(row.at_hit_rate["0.95"].note), /at least this/);
      });
    },
  );

  thorough("at another share of hits lie within their interval as often as it says", async () => {
    // The pooled spread of a user's pace and a call's own: a mixture of two lognormals, with quantiles found by
    // bisection.
    const sd = Math.hypot(0.4, 0.5);
    const share = (x: number) =>
      0.6 * normalCdf(Math.log(x / 0.1) / sd) + 0.4 * normalCdf(Math.log(x / 2) / sd);
    const truth = (p: number) => {
      let [low, high] = [1e-4, 1e3];
      for (let step = 0; step < 80; step++)
        [low, high] =
          share(Math.sqrt(low * high)) < p ? [Math.sqrt(low * high), high] : [low, Math.sqrt(low * high)];
      return low;
    };
    const worlds = runs(60);
    const missed = { "0.5": 0, "0.95": 0 };
    for (let world = 0; world < worlds; world++)
      await withCalls(log(100 + world, 60), async (store) => {
        const [row] = (await latencyCacheMixture(store, { by: [], hitRate: 0.6, cluster: "user_id" })).rows;
        for (const p of ["0.5", "0.95"] as const) {
          const { low, high } = row.at_hit_rate[p];
          if (!(low <= truth(Number(p)) && truth(Number(p)) <= high)) missed[p]++;
        }
      });
    for (const p of ["0.5", "0.95"] as const)
      assert.ok(
        missed[p] <= 0.05 * worlds + 2 * Math.sqrt(0.05 * 0.95 * worlds),
        `p${p}: ${missed[p]} of ${worlds}`,
      );
  });
});
