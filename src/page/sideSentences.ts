import { estimateText, formatEstimate } from "../charts/number";
import { listed } from "../decide/choose/chooseText";
import { metric } from "../measures/metric";
import type { Pair } from "../measures/mix/promptPairs";
import { isEstimate, type Row } from "../measures/table";
import { assumed } from "../stats/assumed";
import { type Claim, isSettled } from "../stats/claim";
import type { Estimate } from "../stats/estimate";
import { say } from "../stats/sentences";
import { brief } from "../stats/text";
import { money } from "./money";

/** A metric of one workload: which model is best, and which may be as good. */
export interface Finding {
  column: string;
  label: string;
  workload: string;
  /** Whether it measures how good the answers are. */
  quality: boolean;
  best: Side;
  /** The others, best first. */
  others: Side[];
  /** Those of the others that may be as good as the best; none if it is shown to be the best. */
  near: Side[];
  /** Models of the workload whose number is not known: with any, nobody is shown to be the best. */
  left: readonly string[];
  /** The best and the next, prompt by prompt, where they share prompts. */
  pair?: Pair;
  /** What the others are, in a word: "slower". */
  word: string;
  /** That it is the best, and how far that stands. */
  claim: Claim;
}

/** True if a finding names the best whatever is not known. */
export const isSure = ({ near, claim }: Finding): boolean => near.length === 0 && isSettled(claim);
/** True if it does as long as an assumption holds. */
export const isConditional = ({ near, claim }: Finding): boolean =>
  near.length === 0 && claim.status === "leads if";

/** True if it names no best, whether or not it tells some from it. */
export const isOpen = (finding: Finding): boolean => !isSure(finding) && !isConditional(finding);

/** Whose number is not known. */
const leftOut = ({ left }: Pick<Finding, "left">): string =>
  left.length === 0 ? "" : `; not known of ${few(left, "models")}`;

/** What a conditional finding takes for granted, as a clause. */
const assumedOf = ({ claim: { needs = "outcomes-alike" } }: Finding): string => assumed[needs];

export interface Side {
  model: string;
  estimate: Estimate;
}

/** Maximum number of names in a list; of more, their number is given. */
const MOST_NAMES = 3;

/** Workloads of which it is said who is worse there; more are counted. */
const MOST_BEHIND = 2;

/** Worse ones beyond this number are counted, since three names of so many say little. */
const MOST_LISTED = 8;

/** What there is to say of one metric in a sentence, over all workloads that have it. */
export function aspectSentence(about: string, found: readonly Finding[]): string {
  return `${about}: ${found.length === 1 ? oneWork(found[0]) : severalWorks(found)}.`;
}

function oneWork(finding: Finding): string {
  const { label, workload, best, others, claim } = finding;
  const where = workload === "" ? "" : ` for ${workload}`;
  if (tellsNothing(finding)) {
    const sides = [best, ...others].map(({ estimate }) => estimate).sort((x, y) => x.value - y.value);
    const [least, most] = [sides[0], sides[sides.length - 1]].map((side, _, ends) =>
      withoutAt(side, ends[1] ?? side),
    );
    if (least === most) return `the measured ${label}${where} is ${least} for all${leftOut(finding)}`;
    const ends = together([least, most]).join(" to ");
    return `${say("report.none", { where, label, ends })}${leftOut(finding)}`;
  }
  if (isOpen(finding)) return partly(finding, where);
  const [next] = others;
  const [facts, its] = paidOnce([fact("", best.estimate), fact("", next.estimate, best.estimate)]);
  const values = { model: best.model, label, where, facts, next: next.model, its };
  if (isSure(finding)) return `${say("report.best", values)}${spread(finding)}`;
  const lost =
    claim.lost_below === undefined
      ? ""
      : `; lost if failures of ${best.model} are reported less than ${claim.lost_below.toPrecision(2)} times as often as others'`;
  return say("report.bestIf", { ...values, assumed: assumedOf(finding), lost });
}

