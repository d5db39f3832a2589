import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnInOrder, those } from "../../../src/decide/plan/drawnClusters";
import { fc } from "../../property";

const drawn = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 30 }).chain((values) =>
  fc.record({
    values: fc.constant(Float64Array.from(values, (x) => x + 0)),
    all: fc.array(fc.nat(values.length - 1), { maxLength: 60 }).map((clusters) => Int32Array.from(clusters)),
  }),
);

test("the values of drawn clusters are those of a sort", () => {
  fc.assert(
    fc.property(drawn, ({ values, all }) => {
      assert.deepEqual(drawnInOrder(values)(all), Float64Array.from(all, (k) => values[k]).sort());
    }),
  );
});

test("those that meet a condition are what filter finds", () => {
  fc.assert(
    fc.property(drawn, ({ values, all }) => {
      const isOne = (k: number, at: number) => values[k] > 0 || at % 3 === 0;
      assert.deepEqual(those(all, isOne), all.filter(isOne));
    }),
  );
});
