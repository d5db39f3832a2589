import { correctedRates, effectsOf, type JudgedCell } from "../../../src/measures/quality/judgedRates";
import type { Random } from "../../../src/stats/random";
import { rateInterval } from "../../../src/stats/rateInterval";
import type { Cell } from "../cell";

const [rate, sensitivity, specificity, labelled] = [0.2, 0.85, 0.92, 0.25];
const calls = 10;

/** Users who differ in how often answers to them are wrong, a judge of all answers, and people who label a quarter. */
function corrected(random: Random, users: number, alike: number, kind: "corrected" | "prediction_powered") {
  const beta = (mean: number) => {
    const size = 1 / alike - 1;
    const [a, b] = [random.gamma(mean * size), random.gamma((1 - mean) * size)];
    return a / (a + b);
  };
  const verdicts: number[] = [];
  const clusters: number[] = [];
  const seen = new Map<string, JudgedCell>();
  const rows: { user: number; judged: number; label: number | null }[] = [];
  let [labels, squares] = [0, 0];
  for (let user = 0; user < users; user++) {
    const own = beta(rate);
    let mine = 0;
    for (let call = 0; call < calls; call++) {
      const wrong = random.uniform() < own;
      const judged = Number(random.uniform() < (wrong ? sensitivity : 1 - specificity));
      const label = random.uniform() < labelled ? Number(wrong) : null;
      if (label !== null) mine++;
      verdicts.push(judged);
      clusters.push(user);
      rows.push({ user, judged, label });
      const key = `${judged} ${label}`;
      seen.set(key, { judged, label, n: (seen.get(key)?.n ?? 0) + 1 });
    }
    labels += mine;
    squares += mine * mine;
  }
  const raw = rateInterval(verdicts, { clusters });
  const judged = { n: verdicts.length, size_squares: users * calls * calls };
  return correctedRates([...seen.values()], {
    level: 0.95,
    seed: random.integer(1_000_000),
    clusterBy: "user_id",
    clusters: users,
    effective: users,
    designEffects: {
      ...effectsOf(raw.designEffect, judged, { n: labels, size_squares: squares }),
      powered: Math.max(1, poweredEffect(rows, users)),
    },
  })[kind];
}

/** The variance of the prediction-powered rate over whole users, against that of independent answers. */
function poweredEffect(
  rows: { user: number; judged: number; label: number | null }[],
  users: number,
): number {
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = (values: number[]) => {
    const centre = mean(values);
    return values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1);
  };
  const open = rows.filter(({ label }) => label === null).map(({ judged }) => judged);
  const weight = open.length / rows.length;
  const error = ({ judged, label }: { judged: number; label: number | null }) =>
    (label as number) - weight * judged;
  const errors = rows.filter(({ label }) => label !== null).map(error);
  const centres = [mean(open), mean(errors)];
  const pulls = new Float64Array(users);
  for (const row of rows)
    pulls[row.user] +=
      row.label === null
        ? (weight * (row.judged - centres[0])) / open.length
        : (error(row) - centres[1]) / errors.length;
  const over = pulls.reduce((sum, pull) => sum + pull * pull, 0) * (users / (users - 1));
  return over / ((weight ** 2 * variance(open)) / open.length + variance(errors) / errors.length);
}

export const cells: Cell[] = [50, 200].flatMap((users) =>
  [0.1, 0.3].flatMap((alike) =>
    (["corrected", "prediction_powered"] as const).map((kind) => ({
      name: `judged in clusters ${kind} K=${users} m=${calls} rho=${alike}`,
      truth: rate,
      simulate: (random: Random) => corrected(random, users, alike, kind),
    })),
  ),
);
