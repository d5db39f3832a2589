import type { Estimate } from "../../../src/stats/estimate";
import { kendall } from "../../../src/stats/kendall";
import type { Random } from "../../../src/stats/random";
import { rankCorrelation } from "../../../src/stats/rankCorrelation";
import { rankCorrelationOverModels } from "../../../src/stats/rankCorrelationOverModels";
import { spearman } from "../../../src/stats/spearman";
import { weightedTau } from "../../../src/stats/weightedTau";
import type { Cell } from "../cell";

const LAWS: Record<string, (random: Random) => number> = {
  normal: (random) => random.normal(),
  // Four degrees of freedom, scaled to a variance of 1.
  t4: (random) => random.normal() / Math.sqrt(random.gamma(2)),
};

/** The truth differs from run to run, so intervals are shifted to put it at 0. */
function around(estimate: Estimate, truth: number): Estimate {
  const from = (end: number) => Math.round((end - truth) * 1e9) / 1e9;
  return { ...estimate, value: from(estimate.value), low: from(estimate.low), high: from(estimate.high) };
}

/** Errors of the stated size, or between half and twice that. */
function errors(count: number, noise: number, unequal: boolean): number[] {
  return Array.from({ length: count }, (_, i) =>
    unequal ? (noise / 2) * 4 ** (((i * 7) % count) / (count - 1)) : noise,
  );
}

const TRUTH = { spearman, kendall, weighted: weightedTau };

function noisyModels(law: string, kind: keyof typeof TRUTH, benchmarkNoise: number): Cell[] {
  return [4, 6, 12, 20].flatMap((models) =>
    [0, 0.8, 0.95].flatMap((rho) =>
      [0.3, 1].flatMap((noise) =>
        [false, true].map((unequal) => ({
          name:
            `rank correlation ${kind} ${law} models=${models} rho=${rho} noise=${noise}` +
            `${unequal ? " unequal" : ""}${benchmarkNoise > 0 ? ` benchmark noise=${benchmarkNoise}` : ""}`,
          truth: 0,
          simulate: (random: Random) => {
            const draw = () => LAWS[law](random);
            const truly = Array.from({ length: models }, draw);
            const production = truly.map((b) => rho * b + Math.sqrt(1 - rho * rho) * draw());
            const productionError = errors(models, noise, unequal);
            const benchmarkError = errors(models, benchmarkNoise, false);
            const estimate = rankCorrelation(
              {
                benchmark: truly.map((b, i) => b + benchmarkError[i] * random.normal()),
                production: production.map((y, i) => y + productionError[i] * random.normal()),
                productionError,
                ...(benchmarkNoise > 0 ? { benchmarkError } : {}),
              },
              { kind, resamples: 999 },
            );
            return around(estimate, TRUTH[kind](truly, production));
          },
        })),
      ),
    ),
  );
}

const overModels: Cell[] = (["spearman", "kendall"] as const).flatMap((kind) =>
  [10, 12, 20, 50].flatMap((models) =>
    [0, 0.8, 0.95].map((rho) => ({
      name: `rank correlation over models ${kind} models=${models} rho=${rho}`,
      truth: kind === "kendall" ? (2 / Math.PI) * Math.asin(rho) : (6 / Math.PI) * Math.asin(rho / 2),
      simulate: (random: Random) => {
        const x = Array.from({ length: models }, () => random.normal());
        const y = x.map((b) => rho * b + Math.sqrt(1 - rho * rho) * random.normal());
        return rankCorrelationOverModels(x, y, { kind });
      },
    })),
  ),
);

export const cells: Cell[] = [
  ...noisyModels("normal", "spearman", 0),
  ...noisyModels("t4", "spearman", 0),
  ...noisyModels("normal", "kendall", 0),
  ...noisyModels("t4", "kendall", 0),
  ...noisyModels("normal", "weighted", 0),
  ...noisyModels("normal", "spearman", 0.3),
  ...noisyModels("t4", "spearman", 0.3),
  ...overModels,
];
