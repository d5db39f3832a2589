import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ratioOf } from "../../src/stats/mover";
import { costAtWorst, endsAtWorst, rateAtWorst, whateverUnpriced } from "../../src/stats/worstCase";

const rate = { value: 0.5, low: 0.4, high: 0.6, level: 0.95, method: "wilson", clusterBy: "", unit: "1" };

test("a rate without an interval has the bounds of its value, in words too", () => {
  const few = { ...rate, low: Number.NaN, high: Number.NaN, n: 2, clusters: 2 };
  const { worst_case, note } = rateAtWorst(few, { known: 2, all: 4 });
  assert.deepEqual(worst_case?.values, [0.25, 0.75]);
  assert.equal(note, "50 % of the outcomes are unknown: 25 % to 75 % whatever they are");
});

test("a rate with one has the bounds of its ends", () => {
  const { note } = rateAtWorst({ ...rate, n: 80, clusters: 80 }, { known: 80, all: 100 });
  assert.equal(note, "20 % of the outcomes are unknown: 31.1 % to 68.9 % whatever they are");
});

test("its ends are as far as those of the share of all units that are known to be events", () => {
  for (const [value, unknown, n] of [
    [0.85, 0.18, 800],
    [0.3, 0.5, 500],
    [0.6, 0.02, 2000],
  ] as const) {
    const far = 1.96 * Math.sqrt((value * (1 - value)) / n);
    const known = { ...rate, value, low: value - far, high: value + far, n, clusters: n };
    const { low, high } = endsAtWorst(known, unknown);
    const all = n / (1 - unknown);
    const [events, none] = [value * (1 - unknown), (1 - value) * (1 - unknown)];
    const expected = (share: number) => share - 1.96 * Math.sqrt((share * (1 - share)) / all);
    assert.ok(Math.abs(low - expected(events)) < 1e-4, `${low} for ${expected(events)}`);
    assert.ok(Math.abs(1 - high - expected(none)) < 1e-4, `${high} for ${expected(none)}`);
  }
});

test("the ends of a cost per event are those of all costs over the events known, or possible", () => {
  for (const [share, told, all] of [
    [0.7, 0.7, 800],
    [0.3, 0.98, 500],
    [0.9, 0.4, 2000],
  ] as const) {
    const known = told * all;
    const events = share * known;
    const far = Math.exp(1.96 * Math.sqrt((1 - share) / events));
    const n = { n: known, clusters: known, level: 0.95, method: "", clusterBy: "" };
    const cost = { ...n, value: 1 / share, low: 1 / share / far, high: far / share };
    const { worst_case } = costAtWorst(cost, { cost: known, of: all, events, known, all });
    // Each unit costs 1: all that varies is the share of all units that are known to be events, or may be some.
    const expected = (of: number) => 1.96 * Math.sqrt((1 - of) / of / all);
    const sure = share * told;
    const high = Math.log((worst_case?.high ?? 0) * sure);
    assert.ok(Math.abs(high / expected(sure) - 1) < 1e-3, `${high} for ${expected(sure)}`);
    const most = sure + 1 - told;
    const low = -Math.log((worst_case?.low ?? 0) * most);
    assert.ok(low >= expected(most), `${low} for ${expected(most)}`);
  }
});

describe("a ratio of two costs some of which are unknown", () => {
  const cost = { value: 2, low: 1.8, high: 2.2, level: 0.95, method: "", n: 80, clusters: 80, clusterBy: "" };
  const half = { ...cost, high: 4.2, unpriced: { calls: 40, of: 80, at_most: 4 } };

  test("holds with those of either at their most, each with its own error", () => {
    const { value, low, high } = whateverUnpriced(ratioOf, [half, cost]);
    assert.equal(value, 1);
    assert.equal(low, ratioOf(cost, cost).low);
    assert.equal(high, ratioOf({ ...cost, value: 4, low: 3.8, high: 4.2 }, cost).high);
    assert.ok(whateverUnpriced(ratioOf, [cost, half]).low < 0.5);
  });

  test("is open where nothing bounds them", () => {
    const open = { ...half, high: Infinity, unpriced: { calls: 40, of: 80, at_most: Infinity } };
    assert.equal(whateverUnpriced(ratioOf, [open, cost]).high, Infinity);
    assert.equal(whateverUnpriced(ratioOf, [cost, open]).low, 0);
  });
});
