import assert from "node:assert/strict";
import { test } from "node:test";
import { calls as callsOf } from "../../../src/measures/calls";
import { type BurstRow, reliabilityBursts, worstRate } from "../../../src/measures/service/errorBursts";
import { tableText } from "../../../src/page/table";
import { random } from "../../../src/stats/random";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Calls to two providers over forty hours; 4 % fail, at one provider at random, at the other mostly in one hour. */
function world(): Call[] {
  const r = random(5);
  return Array.from({ length: 4000 }, (_, i) => {
    const hour = i % 40;
    const provider = i % 80 < 40 ? "even" : "bursts";
    const chance = provider === "even" ? 0.04 : hour === 7 ? 0.9 : 0.02;
    return {
      call_id: `c${i}`,
      provider,
      started_at: new Date(Date.UTC(2026, 2, 2, hour) + 800 * i).toISOString().slice(0, 23),
      status: r.uniform() < chance ? "error" : "ok",
    };
  });
}
const rowOf = (rows: BurstRow[], provider: string) =>
  rows.find((row) => row.provider === provider) as BurstRow;

test("failures in bursts are told from failures at random", () =>
  withCalls(world(), async (store) => {
    const { rows, by } = await reliabilityBursts(store);
    assert.deepEqual(by, ["provider"]);
    const [even, bursts] = [rowOf(rows, "even"), rowOf(rows, "bursts")];
    assert.equal(even.hours, 40);
    assert.ok(even.dispersion < 1.6 && even.p_value > 0.01, `${even.dispersion}`);
    assert.ok(bursts.dispersion > 5 && bursts.p_value < 1e-6);
    assert.equal(bursts.worst_hour, "2026-03-02 07:00");
    assert.equal(bursts.worst_rate.n, 50);
    assert.ok(bursts.worst_rate.value > 0.7);
    assert.ok(bursts.longest_run > even.longest_run);
  }));

test("the worst of many hours pays for having been picked: its interval holds what all of them have", () => {
  const [draws, hours, calls] = [200, 100, 50];
  let missed = 0;
  for (let seed = 1; seed <= draws; seed++) {
    const { uniform } = random(seed, 3);
    const failed = Array.from(
      { length: hours },
      () => Array.from({ length: calls }, () => uniform()).filter((x) => x < 0.02).length,
    );
    const { low, high } = worstRate(alone(calls, Math.max(...failed), hours));
    missed += low <= 0.02 && 0.02 <= high ? 0 : 1;
  }
  assert.ok(missed <= 0.05 * draws, String(missed));
  assert.ok(worstRate(alone(calls, 12, hours)).low > 0.02, "one of a quarter is still seen");
});

/** The worst hour where every call fails for itself. */
const alone = (calls: number, failed: number, hours: number) => {
  const chance = failed * (1 - failed / calls);
  const worst = { worst_calls: calls, worst_failed: failed, worst_squares: calls };
  return { hours, apart: chance, chance, worst_apart: chance, worst_chance: chance, ...worst };
};

/** Forty hours of 50 calls of users of their own, of which 2 % fail and are tried again three times at once. */
const tried = (id: object | undefined, incident = false): Call[] => {
  const { uniform } = random(9);
  return Array.from({ length: 2000 }, (_, i) => {
    const hour = i % 40;
    const isBad = incident && hour === 7;
    const failed = uniform() < (isBad ? 0.6 : 0.02);
    const statuses = failed ? ["error", ...[0, 1, 2].map(() => (uniform() < 0.8 ? "error" : "ok"))] : ["ok"];
    return statuses.map((status, at) => ({
      call_id: `c${i}.${at}`,
      provider: "p",
      ...(id === undefined ? {} : { user_id: `u${i}` }),
      started_at: new Date(Date.UTC(2026, 2, 2, hour) + 1700 * i + 200 * at).toISOString().slice(0, 23),
      status,
    }));
  }).flat();
};

