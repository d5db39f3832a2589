import assert from "node:assert/strict";
import { test } from "node:test";
import type { Assumption } from "../../src/decide/assumption";
import type { Choice } from "../../src/decide/choose/chooseTable";
import { restsOfChoices, restsOn } from "../../src/page/restsOn";
import type { Finding } from "../../src/page/sideSentences";
import { estimate } from "../charts/sample";

const finding = (claim: Partial<Finding["claim"]>, unknown: number): Finding => {
  const worst_case =
    unknown === 0 ? undefined : { unknown, values: [0, 1] as [number, number], low: 0, high: 1 };
  const side = (model: string) => ({ model, estimate: { ...estimate(0.8, 0.7, 0.9), worst_case } });
  return {
    ...{ column: "resolve_rate", label: "resolve rate", workload: "", quality: true, word: "worse" },
    ...{ best: side("a"), others: [side("b")], near: [], left: [] },
    claim: { id: "first.best", kind: "best", status: "settled", ...claim },
  };
};
const told = (one: Finding, declared: "outcomes-alike"[] = []) =>
  restsOn([one], { isBrought: false, declared });

test("a headline says what was checked, what was declared and what could not be", () => {
  assert.equal(
    told(finding({}, 0)),
    "Rests on the same work (checked); nothing unlogged in favour of one side (not checkable in this log).",
  );
  assert.match(
    restsOn([finding({}, 0)], { isBrought: true, declared: [] }) ?? "",
    /^Rests on the same work \(checked: compared at one mix of it as well\);/,
  );
  assert.match(
    told(finding({ status: "leads if", needs: "outcomes-alike" }, 0.14)) ?? "",
    /; outcomes reported alike \(not checkable in this log: up to 14 % of a model's are unknown\);/,
  );
  assert.match(
    told(finding({ declared: ["outcomes-alike"] }, 0.14), ["outcomes-alike"]) ?? "",
    /outcomes reported alike \(declared: up to 14 %/,
  );
  assert.match(told(finding({}, 0.02)) ?? "", /It holds whatever the unknown outcomes are\.$/);
  const open = finding({ status: "open" }, 0.14);
  assert.equal(told({ ...open, near: open.others }), undefined, "nobody is said to be worse");
  assert.match(told(open) ?? "", /^Rests on the same work/, "others are");
});

test("of several choices each assumption counts in its worst state, and what cannot turn them is none", () => {
  const choice = (...states: [Assumption["id"], Assumption["state"], boolean][]) =>
    ({
      best: "a",
      assumptions: states.map(([id, state, flips]) => ({ id, state, flips, assumes: "", found: "" })),
    }) as unknown as Choice;
  assert.equal(
    restsOfChoices([
      choice(["same-work", "held", false], ["prices-known", "broken", false]),
      choice(["same-work", "broken", true]),
    ]),
    "Rests on the same work (checked, does not hold). It holds whatever the unknown prices are.",
  );
  assert.equal(restsOfChoices([{ ...choice(["same-work", "held", false]), best: null }]), undefined);
});
