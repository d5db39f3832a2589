import assert from "node:assert/strict";
import { test } from "node:test";
import { type Assumption, strengthOf, strengthText } from "../../src/decide/assumption";

const unlogged = (strength: Assumption["strength"]): Assumption[] => [
  { id: "nothing-unlogged", state: "not checkable", assumes: "", found: "", flips: false, strength },
];
const words = { sides: "sides", claim: "change" };

test("the weakest claim says how strong an unlogged cause would have to be, of the ratio and of its nearer end", () => {
  const claims = [strengthOf("resolve_rate", 5, 4), strengthOf("error_rate", 3.9, 1.8)];
  assert.equal(
    strengthText(unlogged(claims), words),
    "An unlogged cause would have to differ between the sides by 7.3 times, and move error rate by 7.3 times, to explain the change away; 3 times each would leave it open.",
  );
});

test("of a quantile it says by how much the odds of lying below it would have to shift, and no E-value", () => {
  const slow = strengthOf("duration_p50", 14.2, 9, { odds: 1.545, odds_bound: 1.3 });
  assert.ok(Number.isNaN(slow.e_value) && slow.odds === 1.545);
  assert.equal(
    strengthText(unlogged([slow, strengthOf("error_rate", 3.9, 1.8)]), words),
    "An unlogged cause would have to shift the odds of lying below the p50 duration by 1.5 times between the sides, to explain the change away; 1.3 times would leave it open.",
  );
});

test("nothing is said of an unlogged cause where nothing is claimed, or the claim has no ratio or no end", () => {
  const unknown = strengthOf("error_rate", Number.NaN, Number.NaN);
  const open = strengthOf("error_rate", 2, 1);
  for (const one of [undefined, [], [unknown], [open]])
    assert.equal(strengthText(unlogged(one), words), undefined);
});
