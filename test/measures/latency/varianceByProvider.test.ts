import assert from "node:assert/strict";
import { test } from "node:test";
import { calls } from "../../../src/measures/calls";
import { latencyBetween, slowdownOf } from "../../../src/measures/latency/varianceByProvider";
import { random } from "../../../src/stats/random";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Calls of one model at providers whose log durations differ by the shifts; the spread within is 0.5. */
function world(shifts: Record<string, number>, calls = 1200, seed = 9): Call[] {
  const r = random(seed);
  const names = Object.keys(shifts);
  return Array.from({ length: calls }, (_, i) => {
    const provider = names[i % names.length];
    return {
      call_id: `c${i}`,
      user_id: `u${r.integer(150)}`,
      model: "alder",
      provider,
      region: i % 3 === 0 ? "north" : "south",
      duration: Math.exp(shifts[provider] + 0.5 * r.normal()),
      status: i % 50 === 0 ? "error" : "ok",
    };
  });
}

test("a model served by two has its spread split into between and within", () =>
  withCalls(world({ near: 0, far: 0.6 }), async (store) => {
    const [row] = (await latencyBetween(store, { by: "model" })).rows;
    assert.deepEqual([row.model, row.served_by, row.fastest, row.slowest], ["alder", 2, "near", "far"]);
    // 0.3^2 between two of equal use, 0.5^2 within.
    const share = 0.09 / (0.09 + 0.25);
    assert.ok(row.between_share.low < share && share < row.between_share.high);
    assert.ok(row.slowdown.low < Math.exp(0.6) && Math.exp(0.6) < row.slowdown.high);
    assert.deepEqual([row.calls, row.between_share.clusterBy], [1176, "user_id"]);
  }));

test("the share is that of the analysis of variance, less what chance makes of it", () =>
  withCalls(world({ a: 0, b: 0.2, c: 0.1 }, 90), async (store) => {
    const calls = world({ a: 0, b: 0.2, c: 0.1 }, 90).filter(({ status }) => status === "ok");
    const logs = calls.map(({ duration }) => Math.log(duration as number));
    const mean = (x: number[]) => x.reduce((sum, one) => sum + one, 0) / x.length;
    const squares = (x: number[]) => x.reduce((sum, one) => sum + (one - mean(x)) ** 2, 0);
    const parts = ["a", "b", "c"].map((name) => logs.filter((_, i) => calls[i].provider === name));
    const inside = parts.reduce((sum, one) => sum + squares(one), 0);
    const n = logs.length;
    const [row] = (await latencyBetween(store, { by: "model" })).rows;
    near(row.between_share.value, 1 - inside / (n - 3) / (squares(logs) / (n - 1)), "share", 1e-6);
  }));

test("providers that are alike share out nothing, and the interval reaches 0", () =>
  withCalls(world({ near: 0, far: 0 }), async (store) => {
    const [row] = (await latencyBetween(store, { by: "model" })).rows;
    assert.ok(row.between_share.low <= 0.001 && row.between_share.high < 0.02);
  }));

test("the slowest of six alike is not said to be slower than the fastest, as chance picked both", async () => {
  const alike = { a: 0, b: 0, c: 0, d: 0, e: 0, f: 0 };
  let said = 0;
  for (let seed = 1; seed <= 20; seed++)
    await withCalls(world(alike, 360, seed), async (store) => {
      const [{ slowdown, verdict, claim }] = (await latencyBetween(store)).rows;
      assert.equal(claim.status === "settled", slowdown.low > 1);
      assert.match(verdict, claim.status === "settled" ? / is slower than / : /^none is shown to be slower/);
      if (claim.status === "settled") said++;
    });
  assert.ok(said <= 3, `${said} of 20 logs of equal providers have a slower one`);
});

test("one that is slower is named, and the claim is open where the users of one are too few", async () => {
  const shifts = { near: 0, middle: 0.1, far: 0.6 };
  await withCalls(world(shifts), async (store) => {
    const [{ slowdown, verdict, claim }] = (await latencyBetween(store)).rows;
    assert.deepEqual([verdict, claim.status], ["far is slower than near", "settled"]);
    assert.equal(slowdown.method, "studentised-range");
  });
  const fewUsers = world(shifts).map((call, at) =>
    call.provider === "far" ? { ...call, user_id: `u${at % 2}` } : call,
  );
  await withCalls(fewUsers, async (store) => {
    const [{ slowdown, verdict, claim }] = (await latencyBetween(store)).rows;
    assert.deepEqual([claim.status, claim.because], ["not to be decided", "few.needed"]);
    assert.match(`${verdict}; ${slowdown.note}`, /^none is shown.*needs 5 effective clusters of each, has /);
  });
});

test("is open where one user makes nearly all calls, who shows nothing of how users differ", () => {
  const side = (shift: number) => ({
    n: Float64Array.from({ length: 30 }, (_, user) => (user === 0 ? 300 : 2)),
    total: Float64Array.from({ length: 30 }, (_, user) => (user === 0 ? 300 * shift : 0.1 * Math.sin(user))),
  });
  const about = { clusterBy: "user_id", places: [0, 1] as [number, number] };
  const { claim, slowdown } = slowdownOf([side(0), side(0.4)], ["a", "b"], about);
  assert.deepEqual([claim.status, slowdown.low], ["not to be decided", Number.NaN]);
});

test("any column is told apart where asked, within the others; a model of one provider has no row", () =>
  withCalls(world({ near: 0 }), async (store) => {
    assert.equal((await latencyBetween(store, { by: "model", between: "region" })).rows.length, 1);
    const { rows, notes } = await latencyBetween(store, { by: "model" });
    assert.equal(rows.length, 0);
    assert.match(notes.join(" "), /No row has calls of two or more/);
    const odd = await latencyBetween(store, { by: "model", between: "odd=user_id < 'u3'" });
    const model = await latencyBetween(store, { by: "model,region", between: "model" });
    assert.deepEqual(
      [odd.by, odd.rows[0].served_by, [odd.rows[0].fastest, odd.rows[0].slowest].sort()],
      [["model"], 2, ["false", "true"]],
    );
    assert.deepEqual(model.by, ["region"]);
    const behind = await calls(store, { row: odd.rows[0] });
    assert.equal(behind.n, odd.rows[0].calls);
    await assert.rejects(latencyBetween(store, { between: "city" }), /requires columns of calls, got "city"/);
    await assert.rejects(
      latencyBetween(store, { by: "", between: "call_id" }),
      /at most 100 values in a row/,
    );
  }));
