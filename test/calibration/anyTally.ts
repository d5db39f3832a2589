import { measureLimits } from "../../src/decide/check/checkLimits";
import { checkedRow } from "../../src/decide/check/checkRow";
import type { Limit } from "../../src/decide/check/limits";
import { choose } from "../../src/decide/choose/choose";
import { type CompareOptions, compare } from "../../src/decide/compare/compare";
import type { CompareRow } from "../../src/decide/compare/compareRow";
import { judged } from "../../src/decide/compare/compareVerdict";
import { withSides } from "../../src/decide/compare/withSides";
import { route } from "../../src/decide/route/route";
import { cost } from "../../src/measures/cost/cost";
import { costTiers } from "../../src/measures/cost/costTiers";
import { givenOf } from "../../src/measures/given";
import { latencyBetween } from "../../src/measures/latency/varianceByProvider";
import { metric } from "../../src/measures/metric";
import { requestOf } from "../../src/measures/options";
import { qualitySlope } from "../../src/measures/service/contextSlope";
import { qualityFloor } from "../../src/measures/service/effectiveContext";
import type { Row, Table } from "../../src/measures/table";
import { trend } from "../../src/measures/trend/trend";
import { costFindings } from "../../src/page/costFindings";
import { shownMetrics } from "../../src/page/reportMeasures";
import { findingsIn } from "../../src/page/sideFindings";
import { tableAtMix } from "../../src/page/tableAtMix";
import type { Claim } from "../../src/stats/claim";
import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { type AnyWorld, type Truth, truthOfModel } from "./anyWorlds";
import { said } from "./sentenceTally";
import { between, modelNames } from "./sentenceWorlds";

/** A verdict on one world: who gave it, how far it stands, and whether it is so. */
export interface Verdict {
  /** The world's place in its batch. */
  log: number;
  command: string;
  id: string;
  status: Claim["status"];
  isTrue: boolean;
  /** What was said, to look into one that is false. */
  what: string;
}

/** One world of a batch, and what is true of its models, */
export interface Known {
  log: number;
  seed: number;
  world: AnyWorld;
  truths: ReadonlyMap<string, Truth>;
}

/** What one command says of the worlds of a batch. */
type Ask = (store: Store, batch: readonly Known[]) => Promise<Verdict[]>;

const of = (
  command: string,
  log: number,
  { id, status }: Pick<Claim, "id" | "status">,
  isTrue: boolean,
  what: unknown,
): Verdict => ({ log, command, id, status, isTrue, what: JSON.stringify(what) });

/** The truth of a metric about a model, as a number that is the lower the better. */
function loss(truths: Known["truths"], name: string, model: string): number {
  const truth = truths.get(model);
  if (truth === undefined || !(name in truth)) throw new RangeError(`no truth of ${name} for ${model}`);
  const value = truth[name as keyof Truth];
  return metric(name).better === "lower" ? value : -value;
}

/** True if it is greater by more than rounding; of one that fails a floor, any other is. */
const isBeyond = (a: number, b: number) => (Number.isFinite(b) ? a > b + 1e-9 * Math.abs(b) : a > b);
const logOf = (row: Row) => Number(String(row.release).split(" ")[1]);
const only = ({ log }: Known) => `release = 'log ${log}'`;

/** The truth about one model's own work, long and short. */
const ofOwn = ({ world: { shared }, truths }: Known, at: number): Truth => {
  const known = truths.get(modelNames[at]);
  const long = shared.long?.[at] ?? 0.5;
  return known === undefined || long !== 0.5 ? truthOfModel(shared, at, long) : known;
};

