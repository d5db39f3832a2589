import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "../../../src/decide/check/check";
import { latency } from "../../../src/measures/latency/latency";
import { metricTable } from "../../../src/measures/metricTable";
import type { Estimate } from "../../../src/stats/estimate";
import { disowning } from "../../../src/stats/reservation";
import type { Call } from "../calls";
import { withCalls } from "../calls";

/** 2,000 calls of 200 users, every twentieth a timeout; some calls tell no duration. */
const log = (isUntimed: (place: number, isTimeout: boolean) => boolean): Call[] =>
  Array.from({ length: 2000 }, (_, place) => {
    const isTimeout = place % 20 === 7;
    return {
      call_id: `c${place}`,
      user_id: `u${place % 200}`,
      model: "alder",
      started_at: new Date(Date.UTC(2026, 2, 2) + 600_000 * place).toISOString().slice(0, 19),
      duration: isUntimed(place, isTimeout) ? null : isTimeout ? 30 : 1 + ((place * 7) % 97) / 100,
      status: isTimeout ? "timeout" : "ok",
    };
  });

describe("timeouts without a duration", () => {
  const limits = { name: "l", limits: [{ metric: "duration_p95", at_most: 2 }] };
  const isDoubted = ({ reservations = [] }: Estimate) =>
    reservations.some(({ id }) => id === "doubt.untimed");

  test("keep a limit on waits from being passed, and lower ends as they are", () =>
    withCalls(
      log((_, isTimeout) => isTimeout),
      async (store) => {
        const [{ mean, quantiles }] = (await latency(store)).rows;
        assert.ok(isDoubted(quantiles["0.95"]) && isDoubted(mean));
        assert.deepEqual(
          (["high", "low"] as const).map((end) => disowning(mean.reservations, end).length),
          [1, 0],
        );
        const [{ time_waited }] = (await metricTable(store, { metrics: ["time_waited"] })).rows;
        assert.ok(isDoubted(time_waited as Estimate));
        const { rows } = await check(store, { limits });
        assert.equal(rows[0].verdict, "cannot tell");
        assert.equal(rows[0].claim.because, "doubt.untimed");
      },
    ));
  test("move an end no further than they could, where the others tell theirs", () =>
    withCalls(
      log((place, isTimeout) => isTimeout && place < 400),
      async (store) => {
        const [{ quantiles }] = (await latency(store)).rows;
        assert.deepEqual(
          disowning(quantiles["0.5"].reservations, "high").map(({ reach = 9 }) => reach < 2),
          [true],
        );
        const [row] = (await metricTable(store, { metrics: ["time_waited"] })).rows;
        const mean = row.time_waited as Estimate;
        const [{ reach }] = (mean.reservations ?? []).filter(({ id }) => id === "doubt.untimed");
        // 20 timeouts, at most 30 s each.
        const most = (20 / 2000) * (30 - mean.value);
        assert.ok(Math.abs(Number(reach) - 1 - most / (mean.high - mean.value)) < 1e-9, String(reach));
      },
    ));
  test("are not held against a log whose other calls tell a duration no more often", () =>
    withCalls(
      log((place) => Math.floor(place / 20) % 2 === 0),
      async (store) => {
        const [{ mean, quantiles }] = (await latency(store)).rows;
        assert.ok(![mean, ...Object.values(quantiles)].some(isDoubted));
      },
    ));
});
