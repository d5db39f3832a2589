import { type Random, random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, storeOf } from "../measures/calls";

/** What may differ between the two weeks of an artificial log. */
export interface Weeks {
  /** True factor of the model on durations in the second week. */
  slower?: number;
  /** Factor on the lengths of prompts in the second week. */
  longer?: number;
  /** Share of a second workload, five times as long and slow, in the first and in the second week. */
  share?: number;
  shareAfter?: number;
  /** Share of the second week's users who are new, and how much slower their work is. */
  newUsers?: number;
  newSlower?: number;
  users?: number;
  perDay?: number;
  /** Days on either side; 7 by default. */
  side?: number;
  /** Standard deviation of the logarithm of what a day makes of all durations, and how much of it the next day has. */
  dayEffect?: number;
  carried?: number;
}

/** The moment between the two weeks. */
export const between = "2026-04-13";

/**
 * Two weeks from Monday 2026-04-06 of a company whose users ask in conversations of one to four turns. Lengths are
 * log-normal, later turns include the earlier answers; time and cost are linear in tokens, and users and hours differ.
 */
export function twoWeeks(seed: number, weeks: Weeks = {}): Call[] {
  const { slower = 1, longer = 1, share = 0.3, shareAfter = share } = weeks;
  const { newUsers = 0, newSlower = 1, users = 70, perDay = 120 } = weeks;
  const { side = 7, dayEffect = 0, carried = 0 } = weeks;
  const r = random(seed);
  const people = Array.from({ length: 2 * users }, () => Math.exp(0.35 * r.normal()));
  const ofDays = random(seed, 1);
  let shared = ofDays.normal();
  const calls: Call[] = [];
  for (let day = 7 - side; day < 7 + side; day++) {
    const after = day >= 7;
    shared = carried * shared + Math.sqrt(1 - carried ** 2) * ofDays.normal();
    const today = Math.exp(dayEffect * shared);
    const hours = Array.from({ length: 24 }, () => Math.exp(0.12 * r.normal()));
    for (let made = 0; made < perDay; ) {
      const fresh = after && r.uniform() < newUsers;
      const user = r.integer(users) + (fresh ? users : 0);
      const long = r.uniform() < (after ? shareAfter : share);
      const hour = 7 + Math.floor(12 * ((r.uniform() + r.uniform()) / 2));
      const start = Date.UTC(2026, 3, 6 + day, hour, r.integer(50), r.integer(60));
      let context = (long ? 4000 : 800) * Math.exp(0.8 * r.normal()) * (after ? longer : 1);
      const turns = 1 + r.integer(4);
      for (let turn = 0; turn < turns; turn++, made++) {
        const output = (long ? 500 : 200) * Math.exp(0.5 * r.normal());
        const wait = (0.4 + context / 2500 + output / 150) * people[user] * hours[hour] * today;
        const failed = r.uniform() < 0.03;
        calls.push({
          call_id: `c${calls.length}`,
          task_id: `t${day}-${made - turn}`,
          conversation_id: `v${day}-${made - turn}`,
          user_id: `u${user}`,
          workload: long ? "report" : "desk",
          model: "elm",
          started_at: new Date(start + 60_000 * turn).toISOString().slice(0, 19),
          duration: wait * (after ? slower : 1) * (fresh ? newSlower : 1) * Math.exp(0.4 * r.normal()),
          status: failed ? "error" : "ok",
          input_tokens: Math.round(context),
          output_tokens: Math.round(output),
          cost: (3 * context + 15 * output) / 1e6,
        });
        context += output + 60 * Math.exp(0.5 * r.normal());
      }
    }
  }
  return calls;
}

