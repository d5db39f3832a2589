import { estimateText, formatEstimate } from "../charts/number";
import { assumed } from "../decide/assume";
import { listed } from "../decide/choose/chooseText";
import { metric } from "../measures/metric";
import { groupedBy } from "../measures/rowKey";
import { isEstimate, type Row } from "../measures/table";
import { type AssumptionId, type Claim, isSettled } from "../stats/claim";
import type { Estimate } from "../stats/estimate";
import { say } from "../stats/sentences";
import { percent } from "../stats/text";
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
  /** What the others are, in a word: "slower". */
  word: string;
  /** That it is the best, and how far that stands. */
  claim: Claim;
}

/** True if a finding names the best whatever is not known. */
const isSure = ({ near, claim }: Finding): boolean => near.length === 0 && isSettled(claim);
/** True if it does as long as an assumption holds. */
const isConditional = ({ near, claim }: Finding): boolean => near.length === 0 && claim.status === "leads if";

/** What a conditional finding takes for granted, as a clause. */
const assumedOf = ({ claim: { needs = "outcomes-alike" } }: Finding): string => assumed[needs];

export interface Side {
  model: string;
  estimate: Estimate;
}

/** Maximum number of findings in a headline. */
const MOST_FINDINGS = 3;
/** Maximum number of names in a list; of more, their number is given. */
const MOST_NAMES = 3;

/**
 * Which model is clearly the best, and at what: quality first, since cost, speed and errors do not measure it.
 *
 * @param told the findings that the headline rests on
 * @param all all findings, to know whether a model is ahead in everything
 */
export function headline(told: readonly Finding[], all: readonly Finding[]): string {
  const sure = told.filter(isSure);
  const conditional = told.filter(isConditional);
  const ofQuality = [...new Set(told.filter(({ quality }) => quality).map(({ label }) => label))];
  const none =
    ofQuality.length === 0
      ? " The log has no outcome and no score: it says nothing about how good answers are."
      : "";
  const partlyOpen = told.filter((one) => one.near.length > 0 && one.near.length < one.others.length);
  const clause = (one: Finding) => partly(one, one.workload === "" ? "" : ` for ${one.workload}`);
  const urgent = partlyOpen.filter(isUrgent).map(clause);
  const failing = failure(all);
  if (sure.length + conditional.length + partlyOpen.length === 0)
    return `${failing ?? say("report.cannot", {})}${none}`;
  const workloads = new Set(told.map(({ workload }) => workload));
  const winners = [...new Set(sure.map(({ best }) => best.model))];
  if (winners.length === 1 && all.every((one) => isSure(one) && one.best.model === winners[0]))
    return `${say("report.everything", { model: winners[0] })}${none}`;
  const winsOf = (some: readonly Finding[], needs?: AssumptionId) =>
    [...new Set(some.map(({ best }) => best.model))]
      .map((model) => {
        const own = some.filter(({ best }) => best.model === model);
        const good = new Set(own.filter(({ quality }) => quality).map(({ label }) => label)).size;
        return { model, own, good };
      })
      .sort((a, b) => b.good - a.good || b.own.length - a.own.length)
      .map(({ model, own }) =>
        ofWins(needs, { model, labels: listed(byLabel(own, told)), worse: worse(model, own, told) }),
      );
  const wins = [
    ...winsOf(sure),
    ...[...groupedBy(conditional, ({ claim }) => String(claim.needs)).values()].flatMap((some) =>
      winsOf(some, some[0].claim.needs),
    ),
  ];
  // Who wins by cost and is behind in quality is said to be, with its win.
  const isSaid = ({ quality }: Finding) => quality && wins.some((win) => win.includes(", but worse "));
  const behind = partlyOpen.filter((one) => !isUrgent(one) && !isSaid(one)).map(clause);
  const said = [...urgent, ...wins, ...(workloads.size > 1 ? [] : behind)].slice(0, MOST_FINDINGS);
  const more = wins.length > MOST_FINDINGS ? `; ${wins.length - MOST_FINDINGS} more lead in something` : "";
  const open =
    ofQuality.length > 0 &&
    [...sure, ...conditional].every(({ quality }) => !quality) &&
    !said.join().includes(", but worse ")
      ? say("report.openQuality", { labels: listed(ofQuality) })
      : "";
  return `${`${open}${said.join("; ")}`.replace(/^if /, "If ")}${more}.${none}`;
}

/** A share of failed calls from which failures come before all else. */
const MANY_FAIL = 0.1;

/** True if those that are shown to fail more often than others do so in many calls. */
const isUrgent = (finding: Finding): boolean =>
  finding.column === "error_rate" && (worseThanBest(finding)[0]?.estimate.low ?? 0) >= MANY_FAIL;

/** That every model fails in many calls; undefined if not all do. */
function failure(all: readonly Finding[]): string | undefined {
  const failing = all.filter(({ column }) => column === "error_rate");
  const shares = failing.flatMap(({ best, others }) => [best, ...others].map(({ estimate }) => estimate));
  const least = Math.min(...shares.map(({ low }) => low));
  return shares.length > 0 && least >= MANY_FAIL
    ? say("report.failing", { share: percent(least) })
    : undefined;
}

const ofWins = (needs: AssumptionId | undefined, values: { model: string; labels: string; worse: string }) =>
  needs === undefined
    ? say("report.first", values)
    : say("report.firstIf", { ...values, assumed: assumed[needs] });

