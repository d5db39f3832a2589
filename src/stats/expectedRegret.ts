import { checkChoice, checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, noted } from "./estimate";
import { checkJoint, drawCount, type JointDraws } from "./probabilityBest";
import { type Reservation, reserve } from "./reservation";

export interface ExpectedRegretOptions {
  /** Whether small is good: cost, latency (default false). */
  lowerIsBetter?: boolean;
  /** "best" (default): the loss against the best model; "random": against a model picked blindly. */
  against?: "best" | "random";
  /** Share of the draws between low and high (default 0.95). */
  level?: number;
  /** The metric's unit. */
  unit?: string;
}

/**
 * The cost of following a choice: the mean over joint draws of the best model's true value less the chosen
 * one's.
 *
 * In: one array of draws per model, in the metric's unit, and the index of the chosen model (the leaderboard's
 * first, say); out: a loss in that unit, 0 or more against the best, and against "random" negative if the choice
 * beats a blind pick. n and clusters count the models; low and high hold the middle `level` of the losses over
 * the draws. Draws with a NaN for some model are left out with a note.
 *
 * @remarks Method: "joint-draws".
 * @throws RangeError if the arrays differ in length or were sorted one by one, or `chosen` is not the index of a
 * model.
 * @example
 * expectedRegret([[1, 2, 3], [2, 2, 2]], 0).value // 0.3333333333333333
 */
export function expectedRegret(
  draws: JointDraws,
  chosen: number,
  options: ExpectedRegretOptions = {},
): Estimate {
  const { lowerIsBetter = false, against = "best", level = 0.95, unit = "" } = options;
  checkLevel("expectedRegret", level);
  checkChoice("expectedRegret", "against", against, ["best", "random"]);
  const models = draws.length;
  const count = drawCount("expectedRegret", draws);
  if (!(Number.isInteger(chosen) && chosen >= 0 && chosen < models))
    throw new RangeError(`expectedRegret requires the index of one of ${models} models, got ${chosen}`);
  checkJoint("expectedRegret", draws);
  const sign = lowerIsBetter ? -1 : 1;
  const losses: number[] = [];
  for (let draw = 0; draw < count; draw++) {
    let best = -Infinity;
    let mean = 0;
    for (let i = 0; i < models; i++) {
      const value = sign * draws[i][draw];
      mean += value / models;
      if (!(value <= best)) best = value;
    }
    const loss = (against === "best" ? best : mean) - sign * draws[chosen][draw];
    if (!Number.isNaN(loss) && !Number.isNaN(mean)) losses.push(loss);
  }
  const sorted = Float64Array.from(losses).sort();
  const outside = Math.floor(((1 - level) / 2) * sorted.length);
  const notes: Reservation[] = [];
  if (losses.length < count)
    notes.push(
      reserve("left-out.of", {
        n: count - losses.length,
        of: count,
        counted: "draws",
        why: "a model has no value",
      }),
    );
  if (losses.length === 0) notes.push(reserve("none.counted", { counted: "draw to average" }));
  // A rare large loss can lift the mean above nearly all draws: the interval still contains it.
  const value = losses.reduce((sum, loss) => sum + loss / losses.length, losses.length > 0 ? 0 : Number.NaN);
  return defined({
    value,
    low: Math.min(value, sorted[outside] ?? Number.NaN),
    high: Math.max(value, sorted[sorted.length - 1 - outside] ?? Number.NaN),
    level,
    method: "joint-draws",
    n: models,
    clusters: models,
    clusterBy: "model",
    resamples: losses.length,
    unit,
    ...noted(notes),
  });
}
