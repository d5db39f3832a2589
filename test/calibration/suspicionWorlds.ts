import { unloggedOdds } from "../../src/decide/compare/compareMargin";
import { contaminationOf, type PublicPrivate } from "../../src/measures/benchmark/contamination";
import { meanOrTail } from "../../src/measures/latency/meanOrTail";
import { slowdownOf } from "../../src/measures/latency/varianceByProvider";
import { type Ladder, type Margin, quantileMargin } from "../../src/measures/mix/mixMargin";
import type { ContextLengthRow } from "../../src/measures/service/contextLength";
import { heldContext } from "../../src/measures/service/effectiveContext";
import { isSettled } from "../../src/stats/claim";
import { type Estimate, noEnds } from "../../src/stats/estimate";
import { eValue, nearestToOne } from "../../src/stats/eValue";
import { meanInterval } from "../../src/stats/meanInterval";
import { ratioOf } from "../../src/stats/mover";
import { quantileInterval } from "../../src/stats/quantileInterval";
import { type Random, random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { hours } from "./hourWorlds";

/** What one log led to: whether anything was said, whether it was false, what a method that does not pay says, what was found. */
export interface Said {
  said: boolean;
  wrong: boolean;
  plain: boolean;
  found?: boolean;
  /** Something false leads if an assumption holds, and what is there is found or leads so. */
  leads?: boolean;
  led?: boolean;
}

/** A world whose truth is known. */
export interface Cell {
  name: string;
  what: string;
  tried(seed: number): Said;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const list = <T>(length: number, of: (at: number) => T): T[] => Array.from({ length }, (_, at) => of(at));
const some = ({ uniform }: Random, n: number, p: number) =>
  list(n, () => (uniform() < p ? 1 : 0)).reduce<number>((sum, one) => sum + one, 0);

export interface Board {
  abilities: (r: Random) => number[];
  items?: number;
  /** Standard deviation of the items' difficulties, in log odds. */
  difficulty?: number;
  /** The same of the private items. Default: as the public ones. */
  hidden?: number;
  /** How often a question is answered rightly by guessing. Default: never. */
  guess?: number;
  /** By how much the gap grows with a model's log odds. */
  grows?: number;
  /** How far a clean model's gap is from the mean. */
  apart?: (r: Random) => number;
  /** By how much the first models' public log odds are too high. */
  seen?: number[];
}

/** Clean models' gaps differ by .2 of a log odds. */
const usual = ({ normal }: Random) => 0.2 * normal();
export const spread = (models: number) => (r: Random) => list(models, () => 0.5 + 0.8 * r.normal());
const ceiling = () => [3.4, 3.2, 3.6, 3.3, 3.5, 3.1, 3.45, 3.25, 3.35, 0.4];

/** The scores of one board's models; those that have seen the questions come first. */
export function scoresOf(given: Board, seed: number): PublicPrivate[] {
  const { abilities, items = 600, difficulty = 1, grows = 0, apart = usual, seen = [] } = given;
  const { guess = 0, hidden: varied = difficulty } = given;
  const r = random(seed);
  const able = abilities(r);
  const [open, hidden] = [difficulty, varied].map((sd) => list(items, () => sd * r.normal()));
  const right = (ability: number, hard: number) => guess + (1 - guess) * logistic(ability - hard);
  const solved = (of: number[], ability: number) =>
    of.reduce((sum, hard) => sum + (r.uniform() < right(ability, hard) ? 1 : 0), 0) / items;
  return able.map((ability, at): PublicPrivate => {
    const gap = 1 + grows * ability + apart(r);
    return {
      model: String(at),
      public: solved(open, ability + (seen[at] ?? 0)),
      private: solved(hidden, ability - gap),
      publicItems: items,
      privateItems: items,
    };
  });
}

function board(name: string, what: string, given: Board): Cell {
  const { seen = [] } = given;
  const tried = (seed: number): Said => {
    const models = scoresOf(given, seed);
    const { suspects: named, rows } = contaminationOf(models, { ceiling: 1 });
    const suspects = rows.filter(({ claim }) => isSettled(claim)).map(({ model }) => model);
    const inPoints = contaminationOf(models).suspects;
    const isClean = (model: string) => seen[Number(model)] === undefined;
    return {
      said: suspects.length > 0,
      wrong: suspects.some(isClean),
      leads: named.some((model) => isClean(model) && !suspects.includes(model)),
      plain: inPoints.some(isClean),
      ...(seen.length === 0 ? {} : { found: seen.every((_, at) => suspects.includes(String(at))) }),
      ...(seen.length === 0 ? {} : { led: seen.every((_, at) => named.includes(String(at))) }),
    };
  };
  return { name, what, tried };
}

/** Student's t with 3 degrees of freedom. */
const heavy = ({ normal, gamma }: Random) => normal() / Math.sqrt((2 * gamma(1.5)) / 3);

export const boards: Cell[] = [
  board("ceiling", "nine clean models near the ceiling and one in the middle", { abilities: ceiling }),
  board("ceiling alike", "the same, all items equally hard", { abilities: ceiling, difficulty: 0 }),
  board("clean 5", "five clean models", { abilities: spread(5) }),
  board("clean 10", "ten clean models", { abilities: spread(10) }),
  board("apart .3", "ten clean models whose gaps differ by .3 of a log odds", {
    abilities: spread(10),
    apart: ({ normal }) => 0.3 * normal(),
  }),
  board("alike", "ten clean models whose gaps are all alike", { abilities: spread(10), apart: () => 0 }),
  board("grows .2", "the gap grows with ability, by .2 of a log odds for one", {
    abilities: spread(10),
    grows: 0.2,
  }),
  board("grows .5", "the same by .5", { abilities: spread(10), grows: 0.5 }),
  board("heavy", "gaps of clean models with heavy tails (.2 times a t of 3)", {
    abilities: spread(10),
    apart: (r) => 0.2 * heavy(r),
  }),
  board(
    "lone good",
    "one good clean model among nine weak ones; the private items differ in difficulty by 2.5",
    {
      abilities: (r) => [2.5, ...list(9, () => -2 + 0.2 * r.normal())],
      hidden: 2.5,
    },
  ),
  board("guesses", "the same, of questions with four answers, as hard in private as in public but for 1", {
    abilities: (r) => [1, ...list(9, () => -1.5 + 0.3 * r.normal())],
    guess: 0.25,
  }),
  board("guesses apart", "five weak and five good clean models, of questions with four answers", {
    abilities: (r) => list(10, (at) => (at < 5 ? -1.5 : 2) + 0.3 * r.normal()),
    guess: 0.25,
  }),
  ...[8, 10, 12].map((models) =>
    board(`one of ${models}`, `one of ${models} has seen the questions: + 1 log odds`, {
      abilities: spread(models),
      seen: [1],
    }),
  ),
  board("one of 5", "one of 5, + 1", { abilities: spread(5), seen: [1] }),
  board("two of 10", "two of 10, + 1 each; both found", { abilities: spread(10), seen: [1, 1] }),
  board("half", "one of 10, + .5", { abilities: spread(10), seen: [0.5] }),
  ...[200, 300].map((items) =>
    board(`${items} items`, `one of 10, + 1; ${items} items a side`, {
      abilities: spread(10),
      items,
      seen: [1],
    }),
  ),
];

/** Waits of two sides that differ in nothing but an unlogged mode, and what is said of such a cause. */
function mode(
  name: string,
  what: string,
  { p, shares, slower }: { p: number; shares: [number, number]; slower: number },
): Cell {
  const n = 2000;
  const oddsOf = (share: number) => share / (1 - share);
  const cause = oddsOf(shares[1]) / oddsOf(shares[0]);
  const tried = (seed: number): Said => {
    const r = random(seed);
    const side = (share: number): Margin => {
      const x = list(n, () => (r.uniform() < share ? slower : 1) * Math.exp(0.4 * r.normal()));
      const ladder: Ladder = {
        x: x.sort((a, b) => a - b),
        weights: x.map(() => 1),
        censored: x.map(() => false),
      };
      return quantileMargin(ladder, n, p, (p * (1 - p)) / n, 0.95);
    };
    const [a, b] = shares.map(side);
    const about = { level: 0.95, method: "woodruff", n, clusters: n, clusterBy: "call_id" };
    const estimate = ({ value, bounds }: Margin): Estimate => {
      const [low, high] = bounds(1.96);
      return { value, low, high, ...about };
    };
    const ratio = ratioOf(estimate(b), estimate(a));
    const { odds = Number.NaN, odds_bound = Number.NaN } = unloggedOdds({ k: a, t: b }, ratio, {
      p,
      t: 1.96,
    });
    const said = ratio.low > 1 || ratio.high < 1;
    return {
      said,
      wrong: said && odds_bound > cause,
      plain: said && eValue(nearestToOne(ratio)) > cause,
      found: said && odds > 1 + (cause - 1) / 2,
    };
  };
  return { name, what, tried };
}

export const causes: Cell[] = [
  mode("median 40", "p50; a mode 40 times as slow holds .44 and .56 of the calls: a cause of 1.62", {
    p: 0.5,
    shares: [0.44, 0.56],
    slower: 40,
  }),
  mode("median 2", "p50; the mode is twice as slow", { p: 0.5, shares: [0.44, 0.56], slower: 2 }),
  mode("tail 40", "p95; a mode 40 times as slow holds .035 and .065: a cause of 1.92", {
    p: 0.95,
    shares: [0.035, 0.065],
    slower: 40,
  }),
];

const bin = (score: Estimate, at: number): ContextLengthRow => {
  const none = { ...score, value: Number.NaN, ...noEnds };
  const about = { from_tokens: 1000 * at, to_tokens: 1000 * (at + 1), calls: score.n, quantiles: {} };
  return { ...about, duration: none, cost_per_call: none, error_rate: none, score };
};

/** Bins by length with these scores, of 100 calls each, held to a floor of .7. */
function floor(name: string, what: string, scores: readonly number[], isFound = false): Cell {
  const last = 1000 * scores.filter((score) => score >= 0.7).length;
  const tried = (seed: number): Said => {
    const r = random(seed);
    const bins = scores.map((score, at) => bin(wilson(some(r, 100, score), 100), at));
    const { low } = heldContext(bins, 0.7, false);
    const plain = bins.filter(({ score }) => score.low >= 0.7).at(-1)?.to_tokens ?? 0;
    const found = isFound ? { found: low === last } : {};
    return { said: low > 0, wrong: low > last, plain: plain > last, ...found };
  };
  return { name, what, tried };
}

/** Models whose waits are the same, or the first of which has a lower mean and a higher tail. */
function tails(name: string, what: string, models: number, differ = false): Cell {
  const tried = (seed: number): Said => {
    const r = random(seed);
    const rows = list(models, (at) => {
      const [level, spread] = differ ? (at === 0 ? [-0.5, 0.9] : [0, 0.35]) : [0, 0.6];
      const waits = list(400, () => Math.exp(level + spread * r.normal()));
      const tail = quantileInterval(waits, 0.95);
      return { model: `m${at}`, mean: meanInterval(waits), quantiles: { "0.95": tail } };
    });
    const [note] = meanOrTail(rows, ["model"], { better: "lower" } as Parameters<typeof meanOrTail>[2]);
    const said = note !== undefined && !note.includes("neither clearly");
    if (differ) return { said, wrong: false, plain: false, found: note?.includes("both clearly") ?? false };
    return { said, wrong: said, plain: said };
  };
  return { name, what, tried };
}

/** Places that answer calls of users who differ, each user at all of them: the slowest of them against the fastest. */
function places(name: string, what: string, { users, gaps }: { users: number; gaps: number[] }): Cell {
  return {
    name,
    what,
    tried(seed) {
      const r = random(seed);
      const people = list(users, () => ({ slow: 0.3 * r.normal(), own: gaps.map(() => 0.15 * r.normal()) }));
      const sides = gaps.map((gap, at) => {
        const n = Float64Array.from(people, () => 1 + r.integer(8));
        const total = Float64Array.from(people, ({ slow, own }, user) =>
          list(n[user], () => gap + slow + own[at] + 0.6 * r.normal()).reduce((sum, x) => sum + x, 0),
        );
        return { n, total };
      });
      const whole = (column: Float64Array) => column.reduce((sum, x) => sum + x, 0);
      const means = sides.map(({ n, total }) => whole(total) / whole(n));
      const [fast, slow] = [means.indexOf(Math.min(...means)), means.indexOf(Math.max(...means))];
      const about = { clusterBy: "user_id", places: [fast, slow] as [number, number] };
      const named = sides.map((_, at) => String(at));
      const said = isSettled(slowdownOf(sides, named, about).claim);
      const two = [sides[fast], sides[slow]];
      const plain = isSettled(slowdownOf(two, ["a", "b"], { ...about, places: [0, 1] }).claim);
      const isTrue = gaps[slow] > gaps[fast];
      const differ = gaps.some((gap) => gap !== gaps[0]);
      const found = differ ? { found: said && isTrue } : {};
      return { said, wrong: said && !isTrue, plain: plain && !isTrue, ...found };
    },
  };
}

export const picks: Cell[] = [
  places("places 60", "the slowest of six equal regions, 60 users", { users: 60, gaps: [0, 0, 0, 0, 0, 0] }),
  places("places 12", "the same, 12 users", { users: 12, gaps: [0, 0, 0, 0, 0, 0] }),
  places("places 24", "the slowest of 24 equal regions, 60 users", { users: 60, gaps: list(24, () => 0) }),
  places("places apart", "six regions, three of them .1, .2 and .3 slower, 60 users", {
    ...{ users: 60, gaps: [0.3, 0.2, 0.1, 0, 0, 0] },
  }),

  hours("hours 24", "the worst of 24 hours of 50 calls, all of which fail at 2 %", { of: 24 }),
  hours("hours 168", "the worst of 168", { of: 168 }),
  hours("hours bad", "one of 168 fails at 25 %: its rate is above that of all", { of: 168, bad: 0.25 }),
  hours("hours again", "24 hours; each failure is tried again three times at once", { of: 24, again: 3 }),
  hours("hours again bare", "the same without ids: five minutes count as a cluster", {
    of: 24,
    again: 3,
    bare: true,
  }),
  hours("hours again week", "168 hours; each failure is tried again three times at once", {
    of: 168,
    again: 3,
  }),
  hours("hours until", "168 hours; each failure is tried again until it works, one try in five", {
    ...{ of: 168, again: "until" },
  }),
  hours("hours until bare", "the same without ids", { of: 168, again: "until", bare: true }),
  hours("hours users", "48 hours of 50 users of 8 calls each, which fail alike (correlation .3)", {
    ...{ of: 48, rate: 0.05, user: { calls: 8, alike: 0.3 } },
  }),
  hours("hours again bad", "168 hours, each failure is tried again three times; one hour fails at 25 %", {
    ...{ of: 168, again: 3, bad: 0.25 },
  }),
  hours("hours bare bad", "168 hours without ids, one of which fails at 25 %", {
    of: 168,
    bare: true,
    bad: 0.25,
  }),
  hours("hours bare", "24 hours without ids", { of: 24, bare: true }),
  floor("floor .68", "a floor of .7: the first of six bins has .9, the others .68", [
    ...[0.9, 0.68, 0.68, 0.68, 0.68, 0.68],
  ]),
  floor("floor found", "three of six bins have .9, the others .5", [0.9, 0.9, 0.9, 0.5, 0.5, 0.5], true),
  ...[3, 6, 12].map((models) =>
    tails(`tails ${models}`, `first by the mean and by p95, of ${models} equal models`, models),
  ),
  tails("tails differ", "of six, one has the lowest mean and the highest p95", 6, true),
];
