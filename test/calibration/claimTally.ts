import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { route } from "../../src/decide/route/route";
import { metric } from "../../src/measures/metric";
import { requestOf } from "../../src/measures/options";
import { shownMetrics } from "../../src/page/reportMeasures";
import { findingsIn } from "../../src/page/sideFindings";
import { tableAtMix } from "../../src/page/tableAtMix";
import type { Claim } from "../../src/stats/claim";
import type { Store } from "../../src/store/open";
import type { Ask, ClaimWorld } from "./claimWorlds";
import { truth } from "./reportTally";
import { modelNames, type Shared, sharedWork } from "./sentenceWorlds";

/** How far verdicts of one kind went on the logs of a world. */
export interface ClaimRow {
  world: string;
  verdict: string;
  logs: number;
  /** Logs in which one is settled, and those in which one that is settled is false. */
  settled: number;
  wrong: number;
  /** Logs in which none is settled and one leads if an assumption holds, and those in which such a one is not so. */
  leads: number;
  misled: number;
}

/** A verdict on one log: how far it stands, and whether it is so. */
interface Verdict {
  verdict: string;
  status: Claim["status"];
  isTrue: boolean;
}

type Asked<Command extends Ask["command"]> = Extract<Ask, { command: Command }>;

/** The status of the claim that a result carries; of a result without one, settled if it claims something. */
const statusOf = (result: unknown, claims = false): Claim["status"] =>
  (result as { claim?: Claim }).claim?.status ?? (claims ? "settled" : "open");

const tallies: {
  [Command in Ask["command"]]: (store: Store, ask: Asked<Command>, shared: Shared) => Promise<Verdict[]>;
} = {
  async check(store, { name, limit, isKept, against }) {
    const { rows } = await check(store, { limits: { name: "limits", limits: [limit] }, against });
    return rows.map((row) => {
      const status = statusOf(row);
      const says = row.verdict === "fail" ? "fails" : "passes";
      return { verdict: `check: ${name}, ${says}`, status, isTrue: isKept === (says === "passes") };
    });
  },
  async compare(store, { metrics }, shared) {
    const sides = { a: "model = 'elm'", b: "model = 'ash'" };
    const { rows } = await compare(store, { ...sides, metrics });
    return rows.map((row) => {
      const [a, b] = ["elm", "ash"].map((model) => truth(row.metric, model, shared));
      const isLess = row.within.value < 0;
      const isBetter = isLess === (metric(row.metric).better === "lower");
      return {
        verdict: `compare: ${row.metric}`,
        status: statusOf(row),
        isTrue: isBetter ? b < a : b > a,
      };
    });
  },
  async choose(store, { metrics, best }) {
    const scales: Record<string, { good: number; bad: number }> = {
      resolve_rate: { good: 1, bad: 0.5 },
      cost_per_task: { good: 0, bad: 0.05 },
      duration_p50: { good: 0, bad: 10 },
    };
    const criteria = metrics.map((metric) => ({ metric, weight: 1 / metrics.length, ...scales[metric] }));
    const choice = await choose(store, { profile: { name: "desk", criteria }, draws: 1000 });
    const status = statusOf(choice, choice.best !== null);
    return [{ verdict: "choose: best", status, isTrue: choice.rows[0].name === best }];
  },
  async route(store, _, shared) {
    const found = await route(store, {});
    const { resolved = [], price } = shared;
    const at = (model: string | null) => modelNames.indexOf(String(model));
    const rateOf = (model: string | null) => resolved[at(model)] ?? 0.8;
    return found.rows.flatMap((row): Verdict[] => {
      if (row.model === found.flagship) return [];
      const saves = (price?.[at(row.model)] ?? 1) < (price?.[at(found.flagship)] ?? 1);
      return [
        {
          verdict: "route: not worse",
          status: statusOf(row),
          isTrue: rateOf(row.model) >= rateOf(found.flagship) - found.margin,
        },
        {
          verdict: "route: saves",
          status: row.saves.status,
          isTrue: saves,
        },
      ];
    });
  },
  async headline(store, _, shared) {
    const request = requestOf("report", { by: ["workload", "model"] });
    const { names, metrics } = await shownMetrics(store, request);
    const atMix = await tableAtMix(store, metrics, names, request);
    return findingsIn(metrics, atMix).map((finding) => {
      const { column, best, others, near } = finding;
      const of = (model: string) => truth(column, model, shared);
      const worse = others.filter((one) => !near.includes(one));
      const status = statusOf(finding, worse.length > 0);
      const beaten = status === "settled" ? worse : others;
      return {
        verdict: `headline: ${column}`,
        status,
        isTrue: beaten.every(({ model }) => of(model) > of(best.model)),
      };
    });
  },
};

const rankOf = (status: string) => (status === "settled" ? 2 : status === "leads if" ? 1 : 0);

/** The verdicts of each ask on some logs of a world. */
export async function tallyClaims(world: ClaimWorld, logs: number, from: number): Promise<ClaimRow[]> {
  const rows = new Map<string, ClaimRow>();
  for (let log = 0; log < logs; log++) {
    const store = await sharedWork(from + log, world.shared);
    try {
      const verdicts: Verdict[] = [];
      for (const ask of world.asks) {
        const tally = tallies[ask.command] as (store: Store, ask: Ask, shared: Shared) => Promise<Verdict[]>;
        verdicts.push(...(await tally(store, ask, world.shared)));
      }
      for (const verdict of new Set(verdicts.map((one) => one.verdict))) {
        const own = verdicts.filter((one) => one.verdict === verdict);
        const most = Math.max(...own.map(({ status }) => rankOf(status)));
        const isFalse = own.some(({ status, isTrue }) => rankOf(status) === most && !isTrue);
        const none = { world: world.name, verdict, logs, settled: 0, wrong: 0, leads: 0, misled: 0 };
        const row = rows.get(verdict) ?? none;
        rows.set(verdict, row);
        if (most === 2) row.settled++;
        if (most === 2 && isFalse) row.wrong++;
        if (most === 1) row.leads++;
        if (most === 1 && isFalse) row.misled++;
      }
    } finally {
      store.close();
    }
  }
  return [...rows.values()];
}
