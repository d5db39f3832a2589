import assert from "node:assert/strict";
import { test } from "node:test";
import { alertClaim } from "../../../src/measures/trend/trendClaim";
import { trendSentences } from "../../../src/measures/trend/trendSentences";
import { seriesOf } from "../../../src/measures/trend/trendSeries";
import { type Estimate, withNotes } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { type Reservation, reserve } from "../../../src/stats/reservation";
import { costAtWorst, rateAtWorst } from "../../../src/stats/worstCase";
import { fc, runs } from "../../property";

const settings = { per: "day" as const, level: 0.95, quiet: 365, unit: "1" };
const date = (day: number) => new Date(Date.UTC(2026, 2, 2 + day)).toISOString().slice(0, 10);
const day = (value: number): Estimate => ({
  ...{ value, low: 0.9 * value, high: 1.1 * value, level: 0.95, method: "t" },
  ...{ n: 200, clusters: 200, clusterBy: "user_id", unit: "1" },
});

/** Forty days whose value rises from the 21st on, with the same noise in every log. */
function course(before: number, after: number, known: (day: Estimate) => Estimate) {
  const source = random(4);
  const days = Array.from({ length: 40 }, (_, at) => {
    const value = (at < 20 ? before : after) * (1 + 0.02 * source.normal());
    return [date(at), known(day(value))] as const;
  });
  return seriesOf({ by: {}, days: new Map(days), leftOut: 0 }, new Map(), settings);
}
const unknown = (share: number) => (estimate: Estimate) =>
  rateAtWorst(estimate, { known: 200 * (1 - share), all: 200 });

test("an alert's claim is settled once a look finds it under days that much resemble each other as well", () => {
  const { row, series } = course(0.3, 0.8, (estimate) => estimate);
  assert.deepEqual([row.alert_claim?.status, series.alerts[0]?.claim.status], ["settled", "settled"]);
  assert.deepEqual(alertClaim({ index: 20, since: 18 }).needs, "same-days");
});

test("a rise in resolved tasks hangs on how unknown outcomes are reported, where these could make it", () => {
  const { row, series } = course(0.6, 0.8, (estimate) => estimate);
  assert.deepEqual([row.claim.status, row.changed], ["settled", date(20)]);
  const text = (one: typeof series) => trendSentences([one], { by: [], label: "resolve rate", unit: "1" })[0];
  assert.match(text(series), /^resolve rate went from /);
  const few = course(0.6, 0.8, unknown(0.05));
  assert.equal(few.row.claim.status, "settled", "whatever a few of them are");
  const many = course(0.6, 0.8, unknown(0.3));
  assert.deepEqual([many.row.claim.status, many.row.claim.needs], ["leads if", "outcomes-alike"]);
  assert.match(text(many.series), /^if outcomes are reported alike on all days, resolve rate went from /);
  assert.deepEqual([few.row.alert_claim?.status, many.row.alert_claim?.needs], ["settled", "outcomes-alike"]);
  const [, alert] = trendSentences([many.series], { by: [], label: "resolve rate", unit: "1" });
  assert.match(alert, /^the alert of 2026-.* is one only if outcomes are reported alike\.$/);
});

test("a change is not claimed where what is doubted of a column could make it, but is where it could not", () => {
  const doubt = (more: Partial<Reservation>) => (estimate: Estimate) =>
    withNotes(estimate, [{ ...reserve("doubt.units", { odd: 9, of: 200 }), ...more }]);
  const late = (more: Partial<Reservation>) => (estimate: Estimate) =>
    estimate.value > 0.7 ? doubt(more)(estimate) : estimate;
  const claimOf = (known: (day: Estimate) => Estimate) => course(0.6, 0.8, known).row.claim;
  for (const more of [{ reach: 1e4 }, {}, { unit: "waits of chat slow" }])
    assert.deepEqual(claimOf(late(more)).because, "doubt.units");
  assert.equal(claimOf(late({ reach: 1.1 })).status, "settled", "a few calls");
  assert.equal(claimOf(doubt({ unit: "waits of chat slow" })).status, "settled", "all days are in one unit");
});

test("a steady drift is seldom a dated change, though it ends at another level", () => {
  const worlds = 40;
  const found = Array.from({ length: worlds }, (_, seed) => {
    const source = random(seed);
    const days = Array.from({ length: 60 }, (_, at) => {
      const value = 0.3 * 1.15 ** (at / 30) * (1 + 0.08 * source.normal());
      return [date(at), day(value)] as const;
    });
    return seriesOf({ by: {}, days: new Map(days), leftOut: 0 }, new Map(), settings);
  });
  const stated = found.filter(({ series }) => series.changes.length > 0);
  const isOpen = ({ series }: (typeof found)[number]) =>
    series.changes.every(({ claim }) => claim.because === "none.step");
  const drifts = stated.filter(isOpen);
  assert.ok(drifts.length > 0);
  assert.ok(stated.length - drifts.length <= 0.1 * worlds, `${stated.length - drifts.length} of ${worlds}`);
  for (const { row, series } of drifts) {
    assert.deepEqual([row.claim.status, row.changed], ["open", ""]);
    const [sentence] = trendSentences([series], { by: [], label: "error rate", unit: "1" });
    assert.match(
      sentence,
      /^error rate may have gone from .* or drifted: a steady course explains it as well/,
    );
  }
});

test("a fall in cost that calls without a known cost could make is open, and dates no change", () => {
  const bounded = (estimate: Estimate): Estimate => ({
    ...estimate,
    unit: "USD/task",
    unpriced: estimate.value < 0.65 ? { calls: 60, of: 200, at_most: 0.9 } : undefined,
  });
  const { row, series } = course(0.8, 0.5, bounded);
  assert.deepEqual([row.claim.status, row.changed, series.changes.length], ["open", "", 1]);
  const [sentence] = trendSentences([series], { by: [], label: "cost per task", unit: "USD/task" });
  assert.match(sentence, /^cost per task may have gone from /);
});

test("a course without a change is open, and one of too few days not to be decided", () => {
  assert.deepEqual(course(0.6, 0.6, (estimate) => estimate).row.claim.status, "open");
  const days = new Map([[date(0), day(0.5)]]);
  const { row } = seriesOf({ by: {}, days, leftOut: 0 }, new Map(), settings);
  assert.deepEqual([row.claim.status, row.claim.because], ["not to be decided", "few.needed"]);
});

test("knowing fewer outcomes or costs of its days never makes a change more certain", () => {
  const order = ["not to be decided", "open", "leads if", "settled"];
  fc.assert(
    fc.property(
      fc.double({ min: 0.2, max: 0.9, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.double({ min: 0, max: 0.4, noNaN: true }),
      fc.boolean(),
      (after, share, more, isCost) => {
        const knowing = (lost: number) => (estimate: Estimate) =>
          isCost
            ? {
                ...costAtWorst(estimate, {
                  cost: 1 - lost,
                  of: 1,
                  events: 50,
                  known: 200 - 200 * lost,
                  all: 200,
                }),
                unpriced: { calls: 1, of: 9, at_most: estimate.value * (1 + lost) },
              }
            : unknown(lost)(estimate);
        const rank = (lost: number) => order.indexOf(course(0.6, after, knowing(lost)).row.claim.status);
        assert.ok(rank(share + more) <= rank(share));
      },
    ),
    { numRuns: runs(20) },
  );
});
