import { listed } from "../decide/choose/chooseText";
import { groupedBy } from "../measures/rowKey";
import { assumed } from "../stats/assumed";
import type { AssumptionId } from "../stats/claim";
import { say } from "../stats/sentences";
import { percent } from "../stats/text";
import { failsOften } from "./failing";
import {
  type Finding,
  isConditional,
  isOpen,
  isSure,
  partly,
  tellsNothing,
  worseThanBest,
} from "./sideSentences";

/** Maximum number of findings in a headline. */
const MOST_FINDINGS = 3;
/** Letters from which a headline has fewer. */
const MOST_LETTERS = 330;

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
  const partlyOpen = told.filter((one) => isOpen(one) && !tellsNothing(one));
  const clause = (one: Finding) => partly(one, one.workload === "" ? "" : ` for ${one.workload}`);
  const urgent = partlyOpen.filter(isUrgent).map(clause);
  const failing = failure(all);
  if (sure.length + conditional.length + partlyOpen.length === 0)
    // Where calls fail there are few answers to be good.
    return failing ?? `${say("report.cannot", {})}${none}`;
  const workloads = new Set(told.map(({ workload }) => workload));
  const winners = [...new Set(sure.map(({ best }) => best.model))];
  // One metric is not everything.
  const isAhead = ({ best }: Finding) => best.model === winners[0];
  const several = new Set(all.map(({ label }) => label)).size > 1;
  if (winners.length === 1 && several && all.every((one) => isSure(one) && isAhead(one)))
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
        ofWins(needs, {
          model,
          labels: listed(byLabel(own, told)),
          worse: `${worse(model, own, told)}${thoughFails(model, own, all)}`,
        }),
      );
  const wins = [
    ...winsOf(sure),
    ...[...groupedBy(conditional, ({ claim }) => String(claim.needs)).values()].flatMap((some) =>
      winsOf(some, some[0].claim.needs),
    ),
  ];
  // Who wins by cost and is behind in quality is said to be, with its win.
  const isSaid = ({ quality }: Finding) => quality && wins.some((win) => win.includes(", but worse "));
  const isWon = ({ column }: Finding) => [...sure, ...conditional].some((one) => one.column === column);
  const behind = partlyOpen
    .filter((one) => !isUrgent(one) && !isSaid(one) && !(workloads.size > 1 && isWon(one)))
    .sort((a, b) => Number(b.quality) - Number(a.quality))
    .map(clause);
  const said = shortEnough([...urgent, ...wins, ...behind]);
  const more = wins.length > MOST_FINDINGS ? `; ${wins.length - MOST_FINDINGS} more lead in something` : "";
  const open =
    ofQuality.length > 0 &&
    [...sure, ...conditional].every(({ quality }) => !quality) &&
    !said.join().includes(", but worse ")
      ? say("report.openQuality", { labels: listed(ofQuality) })
      : "";
  const every = failing === undefined ? "" : `${failing} `;
  return `${every}${`${open}${said.join("; ")}`.replace(/^if /, "If ")}${more}.${none}`;
}

/** The first few findings, as far as a headline has room for them: the others are points below it. */
function shortEnough(findings: readonly string[]): string[] {
  const said = findings.slice(0, MOST_FINDINGS);
  while (said.length > 1 && said.join("; ").length > MOST_LETTERS) said.pop();
  return said;
}

/** True if those that are shown to fail more often than others do so in many calls. */
const isUrgent = (finding: Finding): boolean =>
  finding.column === "error_rate" &&
  failsOften(
    ...worseThanBest(finding)
      .slice(0, 1)
      .map(({ estimate }) => estimate),
  );

/** That a model which leads in something, of calls that went well, fails in many. */
function thoughFails(model: string, own: readonly Finding[], all: readonly Finding[]): string {
  const failing = all.flatMap((one) =>
    one.column === "error_rate" &&
    own.some(({ workload, column }) => workload === one.workload && column !== one.column)
      ? worseThanBest(one)
          .filter((side) => side.model === model && failsOften(side.estimate))
          .map(({ estimate }) => ({ share: percent(estimate.value), workload: one.workload }))
      : [],
  );
  const [first] = failing;
  if (first === undefined) return "";
  return say("report.thoughFails", {
    share: first.share,
    where: first.workload === "" ? "" : ` (${first.workload})`,
  });
}

/** That every model fails in many calls; undefined if not all do. */
function failure(all: readonly Finding[]): string | undefined {
  const failing = all.filter(({ column }) => column === "error_rate");
  const shares = failing.flatMap(({ best, others }) => [best, ...others].map(({ estimate }) => estimate));
  // Rounded down: rounded up it would say more than is shown.
  const least = Math.min(...shares.map(({ low }) => low));
  return failsOften(...shares)
    ? say("report.failing", { share: percent(Math.floor(100 * least) / 100) })
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
    (one) =>
      one.quality &&
      // Otherwise the headline names the winner.
      isOpen(one) &&
      own.some(({ workload }) => workload === one.workload) &&
      worseThanBest(one).some((side) => side.model === model),
  );
  const [first] = behind;
  if (first === undefined) return "";
  const alike = behind.filter(({ label, best }) => label === first.label && best.model === first.best.model);
  const where = first.workload === "" || alike.length === behind.length ? "" : ` (${first.workload})`;
  return say("report.worse", { best: first.best.model, label: first.label, where });
}
