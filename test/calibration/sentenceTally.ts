import { choose } from "../../src/decide/choose/choose";
import { type CompareOptions, compare } from "../../src/decide/compare/compare";
import type { CompareRow } from "../../src/decide/compare/compareRow";
import { judged, verdictOfAll } from "../../src/decide/compare/compareVerdict";
import { withSides } from "../../src/decide/compare/withSides";
import { cost } from "../../src/measures/cost/cost";
import { givenOf } from "../../src/measures/given";
import { latency } from "../../src/measures/latency/latency";
import { requestOf } from "../../src/measures/options";
import type { Estimate } from "../../src/stats/estimate";
import { holdingBack, type SentenceId, sentences } from "../../src/stats/sentences";
import { withCalls } from "../measures/calls";
import { type LogWorld, storeOfWorld } from "./logWorld";
import { between, type Shared, sharedWork, twoWeeks, type Weeks } from "./sentenceWorlds";

/** How often a sentence was said about logs of one world, and how often it was false. */
export interface SentenceRow {
  id: SentenceId;
  world: string;
  logs: number;
  said: number;
  wrong: number;
}

/** Two weeks, and what is true of the second: how far the model, the mix and the users moved the durations. */
export interface CompareWorld {
  name: string;
  weeks: Weeks;
  mixMoves?: boolean;
  usersMove?: boolean;
}

export const compareWorlds: readonly CompareWorld[] = [
  { name: "nothing changes", weeks: {} },
  { name: "inputs 1.65 times as long", weeks: { longer: 1.65 }, mixMoves: true },
  { name: "inputs 2.7 times as long", weeks: { longer: 2.7 }, mixMoves: true },
  {
    name: "half of the users new, 1.6 times as slow",
    weeks: { newUsers: 0.5, newSlower: 1.6 },
    usersMove: true,
  },
  { name: "1.2 times slower, another mix", weeks: { slower: 1.2, shareAfter: 0.6 }, mixMoves: true },
  { name: "1.4 times slower", weeks: { slower: 1.4 } },
  { name: "three users, nothing changes", weeks: { users: 3 } },
  {
    name: "3 and 3 days that differ by 20 %, nothing changes",
    weeks: { side: 3, dayEffect: 0.2, perDay: 280 },
  },
  {
    name: "7 and 7 days that differ by 20 % and carry over, nothing changes",
    weeks: { dayEffect: 0.2, carried: 0.8 },
  },
  {
    name: "28 and 28 days that differ by 20 %, nothing changes",
    weeks: { side: 28, dayEffect: 0.2, perDay: 60 },
  },
];

const metrics = "duration_p50,duration_p95,error_rate,output_tokens,cost_per_call,cost_per_task";