test("failures that are tried again at once are no burst, by users or without ids, and an incident is", async () => {
  for (const [id, by] of [
    [{}, "user_id"],
    [undefined, "5 minutes"],
  ] as const)
    await withCalls(tried(id), async (store) => {
      const { rows, notes } = await reliabilityBursts(store);
      const [{ dispersion, p_value, worst_rate, calls, failed }] = rows;
      assert.ok(dispersion > 2 && p_value > 0.05, `${dispersion} ${p_value}`);
      assert.ok(worst_rate.low < failed / calls, `${worst_rate.low} ${failed / calls}`);
      assert.equal(worst_rate.clusterBy, by);
      assert.ok(!notes.some((note) => note.includes("Every call counts as independent")));
    });
  await withCalls(tried({}, true), async (store) => {
    const [{ p_value, worst_hour, worst_rate, calls, failed }] = (await reliabilityBursts(store)).rows;
    assert.equal(worst_hour, "2026-03-02 07:00");
    assert.ok(p_value < 0.001 && worst_rate.low > failed / calls);
  });
});

test("failures of one user in the worst hour count once, where the others' hours show nothing of it", () =>
  withCalls(
    Array.from({ length: 3000 }, (_, i) => {
      const isStuck = i < 40;
      const started_at = new Date(Date.UTC(2026, 2, 2, isStuck ? 3 : i % 60) + 1000 * (i % 3600));
      const about = {
        user_id: isStuck ? "stuck" : `u${i}`,
        status: isStuck || i % 500 === 499 ? "error" : "ok",
      };
      return { call_id: `c${i}`, provider: "p", started_at: started_at.toISOString().slice(0, 23), ...about };
    }),
    async (store) => {
      const [{ worst_hour, worst_rate, calls, failed }] = (await reliabilityBursts(store)).rows;
      assert.equal(worst_hour, "2026-03-02 03:00");
      assert.ok(worst_rate.value > 0.4 && worst_rate.low < failed / calls, String(worst_rate.low));
    },
  ));

test("the longest run counts failures one after another in time, whatever the order of the rows", async () => {
  const statuses = ["ok", "error", "timeout", "rate_limited", "ok", "error", "error", "cancelled"];
  const calls = statuses.map((status, i) => ({
    provider: "p",
    call_id: `c${i}`,
    status,
    started_at: new Date(Date.UTC(2026, 2, 2) + 60_000 * i).toISOString().slice(0, 19),
  }));
  for (const order of [calls, [...calls].reverse()])
    await withCalls(order, async (store) => {
      const [row] = (await reliabilityBursts(store)).rows;
      assert.equal(row.longest_run, 3);
      assert.equal(row.failed, 5);
      assert.ok(Number.isNaN(row.dispersion) && Number.isNaN(row.p_value), "one hour has no spread");
    });
});

test("a provider without failures has no bursts, and nothing is made up of it", () =>
  withCalls(
    world().map((call) => ({ ...call, status: "ok" })),
    async (store) => {
      const [row] = (await reliabilityBursts(store)).rows;
      assert.ok(Number.isNaN(row.dispersion));
      assert.equal(row.longest_run, 0);
      near(row.worst_rate.value, 0, "rate");
      assert.ok(row.worst_rate.high > 0.05);
    },
  ));

test("a log without providers is one row, which no column of dashes names", async () => {
  const calls = world().map(({ provider: _, ...call }) => call);
  await withCalls(calls, async (store) => {
    const table = await reliabilityBursts(store);
    assert.deepEqual([table.by, table.rows.length], [[], 1]);
    assert.doesNotMatch(tableText(table), /provider/);
    assert.equal((await callsOf(store, { row: table.rows[0], limit: 1 })).n, table.rows[0].calls);
    assert.deepEqual((await reliabilityBursts(store, { by: "provider" })).by, ["provider"]);
  });
});

test("a log without statuses says that it cannot tell", () =>
  withCalls([{ provider: "p", started_at: "2026-03-02" }], async (store) => {
    assert.match((await reliabilityBursts(store)).notes[0], /cannot be measured/);
  }));
