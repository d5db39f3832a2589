// Whether the ranks of `preferences` and `tiers` hold, on comparisons and leaderboards whose truth is known.
// node --import tsx test/calibration/ranks.ts [WORD... --draws 300 --write]
// Words choose worlds by their names. --write keeps each in test/calibration/rankResults.json as soon as it is done, and
// all of them in docs/simulations/ranks.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wilson } from "../../src/stats/rate";
import { recordLines } from "../recordLines";
import { type PreferenceWorld, type RunWorld, ranksOfPreferences, tiersOfRuns } from "./rankWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: "string", default: "300" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);

type World = PreferenceWorld | RunWorld;
interface Result {
  name: string;
  draws: number;
  wrong: number;
  first: number;
  leads: number;
  untested: number;
  misfit: number;
  /** Shares: of pairs told apart, and of ratings or scores whose interval holds the truth; and the first one's mean rating. */
  apart: number;
  covered: number;
  rating: number;
}

const equal = (models: number): number[] => new Array(models).fill(0);
const spaced = (models: number, by: number): number[] =>
  Array.from({ length: models }, (_, at) => by * ((models - 1) / 2 - at));
const six = { strengths: equal(6), comparisons: 900 };
const round = { strengths: equal(3), comparisons: 900, circle: 1, closing: 0.1 };
const apart = { strengths: spaced(6, 0.3), comparisons: 900 };
const twelve = { strengths: equal(12), items: 0, run: 1 };

const sections: { title: string; about: string; worlds: Record<string, World>; without: number[] }[] = [
  {
    title: "Preferences: few raters, few prompts",
    about:
      "900 comparisons of six models (of 12: 1,800). Raters differ in their taste for each model by a standard deviation of .3 in log-odds, prompts in how they suit each by as much; where raters divide over one model alone, by .6 over that.",
    without: [3, 4, 5, 8],
    worlds: {
      "6 equal models, 6 raters": { ...six, raters: 6, taste: 0.3 },
      "6 equal models, 8 raters": { ...six, raters: 8, taste: 0.3 },
      "6 equal models, 25 prompts": { ...six, prompts: 25, suits: 0.3 },
      "6 equal models, 4 raters": { ...six, raters: 4, taste: 0.3 },
      "6 equal models, 2 raters": { ...six, raters: 2, taste: 0.3 },
      "12 equal models, 6 raters": { strengths: equal(12), comparisons: 1800, raters: 6, taste: 0.3 },
      "6 equal models, 10 raters, some of whom judge far more": {
        ...{ ...six, raters: 10, taste: 0.3, uneven: true },
      },
      "6 equal models, 10 raters, one of whom judges 60 %": { ...six, raters: 10, taste: 0.4, uneven: 0.6 },
      "6 equal models, 12 raters, each of whom judges three models": {
        ...{ ...six, raters: 12, taste: 0.5, judged: 3 },
      },
      "6 equal models, 20 raters, each of whom judges two models": {
        ...{ ...six, raters: 20, taste: 0.5, judged: 2 },
      },
      "6 equal models, one of which divides 3 raters": { ...six, raters: 3, taste: 0.6, overOne: true },
      "2 equal models, 3 raters": { ...six, strengths: equal(2), raters: 3, taste: 0.4 },
      "6 equal models, 40 raters": { ...six, raters: 40, taste: 0.3 },
      "6 equal models, 40 raters and 50 prompts": { ...six, raters: 40, taste: 0.3, prompts: 50, suits: 0.3 },
      "6 equal models, one of which divides 6 raters": { ...six, raters: 6, taste: 0.6, overOne: true },
      "6 equal models, one of which divides 20 raters": { ...six, raters: 20, taste: 0.6, overOne: true },
      "6 equal models, neither raters nor prompts known": six,
      "6 models .3 apart, 6 raters": { ...apart, raters: 6, taste: 0.3 },
      "6 models .3 apart, 8 raters": { ...apart, raters: 8, taste: 0.3 },
      "6 models .3 apart, 25 prompts": { ...apart, prompts: 25, suits: 0.3 },
      "6 models .3 apart, 40 raters": { ...apart, raters: 40, taste: 0.3 },
    },
  },
  {
    title: "Preferences: ties",
    about:
      "900 comparisons of six models .3 apart by 40 raters who are alike; ties of equal models for each win of one. The first one's true rating is 1,130.",
    without: [2, 3, 4, 5],
    worlds: {
      "0.1 ties": { ...apart, raters: 40, ties: 0.1 },
      "1.2 ties": { ...apart, raters: 40, ties: 1.2 },
      "3 ties": { ...apart, raters: 40, ties: 3 },
    },
  },
  {
    title: "Preferences that go round in a circle",
    about:
      "900 comparisons of three models, or of six: each has as much more log-odds over the next, and the last over the first; but the last and the first meet a tenth as often as the others.",
    without: [0, 1, 6, 7, 8],
    worlds: {
      "circle of 1, 40 raters": { ...round, raters: 40 },
      "circle of 1, 40 raters who differ": { ...round, raters: 40, taste: 0.3 },
      "circle of 1, 6 raters who differ": { ...round, raters: 6, taste: 0.3 },
      "circle of 1, raters not known": round,
      "circle of .5, 40 raters": { ...round, raters: 40, circle: 0.5 },
      "circle of .5, 40 raters, 300 comparisons": { ...round, comparisons: 300, raters: 40, circle: 0.5 },
      "circle of .3, 40 raters, 300 comparisons": { ...round, comparisons: 300, raters: 40, circle: 0.3 },
      "no circle, three models .5 apart, 40 raters, 300 comparisons": {
        ...{ ...round, strengths: spaced(3, 0.5), comparisons: 300, raters: 40, circle: 0, closing: 1 },
      },
      "circle of 1, six models, 40 raters": { ...round, strengths: equal(6), raters: 40 },
      "circle of .5, six models, 40 raters": { ...round, strengths: equal(6), raters: 40, circle: 0.5 },
    },
  },
  {
    title: "Tiers: few runs",
    about:
      "12 models, whose scores vary from run to run by a standard deviation of 1; with items, what all runs of a model share adds .5, which is known.",
    without: [2, 3, 4, 5, 8],
    worlds: {
      "12 equal models, three runs each": { ...twelve, runs: equal(12).map(() => 3) },
      "12 equal models, three runs each, with items": { ...twelve, items: 0.5, runs: equal(12).map(() => 3) },
      "12 equal models, two run twice": { ...twelve, runs: [2, 2] },
      "12 equal models, two run twice, with items": { ...twelve, items: 0.5, runs: [2, 2] },
      "12 equal models, one run twice, with items": { ...twelve, items: 0.5, runs: [2] },
      "12 equal models, four run three times": { ...twelve, runs: [3, 3, 3, 3] },
      "12 equal models, three runs each, two of which vary three times as much": {
        ...{ ...twelve, runs: equal(12).map(() => 3), unlike: 3 },
      },
      "12 equal models, two run twice, which vary half as much as the others": {
        ...{ ...twelve, runs: [2, 2], unlike: 0.5 },
      },
      "12 equal models, three runs each, one of which varies five times as much": {
        ...{ ...twelve, runs: equal(12).map(() => 3), unlike: 5, unlikeOf: 1 },
      },
      "12 equal models, five runs each, which vary by .5 of a logarithm": {
        ...{ ...twelve, runs: equal(12).map(() => 5), spread: 0.5 },
      },
      "12 equal models, four run three times, which vary half as much as the others": {
        ...{ ...twelve, runs: [3, 3, 3, 3], unlike: 0.5, unlikeOf: 4 },
      },
      "12 equal models, six run ten times and vary a third as much as the others, which run twice": {
        ...{ ...twelve, runs: equal(12).map((_, at) => (at < 6 ? 10 : 2)), unlike: 1 / 3, unlikeOf: 6 },
      },
      "12 models 1 apart, three runs each": {
        ...{ ...twelve, strengths: spaced(12, 1), runs: equal(12).map(() => 3) },
      },
      "12 models 1 apart, four run three times": { ...twelve, strengths: spaced(12, 1), runs: [3, 3, 3, 3] },
    },
  },
];

