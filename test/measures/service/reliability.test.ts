import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withheld } from "../../../src/measures/estimate/withheld";
import { latencyAttainment } from "../../../src/measures/latency/attainment";
import { latency } from "../../../src/measures/latency/latency";
import { type ReliabilityRow, reliability } from "../../../src/measures/service/reliability";
import type { Row, Table } from "../../../src/measures/table";
import { borrowedCorrelation, lentBy } from "../../../src/stats/borrowed";
import { random } from "../../../src/stats/random";
import { rateInterval, rateSums } from "../../../src/stats/rateInterval";
import { clusterCodes } from "../../../src/stats/sample";
import { fc, runs, some, thorough } from "../../property";
import { assertClose } from "../../same";
import { type Call, withCalls } from "../calls";
import { keyOf, same } from "../reference";

/** For each rate: whether a call counts, and whether it is bad. */
const rates: Record<string, { tells: (call: Call) => boolean; bad: (call: Call) => boolean }> = {
  error_rate: {
    tells: known,
    bad: ({ status }) => ["error", "timeout", "rate_limited"].includes(status as string),
  },
  timeout_rate: { tells: known, bad: ({ status }) => status === "timeout" },
  rate_limited_rate: { tells: known, bad: ({ status }) => status === "rate_limited" },
  cancelled_rate: { tells: known, bad: ({ status }) => status === "cancelled" },
  retry_rate: { tells: () => true, bad: ({ attempt }) => Number(attempt ?? 1) > 1 },
  fallback_rate: { tells: () => true, bad: ({ fallback_from }) => (fallback_from ?? null) !== null },
};

function known({ status }: Call): boolean {
  return (status ?? null) !== null;
}

/** Fails unless the table matches rates from plain arrays. */
function sameAsPlain(
  table: Table<ReliabilityRow & Row>,
  calls: readonly Call[],
  { by, cluster, level = 0.95 }: { by: string[]; cluster: string; level?: number },
): void {
  const keys = [...new Set(calls.map((call) => keyOf(by, call)))].sort();
  assert.deepEqual(table.rows.map((row) => keyOf(by, row)).sort(), keys);
  for (const row of table.rows) {
    const key = keyOf(by, row);
    const own = calls.filter((call) => keyOf(by, call) === key);
    assert.equal(row.calls, own.length);
    for (const [name, { tells, bad }] of Object.entries(rates)) {
      const unnumbered = own.every(({ attempt }) => (attempt ?? null) === null);
      if (unnumbered && (name === "retry_rate" || (name === "fallback_rate" && !own.some(bad)))) continue;
      const some = own.filter(tells);
      const labels = some.map((call) => String(call[cluster] ?? call.call_id));
      const clustered = cluster === "call_id" || some.length === 0 ? {} : { clusters: labels };
      const correlation = lentByOthers(calls.filter((call) => keyOf(by, call) !== key && tells(call)));
      const options = { level, counted: "calls", clusterBy: cluster, ...clustered, correlation };
      const plain = rateInterval(some.map(bad), options);
      const sizes = [...new Set(labels)].map((one) => labels.filter((label) => label === one).length);
      const squares = sizes.reduce((sum, m) => sum + m * m, 0);
      const wanted = cluster === "call_id" ? plain : withheld(plain, some.length, squares);
      same(row[name] as ReliabilityRow["error_rate"], wanted, `${key} ${name}`);

      function lentByOthers(others: readonly Call[]): number | undefined {
        const all = { events: 0, sum: 0 };
        for (const other of new Set(others.map((call) => keyOf(by, call)))) {
          const rows = others.filter((call) => keyOf(by, call) === other);
          const codes = clusterCodes(
            "test",
            rows.map((call) => String(call[cluster] ?? call.call_id)),
            rows.length,
          );
          const lent = lentBy(
            rateSums(
              rows.map((call) => Number(bad(call))),
              codes.codes,
              codes.count,
            ),
          );
          all.events += lent.events;
          all.sum += lent.sum;
        }
        return borrowedCorrelation(all);
      }
    }
  }
}

