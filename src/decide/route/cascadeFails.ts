import type { AssumptionId } from "../../stats/claim";
import type { Curve } from "./cascadeCurve";

/** What a point is held to. */
export interface PointAsked {
  margin: number;
  dear: string;
  /** True if answers may have been picked that were sent on. */
  isPicked: boolean;
  /** True if it hangs on how they were picked. */
  hangs: boolean;
  declared: readonly AssumptionId[];
}

/** Why a threshold is not taken, and the words that make a sentence of it where it is about a threshold. */
interface Fails {
  text: string;
  verb?: "is" | "";
}

/** Undefined if it is shown to be within the margin, and to save. */
export function failsOf(
  { points, tells }: Curve,
  at: number,
  { margin, dear, isPicked }: PointAsked,
): Fails | undefined {
  const { saved, quality_difference, not_worse, unknown } = points[at];
  const shown = (x: number) => Number((100 * x).toPrecision(2));
  if (unknown !== "") return { text: unknown };
  if (Number.isNaN(not_worse)) return { text: "too few clusters for a bound" };
  if (not_worse < -margin)
    return quality_difference.value <= -margin
      ? { text: `${shown(-quality_difference.value)} points worse than ${dear}`, verb: "is" }
      : { text: `may be ${shown(-not_worse)} points worse than ${dear}`, verb: "" };
  if (isPicked && !(tells > 0)) return { text: "the score is not shown to tell good answers from bad ones" };
  if (saved[0] > 0) return undefined;
  return saved[1] > 0
    ? { text: `may cost as much as ${dear} alone, or more, by what is not known of the costs`, verb: "" }
    : { text: `costs as much as ${dear} alone, or more`, verb: "" };
}

/** Why none of the thresholds is taken, loosest first, in one sentence. */
export function noneTaken(fails: readonly (Fails | undefined)[]): string {
  const { text = "", verb } = fails.at(-1) ?? {};
  const isOfAll = new Set(fails.map((one) => one?.text)).size === 1;
  return verb === undefined || (isOfAll && verb === "")
    ? text
    : ["even the strictest threshold", verb, text].filter((part) => part !== "").join(" ");
}
