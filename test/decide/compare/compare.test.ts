import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CompareOptions, type Comparison, compare } from "../../../src/decide/compare/compare";
import type { CompareRow } from "../../../src/decide/compare/compareRow";
import { compareSteps } from "../../../src/decide/compare/compareSteps";
import { verdictOfAll } from "../../../src/decide/compare/compareVerdict";
import { cost } from "../../../src/measures/cost/cost";
import { latency } from "../../../src/measures/latency/latency";
import { eValue } from "../../../src/stats/eValue";
import { run } from "../../../src/store/run";
import { between, twoWeeks } from "../../calibration/sentenceWorlds";
import { type Call, withCalls } from "../../measures/calls";
import { thorough } from "../../property";
import { assertClose, near } from "../../same";
import { half, traffic } from "../traffic";

const compared = (calls: readonly Call[], options: CompareOptions) =>
  withCalls(calls, (store) => compare(store, options));
const rowOf = ({ rows }: Comparison, metric: string) => {
  const found = rows.find((row) => row.metric === metric);
  assert.ok(found, `no row ${metric}`);
  return found;
};
const holds = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

thorough(
  "an end that is not known is said in words, and nothing is held to a test that there was not",
  async () => {
    const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
    const about = { level: 0.95, method: "", n: 9, clusters: 9, clusterBy: "user_id", unit: "×" };
    const open = (ends: object) => ({ ...none, ...about, ...ends });
    const said = (ratio: object, difference: object = {}) => {
      const row = {
        metric: "duration_p50",
        verdict: "cannot tell",
        claim: { id: "compare.slower", kind: "changed", status: "open" },
        mix_p_holm: Number.NaN,
        seen: Number.NaN,
      };
      const rows = [
        { ...row, within: open(difference), within_ratio: open(ratio) },
      ] as unknown as CompareRow[];
      return verdictOfAll(rows, { by: [], level: 0.95, a: "a", b: "b" });
    };
    assert.match(said({ value: 1.2 }), /1\.20 times, the uncertainty is unknown\.$/);
    assert.match(said({ value: 1.2, low: 1.1 }), /1\.20 times, at least 1\.10\.$/);
    assert.match(said({ value: 1.2, low: 0.9, high: 1.5 }), /1\.20 times, 0\.900 to 1\.50\.$/);
    assert.match(said({}, { value: 0.5, high: 0.7 }), /0\.500 more, at most 0\.700\.$/);
    assert.match(said({}), /p50 duration is not known\.$/);
    const calls = Array.from({ length: 400 }, (_, at) => ({
      call_id: `c${at}`,
      duration: 1 + ((at * 7) % 31) / 9,
    }));
    const found = await compared(calls, {
      a: "call_id < 'c2'",
      b: "call_id >= 'c2'",
      metrics: "duration_p50",
    });
    const { mix, mix_p_holm } = rowOf(found, "duration_p50");
    assert.equal(mix.note, "nothing in the log distinguishes the mix");
    assert.ok(Number.isNaN(mix_p_holm));
  },
);

thorough("calls without a user are those of no known user, not of one", async () => {
  const calls = traffic(1, { days: 14, perDay: 40, users: 40 }).map((call, at) =>
    at % 2 === 0 ? { ...call, user_id: null } : call,
  );
  const found = await compared(calls, { switch: "2026-03-16", metrics: "duration_p50" });
  const users = found.assumptions.find(({ id }) => id === "same-users");
  assert.match(String(users?.found), /^A user is logged in 5\d? % of the calls: this cannot be checked\.$/);
});

