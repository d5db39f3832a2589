import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StratumSum } from "../../../src/measures/mix/mixCells";
import { levelsOf, type Stratum } from "../../../src/measures/mix/mixLevels";
import { standardAt } from "../../../src/measures/mix/mixStandard";

/** Calls of one workload on either side, by eighths of input length, all as long as their eighth says. */
function worldOf(a: number[], b: number[], share: (length: number) => number = () => 0.5) {
  const known = new Map<string, Stratum>();
  const sums: StratumSum[] = [];
  for (const [second, counts] of [
    [false, a],
    [true, b],
  ] as const)
    for (const [at, n] of counts.entries()) {
      const length = at + 1;
      const stratum = `${length}`;
      const about = { g: 0, stratum, workload: "", model: "", version: "", length, working: 2, second };
      const x = n * length;
      known.set(stratum, { ...about, n, x, xx: x * length });
      if (n === 0) continue;
      const s = n * share(length);
      sums.push({
        ...{ metric: "m", g: 0, second, stratum, n, c: s, d: n, apart: n, matched: n, weight: n, ww: n },
        ...{ x, xx: x * length, s, xs: s * length, r: n, xr: x },
      });
    }
  return { known, sums };
}
const levels = [["workload" as const, "length" as const, "working" as const]];
const lengths = ["1", "2", "3", "4", "5", "6", "7", "8"];

describe("one mix of lengths", () => {
  test("is as fine as both sides have calls: only thin lengths join their neighbours, and no call is lost", () => {
    const { known, sums } = worldOf([40, 40, 40, 40, 40, 40, 12, 3], [4, 14, 30, 40, 40, 50, 50, 60]);
    const found = standardAt(sums, levelsOf([...known.values()], levels));
    assert.equal(found.covered, 1);
    // 4 calls are too few: the first joins the second. 3 at the end join the one before.
    const expected = [0, 0, 1, 2, 3, 4, 4, 4];
    const cells = lengths.map((stratum) => found.cellOf.get(stratum));
    const told = [...new Set(cells)];
    assert.deepEqual(
      cells.map((cell) => told.indexOf(cell)),
      expected,
    );
  });

  test("moves along the slope inside what was joined", () => {
    const { known, sums } = worldOf([40, 10, 0, 0, 0, 0, 0, 0], [5, 40, 0, 0, 0, 0, 0, 0], (at) => at / 4);
    const { values } = standardAt(sums, levelsOf([...known.values()], levels));
    assert.ok(Math.abs(values.t - values.a) < 1e-12, `${values.t} for ${values.a}`);
    assert.ok(values.b > values.a + 0.1);
  });

  test("is no surer of a share than the calls that it rests on, though they show no event", () => {
    const rare = (at: number) => (at === 1 ? 0 : 0.05);
    const { known, sums } = worldOf([400, 100, 0, 0, 0, 0, 0, 0], [20, 480, 0, 0, 0, 0, 0, 0], rare);
    const { even, units } = standardAt(sums, levelsOf([...known.values()], levels));
    assert.equal(units.t, 500);
    assert.ok(even.t < 100, `${even.t} even units`);
    const alike = worldOf([250, 250, 0, 0, 0, 0, 0, 0], [250, 250, 0, 0, 0, 0, 0, 0]);
    const same = standardAt(alike.sums, levelsOf([...alike.known.values()], levels)).even.t;
    assert.ok(Math.abs(same - 500) < 1e-6, `${same} even units`);
  });

  test("tells a call's part in its own fitted value: in a cell they add up to a level and a slope", () => {
    const { known, sums } = worldOf([30, 30, 4, 0, 0, 0, 0, 0], [30, 30, 4, 0, 0, 0, 0, 0]);
    const found = standardAt(sums, levelsOf([...known.values()], levels));
    const part = (stratum: string) => {
      const one = found.coefficients.find((own) => own.second && own.cell === found.cellOf.get(stratum));
      const sum = sums.find((own) => own.second && own.stratum === stratum);
      assert.ok(one && sum);
      return one.ln * sum.weight + one.lx * sum.x + one.lxx * sum.xx;
    };
    assert.ok(Math.abs(part("1") - 1) < 1e-9);
    assert.ok(Math.abs(part("2") + part("3") - 2) < 1e-9);
  });
});
