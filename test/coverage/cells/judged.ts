import { correctedRates, type JudgedCell } from "../../../src/measures/quality/judgedRates";
import type { Random } from "../../../src/stats/random";
import type { Cell } from "../cell";

const [rate, sensitivity, specificity, labelled] = [0.2, 0.85, 0.92, 0.25];
const calls = 10;

/** Users who differ in how often answers to them are wrong, a judge of all answers, and people who label a quarter. */
function corrected(random: Random, users: number, icc: number) {
  const beta = (mean: number) => {
    const size = 1 / icc - 1;
    const [a, b] = [random.gamma(mean * size), random.gamma((1 - mean) * size)];
    return a / (a + b);
  };
  const seen = new Map<string, JudgedCell>();
  const rows: Judged[] = [];
  for (let user = 0; user < users; user++) {
    const own = beta(rate);
    for (let call = 0; call < calls; call++) {
      const wrong = random.uniform() < own;
      const judged = Number(random.uniform() < (wrong ? sensitivity : 1 - specificity));
      const label = random.uniform() < labelled ? Number(wrong) : null;
      rows.push({ user, judged, label });
      const key = `${judged} ${label}`;
      seen.set(key, { judged, label, n: (seen.get(key)?.n ?? 0) + 1 });
    }
  }
  return correctedRates([...seen.values()], {
    level: 0.95,
    seed: random.integer(1_000_000),
    clusterBy: "user_id",
    clusters: users,
    effective: users,
    designEffect: Math.max(1, effectOf(rows, users)),
  }).corrected;
}

interface Judged {
  user: number;
  judged: number;
  label: number | null;
}

/** The variance of the corrected rate over whole users, relative to independent answers. */
function effectOf(rows: readonly Judged[], users: number): number {
  const mean = (some: readonly number[]) => some.reduce((sum, x) => sum + x, 0) / some.length;
  const sides = [0, 1].map((verdict) => {
    const own = rows.filter(({ judged }) => judged === verdict);
    const labels = own.flatMap(({ label }) => label ?? []);
    return { each: own.length / labels.length, rate: mean(labels) };
  });
  const all = mean(rows.map(({ judged }) => sides[judged].rate));
  const pulls = new Float64Array(users);
  let alone = 0;
  for (const { user, judged, label } of rows) {
    const { each, rate: own } = sides[judged];
    const pull = own - all + (label === null ? 0 : each * (label - own));
    pulls[user] += pull;
    alone += pull * pull;
  }
  return (pulls.reduce((sum, pull) => sum + pull * pull, 0) * users) / (users - 1) / alone;
}

export const cells: Cell[] = [50, 200].flatMap((users) =>
  [0.1, 0.3].map((icc) => ({
    name: `judged in clusters corrected K=${users} m=${calls} rho=${icc}`,
    truth: rate,
    simulate: (random: Random) => corrected(random, users, icc),
  })),
);
