import { isOfCalls } from "../../facts/cluster";
import type { SelectOptions } from "../../facts/request";
import { select } from "../../facts/select";
import { requestOf } from "../../measures/options";
import { chiSquareCdf } from "../../stats/chiSquare";
import { type Claim, claim, testedBy } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { noteOf } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";

const sql = statements(__dirname, "plan.sql");

/** One arm of a running split. */
export interface SplitArm {
  value: string;
  /** The planned and the actual share of the clusters. */
  planned: number;
  share: number;
  clusters: number;
}

/** Whether a running split has its planned shares. */
export interface SplitCheck {
  column: string;
  clusterBy: string;
  arms: SplitArm[];
  /** Clusters with calls in several arms. */
  several: number;
  chi_square: number;
  p: number;
  verdict: "as planned" | "not as planned" | "cannot tell";
  /** That it is not as planned, and how far that stands. */
  claim: Claim;
  note?: string;
}

/** Which split to check, and over which calls. */
export interface SplitOptions extends Omit<SelectOptions, "by"> {
  /** "model=0.5,0.5" or "model=alder:0.5,birch:0.5"; shares are relative to their sum. */
  split: string;
}

/** Below this p a split is called broken: a daily check must seldom raise a false alarm. */
const suspicious = 0.001;
/** Clusters that the smallest arm should have by plan. */
const fewest = 5;

/** A split as text: "model=0.5,0.5", with its values in alphabetical order, or "model=alder:0.5,birch:0.5". */
export function parseSplit(text: string): {
  column: string;
  shares: [value: string | undefined, share: number][];
} {
  const [, column, list] = /^\s*(\w+)\s*=(.+)$/s.exec(text) ?? [];
  const wrong = () =>
    new RangeError(
      `plan requires split to be like "model=0.5,0.5" or "model=alder:0.5,birch:0.5", got "${text}"`,
    );
  if (column === undefined) throw wrong();
  const shares = list.split(",").map((part): [string | undefined, number] => {
    const colon = part.lastIndexOf(":");
    const share = Number(part.slice(colon + 1));
    if (part.slice(colon + 1).trim() === "" || !(share > 0)) throw wrong();
    return [colon < 0 ? undefined : part.slice(0, colon).trim(), share];
  });
  const named = shares.filter(([value]) => value !== undefined).length;
  if (shares.length < 2 || (named > 0 && named < shares.length)) throw wrong();
  return { column, shares };
}

/**
 * Checks whether the arms of a running split have their planned shares, by clusters: users, not calls.
 *
 * A split that drifts from its plan compares different kinds of users, and no interval accounts for that. Every
 * cluster counts once, in the arm of its first call; p below 0.001 is called "not as planned".
 *
 * @remarks Method: chi-square test of a sample ratio, Fabijan et al. (2019), doi:10.1145/3292500.3330722.
 * @throws RangeError if the split is invalid, or has another number of values than the log
 * @example
 * const store = await openDemo();
 * const sixths = "model=1,1,1,1,1,1";
 * (await checkSplit(store, { split: sixths, where: "workload = 'chat-assistant'" })).p.toFixed(2) // "0.17"
 */
export async function checkSplit(store: Store, options: SplitOptions): Promise<SplitCheck> {
  const { column, shares } = parseSplit(options.split);
  const selection = await select(store, requestOf("checkSplit", options), { by: [column] });
  try {
    const { connection, clusterBy } = selection;
    const found = await rowsOf<{ by: Record<string, unknown>; clusters: number; several: number }>(
      connection,
      sql.arms,
    );
    const rows = found
      .filter(({ by }) => by[column] !== null)
      .map(({ by, clusters, several }) => ({ value: String(by[column]), clusters, several }));
    const arms = planned(rows, shares, column);
    const clusters = arms.reduce((sum, arm) => sum + arm.clusters, 0);
    const several = rows.reduce((sum, row) => sum + row.several, 0);
    const least = Math.min(...arms.map((arm) => arm.planned * clusters));
    const chi = arms.reduce(
      (sum, arm) => sum + (arm.clusters - arm.planned * clusters) ** 2 / (arm.planned * clusters),
      0,
    );
    const enough = least >= fewest;
    const p = enough ? 1 - chiSquareCdf(chi, arms.length - 1) : Number.NaN;
    const notes = [
      ...(enough ? [] : [`the smallest arm would have ${least.toFixed(1)} clusters, and needs ${fewest}`]),
      ...(several > 0
        ? [
            `${grouped(several)} of ${grouped(clusters)} have calls in several arms: each counts in its first arm`,
          ]
        : []),
      ...(isOfCalls(clusterBy)
        ? ["every call counts as a cluster, since the log has no users: p is too small where users have many"]
        : []),
    ];
    const broken = claim("plan.not-as-planned", "differs", [testedBy(p, suspicious)], {
      needs: isOfCalls(clusterBy) ? ["calls-independent"] : [],
    });
    return defined({
      column,
      clusterBy,
      arms,
      several,
      chi_square: enough ? chi : Number.NaN,
      p,
      verdict: !enough ? "cannot tell" : p < suspicious ? "not as planned" : "as planned",
      claim: broken,
      note: noteOf(notes),
    });
  } finally {
    selection.close();
  }
}

function planned(
  rows: readonly { value: string; clusters: number }[],
  shares: readonly [value: string | undefined, share: number][],
  column: string,
): SplitArm[] {
  const values = rows.map(({ value }) => value);
  const all = shares.reduce((sum, [, share]) => sum + share, 0);
  if (shares[0][0] === undefined && values.length !== shares.length)
    throw new RangeError(
      `plan requires split to give a share to every ${column} of the log (${values.slice(0, 8).join(", ") || "none"}), got ${shares.length} shares; name them: "${column}=VALUE:0.5,VALUE:0.5", and leave others out with where`,
    );
  const arms = shares.map(([value, share], at) => {
    const name = value ?? values[at];
    const row = rows.find((one) => one.value === name);
    return { value: name, planned: share / all, clusters: row?.clusters ?? 0 };
  });
  const total = arms.reduce((sum, { clusters }) => sum + clusters, 0);
  return arms.map((arm) => ({
    value: arm.value,
    planned: arm.planned,
    share: arm.clusters / total,
    clusters: arm.clusters,
  }));
}
