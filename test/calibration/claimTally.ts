import { measureLimits } from "../../src/decide/check/checkLimits";
import { checkedRow } from "../../src/decide/check/checkRow";
import { choose } from "../../src/decide/choose/choose";
import { type CompareOptions, compare } from "../../src/decide/compare/compare";
import type { CompareRow } from "../../src/decide/compare/compareRow";
import { judged } from "../../src/decide/compare/compareVerdict";
import { withSides } from "../../src/decide/compare/withSides";
import { route } from "../../src/decide/route/route";
import { givenOf } from "../../src/measures/given";
import { metric } from "../../src/measures/metric";
import { requestOf } from "../../src/measures/options";
import { groupedBy } from "../../src/measures/rowKey";
import type { Row, Table } from "../../src/measures/table";
import { shownMetrics } from "../../src/page/reportMeasures";
import { findingsIn } from "../../src/page/sideFindings";
import { tableAtMix } from "../../src/page/tableAtMix";
import type { AssumptionId, Claim } from "../../src/stats/claim";
import type { Store } from "../../src/store/open";
import type { Ask, ClaimWorld } from "./claimWorlds";
import { truth } from "./reportTally";
import { modelNames, type Shared, sharedLogs } from "./sentenceWorlds";

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

/** The verdicts of each log of a store, which `release` tells apart. */
type Tally<Command extends Ask["command"]> = (
  store: Store,
  ask: Asked<Command>,
  world: { shared: Shared; logs: number },
) => Promise<(Verdict & { log: string })[]>;

const statusOf = ({ claim }: { claim: Claim }) => claim.status;

const logNames = (logs: number) => Array.from({ length: logs }, (_, log) => `log ${log}`);

/** The first two models of each log compared, and whether each row's direction is the true one. */
export async function comparedModels(
  store: Store,
  metrics: string,
  shared: Shared,
  logs: number,
  declared: readonly AssumptionId[] = [],
): Promise<{ log: string; rows: { row: CompareRow; isTrue: boolean }[] }[]> {
  const options = givenOf("compare", compare.options, {
    ...{ a: "model = 'elm'", b: "model = 'ash'", by: "release", metrics },
  } as CompareOptions);
  const asked = { store, request: requestOf("compare", options), options };
  return withSides(asked, ({ rows: all }) =>
    logNames(logs).map((log) => {
      const own = all.filter(({ row }) => row.release === log);
      const rows = judged(own, 0.95, declared).map((row) => {
        const [a, b] = ["elm", "ash"].map((model) => truth(row.metric, model, shared));
        const isBetter = row.within.value < 0 === (metric(row.metric).better === "lower");
        return { row, isTrue: isBetter ? b < a : b > a };
      });
      return { log, rows };
    }),
  );
}

