import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { latency } from "../../../src/measures/latency/latency";
import type { LatencyMetric } from "../../../src/measures/metricKinds";
import { reliability } from "../../../src/measures/service/reliability";
import type { Row } from "../../../src/measures/table";
import { quantileInterval } from "../../../src/stats/quantileInterval";
import { random } from "../../../src/stats/random";
import { fc, runs, thorough } from "../../property";
import { near } from "../../same";
import { type Call, put, withCalls } from "../calls";
import { gather, keyOf, same, sameAsPlain } from "../reference";

const q = [0, 0.01, 0.5, 0.9, 0.99, 0.999, 1];
const strange = [
  "plain",
  'a "quoted" name',
  "it's",
  "<img src=x onerror=alert(1)>",
  "模型 🚀",
  "a,b",
  "",
  null,
];

/** Calls of every kind: log-normal durations, ties, failures, timeouts with and without a duration, gaps. */
function mixed(count: number, { seed = 1, users = 40, models = 3 } = {}): Call[] {
  const r = random(seed);
  return Array.from({ length: count }, () => {
    const user = r.integer(users);
    const duration = Math.exp(0.3 * ((user % 7) - 3) + 0.8 * r.normal());
    const draw = r.uniform();
    const status =
      draw < 0.85
        ? "ok"
        : draw < 0.9
          ? null
          : ["error", "timeout", "rate_limited", "cancelled"][r.integer(4)];
    const streamed = r.uniform() < 0.8;
    return {
      model: `m${r.integer(models)}`,
      user_id: user === 0 ? null : `u${user}`,
      status,
      duration: r.uniform() < 0.05 ? null : r.uniform() < 0.2 ? Math.round(duration * 10) / 10 : duration,
      time_to_first_token: streamed ? duration * r.uniform() : null,
      output_tokens: r.uniform() < 0.1 ? r.integer(2) : r.integer(500),
    };
  });
}

describe("latency says what the statistics of plain arrays say", () => {
  const metrics: LatencyMetric[] = [
    "duration",
    "time_to_first_token",
    "time_per_output_token",
    "output_tokens_per_second",
  ];
  for (const cluster of ["call_id", "user_id"]) {
    for (const metric of metrics) {
      test(`${metric}, clustered by ${cluster}`, async () => {
        const calls = mixed(1500);
        await withCalls(calls, async (store) => {
          const options = { by: ["model"], cluster, metric, q };
          sameAsPlain(await latency(store, options), calls, options);
        });
      });
    }
  }

  test("at another level, and for quantiles beyond four at once", async () => {
    const calls = mixed(900, { seed: 2 });
    await withCalls(calls, async (store) => {
      const options = {
        by: ["model"],
        cluster: "user_id",
        q: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.95],
        level: 0.8,
      };
      sameAsPlain(await latency(store, options), calls, options);
    });
  });

  thorough(
    "by nothing, by several columns, by hundreds of users, and by columns that hold any text",
    async () => {
      const r = random(3);
      const calls = mixed(3000, { seed: 3, users: 400 }).map((call) => ({
        ...call,
        provider: strange[r.integer(strange.length)],
        stream: [true, false, null][r.integer(3)],
        attempt: [1, 2, null][r.integer(3)],
      }));
      await withCalls(calls, async (store) => {
        for (const by of [
          [],
          ["provider"],
          ["provider", "model", "status"],
          ["user_id"],
          ["stream", "attempt"],
        ]) {
          for (const cluster of ["call_id", "user_id"]) {
            const options = { by, cluster, q: [0.5, 0.99] };
            sameAsPlain(await latency(store, options), calls, options);
          }
        }
      });
    },
  );

  test("a mean of few calls is not below 0 at its lower end", () =>
    withCalls(
      [0.1, 0.2, 9].map((duration, at) => ({ duration, call_id: `c${at}`, user_id: `u${at}` })),
      async (store) => {
        for (const cluster of ["call_id", "user_id"]) {
          const [{ mean }] = (await latency(store, { by: "", cluster })).rows;
          assert.deepEqual([mean.low, mean.value < mean.high], [0, true]);
        }
      },
    ));

  test("zeros, infinities, values far apart, and negatives and NaN, which are no waits", async () => {
    const odd = [
      0,
      -1,
      -1e-300,
      1e-300,
      1e-9,
      1e19,
      1e20,
      1e21,
      1e300,
      -1e25,
      -3.5,
      Infinity,
      -Infinity,
      NaN,
    ];
    const r = random(4);
    const calls = Array.from({ length: 400 }, (_, at) => ({
      model: at % 2 === 0 ? "odd" : "few",
      user_id: `u${r.integer(60)}`,
      duration: r.uniform() < (at % 2 === 0 ? 0.5 : 0.03) ? odd[r.integer(odd.length)] : r.exponential(),
    }));
    await withCalls(calls, async (store) => {
      for (const cluster of ["call_id", "user_id"]) {
        const options = { by: ["model"], cluster, q: [0, 0.05, 0.3, 0.5, 0.8, 0.95, 1] };
        sameAsPlain(await latency(store, options), calls, options);
      }
    });
  });

  thorough("whatever the values, statuses and clusters", async () => {
    const call = fc.record({
      duration: fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 0, max: 1e8 }).map((x) => x / 1e6) },
        { weight: 3, arbitrary: fc.constantFrom(0, 1, 1.5, 2, -1) },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
      status: fc.constantFrom("ok", "ok", "ok", null, "timeout", "error"),
      user_id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", null),
      model: fc.constantFrom("m", "n", null),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 60 }),
        fc.constantFrom("call_id", "user_id"),
        fc.constantFrom(0.5, 0.9, 0.95),
        async (calls, cluster, level) => {
          if (!calls.some(({ user_id }) => user_id !== null)) return;
          await withCalls(calls, async (store) => {
            const options = { by: ["model"], cluster, q: [0, 0.25, 0.5, 0.95, 1], level };
            sameAsPlain(await latency(store, options), calls, options);
          });
        },
      ),
      { numRuns: runs(60) },
    );
  });
});