async function checking(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const request = requestOf("check", { by: "release" });
  const names = ["resolve_rate", "cost_per_task", "duration_p95"];
  const any: Limit[] = names.map((name) =>
    name === "resolve_rate" ? { metric: name, at_least: 0.5 } : { metric: name, at_most: 1 },
  );
  const ofElm = { name: "limits", where: "model = 'elm'", limits: any };
  const alone = await measureLimits(store, ofElm, request, undefined);
  const verdicts: Verdict[] = [];
  for (const known of batch) {
    const { log, seed } = known;
    const r = random(seed, 36);
    const own = ofOwn(known, 0);
    for (const [at, name] of names.entries()) {
      const found = alone.rows.find((row) => row.at === at && logOf(row.by) === log);
      if (found === undefined) continue;
      const factor = [0.88, 0.95, 1.05, 1.12][r.integer(4)];
      const end = factor * own[name as keyof Truth];
      const isAbove = name === "resolve_rate";
      const limit: Limit = { metric: name, [isAbove ? "at_least" : "at_most"]: end };
      const row = checkedRow({ ...found, limit });
      const isKept = isAbove ? factor < 1 : factor > 1;
      verdicts.push(
        of("check", log, row.claim, isKept === (row.claim.id === "check.passes"), [row.limit, row.why]),
      );
    }
  }
  const relative = [0.96, 1.02].map((at_least_times) => ({ metric: "resolve_rate", at_least_times }));
  const ofAsh = { name: "against", where: "model in ('elm', 'ash')", limits: relative };
  const both = await measureLimits(store, ofAsh, request, "model = 'elm'");
  for (const found of both.rows) {
    const log = logOf(found.by);
    const [elm, ash] = [0, 1].map((at) => ofOwn(batch[log], at).resolve_rate);
    const row = checkedRow(found);
    const isKept = ash >= relative[found.at].at_least_times * elm;
    verdicts.push(
      of("check --against", log, row.claim, isKept === (row.claim.id === "check.passes"), [
        row.limit,
        row.why,
      ]),
    );
  }
  return verdicts;
}

/** The rows of each world, judged as its own family. */
function comparisons(store: Store, given: object): Promise<Map<number, CompareRow[]>> {
  const options = givenOf("compare", compare.options, { by: "release", ...given } as CompareOptions);
  return withSides({ store, request: requestOf("compare", options), options }, async ({ rows }) => {
    const logs = [...new Set(rows.map(({ row }) => logOf(row as Row)))];
    const own = (log: number) => rows.filter(({ row }) => logOf(row as Row) === log);
    return new Map(logs.map((log) => [log, judged(own(log), 0.95)]));
  });
}

const compared = "resolve_rate,cost_per_task,cost_per_resolved,duration_p50";

async function comparing(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const sides = { a: "model = 'elm'", b: "model = 'ash'" };
  const models = await comparisons(store, { ...sides, metrics: compared });
  const weeks = await comparisons(store, { switch: between, metrics: "resolve_rate,duration_p50" });
  return batch.flatMap(({ log, world, truths }) => [
    ...(models.get(log) ?? []).map((row) => {
      const [a, b] = ["elm", "ash"].map((model) => loss(truths, row.metric, model));
      const isBetter = row.within.value < 0 === (metric(row.metric).better === "lower");
      const isTrue = isBetter ? isBeyond(a, b) : isBeyond(b, a);
      return of("compare", log, row.claim, isTrue, [row.metric, row.verdict, a, b]);
    }),
    ...(weeks.get(log) ?? []).map((row) => {
      const change = row.metric.startsWith("duration") ? (world.shared.later ?? 1) - 1 : 0;
      return of("compare --switch", log, row.claim, change * row.within.value > 0, [row.metric, row.verdict]);
    }),
  ]);
}

const scales = {
  resolve_rate: { good: 1, bad: 0.5 },
  cost_per_task: { good: 0, bad: 0.05 },
  duration_p50: { good: 0, bad: 10 },
};

/** A world in which no model has one of the numbers has no choice. */
function unmeasured(error: unknown): undefined {
  if (!(error instanceof RangeError && /^choose requires logs with/.test(error.message))) throw error;
}

/** One world in so many is chosen for. */
export const CHOSEN = 2;

