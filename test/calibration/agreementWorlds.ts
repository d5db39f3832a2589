import { followed } from "../../src/measures/agreement/agreementRegret";
import { type Random, random } from "../../src/stats/random";
import { rankCorrelation } from "../../src/stats/rankCorrelation";
import { spearman } from "../../src/stats/spearman";
import type { Compared, Kind } from "./agreementTally";

/** A kind of world: how many models, how their true values are drawn, and how noisy the measurements are. */
interface Drawn {
  models: number;
  law: "normal" | "t4";
  rho: number;
  noise: number;
  benchmarkNoise: number;
  /** If given, production grows as exp(curved * value); its noise is then a share of the models' own spread. */
  curved?: number;
}

const laws = {
  normal: (source: Random) => source.normal(),
  // Four degrees of freedom, scaled to a variance of 1.
  t4: (source: Random) => source.normal() / Math.sqrt(source.gamma(2)),
};

const worlds: Drawn[] = (["normal", "t4"] as const).flatMap((law) =>
  [4, 6, 12].flatMap((models) =>
    [0, 0.8, 0.95].flatMap((rho) =>
      [0.3, 1].flatMap((noise) =>
        [0, 0.3].map((benchmarkNoise) => ({ law, models, rho, noise, benchmarkNoise })),
      ),
    ),
  ),
);

/** Ten models whose production hardly differs at the low end of the benchmark, and much at the high end. */
const curvedWorlds: Drawn[] = [1, 1.5, 2].flatMap((curved) =>
  [1, 0.95].flatMap((rho) =>
    [0.1, 0.3, 0.6].flatMap((noise) =>
      (curved === 1.5 ? [0, 0.3] : [0]).map((benchmarkNoise): Drawn => {
        return { law: "normal", models: 10, rho, noise, benchmarkNoise, curved };
      }),
    ),
  ),
);

/** One draw of a world: true values, measurements, what is said, and what is true. */
function comparedIn(
  { models, law, rho, noise, benchmarkNoise, curved }: Drawn,
  source: Random,
  seed: number,
): Compared {
  const draw = () => laws[law](source);
  const scores = Array.from({ length: models }, draw);
  const straight = scores.map((score) => rho * score + Math.sqrt(1 - rho * rho) * draw());
  const truth = curved === undefined ? straight : scaled(straight.map((value) => Math.exp(curved * value)));
  // From half to twice the stated noise, whichever model it falls on.
  const errors = truth.map(() => (noise / 2) * 4 ** source.uniform());
  const names = truth.map((_, i) => `m${i}`);
  const measured = {
    benchmark: scores.map((score) => score + benchmarkNoise * source.normal()),
    ...(benchmarkNoise > 0 ? { benchmarkError: scores.map(() => benchmarkNoise) } : {}),
    production: truth.map((value, i) => value + errors[i] * source.normal()),
    productionError: errors,
  };
  const { low, high } = rankCorrelation(measured, { resamples: 999, seed });
  const own = { own: (value: number) => value, lowerIsBetter: false, unit: "" };
  const result = followed({ models: names, ...measured, ...own }, { level: 0.95, seed, resamples: 999 });
  const first = names.indexOf(result.first ?? "");
  const best = Math.max(...truth);
  const rank = spearman(scores, truth);
  return {
    held: Number.isNaN(low) ? Number.NaN : +(low <= rank + 1e-9 && rank - 1e-9 <= high),
    stated: result.regret!.value,
    real: best - truth[first],
    chance: result.p_first_is_best!,
    best: +(truth[first] === best),
  };
}

/** Values with a standard deviation of 1 among themselves. */
function scaled(values: number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.map((value) => value / Math.sqrt(squares / (values.length - 1)));
}

/** A world with random settings; only the range of its noise is fixed. */
function anyWorld(source: Random, least: number, most: number): Drawn {
  return {
    models: 4 + source.integer(9),
    law: source.uniform() < 0.5 ? "normal" : "t4",
    rho: 2 * source.uniform() - 1,
    noise: least * (most / least) ** source.uniform(),
    benchmarkNoise: source.uniform() < 0.5 ? 0 : 0.3,
  };
}

/** All kinds of worlds, each drawn many times. */
export function* worldKinds(draws: number): Generator<Kind> {
  const many = (drawn: (source: Random) => Drawn) =>
    Array.from({ length: draws }, (_, at) => {
      const source = random(at + 1, 77);
      return [comparedIn(drawn(source), source, at + 1)];
    });
  for (const [least, most] of [
    [0.05, 0.3],
    [0.3, 1],
  ])
    yield { name: `any, noise ${least} to ${most}`, draws: many((source) => anyWorld(source, least, most)) };
  for (const world of [...curvedWorlds, ...worlds]) {
    const { models, law, rho, noise, benchmarkNoise, curved } = world;
    const shape = curved === undefined ? law : `exp(${curved} × normal)`;
    const name = `${shape}, ${models} models, correlation ${rho}, noise ${noise}`;
    yield {
      name: benchmarkNoise > 0 ? `${name}, benchmark noise ${benchmarkNoise}` : name,
      draws: many(() => world),
    };
  }
}