describe("what a call's latency is", () => {
  const one = async (call: Call, metric: LatencyMetric) =>
    withCalls([call], async (store) => (await latency(store, { by: "", metric, q: [0.5] })).rows[0]);

  test("a timeout stays in as a wait, and is left out of the tokens a second, which says so", () =>
    withCalls(
      [
        { duration: 5, output_tokens: 9, status: "ok" },
        { duration: 30, output_tokens: 0, status: "timeout" },
        { duration: 1, output_tokens: 0, status: "error" },
      ],
      async (store) => {
        const notes = async (metric: LatencyMetric) =>
          (await latency(store, { by: "", metric })).notes.filter((note) => /failed/.test(note));
        assert.deepEqual(await notes("duration"), [
          "1 of 3 calls failed; they have no latency and are left out.",
        ]);
        assert.deepEqual(await notes("output_tokens_per_second"), [
          "2 of 3 calls failed or timed out; they have no whole answer and are left out.",
        ]);
      },
    ));

  thorough("each metric by its definition, in seconds and tokens per second", async () => {
    const call = { duration: 5, time_to_first_token: 1, output_tokens: 9, status: "ok" };
    const value = async (metric: LatencyMetric) => (await one(call, metric)).quantiles["0.5"];
    assert.equal((await value("duration")).value, 5);
    assert.equal((await value("time_to_first_token")).value, 1);
    // The wait for the first token is not part of it, and 8 of 9 tokens follow the first.
    assert.equal((await value("time_per_output_token")).value, 0.5);
    assert.equal((await value("output_tokens_per_second")).value, 1.8);
    assert.equal((await value("output_tokens_per_second")).unit, "tokens/s");
    assert.equal((await value("duration")).unit, "s");
  });

  test("short names stand for the metrics", () =>
    withCalls([{ duration: 5, time_to_first_token: 1, output_tokens: 9 }], async (store) => {
      const of = async (metric: "ttft" | "tpot" | "tps") =>
        (await latency(store, { metric })).rows[0].mean.value;
      assert.deepEqual([await of("ttft"), await of("tpot"), await of("tps")], [1, 0.5, 1.8]);
    }));

  test("a single output token has no time per further token", async () => {
    const row = await one({ duration: 5, time_to_first_token: 1, output_tokens: 1 }, "time_per_output_token");
    assert.equal(row.n, 0);
    assert.ok(Number.isNaN(row.mean.value));
    assert.equal(row.mean.note, "no calls with a time per output token");
    assert.equal(row.quantiles["0.5"].note, "no calls with a time per output token");
  });

  test("a timeout is a wait of at least its duration: its quantile and the mean are open above", async () => {
    const row = await one({ duration: 60, status: "timeout" }, "duration");
    assert.deepEqual([row.n, row.timeouts, row.failed], [1, 1, 0]);
    assert.equal(row.quantiles["0.5"].value, 60);
    assert.equal(row.quantiles["0.5"].high, Number.POSITIVE_INFINITY);
    assert.match(row.quantiles["0.5"].note as string, /at least this/);
    assert.equal(row.mean.value, 60);
    assert.equal(row.mean.high, Number.POSITIVE_INFINITY);
    assert.match(row.mean.note as string, /at least this: 1 of 1 calls are timeouts/);
  });

  test("a timeout without a duration is a gap in the log, and said", () =>
    withCalls([{ status: "timeout" }, { duration: 1 }], async (store) => {
      const { rows, notes } = await latency(store);
      assert.deepEqual([rows[0].n, rows[0].timeouts], [1, 0]);
      assert.ok(notes.includes("1 of 2 calls have no duration, or one below 0, and are left out."));
    }));

  test("a call that failed has no latency, however fast it failed, and is counted apart", () =>
    withCalls(
      [
        { duration: 1, status: "ok" },
        { duration: 0, status: "error" },
        { duration: 0.001, status: "rate_limited" },
        { duration: 3, status: "cancelled" },
      ],
      async (store) => {
        const { rows, notes } = await latency(store);
        assert.deepEqual([rows[0].n, rows[0].failed, rows[0].mean.value], [1, 3, 1]);
        assert.ok(notes.includes("3 of 4 calls failed; they have no latency and are left out."));
      },
    ));

  test("a timeout before the first token is a wait for it of at least the duration", () =>
    withCalls(
      [
        { duration: 2, time_to_first_token: 1, status: "ok" },
        { duration: 30, time_to_first_token: 3, status: "timeout" },
        { duration: 60, status: "timeout" },
      ],
      async (store) => {
        const { rows } = await latency(store, { metric: "time_to_first_token", q: [0.5] });
        assert.deepEqual([rows[0].n, rows[0].timeouts, rows[0].quantiles["0.5"].value], [3, 1, 3]);
      },
    ));

  test("where answers are not streamed, a timeout is no wait for a first token either", () =>
    withCalls(
      [
        { model: "whole", duration: 2, status: "ok" },
        { model: "whole", duration: 60, status: "timeout" },
        { model: "said so", duration: 2, status: "ok", stream: true, time_to_first_token: 1 },
        { model: "said so", duration: 60, status: "timeout", stream: false },
      ],
      async (store) => {
        for (const cluster of ["call_id", "auto"]) {
          const table = await latency(store, { metric: "time_to_first_token", cluster });
          const counts = table.rows.map(({ model, n, timeouts }) => [model, n, timeouts]);
          assert.deepEqual(counts, [
            ["said so", 1, 0],
            ["whole", 0, 0],
          ]);
          assert.ok(
            table.notes.includes(
              "3 of 4 calls have no time to first token, or one below 0, and are left out.",
            ),
          );
        }
        const whole = await latency(store, { metric: "time_to_first_token", where: "model = 'whole'" });
        assert.deepEqual(whole.notes.slice(-1), [
          "No call has a time to first token: latency cannot be measured on this log.",
        ]);
      },
    ));

  test("a log without durations is answered, not measured as 0", () =>
    withCalls([{ input_tokens: 3 }, { input_tokens: 4 }], async (store) => {
      const { rows, notes } = await latency(store);
      assert.equal(rows[0].n, 0);
      assert.ok(Number.isNaN(rows[0].quantiles["0.99"].value));
      assert.ok(notes.includes("No call has a duration: latency cannot be measured on this log."));
    }));

  test("a log without statuses says that failures may be among its calls, one with statuses does not", async () => {
    const said = (notes: string[]) => notes.some((note) => note.startsWith("No call has a status"));
    await withCalls([{ duration: 1 }, { duration: 2 }], async (store) =>
      assert.ok(said((await latency(store)).notes)),
    );
    await withCalls([{ duration: 1, status: "ok" }], async (store) =>
      assert.ok(!said((await latency(store)).notes)),
    );
  });

  test("an empty store gives an empty table that says so", () =>
    withCalls([], async (store) => {
      for (const by of [undefined, "", "model"]) {
        const table = await latency(store, { by });
        assert.deepEqual(table.rows, []);
        assert.equal(table.notes.at(-1), "No call is selected.");
      }
    }));
});