/** How models share the work; each list has one number per model. */
export interface Shared {
  /** Share of the long tasks among those of each model. */
  long?: number[];
  /** True factor of each model's durations. */
  slower?: number[];
  /** True share of resolved tasks of each; as many models as it has. */
  resolved?: number[];
  /** Share of outcomes that are logged, for resolved and for unresolved tasks. */
  reported?: [number, number];
  /** The same for each model by itself. */
  reportedBy?: [number, number][];
  tasks?: number;
  users?: number;
  /** Standard deviation of the logarithm of a task's cost at the same tokens. */
  spread?: number;
  /** The index of a Pareto distribution by which costs are multiplied, whose mean is 1. */
  pareto?: number;
  /** How many tokens each model counts for the same text; costs are by text. */
  counts?: number[];
  /** True factor of each model's costs. */
  price?: number[];
  /** True share of each model's calls that fail; none by default. */
  failing?: number[];
  /** Standard deviation of the logarithm of each model's durations at the same tokens; 0.4 by default. */
  uneven?: number[];
  /** Number of workloads, all alike, among which tasks take turns. */
  workloads?: number;
  /** Standard deviations, over users and over days, of the log odds that a task is resolved. */
  userOdds?: number;
  dayOdds?: number;
  /** Each model is asked on days of its own. */
  ownDays?: boolean;
  /** How many days; 14 by default. */
  days?: number;
  /** Standard deviation over days of the logarithm of a day's waits. */
  dayWaits?: number;
  /** True factor of all waits from the middle of the days on. */
  later?: number;
  /** True factors of the waits at providers, at which every model is served alike. */
  providers?: number[];
  /** True if a long task is resolved as often as a short one. */
  evenLengths?: boolean;
  /** Share of each model's tasks that are easy in a way that no column shows: half as many of these are unresolved, of the others 1.5 times. */
  easy?: number[];
  /** Share of each model's calls whose cost is missing, or is given as 0. */
  unpriced?: number[];
  costless?: number[];
}

/** The names of the models in `sharedWork`. */
export const modelNames = ["elm", "ash", "fir", "oak", "yew", "bay", "fig", "gum"];

/** Resolve rates of models that are all the same. */
export const alike = (models: number) => Array.from({ length: models }, () => 0.8);

/** The calls of a log, and the outcomes that it tells. */
export interface Work {
  calls: Call[];
  /** Whether a task was resolved, where that is logged. */
  outcomes: [task: string, good: boolean][];
}

/** What is wrong with a log. Of a fault that a world lacks, no number is drawn. */
function faultsOf(shared: Shared, r: Random) {
  const { userOdds, dayOdds, dayWaits, later, ownDays, easy, unpriced, costless, providers } = shared;
  const { resolved = [0.8, 0.8], users = 60, days = 14 } = shared;
  const normals = (sd: number | undefined, length: number) =>
    Array.from({ length }, () => (sd === undefined ? 0 : sd * r.normal()));
  const [ofUser, ofDay, waitsOfDay] = [
    normals(userOdds, users),
    normals(dayOdds, days),
    normals(dayWaits, days),
  ];
  const isDated = [dayOdds, dayWaits, later].some((one) => one !== undefined);
  const happens = (shares: number[] | undefined, model: number) =>
    shares !== undefined && r.uniform() < shares[model];
  return {
    /** The minute of a task in these days, where it matters to its outcome, its wait or its model. */
    minute(model: number): number | undefined {
      if (ownDays !== true) return isDated ? r.integer(days * 1440) : undefined;
      const turn = r.integer(Math.floor(days / resolved.length));
      return 1440 * (model + resolved.length * turn) + r.integer(1440);
    },
    unresolved(usual: number, { model, user, minute = 0 }: { model: number; user: number; minute?: number }) {
      const share = usual * (easy === undefined ? 1 : happens(easy, model) ? 0.5 : 1.5);
      const shift = ofUser[user] + ofDay[Math.floor(minute / 1440)];
      return shift === 0 ? share : 1 / (1 + ((1 - share) / share) * Math.exp(shift));
    },
    /** The provider of a call, and the factor of its wait there and on its day. */
    served(minute = 0): { provider?: string; factor: number } {
      const day = Math.floor(minute / 1440);
      const factor = Math.exp(waitsOfDay[day]) * (later !== undefined && day >= days / 2 ? later : 1);
      if (providers === undefined) return { factor };
      const at = r.integer(providers.length);
      return { provider: `provider ${at}`, factor: factor * providers[at] };
    },
    cost(paid: number, model: number): number | null {
      if (happens(unpriced, model)) return null;
      return happens(costless, model) ? 0 : paid;
    },
  };
}