function tried(name: string, world: World): Result {
  const found: Result = {
    name,
    draws,
    wrong: 0,
    first: 0,
    leads: 0,
    untested: 0,
    misfit: 0,
    apart: 0,
    covered: 0,
    rating: 0,
  };
  for (let draw = 1; draw <= draws; draw++) {
    const seed = 7919 * draw + name.length;
    const one = "runs" in world ? tiersOfRuns(world, seed) : ranksOfPreferences(world, seed);
    for (const count of ["wrong", "first", "leads", "untested", "misfit"] as const)
      found[count] += one[count] ? 1 : 0;
    for (const mean of ["apart", "covered", "rating"] as const) found[mean] += one[mean] / draws;
  }
  const rounded = (x: number, digits: number) => Number(x.toFixed(digits));
  const { apart, covered, rating } = found;
  return {
    ...{ ...found, apart: rounded(apart, 3), covered: rounded(covered, 3) },
    rating: Number.isNaN(rating) ? 0 : rounded(rating, 0),
  };
}

/** The columns of a section, of those that bear on it. */
const columns: Record<string, (one: Result) => string> = {
  "a rank set is false": ({ wrong, draws }) => share(wrong / draws),
  "": ({ wrong, draws }) => {
    const { low, high } = wilson(wrong, draws);
    return `${share(low)} to ${share(high)}`;
  },
  "no rating fits": ({ misfit, draws }) => share(misfit / draws),
  "a model is put first": ({ first, leads, draws }) => share((first - leads) / draws),
  "and one leads if there is no circle": ({ leads, draws }) => share(leads / draws),
  "and would be if the fit were not tested": ({ untested, draws }) => share(untested / draws),
  "pairs told apart": ({ apart }) => share(apart),
  "intervals of ratings or scores hold": ({ covered }) => share(covered),
  "the first one's mean rating": ({ rating }) => `${rating}`,
};
const share = (x: number) => `${(100 * x).toFixed(1)} %`;

function pageOf(results: readonly Result[]): string {
  const parts = sections.flatMap(({ title, about, worlds, without }) => {
    const own = Object.entries(columns).filter((_, at) => !without.includes(at));
    const rows = Object.keys(worlds).flatMap((name) => {
      const one = results.find((result) => result.name === name);
      return one === undefined
        ? []
        : [`| ${name} | ${one.draws} | ${own.map(([, text]) => text(one)).join(" | ")} |`];
    });
    if (rows.length === 0) return [];
    const head = `| world | draws | ${own.map(([name]) => name).join(" | ")} |\n|---|--:|${own.map(() => "--:").join("|")}|`;
    return [`## ${title}\n\n${about}\n\n${head}\n${rows.join("\n")}\n`];
  });
  return [readFileSync(join(__dirname, "ranksHead.md"), "utf8"), ...parts].join("\n");
}

const file = join(__dirname, "rankResults.json");
for (const [name, world] of sections.flatMap(({ worlds }) => Object.entries(worlds))) {
  if (positionals.length > 0 && !positionals.some((word) => name.includes(word))) continue;
  const result = tried(name, world);
  console.log(JSON.stringify(result));
  if (!values.write) continue;
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const all = [...kept.filter((one) => one.name !== name), result];
  writeFileSync(file, recordLines(all));
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "ranks.md"), pageOf(all));
}