describe("thin data", () => {
  const calls = (n: number) => Array.from({ length: n }, (_, at) => ({ duration: 1 + at / n, model: "m" }));
  const quantiles = async (n: number) =>
    withCalls(calls(n), async (store) => (await latency(store, { cluster: "call_id" })).rows[0].quantiles);

  test("p99.9 of 500 calls is open above and says what it would need", async () => {
    const found = (await quantiles(500))["0.999"];
    assert.equal(found.high, Number.POSITIVE_INFINITY);
    assert.equal(found.note, "p99.9 needs 3,688 calls, has 500");
    assert.ok(found.low > 1 && found.low < found.value);
  });

  test("p99 is bounded from 368 calls on", async () => {
    assert.equal((await quantiles(367))["0.99"].high, Number.POSITIVE_INFINITY);
    assert.ok(Number.isFinite((await quantiles(368))["0.99"].high));
  });

  thorough("one call bounds nothing, and no bound passes the value", async () => {
    for (const n of [1, 2, 3, 5, 8]) {
      for (const [p, { value, low, high, note }] of Object.entries(await quantiles(n))) {
        assert.ok(low <= value && value <= high, `n=${n} p=${p}: ${low} <= ${value} <= ${high}`);
        assert.ok(!Number.isFinite(low) || !Number.isFinite(high) || p === "0.5", `n=${n} p=${p}`);
        if (!Number.isFinite(high)) assert.match(note as string, /needs [\d,]+ calls, has \d/);
      }
    }
  });

  test("the mean of one call has no interval, and says what it needs", () =>
    withCalls(calls(1), async (store) => {
      const { mean } = (await latency(store)).rows[0];
      assert.ok(Number.isNaN(mean.low) && Number.isNaN(mean.high));
      assert.equal(mean.note, "an interval needs 2 calls, has 1");
    }));

  test("four users bound nothing, whatever the number of calls", () =>
    withCalls(
      calls(400).map((call, at) => ({ ...call, user_id: `u${at % 4}` })),
      async (store) => {
        const found = (await latency(store, { cluster: "user_id" })).rows[0].quantiles["0.5"];
        assert.ok(Number.isNaN(found.low) && Number.isNaN(found.high));
        assert.match(found.note as string, /needs 5 effective clusters, has 4\.0/);
      },
    ));
});

