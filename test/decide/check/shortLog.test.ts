import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CheckOptions, check } from "../../../src/decide/check/check";
import type { Limit } from "../../../src/decide/check/limits";
import { isFarTail } from "../../../src/decide/check/shortLog";
import { random } from "../../../src/stats/random";
import { withCalls } from "../../measures/calls";

/** Calls of so many days, far below any limit here. */
function days(count: number) {
  const r = random(count);
  const n = 1500;
  return Array.from({ length: n }, (_, i) => ({
    started_at: new Date(Date.UTC(2026, 2, 2) + (count * 86_400_000 * i) / n).toISOString().slice(0, 23),
    status: "ok",
    duration: Math.exp(0.3 * r.normal()),
  }));
}

const far: Limit = { metric: "duration_p99", at_most: 60 };
const checked = (count: number, limit: Limit, options: Partial<CheckOptions> = {}) =>
  withCalls(days(count), async (store) => {
    const { rows } = await check(store, { limits: { name: "gate", limits: [limit] }, ...options });
    return rows[0];
  });

describe("an upper limit on a far tail", () => {
  test("is open over a night that may have met no incident, and says what to do", async () => {
    const row = await checked(1, far);
    assert.deepEqual(
      [row.verdict, row.claim.status, row.claim.needs],
      ["cannot tell", "leads if", "same-days"],
    );
    assert.match(row.why, /one day may have met no incident.*14 days or more.*--assume same-days/);
  });
  test("passes over that night if someone declares that days are alike", async () => {
    const row = await checked(1, far, { assume: ["same-days"] });
    assert.deepEqual([row.verdict, row.claim.declared], ["pass", ["same-days"]]);
  });
  test("passes over two weeks, and so does one on p95 over a night", async () => {
    assert.equal((await checked(14, far)).verdict, "pass");
    assert.equal((await checked(1, { metric: "duration_p95", at_most: 60 })).verdict, "pass");
  });
  test("is open for the group that has few days, and passes for the one that has many", async () => {
    const calls = [
      ...days(14).map((call) => ({ ...call, model: "old" })),
      ...days(1).map((call) => ({ ...call, model: "new" })),
    ];
    const rows = await withCalls(calls, async (store) => {
      return (await check(store, { by: "model", limits: { name: "gate", limits: [far] } })).rows;
    });
    const found = rows.map((row) => [(row as { model?: unknown }).model, row.verdict]).sort();
    assert.deepEqual(found, [
      ["new", "cannot tell"],
      ["old", "pass"],
    ]);
  });
  test("fails over a night that breaks it", async () => {
    assert.equal((await checked(1, { ...far, at_most: 0.5 })).verdict, "fail");
  });
  test("is not asked of days where calls have no time", async () => {
    const row = await withCalls(
      days(1).map(({ started_at: _, ...call }) => call),
      async (store) => (await check(store, { limits: { name: "gate", limits: [far] } })).rows[0],
    );
    assert.match(row.why, /calls without a time may have met no incident/);
  });
  test("is none with a lower end, a mean, or a share within a wait", () => {
    const limits: Limit[] = [
      { metric: "duration_p99", at_least: 1 },
      { metric: "duration_mean", at_most: 1 },
      { metric: "duration", within: 1, at_least: 0.99 },
    ];
    assert.deepEqual(limits.map(isFarTail), [false, false, false]);
  });
});

describe("a limit of a log that is checked again as it grows", () => {
  const near: Limit = { metric: "duration_p50", at_most: 60 };
  test("waits until its days show how much they differ, for a pass and for a fail", async () => {
    const row = await checked(6, near, { anytime: true });
    assert.deepEqual([row.verdict, row.claim.needs], ["cannot tell", "same-days"]);
    assert.match(row.why, /6 days do not show how much days differ/);
    assert.equal((await checked(6, { ...near, at_most: 0.5 }, { anytime: true })).verdict, "cannot tell");
  });
  test("is decided from two weeks on, or if days are declared alike", async () => {
    assert.equal((await checked(14, near, { anytime: true })).verdict, "pass");
    assert.equal((await checked(6, near, { anytime: true, assume: ["same-days"] })).verdict, "pass");
  });
});