const tallies: { [Command in Ask["command"]]: Tally<Command> } = {
  async check(store, { name, limit, isKept, against }) {
    const request = requestOf("check", { by: "release" });
    const found = await measureLimits(store, { name: "limits", limits: [limit] }, request, against);
    return found.rows.map((one) => {
      const row = checkedRow(one);
      const says = row.verdict === "fail" ? "fails" : "passes";
      return {
        log: String(one.by.release),
        verdict: `check: ${name}, ${says}`,
        status: statusOf(row),
        isTrue: isKept === (says === "passes"),
      };
    });
  },
  async compare(store, { metrics, assume }, { shared, logs }) {
    const all = await comparedModels(store, metrics, shared, logs, assume && [assume]);
    const as = assume === undefined ? "" : `, ${assume} declared`;
    return all.flatMap(({ log, rows }) =>
      rows.map(({ row, isTrue }) => {
        return { log, verdict: `compare: ${row.metric}${as}`, status: statusOf(row), isTrue };
      }),
    );
  },
  async choose(store, { metrics, best, floor }, { logs }) {
    const scales: Record<string, { good: number; bad: number }> = {
      resolve_rate: { good: 1, bad: 0.5 },
      cost_per_task: { good: 0, bad: 0.05 },
      duration_p50: { good: 0, bad: 10 },
    };
    const criteria = metrics.map((name) => ({ metric: name, weight: 1 / metrics.length, ...scales[name] }));
    const floors = floor === undefined ? [] : [{ metric: "resolve_rate", at_least: floor }];
    const verdict = floor === undefined ? "choose: best" : "choose: meets the floor, and best";
    const verdicts: (Verdict & { log: string })[] = [];
    for (const log of logNames(logs)) {
      const options = {
        profile: { name: "desk", criteria, floors },
        where: `release = '${log}'`,
        draws: 500,
      };
      const choice = await choose(store, options);
      const status = statusOf(choice);
      verdicts.push({ log, verdict, status, isTrue: choice.rows[0].name === best });
    }
    return verdicts;
  },
  async route(store, _, { shared: { resolved = [], price } }) {
    const found = await route(store, { by: "release" });
    const at = (model: string | null) => modelNames.indexOf(String(model));
    const rateOf = (model: string | null) => resolved[at(model)] ?? 0.8;
    return found.rows.flatMap((row) => {
      const log = String((row as Row).release);
      // Of work that stays, the claim is that of the model that is nearest to taking it over.
      const isMoved = row.model !== found.flagship;
      const named = isMoved ? row.model : found.candidates.find(({ claim }) => claim === row.claim)?.model;
      const isTrue = rateOf(named ?? null) >= rateOf(found.flagship) - found.margin;
      const saves = (price?.[at(row.model)] ?? 1) < (price?.[at(found.flagship)] ?? 1);
      return [
        { log, verdict: "route: not worse", status: statusOf(row), isTrue },
        ...(isMoved ? [{ log, verdict: "route: saves", status: row.saves.status, isTrue: saves }] : []),
      ];
    });
  },
  async headline(store, _, { shared, logs }) {
    const request = requestOf("report", { by: ["release", "workload", "model"] });
    const { names, metrics } = await shownMetrics(store, request);
    const atMix = await tableAtMix(store, metrics, names, request);
    const own = <T extends Table>(table: T, log: string): T => ({
      ...table,
      rows: table.rows.filter(({ release }) => release === log),
    });
    return logNames(logs).flatMap((log) =>
      findingsIn(own(metrics, log), atMix && own(atMix, log)).map((finding) => {
        const { column, best, others, near } = finding;
        const worse = others.filter((one) => !near.includes(one));
        // Where the best is open, those that are clearly worse than it are still said to be.
        const isPartly = statusOf(finding) === "open" && worse.length > 0;
        const status = isPartly ? "settled" : statusOf(finding);
        const beaten = worse.length > 0 ? worse : others;
        const of = (model: string) => truth(column, model, shared);
        const isTrue = beaten.every(({ model }) => of(model) > of(best.model));
        return { log, verdict: `headline: ${column}`, status, isTrue };
      }),
    );
  },
};

const rankOf = (status: string) => (status === "settled" ? 2 : status === "leads if" ? 1 : 0);

/** The verdicts of each ask on some logs of a world, which lie in one store and have nothing in common. */
export async function tallyClaims(
  { name, shared, asks }: ClaimWorld,
  logs: number,
  from: number,
): Promise<ClaimRow[]> {
  const store = await sharedLogs(from, logs, shared);
  try {
    const rows = new Map<string, ClaimRow>();
    for (const ask of asks) {
      const tally = tallies[ask.command] as Tally<Ask["command"]>;
      const verdicts = await tally(store, ask as never, { shared, logs });
      for (const [key, own] of groupedBy(verdicts, ({ log, verdict }) => JSON.stringify([log, verdict]))) {
        const verdict: string = JSON.parse(key)[1];
        const most = Math.max(...own.map(({ status }) => rankOf(status)));
        const isFalse = own.some(({ status, isTrue }) => rankOf(status) === most && !isTrue);
        const none = { world: name, verdict, logs, settled: 0, wrong: 0, leads: 0, misled: 0 };
        const row = rows.get(verdict) ?? none;
        rows.set(verdict, row);
        if (most === 2) row.settled++;
        if (most === 2 && isFalse) row.wrong++;
        if (most === 1) row.leads++;
        if (most === 1 && isFalse) row.misled++;
      }
    }
    return [...rows.values()];
  } finally {
    store.close();
  }
}
