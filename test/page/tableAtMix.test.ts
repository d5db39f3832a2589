import assert from "node:assert/strict";
import { requestOf } from "../../src/measures/options";
import { isEstimate } from "../../src/measures/table";
import { shownMetrics } from "../../src/page/reportMeasures";
import { sideFindings } from "../../src/page/sideFindings";
import { estimatesIn, tableAtMix } from "../../src/page/tableAtMix";
import { sharedWork } from "../calibration/sentenceWorlds";
import { put, sharedPrompts } from "../measures/calls";
import { thorough } from "../property";

const value = (cell: unknown) => (isEstimate(cell) ? cell.value : Number.NaN);

thorough(
  "models that got longer inputs are compared at one mix once it is known how each counts, and before are not; a note says so",
  async () => {
    const uneven = await sharedWork(3, { long: [0.8, 0.2] });
    try {
      const { names, metrics } = await shownMetrics(uneven, requestOf("report", requestOf("report", {})));
      const atMix = await tableAtMix(uneven, metrics, names, requestOf("report", requestOf("report", {})));
      const [ash, elm] = metrics.rows;
      assert.ok(
        value(elm.duration_p95) > 1.2 * value(ash.duration_p95),
        "as measured, its calls take longer",
      );
      assert.ok(atMix !== undefined);
      // Nothing tells whether inputs or tokens differ: what would not be apart if tokens were alike has no value.
      const compared = names.flatMap((name) => {
        const [x, y] = [ash[name], elm[name]];
        if (!isEstimate(x) || !isEstimate(y)) return [];
        const sides = [
          { row: ash, estimate: x },
          { row: elm, estimate: y },
        ];
        return [estimatesIn(atMix, name, sides) ?? []];
      });
      for (const [x, y] of compared) assert.ok(!(x.high < y.low || y.high < x.low), "not apart");
      assert.ok(compared.some(([, y]) => Number.isNaN(y.value)));
      assert.ok(atMix.notes.some((note) => note.startsWith("Models count tokens each in their own way")));
      assert.match(sideFindings(metrics).headline, /^ash is best by|; ash is best by/);
      assert.match(sideFindings(metrics, atMix).headline, /^These logs cannot separate the models yet\./);
    } finally {
      uneven.close();
    }
    const alike = await sharedWork(3, { long: [0.8, 0.2] });
    try {
      await put(alike, sharedPrompts({ ash: 1, elm: 1 }));
      const { names, metrics } = await shownMetrics(alike, requestOf("report", {}));
      const atMix = await tableAtMix(alike, metrics, names, requestOf("report", {}));
      const [there, here] = (atMix?.rows ?? []).map((row) => value(row.duration_p95));
      assert.ok(Math.abs(Math.log(here / there)) < 0.2, `${here} and ${there} at one mix`);
      assert.ok(atMix?.notes.some((note) => note.startsWith("Models had different work: one is said")));
    } finally {
      alike.close();
    }
    const even = await sharedWork(3, { long: [0.5, 0.5] });
    try {
      const { names, metrics } = await shownMetrics(even, requestOf("report", requestOf("report", {})));
      const atMix = await tableAtMix(even, metrics, names, requestOf("report", requestOf("report", {})));
      assert.deepEqual(atMix?.notes ?? [], []);
    } finally {
      even.close();
    }
  },
);

thorough("a number that would be apart however tokens are counted stands, beside one that would not", () => {
  const of = (value: number, spread: number) => ({
    ...{ value, low: value - spread, high: value + spread, level: 0.95 },
    ...{ method: "none", n: 9, clusters: 9, clusterBy: "" },
  });
  const rows = [1, 2, 9].map((value, i) => ({ model: `m${i}`, duration_p50: of(value, 0.1) }));
  const alike = [1, 2, 9].map((value, i) => ({ model: `m${i}`, duration_p50: of(value, 2) }));
  const sides = rows.map((row) => ({ row, estimate: row.duration_p50 }));
  const table = { measure: "metrics", by: ["model"], rows, notes: [] };
  const values = (estimatesIn({ ...table, alike }, "duration_p50", sides) ?? []).map((one) => one.value);
  assert.deepEqual(values, [1, Number.NaN, 9]);
});
