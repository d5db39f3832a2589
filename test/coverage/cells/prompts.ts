import { icc } from "../../../src/stats/icc";
import { passOverPrompts } from "../../../src/stats/passOverPrompts";
import type { Random } from "../../../src/stats/random";
import type { Cell } from "../cell";

/** Scores of a prompt's runs with a known share of variance between prompts; total variance 1 (0/1: 0.24). */
const SCORES: Record<string, { variance: number; prompt: (random: Random, share: number) => () => number }> =
  {
    normal: {
      variance: 1,
      prompt: (random, share) => {
        const mean = Math.sqrt(share) * random.normal();
        return () => mean + Math.sqrt(1 - share) * random.normal();
      },
    },
    "0/1": {
      variance: 0.24,
      prompt: (random, share) => {
        const a = random.gamma(0.4 * (1 / share - 1));
        const b = random.gamma(0.6 * (1 / share - 1));
        const p = a / (a + b);
        return () => Number(random.uniform() < p);
      },
    },
    exponential: {
      variance: 1,
      prompt: (random, share) => {
        const mean = Math.sqrt(share) * random.exponential();
        return () => mean + Math.sqrt(1 - share) * random.exponential();
      },
    },
  };

const splits: Cell[] = Object.entries(SCORES).flatMap(([law, { variance, prompt }]) =>
  [10, 20, 50].flatMap((prompts) =>
    [0.05, 0.3, 0.8].flatMap((share) =>
      ["4 runs", "2 to 8 runs"].flatMap((runs) =>
        (
          [
            ["icc", share],
            ["between", share * variance],
            ["within", (1 - share) * variance],
          ] as const
        ).map(([part, truth]) => ({
          name: `${part === "icc" ? "icc" : `variance ${part} prompts`} ${law} prompts=${prompts} of ${runs} share=${share}`,
          truth,
          simulate: (random: Random) => {
            const scores = Array.from({ length: prompts }, (_, i) => {
              const next = prompt(random, share);
              return Array.from({ length: runs === "4 runs" ? 4 : 2 + ((i * i) % 7) }, next);
            });
            return icc(scores, { resamples: 299, seed: random.integer(1_000_000) })[part];
          },
        })),
      ),
    ),
  ),
);

/** Chances of passing by prompt, Beta(a, b). */
const CHANCES = [
  ["mixed", 0.5, 0.5],
  ["mostly passing", 3, 0.5],
  ["mostly failing", 0.2, 2],
] as const;

const passes: Cell[] = CHANCES.flatMap(([name, a, b]) =>
  [
    ["at", 1],
    ["at", 4],
    ["hat", 4],
  ].flatMap(([of, k]) =>
    [10, 20, 50, 200].map((prompts) => {
      let all = 1;
      let none = 1;
      for (let i = 0; i < Number(k); i++) {
        all *= (a + i) / (a + b + i);
        none *= (b + i) / (a + b + i);
      }
      return {
        name: `pass ${of} ${k} ${name} prompts=${prompts} of 8 runs`,
        truth: of === "hat" ? all : 1 - none,
        simulate: (random: Random) => {
          const counts = Array.from({ length: prompts }, () => {
            const [u, v] = [random.gamma(a), random.gamma(b)];
            let passed = 0;
            for (let run = 0; run < 8; run++) if (random.uniform() < u / (u + v)) passed++;
            return { runs: 8, passes: passed };
          });
          return passOverPrompts(counts, Number(k), {
            of: of as "at" | "hat",
            resamples: 999,
            seed: random.integer(1_000_000),
          });
        },
      };
    }),
  ),
);

export const cells: Cell[] = [...splits, ...passes];
