import type { Estimate } from "../../stats/estimate";
import { counted, listed, percent } from "../../stats/text";
import { isFailed, type KindSize, type ReadTask, type ShareSettings, shareOf } from "./causeShares";

/** A kind of step, as "Tool search", and how often it is the first that went wrong in a failed task. */
export interface FirstWrongStep {
  step: string;
  tasks_read: number;
  share_of_failed: Estimate;
}

/** Where failed tasks began to fail, the most frequent first; `marked` has the step in place of the cause. */
export function firstWrongSteps(
  sizes: readonly KindSize[],
  marked: readonly ReadTask[],
  settings: ShareSettings,
): FirstWrongStep[] {
  const failed = marked.filter(({ kind }) => isFailed(kind));
  return [...new Set(failed.map(({ cause }) => cause))]
    .map((step) => ({
      step,
      tasks_read: failed.filter(({ cause }) => cause === step).length,
      share_of_failed: shareOf(sizes, failed, isFailed, step, settings),
    }))
    .sort((a, b) => b.share_of_failed.value - a.share_of_failed.value || (a.step < b.step ? -1 : 1));
}

/** The first three of them. */
export function firstStepsNote(steps: readonly FirstWrongStep[]): string[] {
  if (steps.length === 0) return [];
  const read = steps.reduce((sum, { tasks_read }) => sum + tasks_read, 0);
  const each = steps.slice(0, 3).map(({ step, share_of_failed: { value, low, high } }) => {
    return `${step} in ${percent(value)} [${percent(low)}, ${percent(high)}]`;
  });
  return [
    `Where failed tasks first went wrong, by ${counted(read, "task")} read with a step marked: ${listed(each)}.`,
  ];
}