describe("bootstrap intervals on request", () => {
  test("quantiles and the mean carry a bootstrap interval and say so", async () => {
    const calls = mixed(2000, { seed: 5 }).filter(({ status }) => status !== "timeout");
    await withCalls(calls, async (store) => {
      for (const cluster of ["call_id", "user_id"]) {
        const { rows } = await latency(store, { by: "", cluster, interval: "bootstrap", q: [0.5, 0.95] });
        for (const estimate of [rows[0].mean, ...Object.values(rows[0].quantiles)]) {
          assert.match(estimate.method, /^bootstrap/);
          assert.ok(estimate.resamples === "exact" || estimate.resamples === 9999);
          assert.ok(estimate.low < estimate.value && estimate.value < estimate.high);
        }
        assert.equal(rows[0].mean.n, rows[0].n);
      }
    });
  });

  test("of independent calls it is the exact bootstrap law of the plain array", async () => {
    const calls = mixed(800, { seed: 6, models: 2 });
    await withCalls(calls, async (store) => {
      const options = { by: ["model"], cluster: "call_id", q: [0.5, 0.9, 0.99] };
      const table = await latency(store, { ...options, interval: "bootstrap" });
      for (const [key, group] of gather(calls, options)) {
        const row = table.rows.find((one) => keyOf(options.by, one) === key) as (typeof table.rows)[0];
        for (const p of options.q) {
          const wanted = quantileInterval(group.values, p, {
            method: "bootstrap-bca",
            censored: group.censored,
            clusterBy: "call_id",
            counted: "calls",
          });
          same(row.quantiles[String(p)], wanted, `${key} ${p}`);
        }
      }
    });
  });
});

