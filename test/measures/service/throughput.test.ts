import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { throughput, throughputLoad } from "../../../src/measures/service/throughput";
import { random } from "../../../src/stats/random";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

const start = Date.UTC(2026, 2, 2);
const at = (ms: number) => new Date(start + ms).toISOString().slice(0, 23);

function calls(count: number, seed = 1): (Call & { from: number; to: number })[] {
  const r = random(seed);
  return Array.from({ length: count }, (_, i) => {
    const from = r.integer(4 * 3600_000);
    const duration = (1 + r.integer(90_000)) / 1000;
    return {
      call_id: `c${i}`,
      user_id: `u${i % 40}`,
      model: `m${i % 2}`,
      started_at: at(from),
      duration,
      attempt: 1 + (i % 3 === 0 ? 1 : 0),
      output_tokens: Math.round(duration * 50),
      status: "ok",
      from,
      to: from + duration * 1000,
    };
  });
}

const stored = (some: readonly (Call & { from: number; to: number })[]) =>
  some.map(({ from: _, to: __, ...call }) => call);

/** Other calls of the same model that are running when a call begins. */
function others(some: ReturnType<typeof calls>, one: ReturnType<typeof calls>[number]): number {
  return some.filter(
    (other) => other !== one && other.model === one.model && other.from < one.from && other.to > one.from,
  ).length;
}

describe("throughput", () => {
  const some = calls(600);
  test("counts calls in flight as a walk through every start and end does", () =>
    withCalls(stored(some), async (store) => {
      const { rows } = await throughput(store, { by: "model", cluster: "user_id" });
      for (const row of rows) {
        const own = some.filter(({ model }) => model === row.model);
        const [first, last] = [
          Math.min(...own.map(({ from }) => from)),
          Math.max(...own.map(({ to }) => to)),
        ];
        const busy = own.reduce((sum, { duration }) => sum + Number(duration), 0);
        near(row.in_flight, (1000 * busy) / (last - first), "mean in flight");
        assert.equal(row.in_flight_peak, Math.max(...own.map((one) => 1 + others(own, one))));
        near(row.calls_per_hour, (own.length * 3600_000) / (last - first), "calls an hour");
        near(row.littles_law, 1, "Little's law");
        const tokens = own.reduce((sum, { output_tokens }) => sum + Number(output_tokens), 0);
        near(row.tokens_per_second.value, tokens / busy, "tokens a second");
        const again = own
          .filter(({ attempt }) => attempt === 2)
          .reduce((sum, { duration }) => sum + Number(duration), 0);
        near(row.retry_wait.value, again / busy, "retry wait");
        assert.ok(row.retry_wait.low < row.retry_wait.value && row.retry_wait.high > row.retry_wait.value);
        const hours = own.map(({ from }) => Math.floor(from / 3600_000));
        const busiest = Math.max(...[0, 1, 2, 3].map((hour) => hours.filter((one) => one === hour).length));
        near(row.peak_to_mean, busiest / row.calls_per_hour, "peak to mean");
      }
    }));

  test("tokens of calls that took no time have no speed, whatever clusters they are in", () =>
    withCalls(
      [
        ...stored(some),
        ...stored(some).map((call) => ({ ...call, call_id: `${call.call_id}z`, duration: 0 })),
      ],
      async (store) => {
        for (const cluster of ["user_id", "call_id"]) {
          const [{ tokens_per_second }] = (await throughput(store, { by: "", cluster })).rows;
          near(tokens_per_second.value, 50, cluster, 1e-3);
          assert.equal(tokens_per_second.n, 600);
        }
      },
    ));

  test("calls that are all of one moment have no rate", () =>
    withCalls(
      Array.from({ length: 5 }, (_, i) => ({ call_id: `c${i}`, started_at: at(0), duration: 0 })),
      async (store) => {
        const [row] = (await throughput(store, { by: "" })).rows;
        assert.deepEqual(
          [row.calls_per_hour, row.in_flight, row.littles_law, row.in_flight_peak],
          [Number.NaN, Number.NaN, Number.NaN, 5],
        );
      },
    ));

  test("a log without durations has no calls in flight, rather than none", () =>
    withCalls([{ started_at: at(0) }, { started_at: at(1) }], async (store) => {
      const { rows, notes } = await throughput(store);
      assert.ok(Number.isNaN(rows[0].in_flight) && Number.isNaN(rows[0].tokens_per_second.value));
      assert.ok(notes.includes("No call has a start and a duration: calls in flight cannot be measured."));
    }));

  test("a log without durations tells its traffic: arrivals, how uneven, tokens an hour, users", () => {
    const hours = 3;
    // One call per minute, and thirty more in a minute of the second hour.
    const begun = [
      ...Array.from({ length: 60 * hours + 1 }, (_, minute) => minute * 60_000),
      ...Array.from({ length: 30 }, (_, extra) => 90 * 60_000 + extra),
    ];
    const log = begun.map((ms, i) => ({
      started_at: at(ms),
      user_id: `u${i % 7}`,
      input_tokens: i === 0 ? null : 100,
      output_tokens: i === 0 ? null : 20,
    }));
    return withCalls(log, async (store) => {
      const { rows, notes } = await throughput(store, { by: "" });
      const [row] = rows;
      near(row.calls_per_hour, 211 / hours);
      near(row.peak_to_mean, 90 / (211 / hours));
      near(row.minute_peak_to_mean, (60 * 31) / (211 / hours));
      near(row.tokens_per_hour, (210 * 120) / hours);
      assert.equal(row.users, 7);
      assert.ok(Number.isNaN(row.in_flight) && Number.isNaN(row.littles_law));
      assert.ok(notes.some((note) => /^1 of 211 calls have no token counts/.test(note)));
      assert.ok(notes.includes("No call has a start and a duration: calls in flight cannot be measured."));
    });
  });

  test("durations that are missing in part show in Little's law and in a note", () =>
    withCalls(
      stored(some).map((call, i) => (i % 4 === 1 ? { ...call, duration: null } : call)),
      async (store) => {
        const { rows, notes } = await throughput(store, { by: "" });
        assert.ok(rows[0].littles_law > 1.25 && rows[0].littles_law < 1.42);
        assert.ok(notes.some((note) => note.startsWith("150 of 600 calls have no start or no duration")));
      },
    ));

  test("an empty store gives an empty table that says so", () =>
    withCalls([], async (store) =>
      assert.deepEqual((await throughput(store)).notes.at(-1), "No call is selected."),
    ));
});

