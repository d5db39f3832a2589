import type { Limit } from "../../src/decide/check/limits";
import { alike, type Shared } from "./sentenceWorlds";

/** What a command is asked about a log, and what is true. */
export type Ask =
  | { command: "check"; name: string; limit: Limit; isKept: boolean; against?: string }
  | { command: "compare"; metrics: string; assume?: "one-way-reporting" }
  | { command: "choose"; metrics: readonly string[]; best?: string; floor?: number }
  | { command: "route" }
  | { command: "headline" };

/** Logs of a known truth in which something makes a verdict less sure than its interval, or nothing does. */
export interface ClaimWorld {
  name: string;
  shared: Shared;
  asks: readonly Ask[];
  /** Why its false verdicts are more than 5 in 100, where they are. */
  shortfall?: string;
}

/** Mean cost in US dollars of a task of `workOf`, at the usual price. */
export const meanCost = ({ spread = 0.1 }: Shared): number =>
  ((3 * ((5000 + 900) / 2) * Math.exp(0.18) + 15 * 300 * Math.exp(0.125)) / 1e6) * Math.exp(spread ** 2 / 2);

const limitsAround = (shared: Shared, low = 2): Ask[] => {
  const cost = meanCost(shared);
  const at = (name: string, times: number): Ask => ({
    ...{ command: "check", name, limit: { metric: "cost_per_task", at_most: times * cost } },
    isKept: times > 1,
  });
  return [
    at(`limit ${low} % too low`, 1 - low / 100),
    at("limit 2 % too high", 1.02),
    at("limit twice as high", 2),
  ];
};

const timesElm = (name: string, at_least_times: number, isKept: boolean): Ask => ({
  ...{ command: "check", name, isKept, against: "model = 'elm'" },
  limit: { metric: "resolve_rate", at_least_times },
});
const all = (best?: string, metrics = ["resolve_rate", "cost_per_task", "duration_p50"]): Ask[] => [
  { command: "compare", metrics: "resolve_rate,cost_per_task,cost_per_resolved,duration_p50" },
  { command: "choose", metrics, best },
  { command: "headline" },
];
const lessTold: [number, number][] = [
  [0.9, 0.9],
  [0.9, 0.45],
];
const halfTold: [number, number][] = [
  [1, 0.5],
  [1, 0.3],
];
/** Resolved tasks alone, as they are and where someone declares that one side reports all that the other does. */
const oneWay: Ask[] = [
  { command: "compare", metrics: "resolve_rate" },
  { command: "compare", metrics: "resolve_rate", assume: "one-way-reporting" },
];
const cheap = { price: [1, 0.2], tasks: 1600 };
const [tails, longTails]: Shared[] = [
  { resolved: [0.8], spread: 1.6, tasks: 600 },
  { resolved: [0.8], spread: 2.2, tasks: 300, users: 40 },
];

const paretos: Shared = { resolved: [0.8], pareto: 1.5, tasks: 400 };

