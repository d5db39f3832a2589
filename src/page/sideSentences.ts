import { estimateText, formatEstimate } from "../charts/number";
import { assumed } from "../decide/assume";
import { listed } from "../decide/choose/chooseText";
import { metric } from "../measures/metric";
import { groupedBy } from "../measures/rowKey";
import { isEstimate, type Row } from "../measures/table";
import { type AssumptionId, type Claim, isSettled } from "../stats/claim";
import type { Estimate } from "../stats/estimate";
import { say } from "../stats/sentences";
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
  /** That it is the best, and how far that stands. */
  claim: Claim;
}

/** True if a finding names the best whatever is not known. */
const isSure = ({ near, claim }: Finding): boolean => near.length === 0 && isSettled(claim);
/** True if it does as long as an assumption holds. */
const isConditional = ({ near, claim }: Finding): boolean => near.length === 0 && claim.status === "leads if";

export interface Side {
  model: string;
  estimate: Estimate;
}

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
  if (sure.length + conditional.length === 0) return `${say("report.cannot", {})}${none}`;
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
  const said = wins.slice(0, 3);
  const more = wins.length > 3 ? `; ${wins.length - 3} more lead in something` : "";
  const open =
    ofQuality.length > 0 &&
    [...sure, ...conditional].every(({ quality }) => !quality) &&
    !said.join().includes(", but worse ")
      ? say("report.openQuality", { labels: listed(ofQuality) })
      : "";
  return `${`${open}${said.join("; ")}`.replace(/^if /, "If ")}${more}.${none}`;
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
  if (near.length > 0)
    return say("report.leads", {
      model: best.model,
      label,
      where,
      fact: fact("", best.estimate),
      near: few(
        near.map(({ model }) => model),
        "others",
      ),
    });
  const [next] = others;
  const [facts, its] = together([fact("", best.estimate), fact("", next.estimate)]);
  const values = { model: best.model, label, where, facts, next: next.model, its };
  if (isSure(finding)) return say("report.best", values);
  const lost =
    claim.lost_below === undefined
      ? ""
      : `; lost if failures of ${best.model} are reported less than ${claim.lost_below.toPrecision(2)} times as often as others'`;
  return say("report.bestIf", { ...values, assumed: assumed[claim.needs ?? "outcomes-alike"], lost });
}

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
        ? `${best.model}, if outcomes are reported alike,`
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
    return isConditional(finding) ? `${text}, if outcomes are reported alike` : text;
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

/** An estimate after its label; money already says what it is paid for. */
const fact = (label: string, estimate: Estimate) =>
  money(estimate) ?? `${label} ${formatEstimate(estimate)}`.trim();

/** The number without its interval. */
function without(estimate: Estimate): string {
  const { value, unit } = estimateText(estimate);
  return money(estimate)?.replace(/ \[.*?\]/, "") ?? `${value}${unit === "" ? "" : ` ${unit}`}`;
}