describe("a change of the model is told from a change of the mix", () => {
  const metrics = "duration_p50,error_rate,output_tokens";
  const big = { days: 14, perDay: 150, users: 120 };
  const options = { switch: "2026-03-16", metrics };

  thorough("a slowdown at the same mix is slower within, and the mix is cleared", async () => {
    const found = await compared(traffic(1, { ...big, slower: 1.35 }), options);
    const { within_ratio, mix, verdict, p_holm } = rowOf(found, "duration_p50");
    assert.equal(verdict, "slower");
    assert.ok(p_holm < 0.01 && holds(within_ratio, 1.35) && holds(mix, 0));
    assert.equal(rowOf(found, "error_rate").verdict, "cannot tell");
    const { strength = [] } = found.assumptions.find(({ id }) => id === "nothing-unlogged") ?? {};
    assert.deepEqual(
      strength.map((one) => [one.metric, one.ratio, one.e_value]),
      [["duration_p50", within_ratio.value, Number.NaN]],
    );
    const { odds = 0, odds_bound = 0 } = strength[0];
    assert.ok(odds > odds_bound && odds_bound > 1 && odds < eValue(1.35), `${odds}, ${odds_bound}`);
    assert.match(
      found.verdict,
      /^b \(from 2026-\S+ on\) against a \(before 2026-\S+\), at the same mix: p50 duration slower \(1\.\d+ times/,
    );
    assert.match(found.changePoint.verdict, /^slower from 2026-03-1\d.*which falls at the date/);
  });

  thorough("more of the long calls is a change of the mix, and no change of the model is shown", async () => {
    const found = await compared(traffic(2, { ...big, shareAfter: 0.8 }), options);
    for (const metric of ["duration_p50", "output_tokens"]) {
      const { verdict, difference, within, mix_p_holm, seen } = rowOf(found, metric);
      assert.equal(verdict, "the mix changed, no change of the model shown", metric);
      assert.ok(difference.low > 0 && holds(within, 0) && mix_p_holm < 0.001, metric);
      assert.ok(seen > 1 && seen < 2, "what would have been seen");
    }
    assert.match(
      found.verdict,
      /^The mix changed and moved p50 duration \(.*Beyond that no change of the model is shown: at the same mix p50 duration is [\d.]+ times, [\d.]+ to [\d.]+ \(the days alone cannot tell changes below \d+ %/,
    );
    assert.equal(found.verdict.match(/: 10 % takes about \d+ weeks a side, or a model that/g)?.length, 1);
  });

  thorough("where both changed both are said", async () => {
    const found = await compared(traffic(5, { ...big, slower: 1.4, shareAfter: 0.8 }), options);
    assert.match(
      found.verdict,
      /^b \(.*\) against a \(.*\), at the same mix: p50 duration slower .*\. The mix changed as well, and moved p50 duration \(/,
    );
  });

  thorough("where nothing changed nothing is said to have", async () => {
    const found = await compared(traffic(3, big), options);
    for (const { metric, verdict } of found.rows) assert.equal(verdict, "cannot tell", metric);
    assert.match(
      found.verdict,
      /^No metric differs measurably between a \(before .*\) and b \(from .* on\): at the same mix p50 duration is /,
    );
  });

  thorough("the whole is the sum of its parts, and the product of its factors", async () => {
    const found = await compared(traffic(4, { shareAfter: 0.7, slower: 1.2 }), { switch: half });
    assert.ok(found.rows.length >= 8);
    for (const { metric, a, b, difference, within, mix, ratio, within_ratio, mix_ratio } of found.rows) {
      near(within.value + mix.value, difference.value, metric, 1e-9, 1e-12);
      near(difference.value, b.value - a.value, metric, 1e-9, 1e-12);
      if (!Number.isFinite(ratio.value)) continue;
      near(within_ratio.value * mix_ratio.value, ratio.value, metric, 1e-9);
      const { from, to, steps } = compareSteps({ a, b, mix_ratio, within_ratio });
      near(
        steps[0].factor.value * steps[1].factor.value * from.estimate.value,
        to.estimate.value,
        metric,
        1e-9,
      );
    }
  });
});

describe("the numbers of the two sides", () => {
  thorough("are those of the measures, where both sides had the same hours", () =>
    withCalls(traffic(5), async (store) => {
      await run(
        store.connection,
        "insert into tasks (task_id, resolved) select distinct task_id, hash(task_id) % 3 > 0 from calls",
      );
      const found = await compare(store, { a: "model = 'short'", b: "model = 'long'" });
      const waits = await latency(store, { by: "model" });
      const costs = await cost(store, { by: "model" });
      for (const [side, model] of [
        ["a", "short"],
        ["b", "long"],
      ] as const) {
        const wait = waits.rows.find((row) => row.model === model)?.quantiles["0.95"].value as number;
        near(rowOf(found, "duration_p95")[side].value, wait, "p95", 2e-3);
        const own = costs.rows.find((row) => row.model === model);
        near(
          rowOf(found, "cost_per_resolved")[side].value,
          own?.cost_per_resolved.value as number,
          "cost",
          1e-9,
        );
        near(rowOf(found, "resolve_rate")[side].value, own?.resolve_rate.value as number, "rate", 1e-9);
      }
      assert.deepEqual([found.a.what, found.b.what], ["model = 'short'", "model = 'long'"]);
      assert.ok(
        found.notes.some(
          (note) =>
            note ===
            "The mix is compared by workload, working hours, as finely as the calls of both sides allow.",
        ),
      );
      assert.ok(rowOf(found, "duration_p50").a.clusterBy.includes("user_id"));
    }),
  );

  thorough("leave out evaluation runs on a side that does not name them, though the other does", () =>
    withCalls(
      Array.from({ length: 90 }, (_, i) => ({
        call_id: `c${i}`,
        model: i % 3 === 0 ? "m1" : "m2",
        environment: i % 3 === 2 ? "evaluation" : "production",
        status: "ok",
        duration: 1 + (i % 3) + (i % 7) / 10,
      })),
      async (store) => {
        const found = await compare(store, {
          a: "model = 'm1' and environment = 'production'",
          b: "model = 'm2'",
          metrics: "duration_p50",
        });
        const { rows } = await latency(store, { where: "model = 'm2'", by: [], q: [0.5] });
        const { b } = rowOf(found, "duration_p50");
        assert.deepEqual([b.n, b.value], [rows[0].n, rows[0].quantiles["0.5"].value]);
        assert.equal(found.b.calls, 30);
      },
    ),
  );

  thorough("leave out judges on a side that does not name roles, though the other does", () =>
    withCalls(
      Array.from({ length: 120 }, (_, i) => ({
        call_id: `c${i}`,
        model: i % 2 === 0 ? "m1" : "m2",
        role: i % 4 === 3 ? "judge" : "answer",
        status: "ok",
        duration: 1 + (i % 7) / 10,
      })),
      async (store) => {
        const found = await compare(store, {
          a: "model = 'm1' and role = 'answer'",
          b: "model = 'm2'",
          metrics: "duration_p50",
        });
        assert.equal(found.b.calls, 30);
        assert.equal(rowOf(found, "duration_p50").b.n, 30);
      },
    ),
  );

  thorough("have no time to first token where the log has none, whatever timed out", () =>
    withCalls(
      traffic(8).map((call, i) => (i % 10 === 0 ? { ...call, status: "timeout", duration: 30 } : call)),
      async (store) => {
        const found = await compare(store, { switch: half, metrics: "ttft_p50,duration_p50" });
        assert.deepEqual(
          found.rows.map(({ metric }) => metric),
          ["duration_p50"],
        );
      },
    ),
  );

  thorough("a score is compared as a rate where it is 0 or 1, by its commonest kind of rater", () =>
    withCalls(traffic(6), async (store) => {
      await run(
        store.connection,
        `insert into scores (subject, subject_id, name, value, rater)
         select 'call', call_id, 'helpful', case when model = 'long' then 1 else hash(call_id) % 2 end, 'user' from calls
         union all select 'call', call_id, 'helpful', 0, 'judge' from calls where hash(call_id) % 9 = 0`,
      );
      const found = await compare(store, {
        a: "model = 'short'",
        b: "model = 'long'",
        metrics: "score:helpful",
      });
      const { a, b, verdict } = rowOf(found, "score:helpful");
      assert.deepEqual([a.method, a.unit, b.value, verdict], ["wilson", "1", 1, "higher"]);
      assert.ok(Math.abs(a.value - 0.5) < 0.1);
      // Scores that describe the request are compared only if named, and those without a name never.
      await run(
        store.connection,
        `insert into scores by name select * replace ('messy' as name) from scores
         union all by name select * replace (null as name) from scores`,
      );
      const sides = { a: "model = 'short'", b: "model = 'long'" };
      const scored = async (metrics?: string) =>
        (await compare(store, { ...sides, metrics })).rows
          .map(({ metric }) => metric)
          .filter((one) => one.startsWith("score:"));
      assert.deepEqual(await scored(), ["score:helpful"]);
      assert.deepEqual(await scored("score:messy"), ["score:messy"]);
      await assert.rejects(
        compare(store, { switch: half, metrics: "score:helpfull" }),
        /requires a score of calls or tasks on both sides, got "score:helpfull"; did you mean "score:helpful"\?/,
      );
    }),
  );

  thorough("rows may come in any order", async () => {
    const calls = traffic(7, { perDay: 30 });
    const [one, other] = [
      await compared(calls, { switch: half }),
      await compared([...calls].reverse(), { switch: half }),
    ];
    assertClose(other.rows, one.rows);
  });
});

describe("what was fixed before the first answer", () => {
  const weeks = { switch: between, metrics: "duration_p50,cost_per_call" };

  thorough(
    "longer inputs are no dearer model: their length is brought to one mix inside its bins",
    async () => {
      const found = await compared(twoWeeks(31, { longer: 2 }), weeks);
      const { verdict, within_ratio, mix_ratio } = rowOf(found, "cost_per_call");
      assert.equal(verdict, "the mix changed, no change of the model shown");
      assert.ok(holds(within_ratio, 1) && mix_ratio.low > 1.3);
      const [length] = found.balance;
      assert.equal(length.what, "input length of the first turn");
      assert.ok(length.apart > 0.3 && Math.abs(length.apart_at_the_mix) < 0.05);
    },
  );

  thorough(
    "where many users are new, a change is only said if those who were there before show it",
    async () => {
      const found = await compared(twoWeeks(32, { newUsers: 0.5, newSlower: 2 }), weeks);
      const { verdict, returning } = rowOf(found, "duration_p50");
      assert.equal(verdict, "slower, or other users");
      assert.ok(returning !== undefined && holds(returning, 1));
      assert.match(
        found.verdict,
        /^At the same mix, but with different users: p50 duration slower .* it may be the users\./,
      );
      assert.equal(found.assumptions.find(({ id }) => id === "same-users")?.flips, true);
      const slowed = await compared(twoWeeks(32, { newUsers: 0.5, slower: 2 }), weeks);
      assert.equal(rowOf(slowed, "duration_p50").verdict, "slower");
      assert.ok(rowOf(slowed, "duration_p50").unlogged > 1.3);
    },
  );
});

describe("the hours that are compared", () => {
  const day = (name: string, date: number, hours: number[], duration: number): Call[] =>
    hours.flatMap((hour) =>
      Array.from({ length: 30 }, (_, i) => ({
        call_id: `${name}${date}-${hour}-${i}`,
        user_id: `u${i}`,
        started_at: `2026-03-${String(date).padStart(2, "0")} ${String(hour).padStart(2, "0")}:${String(i).padStart(2, "0")}:00`,
        duration: duration * (1 + (i % 5) / 10),
        model: "m",
      })),
    );

  thorough("are those of the weekdays on both sides: a Sunday has nothing to do with a Monday", async () => {
    // Monday and Tuesday before, Tuesday after; Mondays are slow.
    const calls = [
      ...day("a", 2, [9, 10, 11, 12, 13], 9),
      ...day("a", 3, [9, 10, 11, 12, 13], 1),
      ...day("b", 10, [9, 10, 11, 12, 13], 1),
    ];
    const found = await compared(calls, { switch: "2026-03-09", metrics: "duration_p50" });
    near(rowOf(found, "duration_p50").within_ratio.value, 1, "within_ratio", 1e-3);
    assert.deepEqual([found.a.calls, found.a.matched, found.b.matched], [300, 150, 150]);
    assert.match(found.notes[0], /^Matched by weekday and hour: 150 of 300 calls of a and 150 of 150 of b/);
  });

  thorough("are working days and weekends where no weekday is on both sides, and it says so", async () => {
    const calls = [
      ...day("a", 2, [9, 10, 11, 12, 13], 1),
      ...day("a", 7, [9, 10, 11, 12, 13], 9),
      ...day("b", 12, [9, 10, 11, 12, 13, 20], 1),
    ];
    const found = await compared(calls, { switch: "2026-03-09", metrics: "duration_p50" });
    near(rowOf(found, "duration_p50").within_ratio.value, 1, "within_ratio", 1e-3);
    assert.match(
      found.notes[0],
      /^Matched by working day or weekend, and hour, since weekday and hour are not on both sides: 150 of 300/,
    );
  });

  thorough("are of no weight where calls have no time", async () => {
    const calls = traffic(8).map(({ started_at: _, ...call }) => call);
    const found = await compared(calls, {
      a: "model = 'short'",
      b: "model = 'long'",
      metrics: "duration_p50",
    });
    assert.equal(rowOf(found, "duration_p50").verdict, "slower");
    assert.match(found.notes[0], /^Not matched by the time of the week, since calls have no time/);
    assert.equal(found.changePoint.verdict, "cannot tell");
  });
});

describe("two runs of the same items", () => {
  /** Sixty prompts, run by two releases; the second fails every fifth prompt that the first passes. */
  const runs = ["1.0", "1.1"].flatMap((release) =>
    Array.from(
      { length: 60 },
      (_, at): Call => ({
        call_id: `${release}-${at}`,
        task_id: `${release}-t${at}`,
        prompt_id: `p${at}`,
        environment: "evaluation",
        release,
        model: "m",
        duration: 1 + (at % 7),
      }),
    ),
  );
  const judge = `insert into scores (subject, subject_id, name, value, rater)
    select 'task', task_id, 'correct', case
      when substr(prompt_id, 2)::int % 3 = 0 then 0
      when release = '1.1' and substr(prompt_id, 2)::int % 5 = 0 then 0 else 1 end, 'rule' from calls`;
  const sides = { a: "release = '1.0'", b: "release = '1.1'", where: "environment = 'evaluation'" };

  thorough("are compared item by item: McNemar's test, the flips, one error bar", () =>
    withCalls(runs, async (store) => {
      await run(store.connection, judge);
      const [row, ...more] = (await compare(store, sides)).items;
      assert.equal(more.length, 0);
      assert.deepEqual(
        [row.score, row.items, row.higher_a, row.higher_b, row.verdict],
        ["correct", 60, 8, 0, "lower"],
      );
      near(row.p_holm, 2 * 0.5 ** 8, "exact p", 1e-9);
      near(row.difference.value, -8 / 60, "difference", 1e-12);
      assert.ok(row.difference.high < 0 && row.difference.clusterBy === "prompt_id");
      assert.match(row.flips, /^p10: 1 to 0, p20: 1 to 0/);
    }),
  );

  thorough("clustered by prompt, the rows too know that the items are the same", () =>
    withCalls(runs, async (store) => {
      await run(store.connection, judge);
      const width = async (cluster: string) => {
        const { difference } = rowOf(
          await compare(store, { ...sides, cluster, metrics: "score:correct" }),
          "score:correct",
        );
        return difference.high - difference.low;
      };
      assert.ok((await width("prompt_id")) < 0.75 * (await width("task_id")));
    }),
  );

  thorough("without shared prompts there are none", async () => {
    assert.deepEqual(
      (await compared(traffic(20, { days: 1 }), { a: "model = 'short'", b: "model = 'long'" })).items,
      [],
    );
  });
});

describe("what cannot be told is said", () => {
  thorough(
    "kinds of calls that one side lacks are not compared, and the share that is compares",
    async () => {
      const calls = traffic(9).map((call, at) => ({
        ...call,
        workload: at % 3 === 0 && String(call.started_at) < half ? "old" : "w",
      }));
      const found = await compared(calls, { switch: half, metrics: "duration_p50" });
      assert.match(rowOf(found, "duration_p50").within.note as string, /of 6\d % of a, which b has as well/);
    },
  );

  thorough("few users give no interval and no verdict", async () => {
    const found = await compared(traffic(10, { users: 3, slower: 3 }), {
      switch: half,
      cluster: "user_id",
      metrics: "duration_p50",
    });
    const { a, within, verdict } = rowOf(found, "duration_p50");
    assert.ok(Number.isNaN(within.low) && Number.isNaN(a.low));
    assert.match(a.note as string, /needs 5 effective clusters, has [23]/);
    assert.equal(verdict, "could not be tested");
    assert.match(
      found.verdict,
      /^Nothing could be tested between a \(before .*\) and b \(from .*\): an interval needs 5 effective clusters, has [23]\.\d\.$/,
    );
  });

  thorough(
    "users who are all new leave a change untested among those on both sides, and no p-value of 1",
    async () => {
      const found = await compared(twoWeeks(33, { users: 30, newUsers: 1 }), {
        switch: between,
        metrics: "duration_p50",
      });
      const { p_holm, verdict } = rowOf(found, "duration_p50");
      assert.ok(Number.isNaN(p_holm), String(p_holm));
      assert.equal(verdict, "cannot tell");
      assert.equal(
        found.assumptions.find(({ id }) => id === "same-users")?.found,
        "0 % of the calls are from users on both sides.",
      );
    },
  );

  thorough("a rate that is nought on both sides, and a side without a resolved task", () =>
    withCalls(
      traffic(11).map((call) => ({ ...call, status: "ok" })),
      async (store) => {
        await run(
          store.connection,
          `insert into tasks (task_id, resolved) select distinct task_id, started_at < '${half}' and hash(task_id) % 2 = 0 from calls`,
        );
        const found = await compare(store, {
          switch: half,
          metrics: "error_rate,cost_per_resolved,resolve_rate",
        });
        const errors = rowOf(found, "error_rate");
        assert.deepEqual([errors.difference.value, errors.verdict], [0, "cannot tell"]);
        assert.ok(errors.difference.low < 0 && errors.difference.high > 0);
        assert.ok(Number.isNaN(rowOf(found, "cost_per_resolved").ratio.low));
        assert.equal(rowOf(found, "resolve_rate").verdict, "resolves less");
      },
    ),
  );

  thorough("a timeout leaves the upper end open", async () => {
    const calls = traffic(12).map((call, at) =>
      at % 12 === 0 ? { ...call, status: "timeout", duration: 60 } : call,
    );
    const found = await compared(calls, { switch: half, metrics: "duration_p50,duration_p99" });
    assert.equal(rowOf(found, "duration_p99").a.high, Number.POSITIVE_INFINITY);
    assert.ok(Number.isFinite(rowOf(found, "duration_p50").a.high));
  });

  thorough(
    "a side that only times out is slower than one that answers, and two that do cannot be told apart",
    async () => {
      const calls = traffic(15).map(
        (call): Call =>
          String(call.started_at) < half ? call : { ...call, status: "timeout", duration: 600 },
      );
      const options = { switch: half, metrics: "duration_p50" };
      const one = rowOf(await compared(calls, options), "duration_p50");
      assert.deepEqual([one.b.value, one.b.high, one.verdict], [600, Number.POSITIVE_INFINITY, "slower"]);
      assert.match(one.ratio.note as string, /at least this/);
      const late = calls.map(
        (call): Call => ({
          ...call,
          duration: call.status === "timeout" ? 600 : 60,
          status: "timeout",
        }),
      );
      const both = rowOf(await compared(late, options), "duration_p50");
      assert.deepEqual([both.a.value, both.b.value, both.verdict], [60, 600, "cannot tell"]);
    },
  );

  test("an empty side gives no rows", async () => {
    const found = await compared(traffic(13), { switch: "2027-01-01" });
    assert.deepEqual([found.rows, found.b.calls], [[], 0]);
    assert.match(found.verdict, /^Nothing to compare: no call is on side [ab] \(.+\)\.$/);
    assert.doesNotMatch(found.notes.join(" "), /mix|do not share/);
  });

  test("what is asked wrongly is refused", () =>
    withCalls(traffic(14, { days: 1 }), async (store) => {
      await assert.rejects(
        compare(store, {}),
        /requires either a and b, two predicates such as "model = .*", or switch, a date such as/,
      );
      await assert.rejects(compare(store, { a: "true", switch: half }), /requires either a and b/);
      await assert.rejects(
        compare(store, { switch: "soon" }),
        /requires switch to be a time such as "2026-03-05".*got "soon"/,
      );
      await assert.rejects(compare(store, { switch: "2026-02-31" }), /requires switch to be a time/);
      await assert.rejects(
        compare(store, { a: "model = 'x'; drop table calls", b: "true" }),
        /a requires one SQL expression/,
      );
      await assert.rejects(compare(store, { switch: half, metrics: "p95" }), /metric requires a name/);
      await assert.rejects(
        compare(store, { switch: half, level: 95 }),
        /0 < level < 1, got 95; did you mean 0.95/,
      );
    }));

  thorough("a date is meant in the time zone", async () => {
    const calls = traffic(15, { days: 2, perDay: 40 });
    const count = async (moment: string, timezone: string) =>
      (await compared(calls, { switch: moment, timezone, metrics: "duration_p50" })).a.calls;
    const before = (moment: string) => calls.filter(({ started_at }) => String(started_at) < moment).length;
    assert.equal(await count("2026-03-03 12:00", "Europe/Berlin"), before("2026-03-03T11:00:00"));
    assert.equal(await count("2026-03-03T12:00+05:00", "Europe/Berlin"), before("2026-03-03T07:00:00"));
  });
});