async function choosing(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  // A choice takes longer than all else together.
  for (const known of batch.filter(({ log }) => log % CHOSEN === 0)) {
    const { log, seed, truths } = known;
    const r = random(seed, 37);
    const weights = Object.keys(scales).map(() => 0.1 + r.uniform());
    const whole = weights.reduce((sum, one) => sum + one, 0);
    const criteria = Object.entries(scales).map(([name, scale], at) => {
      return { metric: name, weight: weights[at] / whole, ...scale };
    });
    const isFloored = r.uniform() < 0.4;
    const floors = isFloored ? [{ metric: "resolve_rate", at_least: 0.65 + 0.2 * r.uniform() }] : [];
    const profile = { name: "desk", criteria, floors };
    const choice = await choose(store, { profile, where: only(known), draws: 300 }).catch(unmeasured);
    if (choice === undefined) continue;
    const worth = (model: string) => {
      const truth = truths.get(model);
      const isOut = floors.some(({ at_least }) => !(truth !== undefined && truth.resolve_rate >= at_least));
      if (truth === undefined || isOut) return Number.NEGATIVE_INFINITY;
      return criteria.reduce((sum, { metric: name, weight, good, bad }) => {
        const place = (truth[name as keyof typeof scales] - bad) / (good - bad);
        return sum + weight * Math.min(1, Math.max(0, place));
      }, 0);
    };
    const [top] = choice.rows;
    const models = [...truths.keys()];
    const isTrue = models.every((other) => other === top.name || isBeyond(worth(top.name), worth(other)));
    verdicts.push(of("choose", log, choice.claim, isTrue, [choice.verdict, floors, models.map(worth)]));
  }
  return verdicts;
}

async function routing(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const found = await route(store, { by: "release" });
  return found.rows.flatMap((row) => {
    const log = logOf(row as Row);
    const truth = (model: string | null | undefined) => batch[log].truths.get(String(model));
    const rate = (model: string | null | undefined) => truth(model)?.resolve_rate ?? Number.NaN;
    const paid = (model: string | null) => truth(model)?.cost_per_task ?? Number.NaN;
    const isMoved = row.model !== found.flagship;
    const named = isMoved ? row.model : found.candidates.find(({ claim }) => claim === row.claim)?.model;
    const isTrue = rate(named) >= rate(found.flagship) - found.margin;
    const what = [named, found.flagship];
    return [
      of("route", log, row.claim, isTrue, what),
      ...(isMoved ? [of("route", log, row.saves, paid(row.model) < paid(found.flagship), what)] : []),
    ];
  });
}

async function trending(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const name of ["duration_p50", "resolve_rate"]) {
    const { series, rows } = await trend(store, { metric: name, by: "release" });
    for (const [at, row] of rows.entries()) {
      const log = logOf(row as Row);
      const { later = 1, ownDays } = batch[log].world.shared;
      // On days of their own, models take turns: the level does change.
      if (ownDays === true) continue;
      const hasChange = name === "duration_p50" && later !== 1;
      const { changes } = series[at];
      for (const { claim, by, at: day } of changes)
        verdicts.push(
          of("trend", log, claim, hasChange && by.value > 1 === later > 1, [name, day, by.value]),
        );
      if (changes.length === 0) verdicts.push(of("trend", log, row.claim, hasChange, [name]));
    }
  }
  return verdicts;
}

async function byLength(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const floor = 0.75;
  const floors = await qualityFloor(store, { by: "release,model", floor });
  return floors.rows.map((row) => {
    const log = logOf(row as Row);
    const { short = 0, long = 0 } = batch[log].truths.get(String(row.model)) ?? {};
    const isShort = row.effective_context.low < 3000;
    const isTrue = short >= floor && (isShort || long >= floor);
    return of("context-length --floor", log, row.claim, isTrue, [row.model, row.verdict, short, long]);
  });
}

/** Slopes and providers, whose rows are judged together: those of one world at a time. */
async function together(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const known of batch) {
    const { log, world } = known;
    const asked = { by: "model", where: only(known) };
    const isFalling = world.shared.evenLengths !== true;
    for (const { claim, verdict } of (await qualitySlope(store, asked)).rows)
      verdicts.push(of("context-length --slope", log, claim, isFalling, [verdict]));
    const factor = (name: string) => world.shared.providers?.[Number(name.split(" ")[1])] ?? 1;
    for (const { claim, fastest, slowest, verdict } of (await latencyBetween(store, asked)).rows) {
      const isTrue = factor(slowest) > factor(fastest);
      verdicts.push(of("variance-by-provider", log, claim, isTrue, [verdict]));
    }
  }
  return verdicts;
}

