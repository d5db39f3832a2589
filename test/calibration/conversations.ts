// How often intervals about conversations hold the truth: few users, long sessions, open ends.
// node --import tsx test/calibration/conversations.ts [--logs 8 --write]
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cost } from "../../src/measures/cost/cost";
import { trajectoriesConversations } from "../../src/measures/service/conversationLengths";
import { trajectoriesTurns } from "../../src/measures/service/conversationTurns";
import { FEWEST_CLUSTERS } from "../../src/stats/clusterError";
import type { Estimate } from "../../src/stats/estimate";
import { normalQuantile } from "../../src/stats/normal";
import { type Random, random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { putInto } from "../measures/agree/hostile";
import { type Call, withCalls } from "../measures/calls";

const { values } = parseArgs({
  options: { logs: { type: "string", default: "8" }, write: { type: "boolean", default: false } },
});
const logs = Number(values.logs);
/** Rows of a log, each with users and conversations of its own. */
const rowsOfLog = 20;
const failing = 0.15;

/** Users differ in the log-odds of going on and of being resolved; each turn fails at random, and fewer go on after it. */
interface World {
  name: string;
  users: number;
  conversations: number;
  /** How likely a middling user goes on after a turn that did not fail, and how likely in the end all is resolved. */
  goes: number;
  resolved: number;
  /** Standard deviation of the users' log-odds. */
  spread: number;
  /** Hours of the log, and mean hours between turns; conversations begin evenly over the log. */
  hours: number;
  pause: number;
  /** True if those who go on more often also take longer to. */
  slow?: true;
  /** How often the log says of a conversation that it was resolved, and how often that it was not; by default always. */
  told?: { resolved: number; not: number };
}

const usual = { conversations: 200, goes: 0.7, resolved: 0.65, spread: 0.7, hours: 2000, pause: 0.1 };
const worlds: readonly World[] = [
  { name: "many users", ...usual, users: 200 },
  { name: "few users", ...usual, users: 15 },
  { name: "long sessions", ...usual, users: 60, goes: 0.95, conversations: 100 },
  { name: "open ends", ...usual, users: 60, hours: 24, pause: 2 },
  {
    name: "few users, long sessions, open ends",
    ...usual,
    users: 20,
    goes: 0.93,
    hours: 48,
    pause: 1,
    conversations: 150,
  },
  {
    name: "few users, open ends, half of the outcomes known",
    ...usual,
    users: 20,
    goes: 0.85,
    hours: 48,
    pause: 1,
    told: { resolved: 0.5, not: 0.5 },
  },
  { name: "many users, failures told less often", ...usual, users: 200, told: { resolved: 0.8, not: 0.4 } },
  { name: "open ends, and who stays longer is slower", ...usual, users: 60, hours: 24, pause: 2, slow: true },
];

const odds = (p: number) => Math.log(p / (1 - p));
const chance = (x: number) => 1 / (1 + Math.exp(-x));
/** After a turn that failed, two in three of those who would have gone on still do. */
const stays = 2 / 3;

interface User {
  goes: number;
  resolved: number;
}
const userAt = ({ goes, resolved, spread }: World, one: number, other: number): User => ({
  goes: chance(odds(goes) + spread * one),
  resolved: chance(odds(resolved) + spread * other),
});

const always = { resolved: 1, not: 1 };
/** What is said of these whatever the unknown outcomes are, beside the number of those whose outcome is known. */
const bounded = ["given up by turn 3", "resolved by turn 3", "conversation_resolve_rate"];
const whatever = (name: string) => `${name}, whatever is not known`;

/** The truth, over all users there might be. */
function truthOf(world: World) {
  const steps = 4000;
  const users = Array.from({ length: steps }, (_, i) => {
    const z = normalQuantile((i + 0.5) / steps);
    return userAt(world, z, z);
  });
  const mean = (of: (user: User) => number) => users.reduce((sum, user) => sum + of(user), 0) / steps;
  const next = ({ goes }: User) => goes * (1 - failing + failing * stays);
  const going = (turn: number) => mean((user) => next(user) ** turn);
  const resolved = mean((user) => user.resolved);
  const { told = always } = world;
  const known = resolved * told.resolved + (1 - resolved) * told.not;
  const over = (turn: number, isResolved: boolean, { resolved: yes, not } = told, all = known) =>
    ((1 - going(turn)) * (isResolved ? resolved * yes : (1 - resolved) * not)) / all;
  const turns = mean((user) => 1 / (1 - next(user)));
  const quantile = (q: number) => {
    let turn = 1;
    while (going(turn) > 1 - q) turn++;
    return turn;
  };
  return {
    ...Object.fromEntries([1, 3, 5, 8].map((turn) => [`going after turn ${turn}`, going(turn)])),
    ...Object.fromEntries([1, 3, 5, 8].map((turn) => [`given up by turn ${turn}`, over(turn, false)])),
    ...Object.fromEntries([3, 8].map((turn) => [`resolved by turn ${turn}`, over(turn, true)])),
    "median of turns": quantile(0.5),
    "90 % of turns": quantile(0.9),
    "left after a failed turn": mean((user) => (1 - user.goes * stays) / (1 - next(user))) / turns,
    conversation_resolve_rate: over(Number.POSITIVE_INFINITY, true),
    turns_per_conversation: turns,
    ...(world.told && {
      [whatever(bounded[0])]: over(3, false, always, 1),
      [whatever(bounded[1])]: over(3, true, always, 1),
      [whatever(bounded[2])]: over(Number.POSITIVE_INFINITY, true, always, 1),
    }),
  } as Record<string, number>;
}

const start = Date.UTC(2026, 2, 2);

/** The calls and outcomes of one row of a log. */
function drawn(r: Random, world: World, row: number): { calls: Call[]; ends: object[] } {
  const users = Array.from({ length: world.users }, () => ({
    ...userAt(world, r.normal(), r.normal()),
    weight: r.gamma(2),
  }));
  const all = users.reduce((sum, { weight }) => sum + weight, 0);
  const calls: Call[] = [];
  const ends: object[] = [];
  for (let talk = 0; talk < world.conversations; talk++) {
    let left = r.uniform() * all;
    const at = Math.max(
      0,
      users.findIndex(({ weight }) => (left -= weight) < 0),
    );
    const { goes, resolved } = users[at];
    const id = { conversation_id: `s${row} ${talk}`, user_id: `u${row} ${at}`, workload: `w${row}` };
    const pace = world.pause * (world.slow ? goes / (1 - goes) / (world.goes / (1 - world.goes)) : 1);
    let hour = r.uniform() * world.hours;
    for (let turn = 1, goesOn = true; goesOn && hour <= world.hours; turn++) {
      const fails = r.uniform() < failing;
      calls.push({
        ...{
          ...id,
          call_id: `${id.conversation_id} ${turn}`,
          task_id: `${id.conversation_id} ${turn}`,
          model: "m",
        },
        ...{ status: fails ? "error" : "ok" },
        started_at: new Date(start + 3_600_000 * hour).toISOString().slice(0, 19),
      });
      goesOn = r.uniform() < goes * (fails ? stays : 1);
      if (!goesOn) {
        const isResolved = r.uniform() < resolved;
        const { told = always } = world;
        if (told === always || r.uniform() < (isResolved ? told.resolved : told.not))
          ends.push({ conversation_id: id.conversation_id, resolved: isResolved, ingest_id: 1 });
      }
      hour += pace * r.exponential();
    }
  }
  return { calls, ends };
}

async function measured(world: World, seed: number): Promise<Record<string, Estimate>[]> {
  const r = random(seed);
  const parts = Array.from({ length: rowsOfLog }, (_, row) => drawn(r, world, row));
  return withCalls(
    parts.flatMap(({ calls }) => calls),
    async (store) => {
      await putInto(
        store,
        "tasks",
        parts.flatMap(({ ends }) => ends),
      );
      const asked = { by: "workload", cluster: "user_id" } as const;
      const turns = (await trajectoriesTurns(store, { ...asked, limit: 8 })).rows;
      const talks = (await trajectoriesConversations(store, asked)).rows;
      const costs = (await cost(store, { ...asked, grain: "conversation" })).rows;
      return talks.map((row, place) => {
        const at = (turn: number) => turns.find((one) => one.workload === row.workload && one.turn === turn);
        const { conversation_resolve_rate, turns_per_conversation } = costs[place];
        const found = {
          ...Object.fromEntries([1, 3, 5, 8].map((turn) => [`going after turn ${turn}`, at(turn)?.going])),
          ...Object.fromEntries([1, 3, 5, 8].map((turn) => [`given up by turn ${turn}`, at(turn)?.given_up])),
          ...Object.fromEntries([3, 8].map((turn) => [`resolved by turn ${turn}`, at(turn)?.resolved])),
          "median of turns": row.turns["0.5"],
          "90 % of turns": row.turns["0.9"],
          "left after a failed turn": row.left_after_failed,
          ...{ conversation_resolve_rate, turns_per_conversation },
        } as Record<string, Estimate>;
        const atWorst = bounded.flatMap((name) => {
          const { worst_case } = found[name] ?? {};
          return worst_case === undefined ? [] : [[whatever(name), { ...found[name], ...worst_case }]];
        });
        return { ...found, ...Object.fromEntries(atWorst) };
      });
    },
  );
}

/** Rates that take the conversations as the log holds them, cut at its end. */
const asLogged = ["conversation_resolve_rate", "turns_per_conversation"];
/** Bounds have no one value. */
const isBound = (name: string) => bounded.map(whatever).includes(name);

async function linesOf(world: World, place: number): Promise<string[]> {
  const found: Record<string, Estimate>[] = [];
  for (let log = 0; log < logs; log++) found.push(...(await measured(world, 9_000 + 1_000 * place + log)));
  return Object.entries(truthOf(world)).map(([name, whole]) => {
    const all = found.flatMap((one) => (Number.isNaN(one[name]?.value ?? Number.NaN) ? [] : [one[name]]));
    const mean = all.reduce((sum, one) => sum + one.value, 0) / all.length;
    const known = all.filter(({ low }) => !Number.isNaN(low));
    const truth = asLogged.includes(name) && world.hours < 100 ? mean : whole;
    const held = known.filter(({ low, high }) => low <= truth && truth <= high).length;
    const { value, low, high } = wilson(held, known.length);
    const cells = [world.name, name, ...[whole.toPrecision(3), isBound(name) ? "" : mean.toPrecision(3)]];
    return `| ${cells.join(" | ")} | ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) | ${known.length} of ${found.length} |`;
  });
}

const head = `# Rates, turns and the curve of conversations

How often an interval at 95 % holds the truth, on made-up logs of conversations whose users differ in how often they go on and in how
often all is resolved; ${100 * failing} % of turns fail, after which a third of those leave who would have gone on. Wanted is .93. A row of a log
has 100 to 200 conversations; with open ends they begin evenly over one or two days, and the log's end cuts them. \`going\`, \`given up\` and
\`resolved\` are the shares of \`trajectories --turns\` (intervals of each turn alone), the quantiles of turns and who left after a failed
turn are those of \`trajectories --conversations\`: their truth is that of whole conversations, over all users there might be. The other
two are those of \`cost --grain conversation\`, which take conversations as the log holds them: where it cuts them, "holds" counts their
mean over all logs, and the column beside shows how far that is from the truth of whole ones. Where not all outcomes are known, a
share is that of the conversations whose outcome is known, and so is its truth; "whatever is not known" asks how often the bounds that
stand beside it hold the share of all. In the last world those who stay longer are slower, which breaks the assumption that what is
censored would go on as the rest.

${rowsOfLog} rows in each of ${logs} logs, seeds from 9,000, ranges are Wilson's; the last column counts the rows with an interval. Made by
\`node --import tsx test/calibration/conversations.ts --logs ${logs} --write\`.

| world | number | truth | mean estimate | holds | rows |
|---|---|--:|--:|--:|--:|
`;

const foot = `
Late in logs whose end cuts most conversations, few are still followed: below 30 the output says so, and below ${FEWEST_CLUSTERS} it gives no interval.
A quantile of turns that the curve does not reach by then is "at least" the next turn, with an open end: its mean estimate is too low
by that. Where those who stay are slower, the curve is too low at later turns and those who gave up by then are too many: where the
next turn may take more than a fifth of the log's time, the output says so. Quantiles of turns are whole numbers: their intervals hold more often than they need to. With open
ends, turns per conversation are those up to the log's end: the curve is for whole ones.
`;

async function main(): Promise<void> {
  const lines: string[] = [];
  for (const [place, world] of worlds.entries()) {
    const found = await linesOf(world, place);
    console.log(found.join("\n"));
    lines.push(...found);
  }
  if (values.write)
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "conversations.md"),
      `${head}${lines.join("\n")}\n${foot}`,
    );
}

void main();