/** Models whose tasks are short or long, with outcomes; time and cost are linear in tokens. */
export function workOf(seed: number, shared: Shared): Work {
  const { resolved = [0.8, 0.8], reported = [1, 1], reportedBy, tasks = 700 } = shared;
  const { users = 60, days = 14, spread = 0.1, workloads = 1, price, pareto, counts } = shared;
  const { long = resolved.map(() => 0.5), slower = resolved.map(() => 1), failing, uneven } = shared;
  const r = random(seed);
  const people = Array.from({ length: users }, () => Math.exp(0.3 * r.normal()));
  const faults = faultsOf(shared, r);
  const tail = () =>
    pareto === undefined ? 1 : ((1 - r.uniform()) ** (-1 / pareto) * (pareto - 1)) / pareto;
  const calls: Call[] = [];
  const outcomes: Work["outcomes"] = [];
  for (let at = 0; at < tasks; at++) {
    const model = at % resolved.length;
    const user = r.integer(people.length);
    const input = (r.uniform() < long[model] ? 5000 : 900) * Math.exp(0.6 * r.normal());
    const output = 300 * Math.exp(0.5 * r.normal());
    const wait = (0.4 + input / 2500 + output / 150) * people[user] * slower[model];
    const early = faults.minute(model);
    const harder = shared.evenLengths === true ? 1 : input > 2500 ? 1.4 : 0.6;
    const unresolved = faults.unresolved((1 - resolved[model]) * harder, { model, user, minute: early });
    // Where no call of a world fails, no number is drawn for it.
    const failed = failing !== undefined && r.uniform() < failing[model];
    const good = r.uniform() >= unresolved && !failed;
    if (r.uniform() < (reportedBy?.[model] ?? reported)[good ? 0 : 1]) outcomes.push([`t${at}`, good]);
    const minute = early ?? r.integer(days * 1440);
    const { factor, ...served } = faults.served(minute);
    calls.push({
      ...served,
      call_id: `c${at}`,
      task_id: `t${at}`,
      user_id: `u${user}`,
      workload: workloads === 1 ? "desk" : `desk ${1 + (Math.floor(at / resolved.length) % workloads)}`,
      model: modelNames[model],
      started_at: new Date(Date.UTC(2026, 3, 13) + (minute - 1440 * (days / 2)) * 60_000)
        .toISOString()
        .slice(0, 19),
      duration: wait * factor * Math.exp((uneven?.[model] ?? 0.4) * r.normal()),
      status: failed ? "error" : "ok",
      input_tokens: Math.round(input * (counts?.[model] ?? 1)),
      output_tokens: Math.round(output * (counts?.[model] ?? 1)),
      cost: faults.cost(
        ((3 * input + 15 * output) / 1e6) * (price?.[model] ?? 1) * Math.exp(spread * r.normal()) * tail(),
        model,
      ),
    });
  }
  return { calls, outcomes };
}

/** A store of one such log. */
export const sharedWork = (seed: number, shared: Shared = {}): Promise<Store> =>
  storeOfWork(workOf(seed, shared));

/** A store of several such logs without anything in common; `release` tells them apart: "log 0", "log 1", ... */
export const sharedLogs = (from: number, logs: number, shared: Shared): Promise<Store> =>
  storeOfLogs(
    Array.from({ length: logs }, (_, log) => workOf(from + log, shared)),
    (model) => model,
  );

/** A store of several logs, whose models may have names of their own in each. */
export function storeOfLogs(
  works: readonly Work[],
  named: (model: string, log: number) => string,
): Promise<Store> {
  const all = works.map(({ calls, outcomes }, log): Work => {
    const own = ({ call_id, task_id, user_id, model, ...call }: Call): Call => ({
      ...call,
      ...{ call_id: `${log}-${call_id}`, task_id: `${log}-${task_id}`, user_id: `${log}-${user_id}` },
      model: named(String(model), log),
      release: `log ${log}`,
    });
    return { calls: calls.map(own), outcomes: outcomes.map(([task, good]) => [`${log}-${task}`, good]) };
  });
  return storeOfWork({
    calls: all.flatMap(({ calls }) => calls),
    outcomes: all.flatMap(({ outcomes }) => outcomes),
  });
}

async function storeOfWork({ calls, outcomes }: Work): Promise<Store> {
  const store = await storeOf(calls);
  const values = outcomes.map(([task, good]) => `('${task}', ${good})`);
  await run(store.connection, `insert into tasks (task_id, resolved) values ${values.join(", ")}`);
  return store;
}
