import { normalQuantile } from "../stats/normal";
import { random } from "../stats/random";

/**
 * What is planted in the log of a cascade. Each request is plain or hard. The cheap model answers first, a check scores
 * its answer, and one task in three goes on to the dear model at random, whatever the score. A judge likes long answers:
 * at equal length it likes those of the cheap model better.
 */
const world = {
  cheap: "sorrel-mini",
  dear: "sorrel-large",
  sent_on: 1 / 3,
  requests: [
    { share: 0.7, cheap_good: 0.93, dear_good: 0.95, cheap_cost: 0.002, dear_cost: 0.02 },
    { share: 0.3, cheap_good: 0.45, dear_good: 0.85, cheap_cost: 0.002, dear_cost: 0.03 },
  ],
  /** The check's score, and the chance of each for a good answer and a bad one. */
  check: [
    { score: 0.1, good: 0.02, bad: 0.35 },
    { score: 0.3, good: 0.05, bad: 0.3 },
    { score: 0.5, good: 0.13, bad: 0.2 },
    { score: 0.7, good: 0.3, bad: 0.1 },
    { score: 0.9, good: 0.5, bad: 0.05 },
  ],
  /** Log-odds that the judge likes an answer of `typical` characters, and their increase per unit of its log length. */
  judge: {
    typical: 800,
    likes: { "sorrel-mini": 0.3, "sorrel-large": 0 },
    length: 1.2,
    median_length: { "sorrel-mini": 600, "sorrel-large": 1000 },
    length_spread: 0.5,
  },
} as const;

const tasks = 1200;
const users = 150;
const begun = Date.UTC(2026, 5, 1);
const costSpread = 0.3;

type Model = keyof typeof world.judge.likes;

const chance = (odds: number) => 1 / (1 + Math.exp(-odds));

/** How likely the judge likes an answer of so many characters. */
const liking = (model: Model, length: number) =>
  chance(world.judge.likes[model] + world.judge.length * Math.log(length / world.judge.typical));

/** The calls, outcomes and scores of the log. */
export function cascadeLog(seed: number): Record<"calls" | "tasks" | "scores", object[]> {
  const rng = random(seed);
  const calls: object[] = [];
  const outcomes: object[] = [];
  const scores: object[] = [];
  const { judge } = world;
  for (let at = 0; at < tasks; at++) {
    const user_id = `user-${rng.integer(users)}`;
    // Both models answer the same request, so that length is told from difficulty.
    const task = { task_id: `task-${at}`, prompt_id: `request-${at}`, user_id, workload: "support" };
    const request = world.requests[rng.uniform() < world.requests[0].share ? 0 : 1];
    let clock = begun + Math.floor((at / tasks) * 14 * 86_400_000);
    const answer = (model: Model, attempt: number, good: number, cost: number) => {
      const call_id = `${task.task_id}-${attempt}`;
      const length = Math.max(
        1,
        Math.round(judge.median_length[model] * Math.exp(judge.length_spread * rng.normal())),
      );
      calls.push({
        ...{ ...task, call_id, model, attempt, provider: "sorrel", status: "ok" },
        started_at: new Date(clock).toISOString(),
        duration: Number((1 + length / 400).toFixed(3)),
        // The mean of the factor is 1.
        cost: Number((cost * Math.exp(costSpread * rng.normal() - costSpread ** 2 / 2)).toFixed(8)),
        output_length: length,
      });
      clock += 30_000;
      const likes = rng.uniform() < liking(model, length);
      const score = { subject: "call", subject_id: call_id, rater: "judge" };
      scores.push({ ...score, name: "liked", value: Number(likes), rater_id: "judge-1" });
      const isGood = rng.uniform() < good;
      return { isGood, score };
    };
    const first = answer(world.cheap, 1, request.cheap_good, request.cheap_cost);
    let left = rng.uniform();
    const checked = world.check.find((one) => {
      left -= first.isGood ? one.good : one.bad;
      return left < 0;
    });
    scores.push({
      ...first.score,
      name: "check",
      value: (checked ?? world.check[world.check.length - 1]).score,
      rater_id: "check-1",
    });
    const goesOn = rng.uniform() < world.sent_on;
    const last = goesOn ? answer(world.dear, 2, request.dear_good, request.dear_cost) : first;
    outcomes.push({ task_id: task.task_id, workload: task.workload, resolved: last.isGood });
  }
  return { calls, tasks: outcomes, scores };
}

/** The truth about the cascade that accepts answers from a score on, per task; costs in US dollars. */
export interface CascadeTruth {
  threshold: number;
  passed_on: number;
  cost_per_task: number;
  /** Cost and quality compared with the dear model alone for every task. */
  saving: number;
  quality: number;
  quality_difference: number;
}

function truthAt(threshold: number): CascadeTruth {
  const sums = { passed_on: 0, cost: 0, quality: 0, dear_cost: 0, dear: 0 };
  for (const { share, cheap_good, dear_good, cheap_cost, dear_cost } of world.requests) {
    sums.dear_cost += share * dear_cost;
    sums.dear += share * dear_good;
    sums.cost += share * cheap_cost;
    for (const { score, good, bad } of world.check) {
      const [asGood, asBad] = [share * cheap_good * good, share * (1 - cheap_good) * bad];
      if (score >= threshold) sums.quality += asGood;
      else {
        sums.passed_on += asGood + asBad;
        sums.cost += (asGood + asBad) * dear_cost;
        sums.quality += (asGood + asBad) * dear_good;
      }
    }
  }
  return {
    threshold,
    passed_on: sums.passed_on,
    cost_per_task: sums.cost,
    saving: sums.dear_cost - sums.cost,
    quality: sums.quality,
    quality_difference: sums.quality - sums.dear,
  };
}

/** How often the judge likes a model's answers as they are, and with the lengths of all answers. */
function likedOf(model: Model): { raw: number; at_equal_length: number } {
  const { median_length, length_spread } = world.judge;
  const draws = 4000;
  const at = (of: Model) => {
    let sum = 0;
    for (let i = 0; i < draws; i++)
      sum += liking(model, median_length[of] * Math.exp(length_spread * normalQuantile((i + 0.5) / draws)));
    return sum / draws;
  };
  // Every task has an answer of the cheap model.
  const dear = world.sent_on / (1 + world.sent_on);
  return { raw: at(model), at_equal_length: (1 - dear) * at(world.cheap) + dear * at(world.dear) };
}

/** What is planted in the log, and what follows from it. */
export function cascadeTruth() {
  return {
    planted: world,
    cascade: world.check.map(({ score }) => truthAt(score)),
    liked: { [world.cheap]: likedOf(world.cheap), [world.dear]: likedOf(world.dear) } as Record<
      Model,
      ReturnType<typeof likedOf>
    >,
  };
}
