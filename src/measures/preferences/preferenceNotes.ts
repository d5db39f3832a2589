import type { BradleyTerry } from "../../stats/bradleyTerry";
import type { Estimate } from "../../stats/estimate";
import { expectedOf } from "../../stats/logisticFit";
import { counted, grouped, percent } from "../../stats/text";
import type { Style } from "./styles";

/** What was compared and fitted in one group. */
export interface Compared {
  /** The group, in words; empty if there is only one. */
  place: string;
  counts: { all: number; kept: number; ties: number; raters: number };
  /** Comparisons of which the rater, or the prompt, is not known. */
  without: Record<"rater" | "prompt", number>;
  controls: readonly Style[];
  /** What intervals take as clusters. */
  ways: readonly string[];
  /** What is known as clusters only by its mean over all models, since there are too few to show it of each. */
  few: readonly string[];
  names: readonly string[];
  plain: BradleyTerry;
  equal: BradleyTerry;
  /** The model whose rating is above all others', -1 if none is; and those that its comparisons with them alone leave open. */
  top: number;
  unshown: readonly number[];
}

/** What one step in a control means. For length the step is 1/3: one answer twice as long as the other. */
const step: Record<Style, { size: number; words: string }> = {
  length: { size: 1 / 3, words: "an answer twice as long" },
  lists: { size: 1, words: "an answer with lists, beside one without," },
  headings: { size: 1, words: "an answer with headings, beside one without," },
  bold: { size: 1, words: "an answer with bold passages, beside one without," },
};

/** Notes on what sways raters besides the model, what was left out, and what intervals are based on. */
export function preferenceNotes(of: Compared): string[] {
  const { place, counts, controls, ways, equal } = of;
  const notes = [
    ...misfit(of),
    ...indirectly(of),
    `${counted(counts.kept, "comparison")}, ${percent(counts.ties / counts.all, 2)} of them ties${counts.ties === 0 ? "" : ": half a win in a win rate, while ratings are of wins to losses"}.`,
    firstShown(equal),
    ...controls.map((one, at) => swayed(one, equal.controls[at], equal.ties)),
    ...flips(of),
  ];
  if (counts.kept < counts.all)
    notes.push(
      `${counted(counts.all - counts.kept, "comparison")} ${counts.all - counts.kept === 1 ? "is" : "are"} left out: ${controls.length === 0 ? "both answers are by one model" : "the style of an answer is not known, or both are by one model"}.`,
    );
  const words = ways.map((one) => (one === "rater_id" ? "of one rater" : "of one prompt"));
  notes.push(
    words.length === 0
      ? "Intervals take each comparison as independent."
      : `Intervals take the comparisons ${words.join(" as one cluster, and those ")}${words.length === 1 ? " as one cluster" : " as another"}.`,
  );
  for (const what of mostUnknown(of))
    notes.push(
      `The ${what} of ${percent(of.without[what] / counts.kept, 2)} of comparisons is not known: each of these counts as one of its own, and a first place leads if they are independent of each other.`,
    );
  if (areRatersOpen(of))
    notes.push(
      of.few.includes("rater_id")
        ? `${grouped(counts.raters)} raters, too few or too uneven to be clusters: intervals and ranks allow for how they differ over all models on average, not over one alone. Five or more raters would show that.`
        : `${counts.raters === 1 ? "One rater" : `${grouped(counts.raters)} raters, of whom one judged nearly all`}: how raters differ is not in the intervals, nor in the ranks.`,
    );
  return place === "" ? notes : notes.map((note) => `${place}: ${note}`);
}

/** True if some raters judged several pairs each, and no interval knows how they differ over each model. */
export const areRatersOpen = ({ counts, ways }: Pick<Compared, "counts" | "ways">): boolean =>
  !ways.includes("rater_id") && counts.raters > 0 && counts.raters < counts.kept;

/** Of what more than a tenth of the comparisons say nothing: those of one rater, or prompt, are not known to belong together. */
export const mostUnknown = ({ counts, without }: Pick<Compared, "counts" | "without">) =>
  (["rater", "prompt"] as const).filter((what) => without[what] > 0.1 * counts.kept);

function firstShown({ shownFirst: share, isSideFixed }: BradleyTerry): string {
  if (isSideFixed)
    return "Which answer was shown first follows from the models, so an advantage of the first cannot be told from theirs, and none is taken out.";
  if (share === undefined)
    return "Which answer was shown first is not known, so no advantage of the first is taken out.";
  const apart = share.low > 0.5 || share.high < 0.5;
  const rate = rateText(share);
  return apart
    ? `Of two equal models the answer shown first is preferred in ${rate} of comparisons; win rates are corrected for this.`
    : `No advantage of the answer shown first is shown: ${rate} between equal models.`;
}

/** Says that one rating for each model does not fit, and which pairs lie furthest from it. */
function misfit({ equal, names }: Compared): string[] {
  if (equal.misfit === undefined) return [];
  const { f, degrees, furthest } = equal.misfit;
  const pairs = furthest.map(
    ({ first, second, seen, expected }) =>
      `${names[first]} wins ${percent(seen, 2)} against ${names[second]}, and by the ratings ${percent(expected, 2)}`,
  );
  return [
    `One rating for each model does not explain these comparisons (F ${f.toFixed(1)} with ${degrees.map((one) => Math.round(one)).join(" and ")} degrees of freedom), as where preferences go round in a circle: no model is first. Furthest off: ${pairs.join("; ")}.`,
  ];
}

/** Says over which models the first is first by its ratings alone. */
function indirectly({ names, top, unshown }: Compared): string[] {
  if (unshown.length === 0) return [];
  const others = unshown.map((other) => names[other]).join(", ");
  return [
    `${names[top]} is first if preferences do not go round in a circle: its comparisons with ${others} alone do not show it, only those with other models.`,
  ];
}

function swayed(style: Style, { value, low, high, ...rest }: Estimate, ties: number): string {
  const { size, words } = step[style];
  const share = (x: number) => expectedOf(size * x, ties).share;
  const rate = rateText({ ...rest, value: share(value), low: share(low), high: share(high) });
  return `Of two equal models ${words} is preferred in ${rate} of comparisons.`;
}

const rateText = ({ value, low, high }: Estimate) =>
  `${percent(value, 2)} [${[low, high].map((end) => percent(end, 2).replace(" %", "")).join(", ")}]`;

/** Notes how many pairs of models change order with equal style. */
function flips({ controls, names, plain, equal }: Compared): string[] {
  if (controls.length === 0) return [];
  const known = names.flatMap((_, at) => (Number.isNaN(equal.strength[at].value) ? [] : [at]));
  const over = (fit: BradleyTerry, a: number, b: number) => fit.strength[a].value - fit.strength[b].value;
  const pairs = known.flatMap((a, at) => known.slice(at + 1).map((b): [number, number] => [a, b]));
  const turned = pairs.filter(([a, b]) => over(plain, a, b) * over(equal, a, b) < 0);
  const first = (fit: BradleyTerry) =>
    known.reduce((best, at) => (over(fit, at, best) > 0 ? at : best), known[0]);
  if (pairs.length === 0) return [];
  const top =
    first(plain) === first(equal)
      ? ""
      : ` ${names[first(plain)]} has the highest rating as judged, ${names[first(equal)]} with equal style.`;
  return [
    `With equal ${controls.length === 1 ? controls[0] : "style"} ${turned.length} of ${pairs.length} pairs of models change their order, by the estimates alone.${top}`,
  ];
}
