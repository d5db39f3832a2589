import assert from "node:assert/strict";
import { worldKinds } from "../../calibration/agreementWorlds";
import { thorough } from "../../property";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);

thorough(
  "over worlds of which nothing is settled the intervals hold, and what following a benchmark costs comes true",
  () => {
    const [calm, noisy] = worldKinds(80);
    for (const { name, draws } of [calm, noisy]) {
      const all = draws.flat();
      assert.ok(mean(all.map(({ held }) => held)) > 0.9, name);
      const differences = all.map(({ stated, real }) => stated - real);
      const difference = mean(differences);
      const error = Math.sqrt(mean(differences.map((one) => (one - difference) ** 2)) / (all.length - 1));
      assert.ok(Math.abs(difference) < 3 * error, `${name}: ${difference} ± ${error}`);
      // Losses are far from 0, so that stating none would fail.
      assert.ok(mean(all.map(({ real }) => real)) > 10 * error, name);
    }
  },
);
