import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kneeNotes, kneeOf } from "../../../src/measures/service/knee";
import { estimate } from "../../charts/sample";
import { fc, runs } from "../../property";

const bins = (p95: readonly number[], half = 0.2) =>
  p95.map((value, at) => ({
    provider: "acme",
    in_flight_from: 10 * at,
    in_flight_to: 10 * at + 9,
    quantiles: { "0.95": estimate(value, value - half, value + half, "s") },
  }));

describe("where waiting turns with load", () => {
  test("is the load from which on p95 stays clearly above that of the lowest", () => {
    assert.deepEqual(kneeNotes(bins([1, 1, 1.1, 3, 5]), ["provider"]), [
      "acme: p95 has a knee between 20 and 39 others in flight: from there on it stays clearly above that of the lowest load.",
    ]);
  });
  test("is not seen where the highest load is not clearly above, whatever one in between did", () => {
    assert.deepEqual(kneeNotes(bins([1, 4, 1]), ["provider"]), [
      "acme: p95 shows no knee up to 29 others in flight; no call was made under more load.",
    ]);
    assert.deepEqual(kneeOf(bins([1, 3, 5], 4)), []);
  });
  test("is told of one other call in the singular", () => {
    const few = bins([1, 1]).map((bin, at) => ({ ...bin, in_flight_from: at, in_flight_to: at }));
    assert.match(kneeNotes(few, ["provider"])[0], /no knee up to 1 other in flight;/);
  });
  test("is not seen in one bin, or where p95 is not known", () => {
    assert.deepEqual(kneeOf(bins([1])), []);
    assert.deepEqual(kneeOf(bins([1, Number.NaN])), []);
  });
  test("is never at the lowest load, and all after it are above", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (p95) => {
          const all = bins(p95);
          const above = kneeOf(all);
          assert.ok(!above.includes(all[0]));
          for (const bin of above) assert.ok(bin.quantiles["0.95"].value > all[0].quantiles["0.95"].value);
          assert.deepEqual(above, all.slice(all.length - above.length));
        },
      ),
      { numRuns: runs(200) },
    );
  });
});
