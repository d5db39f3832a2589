import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Bound, type ClaimOptions, claim, lostBelow, odds, testedBy } from "../../src/stats/claim";
import type { Estimate } from "../../src/stats/estimate";
import { behindClaim, firstClaim } from "../../src/stats/rankClaim";
import { type Reservation, type ReservationId, reservations, reserve } from "../../src/stats/reservation";
import { fc, runs } from "../property";

const estimate = (value: number, low: number, high: number, more: Partial<Estimate> = {}): Estimate => ({
  ...{ value, low, high, level: 0.95, method: "t", n: 100, clusters: 100, clusterBy: "user_id" },
  ...more,
});
const atLeast = (of: Estimate, end: number): Bound => ({ estimate: of, end: "low", holds: (x) => x >= end });
const status = (bounds: readonly Bound[], options?: ClaimOptions) =>
  claim("check.passes", "passes", bounds, options).status;

describe("how far a claim stands", () => {
  test("is settled by a bound that holds, and open by one that does not", () => {
    assert.equal(status([atLeast(estimate(0.8, 0.75, 0.85), 0.7)]), "settled");
    assert.equal(status([atLeast(estimate(0.8, 0.75, 0.85), 0.78)]), "open");
    assert.equal(status([atLeast(estimate(0.8, Number.NaN, 0.85), 0.7)]), "not to be decided");
  });

  test("is no further than its weakest bound, and than the test of all claims together", () => {
    const [sure, unsure] = [atLeast(estimate(0.8, 0.75, 0.85), 0.7), atLeast(estimate(0.8, 0.6, 0.9), 0.7)];
    assert.equal(status([sure, unsure]), "open");
    assert.equal(status([sure], { shown: false }), "open");
    assert.deepEqual(
      claim("compare.slower", "changed", [sure], { contradicted: true }).because,
      "other number",
    );
  });

  test("hangs on outcomes reported alike where unknown ones could turn it, until someone declares that they are", () => {
    const unknown = { unknown: 0.2, values: [0.64, 0.84] as [number, number], low: 0.6, high: 0.88 };
    const rate = estimate(0.8, 0.75, 0.85, { worst_case: unknown });
    const bound = { ...atLeast(rate, 0.7), lead: { rate: 0.8, by: 0.05 } };
    const found = claim("check.passes", "passes", [bound]);
    assert.deepEqual([found.status, found.needs], ["leads if", "outcomes-alike"]);
    assert.equal(found.lost_below?.toFixed(3), (odds(0.75) / odds(0.8)).toFixed(3));
    const declared = claim("check.passes", "passes", [bound], { declared: ["outcomes-alike"] });
    assert.deepEqual([declared.status, declared.declared], ["settled", ["outcomes-alike"]]);
    assert.equal(status([atLeast(rate, 0.59)]), "settled", "whatever the unknown ones are");
  });

  test("rests on no end that its number disowns, but on one as far out as it may reach", () => {
    const skewed = estimate(10, 8, 12, { reservations: [reserve("skewed.high")] });
    const atMost = (end: number): Bound => ({ estimate: skewed, end: "high", holds: (x) => x <= end });
    const found = claim("check.passes", "passes", [atMost(13)]);
    assert.deepEqual([found.status, found.because], ["open", "skewed.high"]);
    assert.equal(status([atMost(14)]), "settled");
    assert.equal(status([atLeast(skewed, 7)]), "settled", "the other end is as good as ever");
  });

  test("of two leads the one that is lost first counts", () => {
    const unknown = { unknown: 0.2, values: [0.1, 0.3] as [number, number], low: -0.1, high: 0.4 };
    const lead = (by: number): Bound => ({
      ...atLeast(estimate(0.2, by, 0.3, { worst_case: unknown }), 0),
      lead: { rate: 0.8, by },
    });
    const found = claim("first.best", "best", [lead(0.15), lead(0.05)]);
    assert.equal(found.lost_below, lostBelow({ rate: 0.8, by: 0.05 }));
  });
});