export const claimWorlds: readonly ClaimWorld[] = [
  { name: "costs of heavy tails", shared: tails, asks: limitsAround(tails) },
  { name: "costs of heavier tails, fewer tasks", shared: longTails, asks: limitsAround(longTails) },
  { name: "costs of a Pareto distribution of index 1.5", shared: paretos, asks: limitsAround(paretos, 1) },
  {
    name: "two equal models, the second counts 1.2 times the tokens",
    shared: { counts: [1, 1.2], tasks: 2000 },
    asks: all(),
  },
  {
    name: "two equal models, the second counts 1.2 times the tokens and gets more long work",
    shared: { counts: [1, 1.2], long: [0.4, 0.7], tasks: 2000 },
    asks: all(undefined, ["resolve_rate"]),
  },
  {
    name: "two equal models, failures of the second told half as often",
    shared: { reportedBy: lessTold, tasks: 1400 },
    asks: [timesElm("3 % better", 1.03, false), ...all(undefined, ["resolve_rate"])],
  },
  {
    name: "the second 10 points worse, its failures told half as often",
    shared: { reportedBy: lessTold, resolved: [0.8, 0.7], tasks: 1400 },
    asks: [timesElm("3 % worse at most", 0.97, false), ...all("elm", ["resolve_rate"])],
  },
  {
    name: "two equal models, failures told to .5 by the first and .3 by the second",
    shared: { reportedBy: halfTold, tasks: 2000 },
    asks: oneWay,
  },
  {
    name: "the second 10 points better, 10 % of the outcomes unknown at random",
    shared: { reported: [0.9, 0.9], resolved: [0.8, 0.9], tasks: 2000 },
    asks: oneWay,
  },
  {
    name: "a cheap model 10 points worse, its failures told half as often",
    shared: { ...cheap, reportedBy: lessTold, resolved: [0.8, 0.7] },
    asks: [{ command: "route" }],
  },
  {
    name: "70 and 50 % resolved, a floor of 75 %, failures of both told half as often",
    shared: { resolved: [0.7, 0.5], reportedBy: [lessTold[1], lessTold[1]], tasks: 1400 },
    asks: [{ command: "choose", metrics: ["resolve_rate"], floor: 0.75 }],
  },
  {
    name: "85 and 50 % resolved, a floor of 75 %, all outcomes known",
    shared: { resolved: [0.85, 0.5], tasks: 1400 },
    asks: [{ command: "choose", metrics: ["resolve_rate"], floor: 0.75, best: "elm" }],
  },
  {
    name: "a cheap model 10 points worse, given the easy tasks by what no column shows",
    shared: { ...cheap, easy: [0.1, 0.9], resolved: [0.8, 0.7] },
    asks: [{ command: "route" }],
  },
  {
    name: "a cheap model as good",
    shared: { ...cheap, tasks: 3000 },
    asks: [{ command: "route" }],
  },
  {
    name: "a cheap model as good, a tenth of the outcomes unknown at random",
    shared: { ...cheap, tasks: 3000, reported: [0.9, 0.9] },
    asks: [{ command: "route" }],
  },
  {
    name: "three equal models, six users who differ",
    shared: { resolved: alike(3), tasks: 1500, users: 6, userOdds: 0.8 },
    asks: all(),
  },
  {
    name: "three equal models, each on days of its own, days differ",
    shared: { resolved: alike(3), tasks: 2100, ownDays: true, dayOdds: 0.7 },
    asks: all(undefined, ["resolve_rate"]),
  },
  {
    name: "three equal models, failures of one told half as often",
    shared: { resolved: alike(3), reportedBy: [[0.9, 0.9], ...lessTold], tasks: 2100 },
    asks: all(undefined, ["resolve_rate"]),
  },
  {
    name: "two models of one price, the second lacks 30 % of its prices",
    shared: { unpriced: [0, 0.3], tasks: 1400 },
    asks: all(undefined, ["cost_per_task"]),
  },
  {
    name: "two models of one price, the second has a cost of 0 for 30 % of its calls",
    shared: { costless: [0, 0.3], tasks: 1400 },
    asks: all(undefined, ["cost_per_task"]),
  },
  {
    name: "eight equal models",
    shared: { resolved: alike(8), tasks: 1600 },
    asks: [...all(), { command: "route" }],
  },
  {
    name: "clean: 90 against 70 % resolved, cheaper and faster",
    shared: { resolved: [0.9, 0.7], price: [1, 1.5], slower: [1, 1.5], tasks: 1500 },
    asks: [...all("elm"), timesElm("3 % worse at most", 0.97, false)],
  },
  {
    name: "untidy: 80 against 50 % resolved, 30 % of the outcomes unknown at random, days differ, 2 % unpriced",
    shared: {
      ...{ resolved: [0.8, 0.5], reported: [0.7, 0.7], tasks: 3000, dayOdds: 0.2, unpriced: [0.02, 0.02] },
    },
    asks: all("elm", ["resolve_rate"]),
  },
];