describe("the load curve", () => {
  const some = calls(500, 3);
  test("puts every call by the others in flight when it began, in bins of about as many", () =>
    withCalls(stored(some), async (store) => {
      const { rows } = await throughputLoad(store, { by: "model", bins: 4 });
      for (const row of rows) {
        const own = some.filter((one) => one.model === row.model);
        const inside = own.filter(
          (one) => others(own, one) >= row.in_flight_from && others(own, one) <= row.in_flight_to,
        );
        // Starts in the same millisecond may come in either order.
        assert.ok(Math.abs(row.calls - inside.length) <= 2);
        near(
          row.duration.value,
          inside.reduce((sum, { duration }) => sum + Number(duration), 0) / inside.length,
          "mean",
          0.05,
        );
        assert.equal(row.duration.n, row.calls);
      }
      assert.equal(
        rows.reduce((sum, { calls: n }) => sum + n, 0),
        500,
      );
    }));

  test("finds calls that begin together beside one another, and calls without a length for a moment", () =>
    withCalls(
      Array.from({ length: 40 }, (_, i) => ({
        call_id: `c${i}`,
        user_id: `u${i}`,
        started_at: at(i < 30 ? 0 : 60_000 * i),
        duration: i < 10 || i >= 30 ? 0 : 5 + i,
        status: "ok",
      })),
      async (store) => {
        const { rows } = await throughputLoad(store, { by: "", bins: 2 });
        assert.deepEqual(
          rows.map(({ in_flight_from, in_flight_to, calls, duration }) => [
            in_flight_from,
            in_flight_to,
            calls,
            Number(duration.value.toFixed(9)),
          ]),
          [
            [0, 0, 10, 0],
            [29, 29, 30, 16.333333333],
          ],
        );
        assert.equal((await throughput(store, { by: "" })).rows[0].in_flight_peak, 30);
      },
    ));

  test("no bins are refused", () =>
    withCalls([], async (store) => {
      await assert.rejects(throughputLoad(store, { bins: 0 }), /bins from 1 to 1000, got 0/);
    }));
});
