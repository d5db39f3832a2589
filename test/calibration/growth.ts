// Whether the factors by which a bill grew lie in their intervals, in logs whose true factors are known.
// nice -n 10 node --import tsx test/calibration/growth.ts [--draws 100 --write]
// --write makes docs/simulations/growth.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { costGrowth } from "../../src/measures/cost/billGrowth";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { type Call, withCalls } from "../measures/calls";

const { values } = parseArgs({
  options: { draws: { type: "string", default: "100" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);

interface World {
  what: string;
  days: number;
  users: number;
  /** Standard deviations of the logarithms of what users, days and hours (in spells of three) make, and of a call's cost. */
  user: number;
  day: number;
  hour: number;
  price: number;
  /** By model: how many times as many calls, and as dear, they are in the second half. */
  more: readonly [number, number];
  dearer: readonly [number, number];
}

const plain = { days: 28, users: 60, user: 0.7, day: 0, hour: 0, price: 0.8 };
const same = { more: [1, 1], dearer: [1, 1] } as const;
const changed = { more: [1.6, 0.8], dearer: [1.3, 0.9] } as const;
const worlds: World[] = [
  { what: "nothing changes; users differ", ...plain, ...same },
  { what: "one model grows, the other shrinks", ...plain, ...changed },
  { what: "the same, twelve users", ...plain, ...changed, users: 12 },
  {
    what: "the same, a few users make most calls and costs are very skewed",
    ...plain,
    ...changed,
    user: 1.6,
    price: 1.5,
  },
  { what: "the same, spells of three hours share their traffic", ...plain, ...changed, hour: 0.6 },
  { what: "the same, days differ by 30 %", ...plain, ...changed, day: 0.3 },
  { what: "one week, days differ by 30 %", ...plain, ...changed, days: 7, day: 0.3 },
];

const START = Date.UTC(2026, 2, 2);

/** Some 2,400 calls of two models, half of them before the middle; the traffic of a day and an hour is that of both models. */
function logOf(world: World, seed: number): Call[] {
  const { normal, uniform } = random(seed, 53);
  const spread = (sd: number) => Math.exp(sd * normal() - (sd * sd) / 2);
  const poisson = (mean: number) => {
    let [count, left] = [0, Math.exp(-mean)];
    for (let p = uniform(); p > left; p *= uniform()) count++;
    return count;
  };
  const users = Array.from({ length: world.users }, () => ({
    calls: spread(world.user),
    price: spread(0.3),
  }));
  const hours = world.days * 24;
  const days = Array.from({ length: world.days }, () => spread(world.day));
  const spells = Array.from({ length: hours / 3 }, () => spread(world.hour));
  const calls: Call[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const isSecond = hour >= hours / 2;
    const busy = 1 + 0.8 * Math.sin((2 * Math.PI * (hour % 24)) / 24);
    const shared = busy * days[Math.floor(hour / 24)] * spells[Math.floor(hour / 3)];
    for (const [user, { calls: own, price }] of users.entries())
      for (const [at, model] of ["a", "b"].entries()) {
        const mean = (1200 / hours / world.users) * own * shared * (isSecond ? world.more[at] : 1);
        for (let count = poisson(mean); count > 0; count--)
          calls.push({
            call_id: `c${calls.length}`,
            user_id: `u${user}`,
            model,
            status: "ok",
            cost: (1 + at) * price * spread(world.price) * (isSecond ? world.dearer[at] : 1),
            started_at: new Date(START + (hour + uniform()) * 3.6e6).toISOString().slice(0, 19),
          });
      }
  }
  return calls;
}

const factors = ["factor", "calls_factor", "cost_per_call_factor"] as const;

/** The true factors of a row: of all, calls count by their model's old cost per call, of which b's is twice a's. */
function truthOf({ more, dearer }: World, model: unknown): Record<(typeof factors)[number], number> {
  const weights = model === "a" ? [1, 0] : model === "b" ? [0, 1] : [1 / 3, 2 / 3];
  const worth = weights.reduce((sum, weight, at) => sum + weight * more[at], 0);
  const factor = weights.reduce((sum, weight, at) => sum + weight * more[at] * dearer[at], 0);
  return { factor, calls_factor: worth, cost_per_call_factor: factor / worth };
}

const share = (count: number, of: number) => {
  const { low, high } = wilson(count, of);
  return `${((100 * count) / of).toFixed(1)} % (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
};

async function rowOf(world: World): Promise<string> {
  const counts = factors.flatMap((name) =>
    [false, true].map((isAll) => ({ name, isAll, held: 0, given: 0 })),
  );
  for (let draw = 1; draw <= draws; draw++) {
    const { rows } = await withCalls(logOf(world, draw), (store) => costGrowth(store, { by: "model" }));
    for (const row of rows)
      for (const count of counts.filter(({ isAll }) => isAll === (row.model === "all"))) {
        const [{ low, high }, truth] = [row[count.name], truthOf(world, row.model)[count.name]];
        if (Number.isNaN(low) || Number.isNaN(high)) continue;
        count.given++;
        if (low <= truth && truth <= high) count.held++;
      }
  }
  const cells = counts.map(({ held, given }) => share(held, given));
  const without = 9 * draws - counts.reduce((sum, { given }) => sum + given, 0);
  return `| ${world.what} | ${draws} | ${cells.join(" | ")} | ${without} |`;
}

async function main(): Promise<void> {
  const rows: string[] = [];
  for (const world of worlds) {
    rows.push(await rowOf(world));
    console.log(rows.at(-1));
  }
  const page = `# By what a bill grew

How often the 95 % intervals of \`cost --growth\` hold the true factor: of the bill, of its calls and of its cost per call, in a row of one of two models
and in the row of all. Logs have some 2,400 calls by 60 users in 28 days unless said otherwise; users differ in how much they ask
and in what a call of theirs costs. Where the bill changes, one model has 1.6 times the calls at 1.3 times the cost, the other .8 and .9 times. Counted
are intervals that are given; the last column has how many of nine a log are not. Ranges are Wilson's; those of the two models of one log are
not independent, so theirs are somewhat wider.

Made by \`node --import tsx test/calibration/growth.ts --draws ${draws} --write\`; the draws follow from their seeds.

| log | draws | bill: a model | all | calls: a model | all | cost per call: a model | all | not given |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}
`;
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "growth.md"), page);
}

main();
