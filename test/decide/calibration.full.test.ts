import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choiceCalibration, holds } from "../calibration/choiceTally";
import { choiceWorlds } from "../calibration/choiceWorld";

const named = (name: string) => {
  const world = choiceWorlds.find((one) => one.name === name);
  assert.ok(world);
  return world;
};

describe("stated chances of being the best", () => {
  for (const name of ["any gap", "a floor"]) {
    test(`come true as often as they say, and tell more than even chances: ${name}`, () => {
      const { bins, brier, even } = choiceCalibration(named(name), 200);
      for (const bin of bins) assert.ok(holds(bin), JSON.stringify(bin));
      assert.ok(brier < 0.85 * even);
    });
  }

  test("settle next to nothing where all models are the same", () => {
    const { settled } = choiceCalibration(named("no difference"), 150);
    assert.ok(settled <= 3, String(settled));
  });
});
