import assert from "node:assert/strict";
import { test } from "node:test";
import { type Assumption, strengthOf, strengthText } from "../../src/decide/assumption";

const unlogged = (strength: Assumption["strength"]): Assumption[] => [
  { id: "nothing-unlogged", state: "not checkable", assumes: "", found: "", flips: false, strength },
];
const words = { sides: "sides", claim: "change" };

test("the weakest claim says how strong an unlogged cause would have to be, of the ratio and of its nearer end", () => {
  const claims = [strengthOf("duration_p95", 5, 4), strengthOf("duration_p50", 3.9, 1.8)];
  assert.equal(
    strengthText(unlogged(claims), words),
    "An unlogged cause would have to differ between the sides by 7.3 times, and move p50 duration by 7.3 times, to explain the change away; 3 times each would leave it open.",
  );
});

test("nothing is said of an unlogged cause where nothing is claimed, or the claim has no ratio or no end", () => {
  const unknown = strengthOf("error_rate", Number.NaN, Number.NaN);
  const open = strengthOf("error_rate", 2, 1);
  for (const one of [undefined, [], [unknown], [open]])
    assert.equal(strengthText(unlogged(one), words), undefined);
});
