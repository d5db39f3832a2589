import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { didYouMean, nearest } from "../../src/store/nearest";

describe("the nearest names", () => {
  test("are those with the fewest slips, whatever the case", () => {
    assert.deepEqual(nearest("Modle", ["model", "mode", "cost"], 2), ["mode", "model"]);
    assert.equal(didYouMean("modle", ["model"]), '; did you mean "model"?');
  });

  test("are none where everything is further than half the name", () => {
    assert.deepEqual(nearest("duration", ["cost", "model"]), []);
    assert.deepEqual(nearest("k", ["by", "q"]), []);
    assert.equal(didYouMean("duration", []), "");
  });

  test("of a text as long as a prompt are none, and it takes no time to say so", () => {
    assert.deepEqual(nearest("x".repeat(20e6), ["x".repeat(400)]), []);
  });
});
