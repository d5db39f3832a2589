import type { Claim } from "../../stats/claim";
import { claim } from "../../stats/claim";
import { type Estimate, noEnds, noted } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import { stratifiedRate } from "../../stats/stratifiedRate";
import { weightedRate } from "../../stats/weightedRate";
import { rateAtWorst } from "../../stats/worstCase";
import { nothingWrong, type TaskKind, taskKinds } from "./causeFrame";

/** A task that someone read. */
export interface ReadTask {
  kind: TaskKind;
  cause: string;
  /** One over its chance of being drawn. */
  weight: number;
  cluster: string;
  /** The causes that rules, or a judge, say it has. */
  labels?: readonly string[];
}

/** How many tasks of a kind there are, and of how many the log says what became of them. */
export interface KindSize {
  kind: TaskKind;
  tasks: number;
  resolved: number;
  known: number;
  /** What rules, or a judge, say of them. */
  labels?: readonly string[];
}

export const hasLabel = ({ labels = [] }: { labels?: readonly string[] }, cause: string) =>
  labels.includes(cause);

/** How shares are estimated. */
export interface ShareSettings {
  level: number;
  clusterBy: string;
}

/** With fewer read tasks with a label, or without, a kind is not divided by it: two small parts say less than the whole. */
const fewestOfPart = 5;

/**
 * The share of tasks of some kinds that have a cause, by the tasks of each kind that were read. Where rules or a judge label
 * tasks with it, those with the label and those without are strata of their own: their sizes are known, and what readers
 * found in each corrects the labels, however wrong these are.
 */
export function shareOf(
  sizes: readonly KindSize[],
  read: readonly ReadTask[],
  of: (kind: TaskKind) => boolean,
  cause: string,
  { level, clusterBy }: ShareSettings,
): Estimate {
  const kinds = [...new Set(sizes.map(({ kind }) => kind))].filter(of);
  const strata = kinds.flatMap((kind) => {
    const [own, ownRead] = [
      sizes.filter((one) => one.kind === kind),
      read.filter((one) => one.kind === kind),
    ];
    const parts = [true, false].map((is) => ({
      size: tasksIn(own.filter((one) => hasLabel(one, cause) === is)),
      of: ownRead.filter((one) => hasLabel(one, cause) === is),
    }));
    return parts.every((part) => part.of.length >= fewestOfPart)
      ? parts
      : [{ size: tasksIn(own), of: ownRead }];
  });
  const rates = strata.map(({ size, of: tasks }) => ({
    size,
    rate: rateOf(tasks, (one) => one.cause === cause, { level, clusterBy }),
  }));
  return stratifiedRate(rates, { level, clusterBy, counted: "tasks" });
}

export const tasksIn = (sizes: readonly KindSize[]) => sizes.reduce((sum, { tasks }) => sum + tasks, 0);

/** A cause with its shares, by which causes are ranked. */
export interface RankedCause {
  cause: string;
  tasks_read: number;
  share_of_failed: Estimate;
  share_of_tasks: Estimate;
}

/** Causes of a group, the most frequent first; tasks in which nothing went wrong last. */
export function ranked(
  names: readonly string[],
  sizes: readonly KindSize[],
  read: readonly ReadTask[],
  settings: ShareSettings,
): RankedCause[] {
  return names
    .map((cause) => ({
      cause,
      tasks_read: read.filter((one) => one.cause === cause).length,
      share_of_failed: shareOf(sizes, read, isFailed, cause, settings),
      share_of_tasks: shareOf(sizes, read, () => true, cause, settings),
    }))
    .sort(
      (a, b) =>
        Number(a.cause === nothingWrong) - Number(b.cause === nothingWrong) ||
        (b.share_of_failed.value || 0) - (a.share_of_failed.value || 0) ||
        (b.share_of_tasks.value || 0) - (a.share_of_tasks.value || 0) ||
        (a.cause < b.cause ? -1 : 1),
    );
}

const rateOf = (tasks: readonly ReadTask[], holds: (task: ReadTask) => boolean, settings: ShareSettings) =>
  weightedRate(
    tasks.map((task) => ({ holds: holds(task), item: task.cluster, weight: task.weight })),
    { ...settings, counted: "tasks read" },
  );

export const isFailed = (kind: TaskKind) => taskKinds[kind] === "failed";

/** The share of tasks with a known outcome that are resolved; NaN if no outcome is known. */
export function resolvedToday(sizes: readonly KindSize[]): number {
  const sum = (of: "resolved" | "known") => sizes.reduce((all, size) => all + size[of], 0);
  return sum("resolved") / sum("known");
}

/** The share of tasks that would be resolved if every unresolved task with a cause were; where outcomes are unknown, with the worst case. */
export function resolvedWithout(
  sizes: readonly KindSize[],
  read: readonly ReadTask[],
  cause: string,
  settings: ShareSettings,
): Estimate {
  const known = sizes.reduce((sum, size) => sum + size.known, 0);
  const share = shareOf(sizes, read, (kind) => kind === "not resolved", cause, settings);
  if (known === 0 || cause === nothingWrong) {
    const why = known === 0 ? "no outcome of these tasks is known" : "there is nothing to fix";
    return { ...share, value: Number.NaN, ...noEnds, ...noted([reserve("none.number", { why })]) };
  }
  const rate = resolvedToday(sizes);
  const at = (of: number) => rate + (1 - rate) * of;
  const all = tasksIn(sizes);
  return rateAtWorst(
    { ...share, value: at(share.value), low: at(share.low), high: at(share.high) },
    { known, all },
  );
}

/** Whether a cause of failed tasks is more frequent than the next. */
export interface OrderStep {
  cause: string;
  next: string;
  claim: Claim;
  /** How many more failed tasks to read until it is settled, if the shares stay as they are; Infinity if they are equal. */
  more_to_read: number;
}

/**
 * Whether the order of the most frequent causes is settled, each against the next: of the failed tasks with either, the
 * share with the first must be above a half.
 *
 * @remarks Method: Hung & Fithian 2019, https://arxiv.org/abs/1610.03944: the two-sided test of a winner against its runner-up alone
 * keeps its level, although the data picked both.
 */
export function orderOf(read: readonly ReadTask[], settings: ShareSettings, first = 3): OrderStep[] {
  const failed = read.filter(({ kind }) => isFailed(kind));
  const weights = new Map<string, number>();
  for (const { cause, weight } of failed)
    if (cause !== nothingWrong) weights.set(cause, (weights.get(cause) ?? 0) + weight);
  const ranked = [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([cause]) => cause);
  return ranked.slice(0, first).flatMap((cause, at) => {
    const next = ranked[at + 1];
    if (next === undefined) return [];
    const pair = failed.filter((one) => one.cause === cause || one.cause === next);
    const estimate = rateOf(pair, (one) => one.cause === cause, settings);
    const step = claim("causes.first", "best", [{ estimate, end: "low", holds: (share) => share > 0.5 }]);
    return [
      {
        cause,
        next,
        claim: step,
        more_to_read: step.status === "settled" ? 0 : moreToRead(estimate, failed.length, settings.level),
      },
    ];
  });
}

/** It takes about z^2 / (4 (share - 1/2)^2) tasks with either cause to tell the share with the first from one half. */
function moreToRead({ value, n, designEffect = 1 }: Estimate, failed: number, level: number): number {
  const needed =
    (Math.max(1, designEffect) * normalQuantile((1 + level) / 2) ** 2) / (4 * (value - 0.5) ** 2);
  return Math.max(1, Math.ceil(failed * (needed / n - 1)));
}