const order = ["not to be decided", "open", "leads if", "settled"];
const ids = Object.keys(reservations) as ReservationId[];
const anyEstimate = fc
  .tuple(
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    fc.double({ min: 0, max: 0.3, noNaN: true }),
    fc.array(fc.constantFrom(...ids), { maxLength: 2 }),
    fc.double({ min: 0, max: 0.5, noNaN: true }),
  )
  .map(([value, margin, held, unknown]) => ({ value, margin, held, unknown }));

const made = ({
  value,
  margin,
  held,
  unknown,
}: {
  value: number;
  margin: number;
  held: ReservationId[];
  unknown: number;
}) => {
  const [low, high] = [Math.max(0, value - margin), Math.min(1, value + margin)];
  return estimate(value, low, high, {
    reservations: held.map((id) => ({
      id,
      side: reservations[id].side,
      decides: reservations[id].decides,
      numbers: {},
    })),
    worst_case:
      unknown === 0
        ? undefined
        : {
            unknown,
            values: [value * (1 - unknown), value * (1 - unknown) + unknown],
            low: low * (1 - unknown),
            high: high * (1 - unknown) + unknown,
          },
  });
};

test("knowing less never makes a claim more certain", () => {
  fc.assert(
    fc.property(
      anyEstimate,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.record({
        id: fc.option(fc.constantFrom(...ids)),
        unknown: fc.double({ min: 0, max: 0.4, noNaN: true }),
      }),
      (one, limit, upper, less) => {
        const bound = (of: Estimate): Bound => ({
          estimate: of,
          end: upper ? "high" : "low",
          holds: (x) => (upper ? x <= limit : x >= limit),
        });
        const before = status([bound(made(one))]);
        const worse = {
          ...one,
          held: less.id === null ? one.held : [...one.held, less.id],
          unknown: Math.min(0.9, one.unknown + less.unknown),
        };
        assert.ok(
          order.indexOf(status([bound(made(worse))])) <= order.indexOf(before),
          JSON.stringify(worse),
        );
      },
    ),
    { numRuns: runs(300) },
  );
});

test("a rank that may be worse, or a test that is less sure, never makes a claim more certain", () => {
  const rank = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(
      fc.tuple(rank, rank, fc.integer({ min: 0, max: 3 }), fc.option(fc.constantFrom(...ids))),
      fc.tuple(fc.double({ min: 0, max: 0.2, noNaN: true }), fc.double({ min: 0, max: 0.2, noNaN: true })),
      ([low, wide, more, id], [p, less]) => {
        const ranks = (wider: number) => ({
          rank_low: Math.max(1, low - wider),
          rank_high: low + wide + wider,
        });
        const { side, decides } = reservations[id ?? "told"];
        const held = id === null ? [] : [{ id, side, decides, numbers: {} }];
        const isLess = (after: string, before: string) => order.indexOf(after) <= order.indexOf(before);
        for (const size of [1, 3]) {
          const behind = (wider: number) => behindClaim("shortlist.behind", ranks(wider), size).status;
          assert.ok(isLess(behind(more), behind(0)));
        }
        const first = (wider: number, known: readonly Reservation[]) =>
          firstClaim("tiers", ranks(wider), known);
        // That it is not first, and that it is, are two claims: of either, less is known.
        for (const [one, other] of [
          [first(0, []), first(more, [])],
          [first(0, []), first(0, held)],
        ])
          assert.ok(one.id !== other.id || isLess(other.status, one.status));
        const tested = (of: number) => claim("compare.point", "changed", [testedBy(of, 0.05)]).status;
        assert.ok(isLess(tested(p + less), tested(p)));
        assert.equal(tested(Number.NaN), "not to be decided");
      },
    ),
    { numRuns: runs(300) },
  );
});
