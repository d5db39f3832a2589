import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, storeOf } from "../measures/calls";

/** An artificial world: two models, and a score for the cheap one's answers. */
export interface CascadeWorld {
  /** Log odds of a good answer to a task of average difficulty. */
  cheap: number;
  dear: number;
  /** How much higher the score of a good answer is than that of a bad one, in standard deviations within each. */
  tells: number;
  /**
   * "sent on": one task in three is passed to the expensive model at random. "by users": 60 % of the bad answers and 15 % of the
   * good ones are. "prompts": both answer every prompt.
   */
  log: "sent on" | "by users" | "prompts" | "by score" | "apart";
  tasks: number;
  users?: number;
}

const price = { cheap: 0.002, dear: 0.02, check: 0.0005 };
const failing = 0.03;
const sentOn = 1 / 3;
const chance = (odds: number) => 1 / (1 + Math.exp(-odds));

interface Drawn {
  fails: boolean;
  score: number;
  cheapCost: number;
  dearCost: number;
  cheapGood: boolean;
  dearGood: boolean;
}

function draw(world: CascadeWorld, user: number, source: ReturnType<typeof random>): Drawn {
  const hard = user + source.normal();
  const long = Math.exp(0.4 * source.normal() + 0.3 * user);
  const fails = source.uniform() < failing;
  const cheapGood = !fails && source.uniform() < chance(world.cheap - hard);
  const dearGood = source.uniform() < chance(world.dear - hard);
  const shift = (cheapGood ? 0.5 : -0.5) * world.tells;
  return {
    fails,
    score: Math.round(1000 * chance(shift + source.normal())) / 1000,
    cheapCost: price.cheap * long * Math.exp(0.3 * source.normal()) + price.check,
    dearCost: price.dear * long * Math.exp(0.5 * source.normal()),
    cheapGood,
    dearGood,
  };
}

const userOf = (source: ReturnType<typeof random>) => 0.5 * source.normal();

/** A log of the world. Users have very unequal numbers of tasks. */
export async function cascadeLog(world: CascadeWorld, seed: number): Promise<Store> {
  const source = random(seed);
  const users = Array.from({ length: world.users ?? 60 }, () => userOf(source));
  const weights = users.map((_, rank) => 1 / (rank + 8));
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const pick = () => {
    let left = source.uniform() * whole;
    return Math.max(
      0,
      weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      }),
    );
  };
  const calls: Call[] = [];
  const outcomes: [string, boolean][] = [];
  const scores: [string, number][] = [];
  const add = (at: number, of: "cheap" | "dear", task: string, user: number, one: Drawn, attempt: number) => {
    const id = `${of}${at}`;
    calls.push({
      call_id: id,
      task_id: task,
      user_id: `u${user}`,
      prompt_id: `p${at}`,
      workload: "w",
      model: of,
      place_in_task: attempt,
      attempt,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e4 + attempt * 1e4).toISOString().slice(0, 19),
      status: of === "cheap" && one.fails ? "error" : "ok",
      cost: of === "cheap" ? one.cheapCost : one.dearCost,
      input_tokens: 100,
    });
    if (of === "cheap" && !one.fails) scores.push([id, one.score]);
  };
  for (let at = 0; at < world.tasks; at++) {
    const user = pick();
    const one = draw(world, users[user], source);
    const cheapTask = `c${at}`;
    const dearTask = world.log === "prompts" ? `d${at}` : cheapTask;
    const goes = {
      "sent on": one.fails || source.uniform() < sentOn,
      "by users": one.fails || source.uniform() < (one.cheapGood ? 0.15 : 0.6),
      prompts: true,
      "by score": one.fails || one.score < 0.5,
      apart: false,
    }[world.log];
    if (world.log === "apart" && source.uniform() < 0.5) {
      add(at, "dear", cheapTask, user, one, 1);
      outcomes.push([cheapTask, one.dearGood]);
      continue;
    }
    add(at, "cheap", cheapTask, user, one, 1);
    if (goes) add(at, "dear", dearTask, user, one, dearTask === cheapTask ? 2 : 1);
    if (!goes || dearTask !== cheapTask) outcomes.push([cheapTask, one.cheapGood]);
    if (goes) outcomes.push([dearTask, one.dearGood]);
  }
  const unique = world.log === "apart" ? calls.map((call) => ({ ...call, prompt_id: null })) : calls;
  const store = await storeOf(unique);
  await run(
    store.connection,
    `insert into tasks (task_id, workload, resolved) select one[1], 'w', one[2] = 'true' from (
       select unnest(from_json($rows::json, '[["VARCHAR"]]')) as one)`,
    { rows: JSON.stringify(outcomes.map(([id, good]) => [id, String(good)])) },
  );
  await run(
    store.connection,
    `insert into scores (subject, subject_id, name, value, rater)
     select 'call', one[1], 'confidence', one[2]::double, 'judge' from (
       select unnest(from_json($rows::json, '[["VARCHAR"]]')) as one)`,
    { rows: JSON.stringify(scores.map(([id, value]) => [id, String(value)])) },
  );
  return store;
}

/** The truth about a cascade in this world, per task. */
export interface CascadeTruth {
  saving: number;
  difference: number;
  passedOn: number;
  dearCost: number;
}

/** The truth at every threshold, over many tasks by new users each time. */
export function cascadeTruth(world: CascadeWorld, tasks = 400_000): (threshold: number) => CascadeTruth {
  const source = random(77);
  const all = Array.from({ length: tasks }, () => draw(world, userOf(source), source));
  const byScore = all.filter(({ fails }) => !fails).sort((a, b) => b.score - a.score);
  const scores = byScore.map(({ score }) => score);
  const sums = { cost: [0], good: [0], dearGood: [0] };
  for (const one of byScore) {
    sums.cost.push((sums.cost.at(-1) as number) + one.dearCost);
    sums.good.push((sums.good.at(-1) as number) + (one.cheapGood ? 1 : 0) - (one.dearGood ? 1 : 0));
  }
  const cheap = all.reduce((sum, { cheapCost }) => sum + cheapCost, 0) / tasks;
  const dearCost = all.reduce((sum, one) => sum + one.dearCost, 0) / tasks;
  return (threshold) => {
    let [low, high] = [0, scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (scores[middle] >= threshold) low = middle + 1;
      else high = middle;
    }
    return {
      saving: sums.cost[low] / tasks - cheap,
      difference: sums.good[low] / tasks,
      passedOn: 1 - low / tasks,
      dearCost,
    };
  };
}
