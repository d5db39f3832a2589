import { binomialTails } from "../../stats/binomial";
import { bradleyTerry } from "../../stats/bradleyTerry";
import type { AssumptionId, Claim } from "../../stats/claim";
import { type Comparisons, numbered, waysBySize } from "../../stats/comparisons";
import { type Estimate, toldBy } from "../../stats/estimate";
import { firstClaim } from "../../stats/rankClaim";
import { notShownDirectly } from "../../stats/shownDirectly";
import { grouped } from "../../stats/text";
import { keysOf } from "../rowKey";
import type { Keyed, Row } from "../table";
import { areRatersOpen, mostUnknown, preferenceNotes } from "./preferenceNotes";
import type { Style } from "./styles";

/** How often raters prefer one model. */
export type PreferenceRow = Keyed<{
  model: string;
  comparisons: number;
  /**
   * Share of comparisons won against each of the others equally often, or against the baseline, a tie counting as half a
   * win, with no advantage of position and all controls equal.
   */
  win_rate: Estimate;
  /** The same without controls, if there are any. */
  as_judged?: Estimate;
  /** Strength on Elo's scale, however many ties: 1,000 is the average, and 400 more wins ten times as often as it loses. */
  rating: Estimate;
  /** The ranks that the model may truly have, 1 the best: any, where one rating for each model does not fit. */
  rank_low: number;
  rank_high: number;
  /** That it is preferred to all others, or that it is not, and how far that stands. */
  claim: Claim;
}>;

/** The comparisons of one group, as columns. */
export interface Group extends Record<string, unknown> {
  by: Row;
  n: number;
  ties: number;
  raters: number;
  model_a: string[];
  model_b: string[];
  preferred: number[];
  shown: number[];
  rater_id: (string | null)[];
  prompt_id: (string | null)[];
}

interface GroupOptions {
  by: readonly string[];
  controls: readonly Style[];
  model: ReadonlyMap<string, string>;
  baseline: string | undefined;
  level: number;
}

