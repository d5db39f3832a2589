// How often the ends hold that a rate and a cost have whatever the unknown outcomes are.
// node --import tsx test/calibration/worst.ts [--logs 400 --write]
// --write writes docs/simulations/worst.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cost } from "../../src/measures/cost/cost";
import type { Estimate } from "../../src/stats/estimate";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { storeOfLogs, type Work } from "./sentenceWorlds";

const { values } = parseArgs({
  options: { logs: { type: "string", default: "400" }, write: { type: "boolean", default: false } },
});
const logs = Number(values.logs);
const BATCH = 50;

/** Tasks of users who differ in how much they resolve, and in how much they tell. */
interface World {
  tasks: number;
  users: number;
  /** Share of resolved tasks, and what half of the users have more of it, and half less. */
  good: number;
  apart: number;
  /** Share of outcomes that are known, of resolved and of other tasks, and what users have more or less of it. */
  told: [good: number, bad: number];
  toldApart: number;
  /** Standard deviation of the logarithm of a cost, and how many times as much a resolved task costs. */
  spread: number;
  dearer: number;
}

const even: World = {
  ...{ tasks: 400, users: 400, good: 0.7, apart: 0, told: [0.7, 0.7], toldApart: 0, spread: 0.5, dearer: 1 },
};
const worlds: [name: string, World][] = [
  ["a third unknown", even],
  ["2 % unknown", { ...even, told: [0.98, 0.98] }],
  ["70 % unknown", { ...even, told: [0.3, 0.3] }],
  ["failures told half as often", { ...even, told: [0.8, 0.4] }],
  ["150 tasks, one in five resolved", { ...even, tasks: 150, good: 0.2 }],
  ["resolved tasks twice as dear", { ...even, good: 0.3, dearer: 2 }],
  ["resolved tasks at half the cost", { ...even, dearer: 0.5 }],
  ["nearly all resolved, 40 % unknown", { ...even, good: 0.99, told: [0.6, 0.6] }],
  ["40 users, who differ in what they resolve", { ...even, users: 40, apart: 0.2 }],
  ["40 users, who differ in what they tell", { ...even, users: 40, toldApart: 0.25 }],
  [
    "40 users, who differ in both, costs of wide spread",
    { ...even, users: 40, apart: 0.2, toldApart: 0.25, spread: 1 },
  ],
];

function workOf(seed: number, { tasks, users, good, apart, told, toldApart, spread, dearer }: World): Work {
  const r = random(seed);
  const people = Array.from({ length: users }, () => [r, r].map(({ uniform }) => (uniform() < 0.5 ? 1 : -1)));
  const all = Array.from({ length: tasks }, (_, at) => {
    const user = r.integer(users);
    const isGood = r.uniform() < good + apart * people[user][0];
    const isTold = r.uniform() < told[isGood ? 0 : 1] + toldApart * people[user][1];
    const paid = Math.exp(spread * r.normal() - spread ** 2 / 2) * (isGood ? dearer : 1);
    return { at, user, isGood, isTold, paid };
  });
  return {
    calls: all.map(({ at, user, paid }) => ({
      ...{
        call_id: `c${at}`,
        task_id: `t${at}`,
        user_id: `u${user}`,
        model: "elm",
        status: "ok",
        cost: paid,
      },
      ...{ cost_source: "log", started_at: "2026-04-13 10:00:00", duration: 1 },
    })),
    outcomes: all.flatMap(({ at, isGood, isTold }): Work["outcomes"] => (isTold ? [[`t${at}`, isGood]] : [])),
  };
}

/** The rate and the cost per resolved task if all unknown outcomes were bad, and if all were good. */
function truthOf({ good, told, dearer }: World) {
  const [known, bad] = [good * told[0], (1 - good) * told[1]];
  const paid = 1 - good + good * dearer;
  return { resolve_rate: [known, 1 - bad], cost_per_resolved: [paid / (1 - bad), paid / known] };
}

const metrics = ["resolve_rate", "cost_per_resolved"] as const;

async function count(world: World): Promise<string[]> {
  const truth = truthOf(world);
  const missed = metrics.map(() => [0, 0]);
  let counted = 0;
  for (let from = 0; from < logs; from += BATCH) {
    const works = Array.from({ length: BATCH }, (_, at) => workOf(90_000 + from + at, world));
    const store = await storeOfLogs(works, (model) => model);
    try {
      for (const row of (await cost(store, { by: "release" })).rows) {
        counted++;
        for (const [at, name] of metrics.entries()) {
          const { low, high } = (row[name] as Estimate).worst_case ?? {};
          if (low === undefined || high === undefined) throw new Error(`a ${name} without a worst case`);
          if (low > truth[name][0]) missed[at][0]++;
          if (high < truth[name][1]) missed[at][1]++;
        }
      }
    } finally {
      store.close();
    }
  }
  const text = (times: number) => {
    const { value, low, high } = wilson(times, counted);
    const [share, least, most] = [value, low, high].map((x) => (100 * x).toFixed(1));
    return `${share} % (${least} to ${most})${low > 0.025 ? " **short**" : ""}`;
  };
  return missed.flatMap((ends) => ends.map(text));
}

const head = `# How often the ends of a worst case hold

A rate of resolved tasks and a cost per resolved task whose outcomes are partly unknown have ends that hold whatever these are: the lower end of the
cost if all unknown ones were resolved, the upper one if none was. Each end of an interval at 95 % may lie on the wrong side of
what it bounds in 2.5 % of logs. Here it is counted on made-up logs whose truth is known, by the numbers of \`cost\`; the range behind is Wilson's.
"Short" marks ends that miss more often by more than chance. Made by \`node --import tsx test/calibration/worst.ts --write\`; ${logs} logs a row, seeds from 90,000 on.

| tasks | rate: lower end misses | upper end | cost: lower end misses | upper end |
|---|---|---|---|---|
`;

const short = `
What falls short: where users differ in how much they tell, the share that is known varies more from log to log than what is known
shows. The ends count users by how much their known outcomes differ, and miss in up to 7 % there.
`;

async function main(): Promise<void> {
  const rows: string[] = [];
  for (const [name, world] of worlds) {
    rows.push(`| ${[name, ...(await count(world))].join(" | ")} |`);
    console.log(rows.at(-1));
  }
  if (values.write)
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "worst.md"),
      `${head}${rows.join("\n")}\n${short}`,
    );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