describe("which calls are looked at", () => {
  const calls: Call[] = [
    { duration: 1, environment: "production", role: "answer", operation: "chat" },
    { duration: 2 },
    { duration: 3, environment: "evaluation" },
    { duration: 4, role: "judge" },
    { duration: 5, operation: "embeddings" },
    { duration: 6, role: "other", environment: "evaluation" },
  ];
  const seen = async (options: Parameters<typeof latency>[1]) =>
    withCalls(calls, async (store) => {
      const { rows } = await latency(store, { by: "", ...options, q: [0, 1] });
      return rows.reduce((sum, row) => sum + row.n, 0);
    });

  test("evaluation runs, judges and embeddings are left out", async () => assert.equal(await seen({}), 2));
  thorough("a predicate that names one brings it back, and that one alone", async () => {
    assert.equal(await seen({ where: "environment = 'evaluation'" }), 1);
    assert.equal(await seen({ where: "role = 'judge'" }), 1);
    assert.equal(await seen({ where: "operation = 'embeddings'" }), 1);
    assert.equal(await seen({ where: "environment = 'evaluation' and role = 'other'" }), 1);
    assert.equal(await seen({ where: "duration < 100" }), 2);
  });
  test("so does a column of the table", async () => {
    assert.equal(await seen({ by: "environment" }), 3);
    assert.equal(await seen({ by: "operation" }), 3);
    assert.equal(await seen({ by: "role" }), 4);
  });
  test("a predicate may be any condition, and none may hold", async () => {
    assert.equal(await seen({ where: "duration between 2 and 4 or duration > 100" }), 1);
    assert.equal(await seen({ where: "duration > 1 -- and a comment" }), 1);
    assert.equal(await seen({ where: "duration < 0" }), 0);
  });
});

describe("rows are told apart", () => {
  test("by day, weekday and hour of the time zone asked for", () =>
    withCalls(
      [
        { duration: 1, started_at: "2026-03-02 23:30:00" },
        { duration: 2, started_at: "2026-03-03 04:59:59.999" },
        { duration: 3 },
      ],
      async (store) => {
        const keys = async (by: string, timezone: string) =>
          (await latency(store, { by, timezone })).rows.map((row: Row) => row[by]);
        assert.deepEqual(await keys("day", "UTC"), ["2026-03-02", "2026-03-03", null]);
        assert.deepEqual(await keys("day", "America/New_York"), ["2026-03-02", null]);
        assert.deepEqual(await keys("day", "Europe/Berlin"), ["2026-03-03", null]);
        assert.deepEqual(await keys("weekday", "America/New_York"), ["Mon", null]);
        assert.deepEqual(await keys("hour", "UTC"), [4, 23, null]);
        assert.deepEqual(await keys("hour", "Asia/Kolkata"), [5, 10, null]);
      },
    ));

  test("the days of a week in their order", () =>
    withCalls(
      [3, 5, 8, 2, 7, 4, 6].map((day) => ({ duration: 1, started_at: `2026-03-0${day} 12:00:00` })),
      async (store) => {
        const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        for (const measure of [latency, reliability, cost])
          assert.deepEqual(
            (await measure(store, { by: "weekday" })).rows.map(({ weekday }) => weekday),
            days,
          );
      },
    ));

  test("by workload and model, whichever is filled, where nothing is asked", async () => {
    const by = (calls: Call[]) => withCalls(calls, async (store) => (await latency(store)).by);
    assert.deepEqual(await by([{ duration: 1 }]), []);
    assert.deepEqual(await by([{ duration: 1, model: "m" }]), ["model"]);
    assert.deepEqual(await by([{ workload: "w", model: "m" }]), ["workload", "model"]);
  });

  test("in the order of their values, those not known last, whatever the order of the calls", async () => {
    const calls = ["b", null, "a", "B", "é", "<b>"].map((model) => ({ model, duration: 1 }));
    const orders = await Promise.all(
      [calls, [...calls].reverse()].map((some) =>
        withCalls(some, async (store) => (await latency(store)).rows.map(({ model }) => model)),
      ),
    );
    assert.deepEqual(orders[0], ["<b>", "B", "a", "b", "é", null]);
    assert.deepEqual(orders[1], orders[0]);
  });
});