const statuses = ["ok", "ok", "ok", "error", "timeout", "rate_limited", "cancelled", null];

function mixed(count: number, seed: number): Call[] {
  const r = random(seed);
  return Array.from({ length: count }, (_, at) => {
    const user = r.integer(50);
    return {
      call_id: `c${at}`,
      model: `m${r.integer(3)}`,
      user_id: user === 0 ? null : `u${user}`,
      status: user % 5 === 0 ? statuses[r.integer(8)] : r.uniform() < 0.05 ? "error" : "ok",
      attempt: r.uniform() < 0.1 ? 2 : r.uniform() < 0.5 ? 1 : null,
      fallback_from: r.uniform() < 0.04 ? "other" : null,
    };
  });
}

describe("reliability says what the rates of plain arrays say", () => {
  for (const cluster of some(["call_id", "user_id"])) {
    test(`clustered by ${cluster}, by model and by nothing`, async () => {
      const calls = mixed(1500, 1);
      await withCalls(calls, async (store) => {
        for (const by of [["model"], [], ["user_id"], ["model", "status"]]) {
          const options = { by, cluster, level: 0.9 };
          sameAsPlain(await reliability(store, options), calls, options);
        }
      });
    });
  }

  thorough("whatever the statuses", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            status: fc.constantFrom(...statuses),
            user_id: fc.constantFrom("a", "b", "c", "d", null),
            attempt: fc.constantFrom(1, 2, null),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        fc.constantFrom("call_id", "user_id"),
        async (some, cluster) => {
          const calls = some.map((call, at) => ({ ...call, call_id: `c${at}` }));
          if (!calls.some(({ user_id }) => user_id !== null)) return;
          const options = { by: [], cluster };
          await withCalls(calls, async (store) =>
            sameAsPlain(await reliability(store, options), calls, options),
          );
        },
      ),
      { numRuns: runs(40) },
    ),
  );
});