/** Which sentences a text contains, recognised by the words around their placeholders. */
export function said(text: string): SentenceId[] {
  return (Object.keys(sentences) as SentenceId[]).filter((id) => {
    const parts = sentences[id].split(/\{\w+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
    return new RegExp(parts.join("[^]*?")).test(text);
  });
}

/** Compares the weeks of many logs, several in one store, each judged as its own family. */
export async function tallyCompare(world: CompareWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const { slower = 1 } = world.weeks;
  const truth = (metric: string) => (metric.startsWith("duration") ? slower : 1);
  const calls = Array.from({ length: logs }, (_, at) =>
    twoWeeks(from + at, world.weeks).map((call) => ({
      ...call,
      ...Object.fromEntries(
        ["call_id", "task_id", "conversation_id", "user_id"].map((name) => [name, `${at}-${call[name]}`]),
      ),
      release: `log ${at}`,
    })),
  ).flat();
  const options = givenOf("compare", compare.options, {
    switch: between,
    by: "release",
    metrics,
  } as CompareOptions);
  return withCalls(calls, (store) =>
    withSides({ store, request: requestOf("compare", options), options }, ({ rows }) => {
      const found = counter(world.name, logs);
      for (let at = 0; at < logs; at++) {
        const own = judged(
          rows.filter(({ row }) => row.release === `log ${at}`),
          0.95,
        );
        const about = { by: [], level: 0.95, a: "before", b: "after" };
        for (const id of said(verdictOfAll(own, about))) found.add(id, isWrong(id, own, world, truth));
      }
      return found.rows();
    }),
  );
}

function isWrong(
  id: SentenceId,
  rows: readonly CompareRow[],
  { mixMoves = false, usersMove = false }: CompareWorld,
  truth: (metric: string) => number,
): boolean {
  const claims = rows.filter(({ p_holm }) => p_holm <= 0.05);
  const sameWay = ({ metric, within }: CompareRow) => truth(metric) > 1 && within.value > 0;
  if (id === "compare.changed" || id === "compare.days") return !claims.every(sameWay);
  if (id === "compare.users")
    return !rows
      .filter(({ verdict }) => verdict.includes("users"))
      .every(
        (row) => sameWay(row) || (usersMove && row.metric.startsWith("duration") && row.within.value > 0),
      );
  if (id === "compare.moved" || id === "compare.mix") return !mixMoves;
  if (id === "compare.untested") return rows.some(({ p_holm }) => !Number.isNaN(p_holm));
  // A change that is left open must be no larger than what is said to be detectable.
  return rows.slice(0, 3).some(({ metric, seen }) => truth(metric) > seen);
}

/** A change point in the course of the durations, one log after another. */
export async function tallyPoint(world: CompareWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const found = counter(world.name, logs);
  found.never("compare.point");
  const moves = (world.weeks.slower ?? 1) !== 1 || world.usersMove === true;
  for (let log = 0; log < logs; log++) {
    const { changePoint } = await withCalls(twoWeeks(from + log, world.weeks), (store) =>
      compare(store, { switch: between, metrics: "error_rate" }),
    );
    if (changePoint.at !== null)
      found.add("compare.point", !moves || !changePoint.verdict.startsWith("slower"));
  }
  return found.rows();
}

/** Models that share the work, the truly best one (none if two are alike), and a floor. */
export interface ChooseWorld {
  name: string;
  shared: Shared;
  best?: string;
  floor?: number;
  /** Whether tasks without a known outcome truly differ from the others. */
  unlike?: boolean;
}

export const chooseWorlds: readonly ChooseWorld[] = [
  { name: "two equal models, equal work", shared: {} },
  { name: "two equal models, one has 75 % long inputs, the other 25 %", shared: { long: [0.75, 0.25] } },
  {
    name: "the better model has 75 % long inputs",
    shared: { long: [0.75, 0.25], slower: [1, 1.8], resolved: [0.85, 0.7] },
    best: "elm",
  },
  {
    name: "two equal models, outcomes of resolved tasks told twice as often",
    shared: { reported: [0.9, 0.45] },
    unlike: true,
  },
  { name: "two equal models, a third of the outcomes unknown at random", shared: { reported: [0.67, 0.67] } },
  {
    name: "one resolves 92 %, the other 70 %, the floor is 80 %",
    shared: { resolved: [0.92, 0.7] },
    best: "elm",
    floor: 0.8,
  },
  {
    name: "one resolves 85 %, the others 80 and 75 %, the floor is 81 %",
    shared: { resolved: [0.85, 0.8, 0.75], tasks: 1200 },
    best: "elm",
    floor: 0.81,
  },
  {
    name: "three models, one a little faster",
    shared: { slower: [1, 1.15, 1.15], resolved: [0.8, 0.8, 0.8], tasks: 1200 },
    best: "elm",
  },
  { name: "one model", shared: { resolved: [0.8] }, best: "elm" },
];

const criteria = [
  { metric: "duration_p50", weight: 0.4, good: 0, bad: 10 },
  { metric: "cost_per_task", weight: 0.3, good: 0, bad: 0.05 },
  { metric: "resolve_rate", weight: 0.3, good: 1, bad: 0.5 },
];

/** Chooses between the models in many logs. */
export async function tallyChoose(world: ChooseWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const found = counter(world.name, logs);
  for (const id of Object.keys(sentences) as SentenceId[])
    if (/^choose\.|^cost\.unlike/.test(id)) found.never(id);
  const floors = world.floor === undefined ? [] : [{ metric: "resolve_rate", at_least: world.floor }];
  for (let log = 0; log < logs; log++) {
    const store = await sharedWork(from + log, world.shared);
    try {
      const { best, verdict, rows } = await choose(store, {
        profile: { name: "desk", criteria, floors },
        draws: 1000,
      });
      // The chances of rivals are stated in the sentence about a settled best.
      const isSaid = (id: SentenceId) => id.startsWith("choose.") && (id !== "choose.best" || best !== null);
      for (const id of said(verdict).filter(isSaid))
        found.add(id, !holdingBack.includes(id) && rows[0].name !== world.best);
      const { notes } = await cost(store, { by: "model" });
      if (notes.flatMap(said).includes("cost.unlike")) found.add("cost.unlike", world.unlike !== true);
    } finally {
      store.close();
    }
  }
  return found.rows();
}

/** A log of three equal models, and what is true of all of them. */
export interface NoteWorld extends LogWorld {
  /** Whether hours or days share something, and whether the costs of tasks are very skewed. */
  sharesTime: boolean;
  isSkewed: boolean;
}

const even = { users: 120, user: 0.3, call: 0.5, costs: 0.2, userCosts: 0.1, errors: 0.03 };
export const noteWorlds: readonly NoteWorld[] = [
  {
    name: "nothing shared in time",
    what: "",
    calls: 3000,
    ...even,
    days: 7,
    sharesTime: false,
    isSkewed: false,
  },
  {
    ...{ name: "six weeks, nothing shared in time", what: "", calls: 4000, ...even, days: 42 },
    ...{ sharesTime: false, isSkewed: false },
  },
  {
    ...{ name: "a week with incidents", what: "", calls: 3000, ...even, days: 7 },
    ...{ incidents: { chance: 0.01, hours: 3, times: 6 }, sharesTime: true, isSkewed: false },
  },
  {
    ...{ name: "days that differ by 30 %", what: "", calls: 3000, ...even, days: 28, day: 0.3, carried: 0.5 },
    ...{ sharesTime: true, isSkewed: false },
  },
  {
    ...{ name: "costs of heavy tails", what: "", calls: 600, ...even, days: 7, costs: 1.6 },
    ...{ sharesTime: false, isSkewed: true },
  },
];

const noteIds = ["time.hours", "time.spells", "mean.skewed", "latency.first"] as const;

/** The notes on the numbers of `latency` and `cost` by model, whatever model they stand beside. */
export async function tallyNotes(world: NoteWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const found = counter(world.name, logs);
  for (const id of noteIds) found.never(id);
  for (let log = 0; log < logs; log++) {
    const store = await storeOfWorld(world, from + log);
    try {
      const waits = await latency(store, { by: "model", q: [0.5, 0.95, 0.99], more: true });
      const costs = await cost(store, { by: "model" });
      const own = (all: Estimate[]) => new Set(all.flatMap(({ note = "" }) => said(note)));
      const ofTime = own(waits.rows.flatMap(({ quantiles, mean }) => [mean, ...Object.values(quantiles)]));
      const ofCosts = own(costs.rows.map((row) => row.cost_per_task));
      for (const id of ["time.hours", "time.spells"] as const)
        if (ofTime.has(id)) found.add(id, !world.sharesTime);
      if (ofCosts.has("mean.skewed")) found.add("mean.skewed", !world.isSkewed);
      // All models are the same: none is clearly first by anything.
      const first = waits.notes.filter((note) => said(note).includes("latency.first"));
      if (first.length > 0)
        found.add(
          "latency.first",
          first.some((note) => !note.includes("neither clearly")),
        );
    } finally {
      store.close();
    }
  }
  return found.rows();
}

export function counter(world: string, logs: number) {
  const rows = new Map<SentenceId, SentenceRow>();
  return {
    add(id: SentenceId, wrong: boolean) {
      const row = rows.get(id) ?? { id, world, logs, said: 0, wrong: 0 };
      row.said++;
      if (wrong) row.wrong++;
      rows.set(id, row);
    },
    /** A sentence that is never said still gets a row. */
    never: (id: SentenceId) => rows.set(id, { id, world, logs, said: 0, wrong: 0 }),
    rows: () => [...rows.values()],
  };
}