describe("what is asked wrongly is refused with what to do", () => {
  const refused = (options: object, message: RegExp) =>
    withCalls([{ duration: 1 }], (store) =>
      assert.rejects(latency(store, options), (error: Error) => {
        assert.match(error.message, message);
        return error instanceof RangeError || error instanceof TypeError;
      }),
    );

  test("a quantile in per cent", () => refused({ q: [95] }, /0 <= q <= 1, got 95; did you mean 0.95\?/));
  test("a level in per cent", () => refused({ level: 95 }, /0 < level < 1, got 95; did you mean 0.95\?/));
  test("a metric", () => refused({ metric: "durations" }, /got "durations"; did you mean "duration"\?/));
  test("a column", () => refused({ by: "modell" }, /got "modell"; did you mean "model"\?/));
  test("a column of a predicate", () => refused({ where: "modell = 1" }, /did you mean "model"\?/));
  test("a predicate", () => refused({ where: "model = " }, /where requires/));
  test("a second statement", () => refused({ where: "true; drop table calls" }, /where requires/));
  test("a subquery", () => refused({ where: "exists (select 1)" }, /where requires/));
  test("a time zone", () => refused({ timezone: "Mars/Phobos" }, /timezone requires/));
  test("a cluster", () => refused({ cluster: "model" }, /cluster requires one of/));
  test("a cluster that no call has", () => refused({ cluster: "user_id" }, /cluster user_id requires/));
  test("an interval", () => refused({ interval: "exact" }, /interval "auto" or "bootstrap"/));
});

describe("the same input gives the same output", () => {
  thorough("whatever the order of the rows", async () => {
    const calls = mixed(2500, { seed: 7 });
    const r = random(8);
    const shuffled = calls
      .map((call, at) => ({ call: { call_id: `c${at}`, ...call }, key: r.uniform() }))
      .sort((a, b) => a.key - b.key)
      .map(({ call }) => call);
    for (const cluster of ["call_id", "user_id"]) {
      const [one, other] = await Promise.all(
        [calls, shuffled].map((some) => withCalls(some, (store) => latency(store, { cluster }))),
      );
      for (const [at, row] of one.rows.entries()) {
        const twin = other.rows[at];
        assert.deepEqual([twin.model, twin.n], [row.model, row.n]);
        for (const [p, estimate] of Object.entries(row.quantiles))
          same(twin.quantiles[p], estimate, `${row.model} ${p}`, { relative: 1e-12 });
        near(twin.mean.value, row.mean.value, "mean", 1e-12);
        near(twin.mean.high, row.mean.high, "mean high", 1e-9);
      }
    }
  });

  test("two measures at once on one store keep apart", async () => {
    const calls = mixed(1200, { seed: 9 });
    await withCalls(calls, async (store) => {
      const clusterBy = [
        { by: ["model"], cluster: "call_id", metric: "duration" as const, q },
        { by: ["user_id"], cluster: "call_id", metric: "time_to_first_token" as const, q: [0.5] },
        { by: [], cluster: "user_id", metric: "output_tokens_per_second" as const, q: [0.9] },
        { by: ["model"], cluster: "user_id", metric: "duration" as const, q: [0.95] },
      ];
      const tables = await Promise.all(clusterBy.map((options) => latency(store, options)));
      for (const [at, table] of tables.entries()) sameAsPlain(table, calls, clusterBy[at]);
    });
  });

  test("rows that come later count", () =>
    withCalls([{ duration: 1 }], async (store) => {
      assert.equal((await latency(store)).rows[0].n, 1);
      await put(store, [{ call_id: "later", duration: 3 }]);
      assert.equal((await latency(store)).rows[0].mean.value, 2);
    }));
});

