import { type Bound, type Claim, claim, isSettled } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { grouped, percent } from "../../stats/text";
import { failsOf } from "../choose/chooseFloors";
import { type Floor, floorName, keeps, labelOf } from "../profile/criterion";
import { resolvesMore, type Side } from "./routeFloor";
import { fewestTasks, type RouteContext, type Scope } from "./routeTasks";

/** A model that could take over a request type. */
export interface Rival {
  scope: Scope;
  side: Side;
  /** The flagship; undefined where it has too few such tasks, or if the model is the flagship itself. */
  top?: Side;
  /** The numbers of its floors, whose ends are one-sided bounds. */
  kept: Readonly<Record<string, Estimate>>;
  /** How many models could take over. */
  rivals: number;
}

/** The bound of a limit, whether another number says the opposite, and why the model is not shown to keep it, in words. */
interface Kept {
  bound: Bound;
  contradicted?: boolean;
  fails: string[];
}

/**
 * How far it stands that a model keeps the floors and, without one on the resolve rate, resolves as much as the
 * flagship up to a margin: at one mix and as measured, and whatever its unknown outcomes are.
 */
export function judged(rival: Rival, context: RouteContext): { claim: Claim; fails: string[] } {
  const { scope, side, top } = rival;
  const { floors, tasks, declared } = context;
  const isFloored = floors.some(({ metric }) => metric === "resolve_rate");
  // If the log has no outcomes at all, only the requested floors can count against a model.
  const isDark = scope.models.every(({ g }) => tasks.data.of(g, scope.thirds).with_outcome === 0);
  const isExempt = isFloored || top === undefined || top.g === side.g || (isDark && floors.length > 0);
  const limits = [
    ...floors.map((floor) => floorKept(floor, rival, context)),
    ...(isExempt ? [] : [marginKept({ ...rival, top }, isDark, context)]),
  ];
  return {
    claim: claimOf(limits, declared),
    fails: limits.flatMap(({ fails }) => fails),
  };
}

const claimOf = (limits: readonly Kept[], declared: RouteContext["declared"]): Claim =>
  claim(
    "route.not-worse",
    "not worse",
    limits.map(({ bound }) => bound),
    {
      declared,
      contradicted: limits.some(({ contradicted }) => contradicted),
    },
  );

function floorKept(floor: Floor, { kept }: Rival, { declared }: RouteContext): Kept {
  const estimate = kept[floorName(floor)] ?? notKnown;
  const { at_least } = floor;
  const isShare = at_least !== undefined && floor.metric === "resolve_rate";
  const bound: Bound = {
    estimate,
    end: at_least === undefined ? "high" : "low",
    holds: (x) => !Number.isNaN(x) && keeps(x, floor),
    lead: isShare ? { rate: estimate.value, by: estimate.low - at_least } : undefined,
  };
  const limit = { bound, fails: failsOf(kept, [floor]) };
  const own = claimOf([limit], declared);
  if (limit.fails.length > 0 || isSettled(own)) return limit;
  const unknown = percent(estimate.worst_case?.unknown ?? 0);
  return {
    ...limit,
    fails: [`${labelOf(floor)}: only if outcomes are reported alike: ${unknown} are unknown`],
  };
}

const notKnown: Estimate = {
  ...{ value: Number.NaN, low: Number.NaN, high: Number.NaN, level: 0.95 },
  ...{ method: "none", n: 0, clusters: 0, clusterBy: "" },
};

/** Without a floor on the resolve rate, a model must be shown to resolve as much as the flagship, up to a margin. */
function marginKept(
  { scope, side, top, rivals }: Rival & { top: Side },
  isDark: boolean,
  { tasks: { data }, margin, about, flagship, declared }: RouteContext,
): Kept {
  const holds = (x: number) => x >= -margin;
  const undecided = (why: string): Kept => ({
    bound: { estimate: notKnown, end: "low", holds },
    fails: [why],
  });
  const { with_outcome } = data.of(side.g, scope.thirds);
  if (isDark)
    return undecided("no task has a known outcome: ingest outcomes, or set a floor on another metric");
  if (with_outcome < fewestTasks)
    return undecided(`too few tasks whose outcome is known: ${with_outcome}, and ${fewestTasks} are needed`);
  // Each of several models has its share of the probability of a wrong pick.
  const level = 1 - (1 - about.level) / Math.max(1, rivals);
  const { apart, measured } = resolvesMore(data, side, top, scope.thirds, { ...about, level });
  const { value: seen, low, worst_case } = apart;
  if (!Number.isFinite(seen)) return undecided("the flagship has too few tasks whose outcome is known");
  const limit = {
    bound: {
      ...{ estimate: apart, end: "low" as const, holds },
      lead: { rate: side.own.resolveRate[0], by: low + margin },
    },
    contradicted: measured < -margin,
  };
  const own = claimOf([{ ...limit, fails: [] }], declared);
  if (isSettled(own)) return { ...limit, fails: [] };
  const points = (x: number) => Number((100 * x).toPrecision(2));
  const beyond = `the margin of ${points(margin)} points`;
  const why = (): string => {
    if (Number.isNaN(low)) return `no bound on how much less than ${flagship} it resolves: too few clusters`;
    if (own.status === "leads if")
      return `resolves within ${points(margin)} points of ${flagship} only if its failures are reported at least ${own.lost_below?.toPrecision(2)} times as often as those of ${flagship}: up to ${percent(worst_case?.unknown ?? 0)} of the outcomes are unknown`;
    if (seen <= -margin) return `resolves ${points(-seen)} points less than ${flagship}, beyond ${beyond}`;
    if (holds(low))
      return `resolves ${points(-measured)} points less than ${flagship} as measured, beyond ${beyond}, though not at one mix`;
    const needed = Number((with_outcome * ((seen - low) / margin) ** 2).toPrecision(2));
    return `may resolve ${points(-low)} points less than ${flagship}, beyond ${beyond}${margin > 0 && needed > with_outcome ? `: it takes some ${grouped(needed)} such tasks to tell` : ""}`;
  };
  return { ...limit, fails: [why()] };
}
