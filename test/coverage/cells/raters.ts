import { alpha } from "../../../src/stats/alpha";
import { kappa } from "../../../src/stats/kappa";
import { newcombe } from "../../../src/stats/newcombe";
import { pairedDifference } from "../../../src/stats/pairedDifference";
import { predictionPowered } from "../../../src/stats/predictionPowered";
import type { Random } from "../../../src/stats/random";
import { roganGladen } from "../../../src/stats/roganGladen";
import type { Cell } from "../cell";

/** Few resamples for speed, with a new seed in each run: one seed would err in the same way in all runs. */
const few = (random: Random) => ({ resamples: 999, seed: random.integer(1_000_000) });

function pick(random: Random, shares: readonly number[]): number {
  let u = random.uniform();
  for (let i = 0; i < shares.length - 1; i++) {
    u -= shares[i];
    if (u < 0) return i;
  }
  return shares.length - 1;
}

const LABELS = [
  [0.5, 0.5],
  [0.9, 0.1],
  [0.6, 0.3, 0.1],
] as const;

const labelled: Cell[] = [20, 50, 200].flatMap((items) =>
  LABELS.flatMap((shares) =>
    [0.3, 0.7, 0.95].flatMap((agreement) => [
      {
        name: `kappa labels=${shares.join("/")} items=${items} kappa=${agreement}`,
        truth: agreement,
        simulate: (random: Random) => {
          const first = Array.from({ length: items }, () => pick(random, shares));
          const second = first.map((label) => (random.uniform() < agreement ? label : pick(random, shares)));
          return kappa(first, second, few(random));
        },
      },
      {
        name: `alpha nominal 3 raters labels=${shares.join("/")} items=${items} alpha=${agreement}`,
        truth: agreement,
        simulate: (random: Random) => {
          const truth = Array.from({ length: items }, () => pick(random, shares));
          const rater = () =>
            truth.map((label) => (random.uniform() < Math.sqrt(agreement) ? label : pick(random, shares)));
          return alpha([rater(), rater(), rater()], few(random));
        },
      },
    ]),
  ),
);

const numbers: Cell[] = [20, 50, 200].flatMap((items) =>
  [0.3, 0.7, 0.95].map((agreement) => ({
    name: `alpha interval 3 raters items=${items} alpha=${agreement}`,
    truth: agreement,
    simulate: (random: Random) => {
      const truth = Array.from({ length: items }, () => Math.sqrt(agreement) * random.normal());
      const rater = () => truth.map((value) => value + Math.sqrt(1 - agreement) * random.normal());
      return alpha([rater(), rater(), rater()], { metric: "interval", ...few(random), resamples: 299 });
    },
  })),
);

const pairs: Cell[] = [20, 50, 200].flatMap((items) =>
  [
    [0.1, 0.1],
    [0.02, 0.02],
    [0.3, 0.1],
  ].map(([onlyFirst, onlySecond]) => ({
    name: `paired difference 0/1 only first=${onlyFirst} only second=${onlySecond} items=${items}`,
    truth: onlyFirst - onlySecond,
    simulate: (random: Random) => {
      const outcome = Array.from({ length: items }, () => random.uniform());
      const first = outcome.map((u) => Number(u < onlyFirst || u >= onlyFirst + onlySecond));
      return pairedDifference(
        first,
        outcome.map((u) => Number(u >= onlyFirst)),
        few(random),
      );
    },
  })),
);

const unpaired: Cell[] = [20, 50, 200].flatMap((items) =>
  [
    [0.5, 0.6],
    [0.02, 0.1],
  ].map(([p, q]) => ({
    name: `newcombe p=${p} q=${q} items=${items}`,
    truth: p - q,
    simulate: (random: Random) => {
      const hits = (chance: number) => {
        let k = 0;
        for (let i = 0; i < items; i++) if (random.uniform() < chance) k++;
        return k;
      };
      return newcombe(hits(p), items, hits(q), items);
    },
  })),
);

const JUDGES = [
  [0.05, 0.8, 0.95],
  [0.2, 0.9, 0.9],
  [0.5, 0.7, 0.8],
] as const;

const judged: Cell[] = JUDGES.flatMap(([rate, sensitivity, specificity]) =>
  [30, 100, 300].flatMap((labels) => {
    const item = (random: Random) => {
      const truth = Number(random.uniform() < rate);
      return { truth, judge: Number(random.uniform() < (truth ? sensitivity : 1 - specificity)) };
    };
    const many = (random: Random, count: number) => Array.from({ length: count }, () => item(random));
    const words = `rate=${rate} sensitivity=${sensitivity} specificity=${specificity} labels=${labels}`;
    return [
      {
        name: `rogan-gladen ${words}`,
        truth: rate,
        simulate: (random: Random) => {
          const shown = many(random, labels);
          const positive = shown.filter(({ truth }) => truth === 1);
          const negative = shown.filter(({ truth }) => truth === 0);
          return roganGladen({
            positives: many(random, 1000).filter(({ judge }) => judge === 1).length,
            judged: 1000,
            foundPositives: positive.filter(({ judge }) => judge === 1).length,
            truePositives: positive.length,
            foundNegatives: negative.filter(({ judge }) => judge === 0).length,
            trueNegatives: negative.length,
          });
        },
      },
      {
        name: `prediction-powered ${words}`,
        truth: rate,
        simulate: (random: Random) => {
          const shown = many(random, labels);
          return predictionPowered(
            {
              judged: many(random, 1000).map(({ judge }) => judge),
              judgedLabelled: shown.map(({ judge }) => judge),
              labels: shown.map(({ truth }) => truth),
            },
            few(random),
          );
        },
      },
    ];
  }),
);

export const cells: Cell[] = [...labelled, ...numbers, ...pairs, ...unpaired, ...judged];
