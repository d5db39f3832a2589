import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Bound, type ClaimOptions, claim, lostBelow, odds, testedBy } from "../../src/stats/claim";
import { defined } from "../../src/stats/defined";
import { type Estimate, withNotes } from "../../src/stats/estimate";
import { differenceOf, ratioOf } from "../../src/stats/mover";
import { behindClaim, firstClaim } from "../../src/stats/rankClaim";
import {
  type Kind,
  type Reservation,
  type ReservationId,
  reservations,
  reserve,
} from "../../src/stats/reservation";
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

  test("hears no doubt about a unit that both of its numbers are in, but for what that leaves of their difference", () => {
    const dear = (value: number, unit?: string) =>
      estimate(value, 0.9 * value, 1.1 * value, {
        reservations: [
          { ...reserve("doubt.dear", { dear: 9, of: 9 }), ...(unit === undefined ? {} : { unit }) },
        ],
      });
    const below = (of: Estimate, end: number): Bound => ({
      estimate: of,
      end: "high",
      holds: (x) => x < end,
    });
    const [a, b] = [dear(1000, "costs of files 1"), dear(2000, "costs of files 1")];
    assert.equal(status([below(ratioOf(a, b), 1)]), "settled");
    assert.equal(ratioOf(a, b).reservations, undefined);
    assert.equal(status([below(differenceOf(a, b), 0)]), "settled", "which is more");
    assert.equal(status([below(differenceOf(a, b), -500)]), "open", "by how much");
    assert.equal(status([atLeast(b, 1000)]), "open", "how much one is");
    for (const other of [dear(2000, "costs of files 2"), dear(2000)]) {
      assert.equal(status([below(ratioOf(a, other), 1)]), "open");
      assert.equal(status([atLeast(ratioOf(other, a), 1)]), "open");
      assert.equal(status([atLeast(differenceOf(other, a), 0)]), "open");
    }
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

/** A reservation as the measures hold it: with how far an end may reach, and what it takes for granted. */
const heldAs = (id: ReservationId): Reservation => {
  const { side, decides, reach, needs }: Kind = reservations[id];
  const numbers = new Proxy({}, { get: () => 1, ownKeys: () => [] }) as Reservation["numbers"];
  return defined({ id, side, decides, reach, needs, numbers });
};

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
    reservations: held.map(heldAs),
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

test("knowing less of either part never makes a claim about their difference or ratio more certain", () => {
  const unit = "costs of files 1";
  fc.assert(
    fc.property(
      fc.tuple(anyEstimate, anyEstimate),
      fc.record({
        limit: fc.constantFrom(0, 0.1, 1),
        isRatio: fc.boolean(),
        upper: fc.boolean(),
        id: fc.constantFrom(...ids),
        on: fc.constantFrom("first", "second", "both"),
      }),
      ([one, two], { limit, isRatio, upper, id, on }) => {
        const apart = isRatio ? ratioOf : differenceOf;
        const stated = (a: Estimate, b: Estimate) => {
          const holds = (x: number) => (upper ? x < limit : x > limit);
          return status([{ estimate: apart(a, b), end: upper ? "high" : "low", holds }]);
        };
        const isLess = (after: string, before: string) => order.indexOf(after) <= order.indexOf(before);
        const before = stated(made(one), made(two));
        const less = (of: Estimate, where: string) =>
          on === where || on === "both" ? withNotes(of, [heldAs(id)]) : of;
        assert.ok(isLess(stated(less(made(one), "first"), less(made(two), "second")), before));
        // A unit in doubt stops no claim of two numbers in it, but it starts none.
        const inUnit = (of: Estimate) => withNotes(of, [{ ...heldAs("doubt.dear"), unit }]);
        const together = stated(inUnit(made(one)), inUnit(made(two)));
        assert.ok(isLess(together, before));
        if (limit === (isRatio ? 1 : 0) && before === "settled") assert.equal(together, before);
      },
    ),
    { numRuns: runs(500) },
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
