import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose } from "./same";

test("two runs are alike where only the last digits of their numbers differ, inside printed JSON too", () => {
  assertClose({ rows: [{ mean: 0.1 + 0.2, low: Number.NaN }] }, { rows: [{ mean: 0.3, low: Number.NaN }] });
  assertClose(0.1 + 0.2 - 0.3, 0);
  assertClose(`{"mean":${0.1 + 0.2}}\n`, '{"mean":0.3}\n');
});

test("they are not where a number, a count, an end, an order, a name or a text differs", () => {
  for (const [one, other] of [
    [1, 1 + 1e-9],
    [{ n: 3 }, { n: 4 }],
    [5, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    [0, Number.NaN],
    [
      [1, 2],
      [2, 1],
    ],
    [[1, 2], [1]],
    [[1], [1, 2]],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, {}],
    ["0.3", "0.30"],
    ['{"mean":1}', '{"mean":2}'],
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ["[broken 1", "[broken 2"],
    [new Date(0), new Date(1)],
  ])
    assert.throws(() => assertClose(one, other), assert.AssertionError);
});
