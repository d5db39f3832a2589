import { type Estimate, noEnds, noted } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { findRoot } from "../../stats/root";
import { grouped, listed, percent } from "../../stats/text";
import type { Row } from "../table";
import { nameOf } from "./causeDifferences";
import { nothingWrong } from "./causeFrame";
import { type KindSize, type ReadTask, type ShareSettings, shareOf } from "./causeShares";

/** What the tasks of a kind cost, of those whose outcome is known, and how long they took. */
export interface WorthSize {
  cost: number;
  /** The calls behind the cost, and those of them without a known one. */
  calls: number;
  unpriced: number;
  seconds: number;
  /** The tasks whose time is known. */
  timed: number;
}

/** The same of a task that was read. */
export interface WorthRead {
  resolved: boolean | null;
  cost: number;
  seconds: number | null;
}

type Sizes = readonly (KindSize & WorthSize)[];
type Reads = readonly (ReadTask & WorthRead)[];

const sumOf = (sizes: Sizes, of: keyof WorthSize | "resolved" | "known") =>
  sizes.reduce((sum, size) => sum + size[of], 0);

const all = () => true;

/**
 * The least that a resolved task could cost without a cause: as if each task with it were resolved, and cost nothing.
 *
 * @remarks With x the tasks that have the cause, the bound b = (C - C_x) / (R + U_x): C costs, R resolved and U unresolved tasks.
 * That is p = (C - b R) / (C + b U), the share that x has of what tasks count for if each counts its cost, and b more if it is
 * not resolved. All of these are known, so p is a share of the draw with other weights; both ends of its interval are solved for
 * b, as Fieller does of a ratio.
 */
export function costWithout(sizes: Sizes, read: Reads, cause: string, settings: ShareSettings): Estimate {
  const [cost, resolved, known] = [sumOf(sizes, "cost"), sumOf(sizes, "resolved"), sumOf(sizes, "known")];
  const unresolved = known - resolved;
  const shareAt = (bound: number) =>
    shareOf(
      sizes.map((one) => ({ ...one, tasks: one.cost + bound * (one.known - one.resolved) })),
      read.map((one) => ({
        ...one,
        weight: one.resolved === null ? 0 : one.weight * (one.cost + (one.resolved ? 0 : bound)),
      })),
      all,
      cause,
      settings,
    );
  const today = shareAt(resolved > 0 ? cost / resolved : 0);
  const [calls, unpriced] = [sumOf(sizes, "calls"), sumOf(sizes, "unpriced")];
  const why =
    causeless(cause) ??
    (known === 0
      ? reserve("none.number", { why: "no outcome of these tasks is known" })
      : unpriced === calls
        ? reserve("costs.none")
        : unpriced > 0
          ? reserve("costs.some", { calls: unpriced, of: calls })
          : resolved === 0
            ? reserve("none.number", { why: "none of these tasks is resolved" })
            : undefined);
  if (why !== undefined) return { ...today, ...nothing(why), unit: "USD/task" };
  const boundAt = (share: number) => (cost * (1 - share)) / (resolved + unresolved * share);
  // At a bound of 0 what it gives is no less, at today's cost no more.
  const now = cost / resolved;
  const solved = (end: "value" | "low" | "high") =>
    findRoot((bound) => boundAt(shareAt(bound)[end]) - bound, 0, now, 1e-9 * now);
  return {
    ...today,
    method: "stratified-fieller",
    value: solved("value"),
    low: solved("high"),
    high: solved("low"),
    unit: "USD/task",
  };
}

/** The least mean time of a task without a cause: as if each task with it took no time. Tasks of unknown time are left out. */
export function timeWithout(sizes: Sizes, read: Reads, cause: string, settings: ShareSettings): Estimate {
  const share = shareOf(
    sizes.map((one) => ({ ...one, tasks: one.seconds })),
    read.map((one) => ({ ...one, weight: one.weight * (one.seconds ?? 0) })),
    all,
    cause,
    settings,
  );
  const [seconds, timed] = [sumOf(sizes, "seconds"), sumOf(sizes, "timed")];
  const why =
    causeless(cause) ??
    (seconds > 0 ? undefined : reserve("none.known", { what: "the time of these tasks" }));
  if (why !== undefined) return { ...share, ...nothing(why), unit: "s/task" };
  const at = (of: number) => (seconds / timed) * (1 - of);
  return { ...share, value: at(share.value), low: at(share.high), high: at(share.low), unit: "s/task" };
}

const causeless = (cause: string): Reservation | undefined =>
  cause === nothingWrong ? reserve("none.number", { why: "there is nothing to fix" }) : undefined;

const nothing = (why: Reservation) => ({ value: Number.NaN, ...noEnds, ...noted([why]) });

const short = (x: number) => Number(x.toPrecision(3));

/** A group as it is: 81 % resolved, 0.02 USD per resolved task, 3.5 s per task. */
function todayOf(sizes: Sizes): string {
  const [resolved, known, timed] = (["resolved", "known", "timed"] as const).map((of) => sumOf(sizes, of));
  const parts = [
    known > 0 ? `${percent(resolved / known, 3)} resolved` : "",
    resolved > 0 && sumOf(sizes, "unpriced") === 0
      ? `${short(sumOf(sizes, "cost") / resolved)} USD per resolved task`
      : "",
    timed > 0 ? `${short(sumOf(sizes, "seconds") / timed)} s per task` : "",
  ].filter((one) => one !== "");
  return listed(parts);
}

/** What the groups are today, what the bounds are, and which tasks they leave out. */
export function worthNotes(parts: readonly { by: Row; sizes: Sizes }[]): string[] {
  const sizes = parts.flatMap((part) => part.sizes);
  const tasks = sizes.reduce((sum, one) => sum + one.tasks, 0);
  const [known, timed] = [sumOf(sizes, "known"), sumOf(sizes, "timed")];
  const leftOut = [
    known < tasks
      ? `${grouped(tasks - known)} without a known outcome, of resolved_at_most and cost_per_resolved_at_least`
      : "",
    timed < tasks ? `${grouped(tasks - timed)} without a known time, of time_per_task_at_least` : "",
  ].filter((one) => one !== "");
  const today = parts.map(({ by, sizes: own }) => [nameOf({ by }), todayOf(own)].filter((one) => one !== ""));
  return [
    `As it is: ${today.map((one) => one.join(": ")).join("; ")}.`,
    "resolved_at_most counts each task with the cause as resolved; cost_per_resolved_at_least counts it as resolved at no cost, and time_per_task_at_least as done in no time.",
    "All three are bounds, for no fix does as much: without this cause a task may still fail from another, and it still costs money and time. They are of this log, whose costs, times and outcomes count as they are.",
    ...(leftOut.length > 0 ? [`Of ${grouped(tasks)} tasks left out: ${leftOut.join("; ")}.`] : []),
  ];
}
