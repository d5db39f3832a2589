import type { Axis } from "../charts/axis";
import type { Figure } from "../charts/figure";
import { sharedVerdict } from "../decide/choose/chooseAll";
import type { Choice } from "../decide/choose/chooseTable";
import { chance, listed } from "../decide/choose/chooseText";
import type { Diagnosis } from "../measures/diagnosis";
import type { Table } from "../measures/table";
import type { AssumptionId } from "../stats/claim";
import { counted, percent } from "../stats/text";
import { courseChanges } from "./courseChanges";
import { figuresOfOne, findingFigures, MOST_FIGURES } from "./findingFigures";
import type { Instead } from "./instead";
import { formatCount } from "./number";
import type { Lead } from "./page";
import { engineNote } from "./reportEngine";
import type { ReportMeasures } from "./reportMeasures";
import { pictures } from "./reportParts";
import { modelsIn } from "./reportTables";
import { restsOfChoices } from "./restsOn";
import { sideFindings } from "./sideFindings";

/** True if the log has something that was fixed before an answer, by which the work of models can be compared. */
export const tellsOfWork = ({ columns }: Diagnosis): boolean =>
  columns.some(
    ({ column, filled }) =>
      filled > 0 && ["workload", "prompt_id", "prompt_version", "input_tokens"].includes(column),
  );

/** How many calls name no model, where others do. */
export function unnamed({ columns, models }: Diagnosis): string[] {
  const share = columns.find(({ column }) => column === "model")?.share ?? 1;
  return models.length === 0 || !(share < 0.995)
    ? []
    : [`Calls without a model: ${percent(1 - share)} of the calls name none, and are compared with nobody.`];
}

const isEmpty = ({ columns }: Diagnosis): boolean => columns.every(({ filled }) => filled === 0);
const nothing = "There is no call here, and no leaderboard of two models: nothing can be compared.";

/** The headline of what models show side by side; of an empty log, that it is one. */
export const headlineOf = (found: Diagnosis, sides: Pick<Lead, "headline">): string =>
  isEmpty(found) ? nothing : sides.headline;

/** What is drawn where nothing is compared, and beside what is. */
const shownAlone = ["duration_p50", "cost_per_call", "time_to_first_token_p50"];
/** Maximum number of changes in the headline; the others are points below. */
const MOST_MOVES = 2;

/** The verdict of a report: what was asked, the answer, its pictures, and what it is based on. */
export function leadOf(
  found: Diagnosis,
  { choices, together, latency, courses, own, failures, agent, ...workloads }: ReportMeasures,
  {
    instead,
    demo,
    scope,
    engine,
    compared,
    declared,
  }: {
    instead: Instead | undefined;
    demo: boolean;
    scope: string | undefined;
    engine: string | undefined;
    /** What is compared, in the plural. */
    compared: string;
    declared: readonly AssumptionId[];
  },
): Lead {
  const { metrics, atMix, pairs } = together ?? workloads;
  const sides = sideFindings(metrics, atMix, declared, { pairs, work: tellsOfWork(found) });
  const chosen = choices.length > 0;
  const rests = chosen ? restsOfChoices(choices) : sides.rests;
  const { figures: fronts, left } = pictures(metrics, choices);
  const more =
    chosen || fronts.length > 0
      ? []
      : findingFigures(metrics, [...new Set([...sides.columns, ...shownAlone])]);
  const subjects = modelsIn(metrics);
  const isSeveral = subjects.length > 1;
  const ofOne = courses.length === 0 && isSeveral ? [] : figuresOfOne(metrics, latency, courses);
  // Of one model at several providers: how these compare, and its course. More than two side by side cannot be read.
  const drawn =
    isSeveral && ofOne.length > 0 ? [...more.slice(0, 1), ...ofOne.slice(-1)] : [...more, ...ofOne];
  // Of tasks of several steps, what they take comes first, and what there is room for beside it.
  const ofTasks = agent?.figures ?? [];
  const rest = ofTasks.length > 0 ? drawn.slice(0, Math.max(0, MOST_FIGURES - ofTasks.length)) : drawn;
  const measured = [...fronts, ...ofTasks, ...rest];
  const beside = [...failures.figures, ...(instead?.figures ?? [])];
  // What stands beside a comparison fills the room that it leaves.
  const figures =
    instead?.headline === undefined
      ? [...measured, ...beside.slice(0, Math.max(0, MOST_FIGURES - measured.length))]
      : (instead.figures ?? []);
  const { moves, open } = courseChanges(courses);
  // What changed is news; where nothing did, where it is worse is.
  const worst = moves.length === 0 ? own.where.slice(0, 1) : [];
  const placed = own.where.slice(worst.length);
  const steps = agent?.said ?? [];
  const side = headlineOf(found, sides);
  return {
    question:
      instead?.question ??
      questionOf(subjects.length === 1 ? { ...found, models: subjects } : found, compared, metrics),
    headline: chosen
      ? sharedVerdict(choices)
      : (instead?.headline ??
        [
          // What tasks take comes before that nobody is ahead.
          ...(isSeveral ? [...steps, side] : [side, ...steps]),
          ...own.broken,
          ...failures.said,
          ...worst,
          ...moves.slice(0, MOST_MOVES),
        ].join(" ")),
    ...(rests === undefined ? {} : { rests }),
    figures: figures.length > 1 ? figures.map(sideBySide) : figures,
    points: [
      ...choices.flatMap((choice) => [`${choice.profile}: ${choice.verdict}`, ...partsOf(choice)]),
      ...(instead?.points ?? []),
      ...moves.slice(MOST_MOVES),
      ...open,
      ...(chosen || instead?.isAll
        ? []
        : [
            ...sides.points,
            ...failures.points,
            ...(agent?.points ?? []),
            ...own.points,
            ...placed,
            ...own.who,
          ]),
      ...(left.length === 0 ? [] : [`Without a picture here: ${listed(left)}; their numbers are below.`]),
      ...unnamed(found),
      ...(scope === undefined ? [] : [scope]),
      ...(engine === undefined ? [] : [engineNote(engine)]),
      ...(demo ? ["This is the demo: the company, its models and its traffic are made up."] : []),
    ],
    ...(chosen
      ? {}
      : {
          more: [
            ...(instead?.more ?? []),
            ...sides.more,
            ...(agent?.more ?? []),
            ...howToRead(sides, found.models),
          ],
        }),
  };
}

