import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runErrors } from "../../src/stats/runSpread";

const each = <T>(count: number, value: T): T[] => new Array(count).fill(value);

describe("the errors of scores whose runs are few", () => {
  const errorsOf = (counts: number[], variances: number[]) =>
    runErrors(
      counts.map(() => 0),
      { counts, variances },
    ).expected;

  test("are not borrowed from models that ran more often, where these vary less", () => {
    const [many, few] = [each(6, 10), each(6, 2)];
    const errors = errorsOf([...many, ...few], [...each(6, 1 / 9), ...each(6, 1)]);
    // As each kind shows it itself: the root of 1 / 9 over ten runs, and of 1 over two.
    assert.ok(Math.abs(errors[0] / Math.sqrt(1 / 90) - 1) < 0.15, String(errors[0]));
    assert.ok(errors[6] > 0.9 * Math.sqrt(1 / 2), String(errors[6]));
  });

  test("are those of all where models run alike often, or vary alike", () => {
    const alike = errorsOf(each(12, 3), each(12, 1));
    assert.ok(Math.abs(alike[0] / Math.sqrt(1 / 3) - 1) < 0.1, String(alike[0]));
    const [many, few] = [each(6, 10), each(6, 2)];
    const errors = errorsOf([...many, ...few], each(12, 1));
    assert.ok(Math.abs(errors[6] / Math.sqrt(1 / 2) - 1) < 0.15, String(errors[6]));
  });
});
