import assert from "node:assert/strict";
import { test } from "node:test";
import { agreementOf } from "../../../src/measures/agreement/agreementPair";
import type { Pair } from "../../../src/measures/agreement/agreementSides";
import { type Estimate, withNotes } from "../../../src/stats/estimate";
import { wilson } from "../../../src/stats/rate";
import { reserve } from "../../../src/stats/reservation";
import { rateAtWorst } from "../../../src/stats/worstCase";

const rates = [0.95, 0.85, 0.75, 0.65, 0.55, 0.45];
const known = rates.map((rate) => wilson(4000 * rate, 4000));
const pairOf = (estimates: readonly Estimate[]): Pair => ({
  models: rates.map((_, at) => `m${at}`),
  ...{ benchmark: rates, production: estimates.map(({ value }) => value), estimates },
  productionError: estimates.map(({ low, high }) => (high - low) / 4),
  ...{ own: (value: number) => value, lowerIsBetter: false, unit: "1" },
});
const claimOf = (estimates: readonly Estimate[]) => agreementOf(pairOf(estimates)).claim;
const unknownOf = (count: number, share: number) =>
  known.map((rate, at) => (at < count ? rateAtWorst(rate, { known: 4000 * (1 - share), all: 4000 }) : rate));

test("an order that unknown outcomes could turn agrees only if outcomes are reported alike", () => {
  assert.equal(claimOf(known).status, "settled");
  const { claim, spearman } = agreementOf(pairOf(unknownOf(6, 0.4)));
  assert.deepEqual([claim.id, claim.status, claim.needs], ["agreement.agrees", "leads if", "outcomes-alike"]);
  assert.match(
    String(spearman.note),
    /40 % of the outcomes are unknown: -?\d\.\d\d to 1\.00 whatever they are/,
  );
  assert.equal(claimOf(unknownOf(1, 0.1)).status, "settled", "one model may fall a place");
});

test("an order of numbers that are doubted, or that days of their own made, is open, or hangs on it", () => {
  const doubted = known.map((rate, at) =>
    at === 2 ? withNotes(rate, [reserve("doubt.statuses", { strange: 9, of: 99, example: "done" })]) : rate,
  );
  assert.deepEqual([claimOf(doubted).status, claimOf(doubted).because], ["open", "doubt.statuses"]);
  const apart = known.map((rate) => withNotes(rate, [reserve("days.own", { share: "10 %" })]));
  assert.deepEqual([claimOf(apart).status, claimOf(apart).needs], ["leads if", "same-days"]);
});
