import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Declared,
  declaredBeside,
  declaredFails,
  declaredNotes,
} from "../../../src/decide/profile/declared";

const region: Declared = {
  name: "region",
  values: { alder: "EU", birch: "US", cedar: "UK" },
  one_of: ["EU", "UK"],
  by: "Legal",
  on: "2026-02-11",
};
const terms: Declared = { name: "privacy terms", passes: { alder: true, birch: true, cedar: false } };

describe("what is declared of models and not measured", () => {
  test("fails a model by its value or by a plain no, and says who said so and when", () => {
    assert.deepEqual(declaredFails([region, terms], ["alder"]), []);
    assert.deepEqual(declaredFails([region, terms], ["birch"]), [
      "region: US, not EU or UK (said by Legal, 2026-02-11)",
    ]);
    assert.deepEqual(declaredFails([region, terms], ["cedar"]), ["privacy terms: does not pass"]);
  });

  test("fails a model of which nothing is said, whatever it is called", () => {
    for (const name of ["dogwood", "toString", "__proto__"])
      assert.deepEqual(declaredFails([terms], [name]), ["privacy terms: the profile does not say"]);
  });

  test("goes by a candidate's own name before its model's", () => {
    const own: Declared = {
      name: "region",
      values: { birch: "US", "eu-host · birch": "EU" },
      one_of: ["EU"],
    };
    assert.deepEqual(declaredFails([own], ["eu-host · birch", "birch"]), []);
    assert.equal(declaredFails([own], ["us-host · birch", "birch"]).length, 1);
  });

  test("puts out a model that no log has measured, and names one that could be tried", () => {
    assert.deepEqual(declaredBeside([region, terms], new Set(["birch"])), [
      "alder is not in these logs and passes all that is declared: it can be tried.",
      "cedar is not in these logs, and is out: privacy terms: does not pass.",
    ]);
  });

  test("is told with whoever vouches for it", () => {
    assert.deepEqual(declaredNotes([region, terms]), [
      "region has to be EU or UK, and is declared, not measured (said by Legal, 2026-02-11): alder, cedar pass.",
      "privacy terms is declared, not measured (no source is given): alder, birch pass.",
    ]);
  });
});