/** How often raters prefer each model of a group. */
export function rowsOfGroup(group: Group, chosen: GroupOptions): { rows: PreferenceRow[]; notes: string[] } {
  const { by, controls, baseline, level } = chosen;
  const place = by.map((name) => String(group.by[name] ?? "not given")).join(" · ");
  const kept = group.preferred.flatMap((_, at) => {
    const same = chosen.model.get(group.model_a[at]) === chosen.model.get(group.model_b[at]);
    return same || controls.some((one) => (group[one] as (number | null)[])[at] === null) ? [] : [at];
  });
  if (kept.length === 0) {
    const lacking = `comparisons in which ${controls.join(", ") || "two models"} ${controls.length === 1 ? "is" : "are"} known, got none of ${grouped(group.n)}`;
    if (place === "") throw new RangeError(`preferences requires ${lacking}`);
    return { rows: [], notes: [`${place} is left out: it needs ${lacking}.`] };
  }
  const of = <T>(list: readonly T[]) => kept.map((at) => list[at]);
  const nameA = of(group.model_a).map((name) => chosen.model.get(name)!);
  const nameB = of(group.model_b).map((name) => chosen.model.get(name)!);
  const names = [...new Set([...nameA, ...nameB])].sort();
  const number = new Map(names.map((name, at) => [name, at]));
  const { enough: ways, few } = waysBySize([
    { name: "rater_id", ids: numbered(of(group.rater_id)) },
    { name: "prompt_id", ids: numbered(of(group.prompt_id)) },
  ]);
  const comparisons: Comparisons = {
    first: nameA.map((name) => number.get(name)!),
    second: nameB.map((name) => number.get(name)!),
    preferred: of(group.preferred),
    shown: of(group.shown),
    clusters: ways.map(({ ids }) => ids),
    fewClusters: few.map(({ ids }) => ids),
  };
  const against = baseline === undefined ? undefined : number.get(baseline);
  const options = { models: names.length, baseline: against, level };
  const clusterBy = ways.map(({ name }) => name).join(", ") || "comparison_id";
  const plain = bradleyTerry(comparisons, { ...options, ranked: controls.length === 0 });
  const styled = { ...comparisons, controls: controls.map((one) => of(group[one] as number[])) };
  const equal = controls.length === 0 ? plain : bradleyTerry(styled, options);
  // Of two models every comparison is a toss: what chance does to whole numbers of wins is known exactly.
  const isChance =
    names.length === 2 && ways.length + controls.length === 0 && !isMoreThanChance(comparisons, level);
  const isAny = equal.misfit !== undefined || isChance;
  const top = !isAny ? equal.ranks.findIndex(({ high }) => high === 1) : -1;
  const unshown = top < 0 ? [] : notShownDirectly(styled, top, { models: names.length, level });
  const counts = { all: group.n, kept: kept.length, ties: group.ties, raters: group.raters };
  const without = {
    rater: of(group.rater_id).filter((id) => id === null).length,
    prompt: of(group.prompt_id).filter((id) => id === null).length,
  };
  const needs: AssumptionId[] = [
    ...(equal.shownFirst === undefined ? ["nothing-unlogged" as const] : []),
    ...(areRatersOpen({ counts, ways: ways.map(({ name }) => name) }) ? ["raters-alike" as const] : []),
    ...(mostUnknown({ counts, without }).length > 0 ? ["comparisons-independent" as const] : []),
  ];
  const rows = names.map((name, at): PreferenceRow => {
    const own = (estimate: Estimate) => ({ ...estimate, clusterBy });
    return {
      ...keysOf(by, group.by),
      model: name,
      comparisons: equal.winRate[at].n,
      win_rate: own(equal.winRate[at]),
      ...(controls.length === 0 ? {} : { as_judged: own(plain.winRate[at]) }),
      rating: rating(own(equal.strength[at])),
      ...ranksIn(equal.ranks[at], isAny),
      claim: firstClaim("preferences", ranksIn(equal.ranks[at], isChance), toldBy(equal.strength[at]), {
        needs: at === top && unshown.length > 0 ? ["no-circle", ...needs] : needs,
      }),
    };
  });
  rows.sort((a, b) => order(b) - order(a) || (a.model < b.model ? -1 : 1));
  const notes = preferenceNotes({
    place,
    counts,
    without,
    controls,
    ways: ways.map(({ name }) => name),
    few: few.map(({ name }) => name),
    names,
    plain,
    equal,
    ...{ top, unshown },
  });
  return { rows, notes };
}

/** The sign test, where every comparison is won, lost or tied: so many more wins than losses are rarer than chance allows. */
function isMoreThanChance({ first, preferred }: Comparisons, level: number): boolean {
  const firstWins = Array.from(preferred);
  if (firstWins.some((one) => ![0, 0.5, 1].includes(one))) return true;
  const decided = firstWins.filter((one) => one !== 0.5).length;
  const wins = firstWins.filter((one, at) => one === 1 - first[at]).length;
  const [tail] = binomialTails(Math.min(wins, decided - wins), decided, 0.5);
  return 2 * tail <= 1 - level;
}

const order = ({ win_rate, rating }: PreferenceRow) =>
  Number.isNaN(win_rate.value) ? (Number.isNaN(rating.value) ? -2 : 0.5) : win_rate.value;

/** The ranks a model may have: any, where no order explains the comparisons. */
const ranksIn = ({ low, high, n }: Estimate, any = false) =>
  any && !Number.isNaN(low) ? { rank_low: 1, rank_high: n } : { rank_low: low, rank_high: high };

/** Converts log-odds to Elo points. */
function rating(strength: Estimate): Estimate {
  const points = (x: number) => 1000 + (400 / Math.LN10) * x;
  const { value, low, high } = strength;
  return { ...strength, value: points(value), low: points(low), high: points(high), unit: "points" };
}