/** How many times as much as the best from which it is said. */
const FAR = 2;

/** How far costs are apart, as measured: of three models or more the last, and how many times as much it costs. */
function spread({ column, best, others }: Finding): string {
  const last = others[others.length - 1];
  const times = last.estimate.value / best.estimate.value;
  return column.startsWith("cost_") && others.length > 1 && times >= FAR && Number.isFinite(times)
    ? `; measured highest is ${last.model}, ${paidOnce([fact("", best.estimate), fact("", last.estimate, best.estimate)])[1]}, ${brief(times)} times as much`
    : "";
}

/** True if a finding tells no model apart from the best. */
export const tellsNothing = ({ near, others }: Finding): boolean => near.length === others.length;

/** The others that are shown to be worse than the best, worst first. */
export const worseThanBest = ({ others, near }: Finding): Side[] =>
  others.filter((side) => !near.includes(side)).reverse();

/** Models from which a front is named, and the others are counted. */
const MOST_IN_FRONT = 3;

/** Who is shown to be worse where nobody is shown to be the best. */
export function partly(finding: Finding, where: string): string {
  const { label, best, near, word } = finding;
  const worse = worseThanBest(finding);
  const front = [best, ...near];
  if (finding.left.length > 0) return `${worst(finding, where)}${leftOut(finding)}`;
  if (front.length <= MOST_IN_FRONT && worse.length > front.length)
    return say("report.front", {
      front: listed(
        front.map(({ model }) => model),
        "or",
      ),
      ...{ label, where, word, count: String(worse.length) },
      ends: together([best, front[front.length - 1]].map(({ estimate }) => without(estimate))).join(" to "),
    });
  return worst(finding, where);
}

/** Who is shown to be worse than the best, with their numbers. */
export function worst(finding: Finding, where: string): string {
  const { label, best, word } = finding;
  const worse = worseThanBest(finding);
  const onScale = ({ estimate }: Side) => withoutAt(estimate, best.estimate);
  const isCounted = worse.length > MOST_LISTED;
  const shown = isCounted ? worse.slice(0, 1) : worse.slice(0, MOST_NAMES);
  const facts = paidOnce([...shown, best].map(onScale));
  const named = shown.map(({ model }, at) => `${model} (${facts[at]})`);
  const more = worse.length > MOST_NAMES ? [`${worse.length - MOST_NAMES} more`] : [];
  const { value: least } = worse[worse.length - 1].estimate;
  const way = worse[0].estimate.value < least ? "down to" : "up to";
  return say("report.worst", {
    worse: isCounted
      ? `${worse.length} of ${finding.others.length} others (${way} ${facts[0]})`
      : listed([...named, ...more]),
    are: worse.length === 1 ? "is" : "are",
    ...{ word, label, where, best: best.model, fact: facts[shown.length] },
  });
}

/** What a sum of money is paid for. */
const paidWords = / (per|a) [\w, ]+$/;

/** A range in one sentence; what both ends are paid for is said once, at its end. */
function together([one, other]: readonly string[]): [string, string] {
  const paid = paidWords.exec(other)?.[0] ?? "";
  return [paid !== "" && one.endsWith(paid) ? one.slice(0, -paid.length) : one, other];
}

/** Facts in one sentence; what all are paid for is said once, with the first. */
function paidOnce(facts: readonly string[]): string[] {
  const paid = paidWords.exec(facts[0])?.[0] ?? "";
  return facts.map((text, at) =>
    at > 0 && paid !== "" && text.endsWith(paid) ? text.slice(0, -paid.length) : text,
  );
}

