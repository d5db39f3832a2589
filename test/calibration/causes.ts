// How often the shares of causes hold the truth, by sheets drawn from worlds whose causes are known, and how often a first cause
// is settled that is none.
// node --import tsx test/calibration/causes.ts [--draws 150 --world "few" --write]
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { causeRows } from "../../src/decide/compare/compareCauses";
import { judged } from "../../src/decide/compare/compareVerdict";
import { allotted } from "../../src/evalset/causeDraw";
import { nothingWrong, type TaskKind } from "../../src/measures/causes/causeFrame";
import {
  isFailed,
  type KindSize,
  orderOf,
  type ReadTask,
  shareOf,
} from "../../src/measures/causes/causeShares";
import { type BeganTask, costAfter } from "../../src/measures/causes/causesBegan";
import {
  costWithout,
  timeWithout,
  type WorthRead,
  type WorthSize,
} from "../../src/measures/causes/causeWorth";
import { isSettled } from "../../src/stats/claim";
import { type Random, random } from "../../src/stats/random";

const { values } = parseArgs({
  options: {
    draws: { type: "string", default: "150" },
    world: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const draws = Number(values.draws);

/** Tasks of users: how many causes there are, how alike a user's causes are, and how often tasks that look well have one. */
const worlds = [
  { what: "few causes", causes: 5, size: 100, own: 0, hidden: 0.02, users: 4_000, tied: false },
  {
    what: "many causes, the rarest at 1 %",
    causes: 30,
    size: 100,
    own: 0,
    hidden: 0.02,
    users: 4_000,
    tied: false,
  },
  { what: "many causes, more read", causes: 30, size: 300, own: 0, hidden: 0.02, users: 4_000, tied: false },
  {
    what: "users with a cause of their own",
    causes: 8,
    size: 100,
    own: 0.4,
    hidden: 0.02,
    users: 400,
    tied: false,
  },
  {
    what: "causes in failed tasks alone",
    causes: 8,
    size: 100,
    own: 0,
    hidden: 0,
    users: 4_000,
    tied: false,
  },
  {
    what: "many causes hidden in tasks that look well",
    causes: 8,
    size: 100,
    own: 0,
    hidden: 0.15,
    users: 4_000,
    tied: false,
  },
  {
    what: "two first causes equally frequent",
    causes: 5,
    size: 100,
    own: 0,
    hidden: 0.02,
    users: 4_000,
    tied: true,
  },
  {
    what: "all causes equally frequent",
    causes: 8,
    size: 100,
    own: 0,
    hidden: 0.02,
    users: 4_000,
    tied: true,
  },
];

/** Rules and judges, of eight causes and 100 tasks read: how often they find a cause that is there, and see one that is not. */
const labelled = [
  { what: "no labels", own: 0 },
  { what: "good rules: find 9 of 10, wrong in 1 % of other tasks", own: 0, finds: 0.9, wrong: 0.01 },
  { what: "poor rules: find half, wrong in 10 %", own: 0, finds: 0.5, wrong: 0.1 },
  { what: "wrong rules: tell nothing, true of 30 % of tasks", own: 0, finds: 0.3, wrong: 0.3 },
  { what: "a judge who names the next cause in place of each", own: 0, finds: 0.9, wrong: 0.01, shifts: 1 },
  {
    what: "a judge who is wrong about the same users, who have a cause of their own",
    own: 0.4,
    finds: 0.7,
    wrong: 0.1,
    byUser: true,
  },
].map((one) => ({
  causes: 8,
  size: 100,
  hidden: 0.02,
  users: one.own > 0 ? 400 : 4_000,
  tied: false,
  ...one,
}));

interface World {
  what: string;
  causes: number;
  size: number;
  own: number;
  hidden: number;
  users: number;
  tied: boolean;
  finds?: number;
  wrong?: number;
  shifts?: number;
  byUser?: boolean;
}
const tasksOfLog = 10_000;

type Task = Omit<ReadTask, "weight">;

/** The shares of causes among failed tasks: each a constant part of the one before, down to 1 % or more. */
function sharesOf({ causes, tied, what }: World): number[] {
  if (what.startsWith("all")) return Array.from({ length: causes }, () => 1 / causes);
  const fall = causes > 10 ? 0.93 : 0.65;
  const raw = Array.from({ length: causes }, (_, at) => Math.max(fall ** (tied && at === 1 ? 0 : at), 0.001));
  const floored = raw.map((one) => Math.max(one / raw.reduce((a, b) => a + b), 0.01));
  return floored.map((one) => one / floored.reduce((a, b) => a + b));
}

function picked(shares: readonly number[], r: Random): number {
  let left = r.uniform();
  const at = shares.findIndex((share) => (left -= share) < 0);
  return at < 0 ? shares.length - 1 : at;
}

function tasksOf(world: World, r: Random): Task[] {
  const shares = sharesOf(world);
  const own = Array.from({ length: world.users }, () => picked(shares, r));
  return Array.from({ length: tasksOfLog }, () => {
    // Some users come far more often than others.
    const user = Math.floor(world.users * r.uniform() ** 1.5);
    const u = r.uniform();
    const kind: TaskKind =
      u < 0.1
        ? "not resolved"
        : u < 0.12
          ? "no answer"
          : u < 0.16
            ? "failed step"
            : u < 0.2
              ? "costly"
              : "other";
    const chance = isFailed(kind) ? 0.95 : kind === "other" ? world.hidden : 0.3;
    const cause = r.uniform() < world.own ? own[user] : picked(shares, r);
    const found = {
      kind,
      cause: r.uniform() < chance ? `cause ${cause}` : nothingWrong,
      cluster: `u${user}`,
    };
    return world.finds === undefined ? found : { ...found, labels: labelsOf(world, found.cause, user, r) };
  });
}

function labelsOf(
  { causes, finds = 0, wrong = 0, shifts = 0, byUser = false }: World,
  cause: string,
  user: number,
  r: Random,
) {
  return Array.from({ length: causes }, (_, at) => at).flatMap((at) => {
    const chance = cause === `cause ${(at + causes - shifts) % causes}` ? finds : wrong;
    const u = byUser ? ((user * 7 + at * 13) % 101) / 101 : r.uniform();
    return u < chance ? [`cause ${at}`] : [];
  });
}

/** A random sample of each kind, as a sheet takes it. */
function readOf(tasks: readonly Task[], size: number, r: Random): { sizes: KindSize[]; read: ReadTask[] } {
  const byKind = grouped(tasks);
  const kinds = allotted(
    [...byKind].map(([kind, own]) => ({ kind, tasks: own.length })),
    size,
  );
  const read = kinds.flatMap(({ kind, tasks: all, drawn }) => {
    const own = [...(byKind.get(kind) ?? [])];
    for (let at = 0; at < drawn; at++) {
      const other = at + r.integer(own.length - at);
      [own[at], own[other]] = [own[other], own[at]];
    }
    return own.slice(0, drawn).map((task) => ({ ...task, weight: all / drawn }));
  });
  return { sizes: sizesOf(tasks), read };
}

/** How many tasks there are of each kind with the same labels. */
function sizesOf(tasks: readonly Task[]): KindSize[] {
  const sizes = new Map<string, KindSize>();
  for (const { kind, labels } of tasks) {
    const key = JSON.stringify([kind, labels]);
    const own = sizes.get(key) ?? { kind, labels, tasks: 0, resolved: 0, known: 0 };
    own.tasks++;
    sizes.set(key, own);
  }
  return [...sizes.values()];
}

function grouped(tasks: readonly Task[]): Map<TaskKind, Task[]> {
  const found = new Map<TaskKind, Task[]>();
  for (const task of tasks) {
    const own = found.get(task.kind);
    if (own === undefined) found.set(task.kind, [task]);
    else own.push(task);
  }
  return found;
}

interface Tally {
  held: number;
  of: number;
}
const add = (tally: Tally, holds: boolean) => {
  tally.of++;
  if (holds) tally.held++;
};

function measured(world: World) {
  const tally = {
    failed: { held: 0, of: 0 },
    all: { held: 0, of: 0 },
    rare: { held: 0, of: 0 },
    settled: 0,
    wrong: 0,
  };
  const widths: number[] = [];
  const shares = sharesOf(world);
  for (let draw = 1; draw <= draws; draw++) {
    const r = random(4_400 + draw, [...worlds, ...labelled].indexOf(world));
    const tasks = tasksOf(world, r);
    const { sizes, read } = readOf(tasks, world.size, r);
    const settings = { level: 0.95, clusterBy: "user_id" };
    const failed = tasks.filter(({ kind }) => isFailed(kind));
    const truth = shares.map(
      (_, at) => failed.filter(({ cause }) => cause === `cause ${at}`).length / failed.length,
    );
    for (const [at, share] of shares.entries()) {
      const has = ({ cause }: Task) => cause === `cause ${at}`;
      const ofFailed = shareOf(sizes, read, isFailed, `cause ${at}`, settings);
      const ofAll = shareOf(sizes, read, () => true, `cause ${at}`, settings);
      const trueAll = tasks.filter(has).length / tasks.length;
      const isHeld = ofFailed.low <= truth[at] && truth[at] <= ofFailed.high;
      add(tally.failed, isHeld);
      if (share < 0.02) add(tally.rare, isHeld);
      add(tally.all, ofAll.low <= trueAll && trueAll <= ofAll.high);
      if (at === 0) widths.push(ofFailed.high - ofFailed.low);
    }
    const [first] = orderOf(read, settings, 1);
    if (first === undefined || !isSettled(first.claim)) continue;
    tally.settled++;
    // Of a world's own shares: where several are equally frequent, none of them is first.
    const most = Math.max(...shares);
    const best = shares.flatMap((share, at) => (share > most - 1e-9 ? [`cause ${at}`] : []));
    if (best.length > 1 || first.cause !== best[0]) tally.wrong++;
  }
  widths.sort((a, b) => a - b);
  return { ...tally, width: widths[Math.floor(draws / 2)] };
}

type Spent = Task & WorthRead;

/**
 * What tasks cost and how long they took: skewed, more in some users and with some causes (the first by a factor `dearer`, the
 * next by its root), and the most in tasks of the kind "costly".
 */
function spentBy(tasks: readonly Task[], dearer: number, r: Random): Spent[] {
  const ofUser = new Map<string, number>();
  return tasks.map((task) => {
    const user = ofUser.get(task.cluster) ?? Math.exp(0.5 * r.normal());
    ofUser.set(task.cluster, user);
    const of = task.cause === "cause 0" ? dearer : task.cause === "cause 1" ? Math.sqrt(dearer) : 1;
    const cost = 0.02 * user * of * Math.exp(0.8 * r.normal()) * (task.kind === "costly" ? 6 : 1);
    const resolved = task.kind === "not resolved" ? false : task.kind === "no answer" ? null : true;
    return { ...task, resolved, cost, seconds: 200 * cost * Math.exp(0.5 * r.normal()) };
  });
}

function spentIn(tasks: readonly Spent[]): (KindSize & WorthSize)[] {
  return [...grouped(tasks)].map(([kind, every]) => {
    const own = every as Spent[];
    const known = own.filter(({ resolved }) => resolved !== null);
    const sum = (of: readonly Spent[], what: "cost" | "seconds") =>
      of.reduce((all, one) => all + (one[what] ?? 0), 0);
    return {
      kind,
      tasks: own.length,
      resolved: own.filter(({ resolved }) => resolved).length,
      known: known.length,
      cost: sum(known, "cost"),
      seconds: sum(own, "seconds"),
      timed: own.length,
      calls: known.length,
      unpriced: 0,
    };
  });
}

/** The worlds in which these are counted, and by how much the first cause makes tasks dearer. */
const dearerIn = new Map([
  ["few causes", [4]],
  ["many causes, the rarest at 1 %", [4]],
  ["users with a cause of their own", [1, 4]],
]);

/** How often the bounds of what a fix is worth hold what they would be if every task had been read. */
function worthOf(world: World, dearer: number) {
  const tally = { cost: { held: 0, of: 0 }, time: { held: 0, of: 0 }, first: { held: 0, of: 0 } };
  const sheets = Math.ceil(draws / 3);
  const widths: number[] = [];
  const settings = { level: 0.95, clusterBy: "user_id" };
  for (let draw = 1; draw <= sheets; draw++) {
    const r = random(5_400 + draw, worlds.indexOf(world));
    const tasks = spentBy(tasksOf(world, r), dearer, r);
    const read = readOf(tasks, world.size, r).read as (ReadTask & WorthRead)[];
    const sizes = spentIn(tasks);
    const known = tasks.filter(({ resolved }) => resolved !== null);
    const cost = (of: readonly Spent[]) => of.reduce((all, one) => all + one.cost, 0);
    const time = (of: readonly Spent[]) => of.reduce((all, one) => all + (one.seconds ?? 0), 0);
    for (let at = 0; at < world.causes; at++) {
      const [has, not] = [true, false].map((is) => (one: Task) => (one.cause === `cause ${at}`) === is);
      const trueCost = cost(known.filter(not)) / known.filter((one) => one.resolved || has(one)).length;
      const trueTime = time(tasks.filter(not)) / tasks.length;
      const bound = costWithout(sizes, read, `cause ${at}`, settings);
      const least = timeWithout(sizes, read, `cause ${at}`, settings);
      const isHeld = bound.low <= trueCost && trueCost <= bound.high;
      add(tally.cost, isHeld);
      add(tally.time, least.low <= trueTime && trueTime <= least.high);
      if (at > 0) continue;
      add(tally.first, isHeld);
      widths.push((bound.high - bound.low) / trueCost);
    }
  }
  widths.sort((a, b) => a - b);
  return { ...tally, sheets, width: widths[Math.floor(sheets / 2)] };
}

/** What the share of a task's cost after its marked step is like: of a task's own, or all or nothing. */
const afterIn = [
  { what: "few causes", part: "any" },
  { what: "few causes", part: "all or nothing" },
  { what: "users with a cause of their own", part: "any" },
  { what: "users with a cause of their own", part: "nothing in 19 of 20" },
] as const;

/** How often the share of costs after the step that first went wrong is held, by kind of step (a cause has its own) and of all. */
function afterOf({ what, part }: (typeof afterIn)[number]) {
  const world = worlds.find((one) => one.what === what) as World;
  const tally = { step: { held: 0, of: 0 }, all: { held: 0, of: 0 } };
  const widths: number[] = [];
  const settings = { level: 0.95, clusterBy: "user_id" };
  for (let draw = 1; draw <= draws; draw++) {
    const r = random(6_400 + draw, worlds.indexOf(world));
    const ofUser = new Map<string, number>();
    const tasks = spentBy(tasksOf(world, r), 4, r).map((task) => {
      const usual = ofUser.get(task.cluster) ?? r.uniform();
      ofUser.set(task.cluster, usual);
      // Half of a task's part is its user's, and dear tasks, which went on for longer, have more after the step.
      const any = Math.min(1, (usual + r.uniform()) / 2 + (task.cost > 0.05 ? 0.2 : 0));
      const of = part === "any" ? any : Number(r.uniform() < (part === "all or nothing" ? any : 0.05));
      const more = { g: "", calls: 1, unpriced: 0, cost_after: of * task.cost, seconds_after: null };
      return { ...task, ...more, cause: `step ${Number(task.cause.slice(6)) % 3}` };
    });
    const read = readOf(tasks, world.size, r).read as BeganTask[];
    const holds = (own: readonly BeganTask[], every: typeof tasks) => {
      const sum = (of: "cost" | "cost_after") => every.reduce((all, one) => all + one[of], 0);
      const truth = sum("cost_after") / sum("cost");
      const found = costAfter(own, settings);
      return { isHeld: found.low <= truth && truth <= found.high, width: found.high - found.low };
    };
    const [failed, failedRead] = [tasks, read].map((of) => of.filter(({ kind }) => isFailed(kind)));
    const all = holds(failedRead as BeganTask[], failed as typeof tasks);
    add(tally.all, all.isHeld);
    widths.push(all.width);
    for (const step of new Set(failedRead.map(({ cause }) => cause))) {
      const own = (failedRead as BeganTask[]).filter(({ cause }) => cause === step);
      // With one user there is no interval.
      if (new Set(own.map(({ cluster }) => cluster)).size < 2) continue;
      add(
        tally.step,
        holds(
          own,
          (failed as typeof tasks).filter(({ cause }) => cause === step),
        ).isHeld,
      );
    }
  }
  widths.sort((a, b) => a - b);
  return { ...tally, world, width: widths[Math.floor(draws / 2)] };
}

/** Two sides of a log, of which one sheet was read: the same, or with the first cause gone from the second. */
const sidesIn = [
  { what: "few causes", byUser: false, size: 100, gone: false },
  { what: "many causes, more read", byUser: false, size: 300, gone: false },
  { what: "users with a cause of their own", byUser: false, size: 100, gone: false },
  { what: "users with a cause of their own", byUser: true, size: 300, gone: false },
  { what: "few causes", byUser: false, size: 100, gone: true },
  { what: "few causes", byUser: false, size: 300, gone: true },
  { what: "few causes", byUser: false, size: 1000, gone: true },
];

/** How often some cause is settled to differ between two sides, and the first one. */
function sidesOf({ what, byUser, size, gone }: (typeof sidesIn)[number]) {
  const world = worlds.find((one) => one.what === what) as World;
  const settings = { level: 0.95, clusterBy: "user_id" };
  let [any, first] = [0, 0];
  for (let draw = 1; draw <= draws; draw++) {
    const r = random(7_400 + draw, worlds.indexOf(world));
    const tasks = tasksOf(world, r).map((task) => {
      const second = byUser ? Number(task.cluster.slice(1)) % 2 === 0 : r.uniform() < 0.5;
      const cause = gone && second && task.cause === "cause 0" ? nothingWrong : task.cause;
      return { ...task, cause, second };
    });
    const read = readOf(tasks, size, r).read as (ReadTask & { second: boolean })[];
    const sides = [false, true].map((is) => ({
      sizes: sizesOf(tasks.filter(({ second }) => second === is)),
      read: read.filter(({ second }) => second === is),
    }));
    const names = Array.from({ length: world.causes }, (_, at) => `cause:cause ${at}`);
    const rows = causeRows(names, [{ by: {} }], {
      stated: (_by, metric) => {
        const [a, b] = sides.map((side) =>
          shareOf(side.sizes, side.read, () => true, metric.slice(6), settings),
        );
        return { a, b };
      },
      sides: { work: true, users: true, days: true },
      level: 0.95,
    });
    const settled = judged(rows, 0.95).filter(({ claim }) => isSettled(claim));
    if (settled.length > 0) any++;
    if (settled.some(({ metric }) => metric === names[0])) first++;
  }
  return { any, first };
}

const percent = (part: number, whole: number) =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;

function main(): void {
  const rowsOf = (of: readonly World[]) =>
    of
      .filter(({ what }) => what.includes(values.world))
      .map((world) => {
        const { failed, all, rare, settled, wrong, width } = measured(world);
        const cells = [
          ...[world.what, world.causes, world.size, draws],
          ...[percent(failed.held, failed.of), percent(rare.held, rare.of), percent(all.held, all.of)],
          ...[(100 * width).toFixed(0), percent(settled, draws), percent(wrong, draws)],
        ];
        console.error(cells.join(" | "));
        return `| ${cells.join(" | ")} |`;
      });
  const worth = worlds
    .flatMap((world) => (dearerIn.get(world.what) ?? []).map((dearer) => ({ world, dearer })))
    .filter(({ world }) => world.what.includes(values.world))
    .map(({ world, dearer }) => {
      const { cost, time, first, sheets, width } = worthOf(world, dearer);
      const cells = [
        ...[world.what, world.causes, world.size, sheets, dearer],
        ...[cost, first, time].map(({ held, of }) => percent(held, of)),
        `${(100 * width).toFixed(0)} %`,
      ];
      console.error(cells.join(" | "));
      return `| ${cells.join(" | ")} |`;
    });
  const after = afterIn
    .filter(({ what }) => what.includes(values.world))
    .map((one) => {
      const { step, all, world, width } = afterOf(one);
      const cells = [
        ...[one.what, one.part, world.size, draws],
        ...[percent(step.held, step.of), percent(all.held, all.of), (100 * width).toFixed(0)],
      ];
      console.error(cells.join(" | "));
      return `| ${cells.join(" | ")} |`;
    });
  const sides = sidesIn
    .filter(({ what }) => what.includes(values.world))
    .map((one) => {
      const { any, first } = sidesOf(one);
      const cells = [
        ...[
          one.what,
          one.byUser ? "users" : "tasks",
          one.gone ? "the first cause" : "nothing",
          one.size,
          draws,
        ],
        ...[percent(any, draws), percent(first, draws)],
      ];
      console.error(cells.join(" | "));
      return `| ${cells.join(" | ")} |`;
    });
  const text = [
    ...[head, columns, ...rowsOf(worlds), ofLabels, columns, ...rowsOf(labelled)],
    ...[ofWorth, ...worth, ofAfter, ...after],
    ...[ofSides, ...sides, ""],
  ].join("\n");
  console.log(text);
  if (values.write) writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "causes.md"), text);
}

const head = `# Whether the shares of causes hold, and a first cause is one

A log of ${tasksOfLog.toLocaleString("en")} tasks: 10 % not resolved, 2 % answered by no call, 4 % with a failed step, 4 % dear, the rest none of these.
A person names the cause of ${draws} sheets that are drawn as \`causes sheet\` draws them. 95 % of failed tasks have a cause, 30 % of those
with a failed step or a dear one, and 2 % of the rest unless the row says otherwise. Each cause is 0.65 times as frequent as the one
before (0.93 times where there are 30), but at least 1 %. In "users with a cause of their own" two tasks in five of a user have
the same cause, and some users come far more often than others; these are what breaks the independence of tasks.

"Of failed" and "of all" say how often a 95 % interval of \`share_of_failed\` and \`share_of_tasks\` holds the share in the whole log,
over all causes; "rare" the same of failed tasks for causes below 2 %. "Settled" is how often the most frequent cause is said to be
the first, "wrong" how often it is not, or no cause is first. A share near 95 % of 150 sheets with 5 causes has a standard error of
0.8 points or more, since the causes of a sheet are not independent; one near 5 % of 150 of 1.8.

Not simulated: a reader who is wrong, and one who picks what to read.

Made by \`node --import tsx test/calibration/causes.ts --write\`, seeds 4401 and up.
`;

const columns = `| world | causes | tasks read | sheets | of failed | rare | of all | median width of the first, points | settled | wrong |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|`;

const ofLabels = `
## With rules, or the labels of a judge

Eight causes as above; every task of the log has labels: of a cause that it has with the first chance, of each that it has not with
the second. In the last row a label hangs on the user alone, and two tasks in five of a user have the same cause. Intervals must
hold the share however wrong the labels are; only good ones make them narrower.
`;

const ofWorth = `
## What a fix is worth

Some of the worlds above. What a task costs is skewed (log-normal) and hangs on its user; tasks with the first cause cost as many times as
much as the column "dearer" says, those with the second its root, dear tasks six times. Tasks that no call answered have no known
outcome. "Cost" and "time" say how often the interval of \`cost_per_resolved_at_least\` and \`time_per_task_at_least\`
(\`causes --worth\`) holds what the bound would be if every task of the log had been read, over all causes; "first" the same of the cost
without the first cause, whose median width stands beside it. Seeds 5401 and up.

| world | causes | tasks read | sheets | dearer | cost | first | time | median width of the first, of its value |
|---|--:|--:|--:|--:|--:|--:|--:|--:|`;

const ofAfter = `
## What was spent after the step that first went wrong

Some of the worlds above, with their skewed costs: each cause begins in one of three kinds of step, and of a task's cost a part came
after that step: any part, of which half hangs on the user, more in dear tasks; or all of it or nothing. "By step" and "of all" say how often
the interval of \`cost_after\` (\`causes --began\`) holds the share in all failed tasks of the log, by kind of step and of all kinds together,
whose median width stands beside them. Seeds 6401 and up.

| world | part | tasks read | sheets | by step | of all | median width, points |
|---|---|--:|--:|--:|--:|--:|`;

const ofSides = `
## Whether a cause differs between two sides

Some of the worlds above, in two halves at random, by tasks or by users, of which one sheet was read. All causes are compared at once, by
\`compare\` with a metric \`cause:NAME\` each. "Any" says how often some cause is settled to differ, "first" how often the first one is. Where
nothing differs, at most 5 % may be; where the first cause is gone from the second side, "first" says how often that is seen: all
tasks count, most did not fail, and of those few are read. Seeds 7401 and up.

| world | halves of | differs | tasks read | sheets | any | first |
|---|---|---|--:|--:|--:|--:|`;

main();
