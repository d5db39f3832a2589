import { say } from "../../stats/sentences";
import { studentTQuantile } from "../../stats/studentT";
import { percent, threeDigits } from "../../stats/text";

/** Tasks without a known outcome compared with the others, see the statement `unlike`: [cost, attempts, tokens]. */
export interface UnlikeSums {
  unknown: number;
  known: number;
  clusters: number;
  /** Effective number of clusters of the unknown tasks. */
  effective: number;
  found: (number | null)[];
  expected: (number | null)[];
  /** Sum of the squared influences of clusters on the logarithm of found over expected. */
  squares: (number | null)[];
}

const features = ["cost", "attempts", "tokens"];
/** Minimum tasks of each kind, and effective clusters of unknown tasks, for anything to be said. */
const fewestTasks = 50;
const fewestClusters = 10;

/**
 * Says how tasks without a known outcome differ from the others of their row: an outcome may be unknown
 * because of what it is. No sentence if no difference is shown, which does not mean that there is none.
 *
 * @remarks Ratio of the total to the total expected from the known tasks of each row, with an interval on the
 * log scale, linearised over clusters, at `level` for all three together (Bonferroni).
 */
export function unlikeNotes(sums: UnlikeSums, level = 0.95): string[] {
  const { unknown, known, clusters, effective } = sums;
  if (unknown < fewestTasks || known < fewestTasks || effective < fewestClusters) return [];
  const t = studentTQuantile(1 - (1 - level) / (2 * features.length), effective - 1);
  const shown = features.flatMap((feature, at) => {
    const [found, expected] = [sums.found[at] ?? 0, sums.expected[at] ?? 0];
    const error = Math.sqrt(((sums.squares[at] ?? 0) * clusters) / (clusters - 1));
    if (!(found > 0) || !(expected > 0) || !(error > 0)) return [];
    const ratio = found / expected;
    const [low, high] = [ratio * Math.exp(-t * error), ratio * Math.exp(t * error)];
    if (low <= 1 && high >= 1) return [];
    return [`${feature} ${threeDigits(ratio)} [${threeDigits(low)}, ${threeDigits(high)}]`];
  });
  if (shown.length === 0) return [];
  const share = percent(unknown / (unknown + known));
  return [say("cost.unlike", { share, found: shown.join(", ") })];
}