function severalWorks(found: readonly Finding[]): string {
  const wins = new Map<string, string[]>();
  for (const finding of found) {
    const { best, workload } = finding;
    const who = isSure(finding)
      ? best.model
      : isConditional(finding)
        ? `${best.model}, if ${assumedOf(finding)},`
        : "";
    wins.set(who, [...(wins.get(who) ?? []), workload]);
  }
  const { label } = found[0];
  const open = wins.get("");
  wins.delete("");
  // Who is worse is said where nobody is best.
  const behind = found.filter(isOpen).filter((one) => !tellsNothing(one));
  const shown = behind.slice(0, MOST_BEHIND).map((one) => partly(one, ` for ${one.workload}`));
  const more = behind.length - shown.length;
  const left =
    more > 0 ? [`and in ${more} more ${more === 1 ? "workload" : "workloads"} some are behind`] : [];
  if (wins.size === 0)
    return shown.length > 0
      ? [...shown, ...left].join("; ")
      : say("report.noneIn", { label, count: String(found.length) });
  const said = [...wins]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([model, workloads], at) => {
      const where = few(workloads, "workloads");
      return at === 0 ? say("report.bestIn", { model, label, where }) : `${model} for ${where}`;
    });
  const others = open === undefined ? [] : [`open for ${few(open, "workloads")}`];
  return [...said, ...others, ...shown, ...left].join("; ");
}

const few = (names: readonly string[], what: string) =>
  names.length > MOST_NAMES ? `${names.length} ${what}` : listed(names);

/** Findings with all their numbers. */
export function numbers(found: readonly Finding[]): string {
  const said = found.map((finding) => {
    const { label, best, others, near } = finding;
    const first = { fact: fact(label, best.estimate), model: best.model };
    if (near.length > 0) {
      const some = others.length === 1 ? others[0].model : `${near.length} of ${others.length} others`;
      return `${say("report.alike", { ...first, near: some })}${leftOut(finding)}`;
    }
    const [next] = others;
    const its = paidOnce([first.fact, fact("", next.estimate, best.estimate)])[1];
    const rest = { ...first, its, next: next.model };
    const text = say(others.length > 1 ? "report.next" : "report.against", rest);
    return isConditional(finding) ? `${text}, if ${assumedOf(finding)}` : `${text}${leftOut(finding)}`;
  });
  return `${said.join("; ")}.`;
}

/** What is known about one model. */
export function alone(row: Row, columns: readonly string[], named = true): string {
  const facts = columns.flatMap((column) => {
    const estimate = row[column];
    if (!isEstimate(estimate) || !Number.isFinite(estimate.value)) return [];
    return [fact(metric(column).label, estimate)];
  });
  if (!named) return facts.join(", ");
  return `${String(row.model ?? "model not known")}: ${facts.join(", ") || "nothing is known"}`;
}

/** A number after its label, without its interval. */
export const short = (label: string, estimate: Estimate): string =>
  estimate.unit?.startsWith("USD") ? without(estimate) : `${label} ${without(estimate)}`;

/** An estimate after its label; money already says what it is paid for. */
const fact = (label: string, estimate: Estimate, scale = estimate) =>
  money(estimate, scale) ?? `${label} ${atLeast(estimate)}${formatEstimate(ended(estimate))}`.trim();

/** An interval with neither end is none. */
const ended = (estimate: Estimate): Estimate =>
  estimate.low === -Infinity && estimate.high === Infinity
    ? { ...estimate, low: Number.NaN, high: Number.NaN }
    : estimate;

/** Of a wait that a time limit cut off it is known that it was longer. */
const atLeast = ({ reservations }: Estimate): string =>
  (reservations ?? []).some(({ id }) => id === "method.censored") ? "at least " : "";

/** The number without its interval. */
const without = (estimate: Estimate): string => withoutAt(estimate, estimate);

/** The same on the scale of another: money for one or for a thousand of both. */
function withoutAt(estimate: Estimate, other: Estimate): string {
  const { value, unit } = estimateText(estimate);
  return `${atLeast(estimate)}${money(estimate, other)?.replace(/ \[.*?\]/, "") ?? `${value}${unit === "" ? "" : ` ${unit}`}`}`;
}
