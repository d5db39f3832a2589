import { checkChoice } from "./checks";
import { type Estimate, withNotesFirst } from "./estimate";
import { gPassAt, passAt, passHat } from "./passAt";
import { type PromptAverageOptions, promptAverage } from "./promptAverage";
import { reserve } from "./reservation";

/** How often a prompt was run, and how many of the runs passed. */
export interface PromptPasses {
  runs: number;
  passes: number;
}

export interface PassOptions extends PromptAverageOptions {
  /** "at" (default): at least one of k passes; "hat": all k; "share": at least the share `tau`. */
  of?: "at" | "hat" | "share";
  /** Share of the k runs that must pass, for "share" (default 0.5). */
  tau?: number;
}

/**
 * pass@k, pass^k or G-Pass@k averaged over prompts, with an interval over prompts.
 *
 * In: runs and passes of each prompt; prompts with fewer than k runs are left out with a note. n and clusters
 * count the remaining prompts.
 *
 * @remarks Method and interval as `promptAverage`.
 * @throws RangeError if passes exceed runs, a count is not whole, or an option is out of range.
 * @example
 * passOverPrompts([{ runs: 4, passes: 4 }, { runs: 4, passes: 2 }], 2, { of: "hat" }).value.toFixed(4) // "0.5833"
 */
export function passOverPrompts(
  prompts: readonly PromptPasses[],
  k: number,
  options: PassOptions = {},
): Estimate {
  const { of = "at", tau = 0.5 } = options;
  checkChoice("passOverPrompts", "of", of, ["at", "hat", "share"]);
  const enough = prompts.filter(({ runs }) => runs >= k);
  const shares = enough.map(({ runs, passes }) => {
    if (of === "share") return gPassAt(runs, passes, k, tau);
    return of === "hat" ? passHat(runs, passes, k) : passAt(runs, passes, k);
  });
  const estimate = promptAverage(shares, options);
  const few = prompts.length - enough.length;
  if (few === 0) return estimate;
  const why = `fewer than ${k} runs`;
  return withNotesFirst(estimate, [
    reserve("left-out.of", { n: few, of: prompts.length, counted: "prompts", why }),
  ]);
}
