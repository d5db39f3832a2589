import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Gap, gapsOf } from "../../../src/measures/mix/imbalance";
import { open } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { fc } from "../../property";

interface Call {
  g: number;
  cluster: number;
  x: number;
  workload: string;
}

const call: fc.Arbitrary<Call> = fc.record({
  g: fc.nat(3),
  cluster: fc.nat(7),
  x: fc.nat(2000),
  workload: fc.constantFrom("chat", "review"),
});

const wholeOf = (g: number) => (g < 2 ? "first" : "second");

async function gapsIn(calls: readonly Call[]): Promise<Gap[]> {
  const store = await open();
  try {
    const rows = calls.map(({ g, cluster, x, workload }) => `(${g}, ${cluster}, ${x}, '${workload}')`);
    await run(
      store.connection,
      `create temp table call_units as
       select g::ubigint as g, cluster::ubigint as cluster, x::double as x, workload, 'm' as model, 'v' as version,
         0 as working, true as answers, true as production, false as again
       from (values ${rows.join(", ")}) as _(g, cluster, x, workload)`,
    );
    const groups = [0, 1, 2, 3].map((g) => `(${g}::ubigint, '${wholeOf(g)}')`);
    await run(
      store.connection,
      `create temp table wholes as from (values ${groups.join(", ")}) as _(g, whole)`,
    );
    return await gapsOf(store.connection);
  } finally {
    store.close();
  }
}

/** By the definition: each cluster pulls the gap by m - (p a - q b). */
function defined(calls: readonly Call[], g: number, amount: (one: Call) => number) {
  const all = calls.filter((one) => wholeOf(one.g) === wholeOf(g));
  const own = all.filter((one) => one.g === g);
  const total = (some: readonly Call[]) => some.reduce((sum, one) => sum + amount(one), 0);
  const [p, q] = [total(own) / own.length, total(all) / all.length];
  const variance = [...new Set(all.map(({ cluster }) => cluster))]
    .map((cluster) => {
      const [ofOwn, ofAll] = [own, all].map((some) => some.filter((one) => one.cluster === cluster));
      const m = total(ofOwn) / own.length - total(ofAll) / all.length;
      return (m - (p * ofOwn.length) / own.length + (q * ofAll.length) / all.length) ** 2;
    })
    .reduce((sum, square) => sum + square, 0);
  return { gap: p - q, variance };
}

describe("how far a group is from its whole", () => {
  test("is what its definition gives, cluster by cluster", () =>
    fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), async (calls) => {
        const found = await gapsIn(calls);
        for (const { g, what, value, gap, variance } of found) {
          if (what !== "length" && what !== "workload") continue;
          const amount =
            what === "length" ? (one: Call) => one.x : (one: Call) => Number(one.workload === value);
          const expected = defined(calls, Number(g), amount);
          const scale = what === "length" ? 2000 : 1;
          assert.ok(Math.abs(gap - expected.gap) <= 1e-9 * scale, `${what} ${value}: ${gap}`);
          assert.ok(
            Math.abs(variance - expected.variance) <= 1e-9 * scale ** 2,
            `${what} ${value}: ${variance} for ${expected.variance}`,
          );
        }
        const groups = new Set(calls.map(({ g }) => String(g)));
        assert.deepEqual(new Set(found.map(({ g }) => g)), groups);
      }),
    ));

  test("has no variance in a property that all calls share", async () => {
    const calls = [0, 1, 2, 3, 4, 5, 6].map((at) => ({
      g: at % 2,
      cluster: at % 3,
      x: 100 * at,
      workload: "chat",
    }));
    const shared = (await gapsIn(calls)).filter(({ what }) => what === "workload" || what === "model");
    assert.equal(shared.length, 4);
    for (const { gap, variance } of shared) assert.deepEqual([Math.abs(gap) < 1e-12, variance], [true, 0]);
  });
});
