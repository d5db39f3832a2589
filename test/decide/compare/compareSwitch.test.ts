import assert from "node:assert/strict";
import { describe } from "node:test";
import { type CompareOptions, compare } from "../../../src/decide/compare/compare";
import { compareSteps } from "../../../src/decide/compare/compareSteps";
import { random } from "../../../src/stats/random";
import { type Call, withCalls } from "../../measures/calls";
import { thorough } from "../../property";

interface Log {
  seed: number;
  /** Days before and after the switch. */
  before: number;
  after: number;
  /** Standard deviation of what all models share of a day. */
  day: number;
  /** Factor on the durations of the model that is switched to. */
  slower?: number;
  /** Calls of the control after the switch, of 40 a day. */
  later?: number;
}

const start = Date.UTC(2026, 0, 5);
const dateOf = (day: number) => new Date(start + day * 864e5).toISOString().slice(0, 10);

/** A chat whose model is switched, beside a search whose model stays. */
function callsOf({ seed, before, after, day: sd, slower = 1, later = 40 }: Log): Call[] {
  const r = random(seed);
  return Array.from({ length: before + after }, (_, day) => {
    const shared = Math.exp(sd * r.normal());
    const isAfter = day >= before;
    const call = (workload: string, model: string, i: number, times: number): Call => ({
      call_id: `${workload}-${day}-${i}`,
      task_id: `${workload}-t${day}-${i}`,
      user_id: `${workload}-u${i}`,
      ...{ workload, model, status: "ok", input_tokens: 100, output_tokens: 100, cost: 0.01 },
      started_at: new Date(start + day * 864e5 + (8 + (i % 10)) * 36e5).toISOString().slice(0, 19),
      duration: times * shared * Math.exp(0.3 * r.normal()),
    });
    return [
      ...Array.from({ length: 40 }, (_, i) =>
        call("chat", isAfter ? "birch" : "alder", i, isAfter ? slower : 1),
      ),
      ...Array.from({ length: isAfter ? later : 40 }, (_, i) => call("search", "cedar", i, 5)),
    ];
  }).flat();
}

const switched = (log: Log, options: CompareOptions = {}) =>
  withCalls(callsOf(log), (store) =>
    compare(store, {
      switch: dateOf(log.before),
      where: "workload = 'chat'",
      metrics: "duration_p50, cost_per_call",
      ...options,
    }),
  );

describe("a switch is held against what would have been without it", () => {
  thorough("a model that ran on the same days takes off what they share", async () => {
    const { rows, verdict } = await switched({ seed: 2, before: 14, after: 14, day: 0.25, slower: 1.3 });
    const [{ against, control, within_ratio, ratio, verdict: one }] = rows;
    assert.deepEqual(
      [against, control, within_ratio.method, one],
      ["days-control", "cedar", "days-control", "slower"],
    );
    assert.ok(within_ratio.low > 1.15 && within_ratio.high < 1.5, JSON.stringify(within_ratio));
    const { steps } = compareSteps(rows[0]);
    assert.deepEqual(
      steps.map(({ name }) => name),
      ["another mix", "other days", "at the same mix"],
    );
    assert.ok(Math.abs(steps.reduce((all, { factor }) => all * factor.value, 1) / ratio.value - 1) < 1e-9);
    assert.match(
      verdict,
      /p50 duration slower \(1\.\d+ times, .*, against cedar, which ran on the same days\)/,
    );
    const [, cost] = rows;
    assert.equal(cost.against, undefined, "costs do not differ between days");
  });

  thorough("a model that took up other traffic is no control: the days speak for themselves", async () => {
    const { rows, verdict } = await switched({ seed: 2, before: 14, after: 14, day: 0.25, later: 80 });
    assert.deepEqual([rows[0].against, rows[0].control], ["days-ar1", undefined]);
    assert.match(
      verdict,
      /\(the days alone cannot tell changes below \d+ %: 10 % takes about \d+ weeks a side, or a model that was not switched/,
    );
    assert.equal(verdict.split("takes about").length, 2);
  });

  thorough("without another model eight earlier weeks say how far weeks are apart", async () => {
    const where = "model in ('alder', 'birch', 'cedar') and workload = 'chat'";
    const log = { seed: 3, before: 70, after: 7, day: 0.02, slower: 1.3, later: 400 };
    const { rows, verdict } = await switched(log, { where });
    assert.deepEqual([rows[0].against, rows[0].weeks, rows[0].verdict], ["days-weeks", 10, "slower"]);
    assert.match(verdict, /p50 duration slower \(1\.\d+ times, .*, against 10 earlier weeks\)/);
    const sides = { switch: undefined, a: "started_at < '2026-03-16'", b: "started_at >= '2026-03-16'" };
    const [{ against }] = (await switched(log, { where, ...sides })).rows;
    assert.notEqual(against, "days-weeks", "two sides that are no switch are compared as a whole");
  });
});
