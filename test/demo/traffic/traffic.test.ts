import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Call, Task } from "../../../src/demo/traffic/call";
import { profile } from "../../../src/demo/traffic/hours";
import { traffic, windowOf } from "../../../src/demo/traffic/traffic";
import { checkWorld, defaultWorldText, readWorld } from "../../../src/demo/world/world";

const { world } = readWorld();
const callsOf = (tasks: Task[]) => tasks.flatMap((task) => task.calls);

/** Intraclass correlation of log duration by user, from the mean squares of a one-way analysis of variance. */
function intraclass(byUser: Map<number, number[]>): number {
  const groups = [...byUser.values()];
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const grand = mean(groups.flat());
  let between = 0;
  let within = 0;
  let squares = 0;
  for (const group of groups) {
    const own = mean(group);
    between += group.length * (own - grand) ** 2;
    within += group.reduce((sum, x) => sum + (x - own) ** 2, 0);
    squares += group.length ** 2;
  }
  between /= groups.length - 1;
  within /= n - groups.length;
  return (between - within) / (between + ((n - squares / n) / (groups.length - 1) - 1) * within);
}

describe("traffic", () => {
  const tasks = [...traffic(world, { seed: 3, calls: 60_000 })];
  const calls = callsOf(tasks);
  const share = (list: Call[], of: (call: Call) => boolean) => list.filter(of).length / list.length;

  test("makes exactly the calls asked for, numbered in order, whatever their number", () => {
    for (const n of [1, 2, 7, 50, 333, 4000]) {
      const made = callsOf([...traffic(world, { seed: n, calls: n })]);
      assert.deepEqual(
        made.map(({ number }) => number),
        Array.from({ length: n }, (_, index) => index),
      );
    }
  });

  test("is the same for the same seed and new for another", () => {
    const times = (seed: number) =>
      callsOf([...traffic(world, { seed, calls: 300 })]).map((call) => call.duration);
    assert.deepEqual(times(5), times(5));
    assert.notDeepEqual(times(5), times(6));
  });

  test("lies within the days of the world, its tasks in the order they start", () => {
    const { from, to } = windowOf(world);
    assert.equal(new Date(from / 1000).toISOString(), "2026-03-01T23:00:00.000Z");
    assert.ok(calls.every(({ startedAt }) => startedAt >= from && startedAt < to));
    assert.ok(tasks.every((task, index) => index === 0 || task.startedAt >= tasks[index - 1].startedAt));
  });

  test("follows the demand of the hours, with its peak on Tuesday afternoon", () => {
    const { from } = windowOf(world);
    const hours = new Float64Array(168);
    for (const { startedAt } of calls) hours[Math.floor((startedAt - from) / 3_600e6)] += 168 / calls.length;
    const demand = profile(world);
    assert.ok(Math.abs(demand.reduce((sum, value) => sum + value, 0) / 168 - 1) < 1e-12);
    const tuesday = (list: Float64Array) => (list[38] + list[39] + list[40]) / 3;
    assert.ok(Math.abs(tuesday(hours) / tuesday(demand) - 1) < 0.2);
    assert.ok(tuesday(hours) > 1.3 * Math.max(...[14, 15, 16].map((clock) => hours[48 + clock])));
  });

  test("has users whose calls resemble one another: intraclass correlation of log duration at least .1", () => {
    const cells = new Map<string, Map<number, number[]>>();
    for (const { user, calls: own } of tasks)
      for (const { lane, status, duration } of own) {
        if (status !== "ok") continue;
        const key = `${lane.workload} ${lane.model}`;
        const cell = cells.get(key) ?? new Map<number, number[]>();
        cell.set(user, [...(cell.get(user) ?? []), Math.log(duration)]);
        cells.set(key, cell);
      }
    assert.equal(cells.size, 18);
    for (const [key, cell] of cells) assert.ok(intraclass(cell) >= 0.1, `${key}: ${intraclass(cell)}`);
  });

  test("is used unevenly, as Zipf and Mandelbrot have it, yet by many", () => {
    for (const [name, { users, use_exponent, use_offset }] of Object.entries(world.workloads)) {
      const use = new Float64Array(users);
      for (const { lane, user } of tasks) if (lane.workload === name) use[user]++;
      const sum = use.reduce((a, b) => a + b, 0);
      const weights = Array.from({ length: users }, (_, index) => (index + 1 + use_offset) ** -use_exponent);
      const expected = weights[0] / weights.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(use[0] / sum / expected - 1) < 0.25, name);
      // Effective users, (sum m)^2 / sum m^2.
      assert.ok(sum ** 2 / use.reduce((a, b) => a + b * b, 0) > 30, name);
    }
  });

  test("fails as often as its world says", () => {
    const quiet = calls.filter(({ lane }) => lane.provider === "tamarisk");
    // Errors: the usual share plus incidents, .004 + .006 * .1 on average.
    assert.ok(Math.abs(share(quiet, ({ status }) => status === "error") - 0.0046) < 0.003);
    assert.ok(Math.abs(share(quiet, ({ status }) => status === "rate_limited") - 0.004) < 0.002);
    const swift = calls.filter(({ lane }) => lane.model === "orrery-swift");
    assert.ok(share(swift, ({ httpStatus }) => httpStatus === 429) > 0.006);
    const coding = calls.filter(({ lane }) => lane.workload === "coding-assistant");
    assert.ok(Math.abs(share(coding, ({ status }) => status === "cancelled") - 0.01) < 0.003);
    const documents = calls.filter(({ lane }) => lane.workload === "document-review");
    assert.ok(Math.abs(share(documents, ({ cacheHit }) => cacheHit) - 0.02) < 0.006);
    assert.ok(documents.every(({ status }) => status !== "cancelled"));
  });

  test("gives up at the timeout, never later, and logs it as such", () => {
    assert.ok(calls.some(({ status }) => status === "timeout"));
    for (const { lane, status, duration, httpStatus } of calls) {
      const limit = lane.work.timeout * 1e6;
      if (status === "timeout") assert.deepEqual([duration, httpStatus], [limit, 504]);
      else assert.ok(duration < limit);
    }
  });

  test("has times, tokens and costs that fit one another", () => {
    for (const call of calls) {
      assert.ok(Number.isSafeInteger(call.duration) && call.duration > 0);
      assert.ok(call.timeToFirstToken <= call.duration);
      assert.equal(call.timeToFirstToken > 0, call.lane.work.stream && call.outputTokens > 0);
      if (call.status === "error" || call.status === "rate_limited") {
        assert.deepEqual([call.inputTokens, call.outputTokens, call.cost], [-1, -1, 0]);
        continue;
      }
      assert.ok(call.cacheReadTokens + call.cacheCreationTokens <= call.inputTokens);
      const price = call.lane.spec.price_per_million;
      const fresh = call.inputTokens - call.cacheReadTokens - call.cacheCreationTokens;
      const cost =
        fresh * price.input +
        call.cacheReadTokens * price.cache_read +
        call.cacheCreationTokens * price.cache_creation +
        call.outputTokens * price.output;
      assert.ok(Math.abs(call.cost - cost / 1e6) <= 1e-9);
    }
  });

  test("tries again: attempts count from 1, the next begins after the last ended, a fallback names its model", () => {
    for (const { calls: own } of tasks)
      own.forEach((call, index) => {
        assert.equal(call.attempt, index + 1);
        if (index > 0) assert.ok(call.startedAt >= own[index - 1].startedAt + own[index - 1].duration);
        if (call.fallbackFrom !== "") {
          assert.equal(call.fallbackFrom, own[0].lane.model);
          assert.equal(call.lane.model, call.lane.work.fallback);
        }
      });
    assert.ok(calls.some(({ fallbackFrom }) => fallbackFrom !== ""));
    assert.ok(tasks.some(({ calls: own }) => own.some(({ status }) => status === "rate_limited")));
  });

  test("leaves a task open only at the end of the export", () => {
    assert.ok(tasks.slice(0, -50).every(({ resolved }) => resolved !== null));
  });

  test("without noise, users, retries or failures is as fast as the models' own numbers say", () => {
    const plain = JSON.parse(defaultWorldText());
    plain.traffic.load_noise = 0;
    for (const provider of Object.values<Record<string, number>>(plain.providers))
      Object.assign(provider, { shock: 0, incident_rate: 0 });
    for (const model of Object.values<Record<string, Record<string, Record<string, number>>>>(plain.models)) {
      Object.assign(model, { first_token_spread: 0, speed_spread: 0, stall_rate: 0 });
      for (const serving of Object.values(model.providers))
        Object.assign(serving, { capacity: 1e9, slowness: 1, error_rate: 0, refused_rate: 0 });
    }
    for (const work of Object.values<Record<string, unknown>>(plain.workloads))
      Object.assign(work, { cache_hit_rate: 0, cancel_rate: 0, timeout: 1e6, releases: [] });
    for (const {
      status,
      duration,
      timeToFirstToken,
      outputTokens,
      inputTokens,
      cacheReadTokens,
      lane,
    } of callsOf([...traffic(checkWorld(plain), { seed: 1, calls: 500 })])) {
      const { spec } = lane;
      const first =
        spec.time_to_first_token + (inputTokens - cacheReadTokens) / spec.prefill_tokens_per_second;
      assert.equal(status, "ok");
      if (lane.work.stream) assert.ok(Math.abs(timeToFirstToken / 1e6 - first) < 1e-5);
      assert.ok(Math.abs(duration / 1e6 - first - (outputTokens - 1) / spec.tokens_per_second) < 1e-5);
    }
  });
});
