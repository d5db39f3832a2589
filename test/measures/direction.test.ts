import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { directionNote, metric } from "../../src/measures/metric";

describe("which way a score is better", () => {
  test("is told by its name, or asked for", () => {
    assert.equal(metric("score:helpful").better, "higher");
    assert.equal(metric("score:toxicity").better, "lower");
    assert.equal(metric("score:red_rate").better, "higher");
    const reversed = metric("score:red_rate:lower");
    assert.deepEqual(
      [reversed.better, reversed.label, reversed.name],
      ["lower", "red rate", "score:red_rate:lower"],
    );
    assert.deepEqual(reversed.source, { measure: "quality", score: "red_rate" });
    assert.equal(metric("score:toxicity:higher").better, "higher");
  });
  test("is said where it is assumed", () => {
    assert.equal(
      directionNote(["score:red_rate", "score:helpful", "hallucination", "duration_p95"]),
      "Higher counts as better for red_rate, since the name does not say; if lower is better, ask for score:red_rate:lower.",
    );
    assert.equal(directionNote(["score:red_rate:lower", "score:clear"]), undefined);
  });
});