describe("what counts as a failure", () => {
  test("errors, timeouts and rate limits together; cancelled calls apart", () =>
    withCalls(
      statuses.map((status) => ({ status })),
      async (store) => {
        const { rows, notes } = await reliability(store, { by: "" });
        const row = rows[0];
        assert.equal(row.calls, 8);
        assert.deepEqual([row.error_rate.value, row.error_rate.n], [3 / 7, 7]);
        assert.equal(row.cancelled_rate.value, 1 / 7);
        assert.ok(notes.includes("1 of 8 calls have no status and are left out of those rates."));
      },
    ));

  test("a status of no known word is an error, here as among latencies, and is said to be one", () =>
    withCalls(
      ["ok", "ok", "overloaded", "blocked", "cancelled", null].map((status) => ({ status, duration: 1 })),
      async (store) => {
        const { rows, notes } = await reliability(store);
        assert.equal(rows[0].error_rate.value, 2 / 5);
        assert.ok(
          notes.some((note) =>
            /^2 of 6 calls have an unknown status .* "blocked": they count as errors/.test(note),
          ),
        );
        const waits = (await latency(store)).rows[0];
        assert.deepEqual([waits.n, waits.failed], [3, 3]);
        const [kept] = (await latencyAttainment(store, { duration: [2] })).rows;
        assert.equal(kept.within["duration <= 2 s"].value, 3 / 5);
      },
    ));

  test("a limit that is not in a list is refused with an example of one", () =>
    withCalls([{ status: "ok" }], async (store) => {
      await assert.rejects(
        latencyAttainment(store, { duration: 10 as unknown as number[] }),
        /latencyAttainment requires duration as a list of seconds, such as \[10\], got 10/,
      );
    }));

  test("retries cannot be told where no call has an attempt number", () =>
    withCalls([{ status: "ok" }, { status: "ok" }], async (store) => {
      const { rows, notes } = await reliability(store);
      assert.ok(Number.isNaN(rows[0].retry_rate.value));
      assert.ok(Number.isNaN(rows[0].retry_rate.low));
      assert.equal(rows[0].retry_rate.note, "no call has an attempt number");
      assert.ok(notes.includes("No call has an attempt number: retries and fallbacks cannot be measured."));
      assert.ok(Number.isNaN(rows[0].fallback_rate.value));
      assert.match(rows[0].fallback_rate.note ?? "", /names a fallback$/);
    }));

  test("no fallback is known to be none where attempts are numbered, and one is counted where they are not", async () => {
    await withCalls([{ attempt: 1 }, { attempt: 1 }], async (store) => {
      assert.equal((await reliability(store)).rows[0].fallback_rate.value, 0);
    });
    await withCalls([{ fallback_from: "other" }, {}], async (store) => {
      assert.equal((await reliability(store)).rows[0].fallback_rate.value, 0.5);
    });
  });

  test("where some calls have one, those without are first attempts", () =>
    withCalls([{ attempt: 2 }, {}, {}, { attempt: 1 }], async (store) => {
      assert.equal((await reliability(store)).rows[0].retry_rate.value, 0.25);
    }));

  test("a log without statuses has no error rate, rather than one of 0", () =>
    withCalls([{ duration: 1 }], async (store) => {
      const { rows, notes } = await reliability(store);
      assert.ok(Number.isNaN(rows[0].error_rate.value));
      assert.equal(rows[0].error_rate.note, "no calls");
      assert.ok(notes.includes("No call has a status: the rates of failure cannot be measured on this log."));
    }));

  test("no failure in ten calls is an interval up to 28 %, not a certain 0", () =>
    withCalls(
      Array.from({ length: 10 }, () => ({ status: "ok" })),
      async (store) => {
        const { error_rate } = (await reliability(store)).rows[0];
        assert.equal(error_rate.value, 0);
        assert.equal(error_rate.high.toFixed(4), "0.2775");
      },
    ));

  test("an empty store gives an empty table that says so", () =>
    withCalls([], async (store) => {
      const table = await reliability(store);
      assert.deepEqual(table.rows, []);
      assert.equal(table.notes.at(-1), "No call is selected.");
    }));

  test("evaluation runs and judges are left out until named", () =>
    withCalls(
      [{ status: "ok" }, { status: "error", environment: "evaluation" }, { status: "error", role: "judge" }],
      async (store) => {
        const calls = async (where?: string) =>
          (await reliability(store, { by: "", where })).rows.map((row) => row.calls);
        assert.deepEqual(await calls(), [1]);
        assert.deepEqual(await calls("environment = 'evaluation'"), [1]);
        assert.deepEqual(await calls("role = 'judge'"), [1]);
      },
    ));
});

describe("bootstrap intervals of rates on request", () => {
  const users = (count: number) =>
    mixed(1200, 3).map((call, at) => ({ ...call, user_id: `u${at % count}`, model: "m" }));
  for (const count of [8, 40, 300]) {
    test(`of ${count} users`, () =>
      withCalls(users(count), async (store) => {
        const ask = (seed: number) =>
          reliability(store, { by: "", cluster: "user_id", interval: "bootstrap", seed });
        const [one, again] = [(await ask(1)).rows[0], (await ask(1)).rows[0]];
        assert.match(one.error_rate.method, /^bootstrap/);
        assertClose(again, one, "the same seed gives the same interval");
        const { value, low, high, n, clusters } = one.error_rate;
        assert.ok(low < value && value < high);
        assert.deepEqual([n, clusters], [users(count).filter(known).length, count]);
      }));
  }

  test("without a failure the plain interval stands", () =>
    withCalls(
      Array.from({ length: 200 }, () => ({ status: "ok" })),
      async (store) => {
        const { error_rate } = (await reliability(store, { interval: "bootstrap" })).rows[0];
        assert.equal(error_rate.method, "wilson");
        assert.ok(error_rate.high > 0.01);
      },
    ));
});