/** A figure with few enough ticks for half of the page. */
function sideBySide(figure: Figure): Figure {
  const { xaxis } = figure.layout;
  const isEven = isAxis(xaxis) && xaxis.type === "linear" && xaxis.tickvals === undefined;
  return isEven
    ? { ...figure, layout: { ...figure.layout, xaxis: { ...xaxis, nticks: 4, tickangle: 0 } } }
    : figure;
}

const isAxis = (axis: unknown): axis is Axis => typeof axis === "object" && axis !== null && "type" in axis;

/** What a reader of numbers needs to know where no profile chooses. */
function howToRead({ points, more }: Pick<Lead, "points" | "more">, models: readonly string[]): string[] {
  const isBare = [...points, ...(more ?? [])].some((text) => text.includes("[–]"));
  return [
    ...(isBare
      ? ["[–]: too little data for an interval, so the true number may be far from the one before it."]
      : []),
    ...(models.length < 2
      ? []
      : [
          "No model is chosen: choosing takes a profile, which says what matters for this work and how much.",
        ]),
  ];
}

/** The sub-workloads that pick another model than the whole, or none yet. */
function partsOf({ best, sub_workloads = [] }: Choice): string[] {
  return sub_workloads
    .filter((part) => part.rows.length > 0 && part.best !== best)
    .map(({ profile, best: own, rows: [first] }) => {
      const sure = Number.isNaN(first.p_best) ? "" : ` with a chance of ${chance(first.p_best)}`;
      return own === null
        ? `${profile} (part of the workload): open; ${first.name} leads${sure}.`
        : `${profile} (part of the workload): ${own}${sure}.`;
    });
}

/** The days from the first call to the last, both included; NaN without times. */
export const daysOf = ({ from, to }: Pick<Diagnosis, "from" | "to">): number =>
  from === null || to === null
    ? Number.NaN
    : 1 + (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000;

/** Which work a question is about: each workload, or the only one. */
function forWork({ by, rows }: Table): string {
  const workloads = new Set(by.includes("workload") ? rows.map(({ workload }) => workload) : []);
  const [only] = workloads;
  return workloads.size > 1 ? " for each workload" : typeof only === "string" ? ` for ${only}` : "";
}

/** What a report is about: "8 models, 1,200 calls, 2 days". */
export function titleOf(
  found: Diagnosis,
  compared: string,
  { metrics, together }: Pick<ReportMeasures, "metrics" | "together">,
): string {
  const models = modelsIn(together?.metrics ?? metrics);
  const days = daysOf(found);
  const who = models.length < 2 ? models : [`${formatCount(models.length)} ${compared}`];
  const size = [
    ...(found.calls === 0 ? [] : [counted(found.calls, "call")]),
    ...(Number.isNaN(days) ? [] : [counted(days, "day")]),
  ];
  return [...who, ...size].join(", ") || "What these logs hold";
}

function questionOf(
  { models, calls, from, to, ...found }: Diagnosis,
  compared: string,
  metrics: Table,
): string {
  if (calls === 0) return "What do these logs show?";
  const [first, last] = [from, to].map((one) => one?.slice(0, 10));
  const span = from === null ? "" : first === last ? ` on ${first}` : ` from ${first} to ${last}`;
  const runs = found.evaluation > 0 && found.evaluation === calls ? " of evaluation runs" : "";
  const given =
    models.length < 2
      ? models.length === 0
        ? "What do these logs show?"
        : `How does ${models[0]} do?`
      : `Which of the ${formatCount(models.length)} ${compared} is best${forWork(metrics)}?`;
  return `${given} Measured on ${counted(calls, "call")}${runs}${span}.`;
}