/** The labels of a model's wins, with the number of workloads where it is not all that were compared. */
function byLabel(own: readonly Finding[], told: readonly Finding[]): string[] {
  return [...new Set(own.map(({ label }) => label))].map((label) => {
    const [won, of] = [own, told].map((some) => some.filter((one) => one.label === label).length);
    return won === of ? label : `${label} in ${won} of ${of} workloads`;
  });
}

/** What a model that leads in something gives away in quality: the cheapest may get clearly less done. */
function worse(model: string, own: readonly Finding[], told: readonly Finding[]): string {
  const behind = told.filter(
    ({ workload, quality, others, near }) =>
      quality &&
      // Otherwise the headline names the winner.
      near.length > 0 &&
      own.some((one) => one.workload === workload) &&
      others.some((one) => one.model === model) &&
      !near.some((one) => one.model === model),
  );
  const [first] = behind;
  if (first === undefined) return "";
  const alike = behind.filter(({ label, best }) => label === first.label && best.model === first.best.model);
  const where = first.workload === "" || alike.length === behind.length ? "" : ` (${first.workload})`;
  return say("report.worse", { best: first.best.model, label: first.label, where });
}

/** What there is to say of one metric in a sentence, over all workloads that have it. */
export function aspectSentence(about: string, found: readonly Finding[]): string {
  return `${about}: ${found.length === 1 ? oneWork(found[0]) : severalWorks(found)}.`;
}

function oneWork(finding: Finding): string {
  const { label, workload, best, others, near, claim } = finding;
  const where = workload === "" ? "" : ` for ${workload}`;
  const last = others[others.length - 1];
  if (near.length === others.length) {
    const ends = [best, last]
      .sort((a, b) => a.estimate.value - b.estimate.value)
      .map(({ estimate }) => without(estimate));
    return say("report.none", { where, label, ends: together(ends).join(" to ") });
  }
  if (near.length > 0) return partly(finding, where);
  const [next] = others;
  const [facts, its] = together([fact("", best.estimate), fact("", next.estimate)]);
  const values = { model: best.model, label, where, facts, next: next.model, its };
  if (isSure(finding)) return say("report.best", values);
  const lost =
    claim.lost_below === undefined
      ? ""
      : `; lost if failures of ${best.model} are reported less than ${claim.lost_below.toPrecision(2)} times as often as others'`;
  return say("report.bestIf", { ...values, assumed: assumedOf(finding), lost });
}

/** The others that are shown to be worse than the best, worst first. */
const worseThanBest = ({ others, near }: Finding): Side[] =>
  others.filter((side) => !near.includes(side)).reverse();

/** Models from which a front is named, and the others are counted. */
const MOST_IN_FRONT = 3;

/** Who is shown to be worse where nobody is shown to be the best. */
function partly(finding: Finding, where: string): string {
  const { label, best, near, word } = finding;
  const worse = worseThanBest(finding);
  const front = [best, ...near];
  if (front.length <= MOST_IN_FRONT && worse.length > front.length)
    return say("report.front", {
      front: eitherOf(front.map(({ model }) => model)),
      ...{ label, where, word, count: String(worse.length) },
      ends: together([best, front[front.length - 1]].map(({ estimate }) => without(estimate))).join(" to "),
    });
  return worst(finding, where);
}

/** Who is shown to be worse than the best, with their numbers. */
function worst(finding: Finding, where: string): string {
  const { label, best, word } = finding;
  const worse = worseThanBest(finding);
  const named = worse.slice(0, MOST_NAMES).map(({ model, estimate }) => `${model} (${without(estimate)})`);
  const more = worse.length > MOST_NAMES ? [`${worse.length - MOST_NAMES} more`] : [];
  return say("report.worst", {
    worse: listed([...named, ...more]),
    are: worse.length === 1 ? "is" : "are",
    ...{ word, label, where, best: best.model, fact: without(best.estimate) },
  });
}

const eitherOf = (names: readonly string[]) => listed(names).replace(/ and (?=[^ ]+$)/, " or ");

/** Two facts in one sentence; what both are paid for is said once, at the end. */
function together([one, other]: readonly string[]): [string, string] {
  const paid = / (per|a) [\w, ]+$/.exec(other)?.[0] ?? "";
  return [paid !== "" && one.endsWith(paid) ? one.slice(0, -paid.length) : one, other];
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
  if (wins.size === 0) return say("report.noneIn", { label, count: String(found.length) });
  const said = [...wins]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([model, workloads], at) => {
      const where = few(workloads, "workloads");
      return at === 0 ? say("report.bestIn", { model, label, where }) : `${model} for ${where}`;
    });
  return [...said, ...(open === undefined ? [] : [`open for ${few(open, "workloads")}`])].join("; ");
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
      return say("report.alike", { ...first, near: some });
    }
    const [next] = others;
    const rest = { ...first, its: fact("", next.estimate), next: next.model };
    const text = say(others.length > 1 ? "report.next" : "report.against", rest);
    return isConditional(finding) ? `${text}, if ${assumedOf(finding)}` : text;
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
const fact = (label: string, estimate: Estimate) =>
  money(estimate) ?? `${label} ${formatEstimate(estimate)}`.trim();

/** The number without its interval. */
function without(estimate: Estimate): string {
  const { value, unit } = estimateText(estimate);
  return money(estimate)?.replace(/ \[.*?\]/, "") ?? `${value}${unit === "" ? "" : ` ${unit}`}`;
}