async function pricing(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const { rows, notes } = await costTiers(store, { by: "release,model" });
  return batch.flatMap(({ log, truths }) => {
    const own = rows.filter((row) => logOf(row as Row) === log);
    const models = [...truths.keys()];
    const rate = (model: string) => truths.get(model)?.resolve_rate ?? Number.NaN;
    const paid = (model: string) => truths.get(model)?.cost_per_task ?? Number.NaN;
    const note = notes.find((one) => one.startsWith(`log ${log}: `)) ?? "";
    const best = own.find(({ tier }) => tier === "best");
    const isEqual = ({ tier, cost: of }: (typeof own)[number]) =>
      tier === "not shown to be worse" && Number.isFinite(of.value);
    const equal = own.find(isEqual);
    const worse = own.map(({ claim, model }) => {
      const isTrue = models.some((other) => isBeyond(rate(other), rate(model)));
      return of("cost --tiers", log, claim, isTrue, [model]);
    });
    if (!said(note).includes("cost.saves") || best === undefined || equal === undefined) return worse;
    const isCheaper = note.includes("not shown to be cheaper") || paid(equal.model) < paid(best.model);
    const isClose = Math.max(...models.map(rate)) - rate(equal.model) <= equal.worse_by_at_most + 1e-9;
    const saves = { id: "cost.saves", status: "settled" } as const;
    return [...worse, of("cost --tiers", log, saves, isCheaper && isClose, note)];
  });
}

async function reporting(store: Store, batch: readonly Known[]): Promise<Verdict[]> {
  const request = requestOf("report", { by: ["release", "workload", "model"] });
  const { names, metrics } = await shownMetrics(store, request);
  const atMix = await tableAtMix(store, metrics, names, request);
  const costs = await cost(store, request);
  return batch.flatMap(({ log, truths }) => {
    const own = <T extends Table>(table: T): T => ({
      ...table,
      rows: table.rows.filter((row) => logOf(row) === log),
    });
    const same = atMix && own(atMix);
    const verdicts = findingsIn(own(metrics), same).flatMap(({ column, best, others, near, claim }) => {
      const value = (model: string) => loss(truths, column, model);
      const beats = (some: typeof others) =>
        some.every(({ model }) => isBeyond(value(model), value(best.model)));
      const worse = others.filter((one) => !near.includes(one));
      const what = [column, best.model, worse.map(({ model }) => model)];
      // Where the best is open, those that are clearly worse than it are still said to be.
      const behind = {
        id: "worse than the best",
        status: claim.status === "open" ? "settled" : claim.status,
      } as const;
      return [
        of("report", log, claim, beats(others), what),
        ...(worse.length > 0 && claim.status !== "settled"
          ? [of("report", log, behind, beats(worse), what)]
          : []),
      ];
    });
    const texts = costFindings(own(costs), same).flatMap((text) => {
      const id = said(text).find((one) => one === "cost.least");
      if (id === undefined || said(text.replace(/\bif [^,]*, /, "")).length === 0) return [];
      const clause = text.slice(text.indexOf(": ") + 2);
      const first = [...truths.keys()].find((model) => clause.startsWith(model));
      if (first === undefined || /^if /i.test(clause)) return [];
      const value = (model: string) => loss(truths, "cost_per_resolved", model);
      const priced = costs.rows.filter(
        (row) => logOf(row as Row) === log && Number.isFinite(row.cost_per_resolved.value),
      );
      const isTrue = priced.every(
        ({ model }) => model === first || isBeyond(value(String(model)), value(first)),
      );
      return [of("cost", log, { id, status: "settled" }, isTrue, text)];
    });
    return [...verdicts, ...texts];
  });
}

/** What is asked of the calls of worlds, all of a batch in one store. */
export const asks: Record<string, Ask> = {
  ...{ checking, comparing, choosing, routing, trending, byLength, together, pricing, reporting },
};