describe("what counts as independent is chosen and told", () => {
  const cluster = async (calls: Call[], clusterBy = "auto") =>
    withCalls(calls, async (store) => {
      const { rows, notes } = await latency(store, { by: "", cluster: clusterBy });
      return { by: rows[0].mean.clusterBy, clusters: rows[0].mean.clusters, note: notes[0] };
    });
  const many = (columns: (at: number) => Call) =>
    Array.from({ length: 300 }, (_, at) => ({ duration: 1 + (at % 17), ...columns(at) }));

  test("users where they are known and many", async () => {
    const found = await cluster(many((at) => ({ user_id: `u${at % 60}`, conversation_id: `k${at}` })));
    assert.deepEqual([found.by, found.clusters], ["user_id", 60]);
  });
  test("users where they are known and few, with a warning, never a unit inside of them", async () => {
    const found = await cluster(many((at) => ({ user_id: `u${at % 10}`, conversation_id: `k${at % 100}` })));
    assert.deepEqual([found.by, found.clusters], ["user_id", 10]);
    assert.match(found.note, /10\.0 effective/);
  });
  test("the next finer where most of the calls have none", async () => {
    const found = await cluster(
      many((at) => ({ user_id: at % 5 ? null : `u${at % 61}`, task_id: `t${at % 150}` })),
    );
    assert.equal(found.by, "task_id");
    assert.match(found.note, /user_id is filled in 20 % of the calls, and 50 % are needed/);
  });
  test("users where most calls have them, and the next finer id of each other call", async () => {
    const found = await cluster(
      many((at) => ({
        user_id: at % 5 ? `u${at % 7}` : null,
        conversation_id: at % 10 ? null : `c${at % 3}`,
        task_id: `t${at % 150}`,
      })),
    );
    // 7 users; 30 calls of 3 conversations; 30 calls of tasks that are theirs alone.
    assert.deepEqual([found.by, found.clusters], ["user_id", 7 + 3 + 15]);
    assert.match(
      found.note,
      /20 % of the calls have none: each counts by its conversation or task, or alone/,
    );
  });
  test("every call and the hours that they share, where only times are known", async () => {
    const slow = (at: number) => (at % 40 < 4 ? 3 : 1);
    const calls = Array.from({ length: 400 }, (_, at) => ({
      duration: slow(at) * (1 + (at % 7) / 10),
      started_at: `2026-03-${String(1 + Math.floor((at % 40) / 8)).padStart(2, "0")} ${10 + (at % 8)}:15:00`,
    }));
    const [shared, alone] = await withCalls(calls, async (store) => [
      (await latency(store, { by: "" })).rows[0].mean,
      (await latency(store, { by: "", cluster: "call_id" })).rows[0].mean,
    ]);
    assert.deepEqual([shared.clusterBy, shared.clusters], ["call_id and hour", 400]);
    const width = ({ low, high }: typeof shared) => high - low;
    assert.ok(width(shared) > 2 * width(alone), "four hours in forty are three times as slow");
  });
  test("every call where nothing is known, with a warning", async () => {
    const found = await cluster(many(() => ({})));
    assert.deepEqual([found.by, found.clusters], ["call_id", 300]);
    assert.match(found.note, /Every call counts as independent.*too narrow/);
  });
  test("hours on request", async () => {
    const found = await cluster(
      many((at) => ({ started_at: `2026-03-0${1 + (at % 5)} ${10 + (at % 8)}:15:00` })),
      "hour",
    );
    assert.deepEqual([found.by, found.clusters], ["hour", 40]);
  });
});
