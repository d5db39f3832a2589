import { labelOfBy } from "../../facts/names";
import { workloadIfFilled } from "../../facts/selectOptions";
import type { Asked } from "../../measures/define";
import type { GivenTo } from "../../measures/given";
import { type Claim, type ClaimKind, claim, exactly, hangingOn } from "../../stats/claim";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { noEnds, noted, renoted } from "../../stats/estimate";
import { nameList } from "../../store/nameList";
import { declaredIn } from "../assume";
import { type Curve, cascadeCurve } from "./cascadeCurve";
import { failsOf, noneTaken, type PointAsked } from "./cascadeFails";
import type { CascadePoint, CascadeRow, Cascades } from "./cascades";
import { type CascadeScope, type CascadeTries, cascadeTries } from "./cascadeTries";
import { cascadeVerdict } from "./cascadeVerdict";
import type { routeOptions } from "./routeOptions";

/** Which models answer in turn, and what decides. */
export type CascadeOptions = GivenTo<typeof routeOptions> & {
  cascade: string | readonly string[];
  validator: string;
};

/** Days in the month to which a log is scaled. */
const month = 30;

/**
 * How many times as often good, or bad, answers may be whose result with one of the models is not known, beside others of about the
 * same score, where nothing says that what was sent on was drawn at random.
 *
 * Users who send on 60 % of the bad answers and 15 % of the good ones make it 3.1.
 */
export const PICKED_FACTOR = 3;

/** See `route`. */
export async function cascade({ store, request, options }: Asked<typeof routeOptions>): Promise<Cascades> {
  const { validator, score = "resolved", margin, tasks, level = 0.95, seed } = options;
  const models = nameList(options.cascade ?? []);
  const besides =
    options.floor !== undefined ? "floor" : options.flagship !== undefined ? "flagship" : undefined;
  if (besides !== undefined)
    throw new RangeError(
      `route requires no ${besides} with cascade: a cascade is compared with the expensive model, within --margin`,
    );
  if (models.length !== 2 || models[0] === models[1])
    throw new RangeError(
      `route requires a cascade of two models, the cheap one first, such as "small,large", got "${models.join(",")}"`,
    );
  if (typeof validator !== "string" || validator === "")
    throw new RangeError(
      "route requires a validator with cascade: the score of the cheap model's answers that decides; got none",
    );
  if (validator === score)
    throw new RangeError(
      `route requires a validator other than what says how good an answer is, got "${score}" for both: a check cannot be its own proof`,
    );
  const by = (nameList(options.by) ?? (await workloadIfFilled(store))).filter((name) => name !== "model");
  if (by.includes("length"))
    throw new RangeError('route requires columns in by with cascade, got "length"; use input_third');
  const [cheap, dear] = models;
  const tries = await cascadeTries(store, { cheap, dear, validator, score }, by, request);
  const { clusterBy, accepts, identified } = tries;
  const declared = declaredIn(options.assume);
  const isPicked = identified === "tasks sent on" && !declared.includes("random-escalation");
  const about = { level, clusterBy, seed, factor: isPicked ? PICKED_FACTOR : 1 };
  const asked: PointAsked = { margin, dear, isPicked, hangs: identified === "tasks sent on", declared };
  const all = tries.scopes.reduce((sum, scope) => sum + scope.tasks, 0);
  const found = tries.scopes.map((scope) => {
    const curve = cascadeCurve(scope.cells, scope.thresholds.length, about);
    const points = curve.points.map((_, at) => pointOf(curve, at, scope, asked));
    return {
      scope,
      curve,
      points,
      row: rowOf(scope, curve, points, monthly(tries, scope, all, tasks), asked),
    };
  });
  const cascades = {
    measure: "cascade",
    by: by.map(labelOfBy),
    rows: found.map(({ row }) => row),
    cheap,
    dear,
    validator,
    accepts,
    margin,
    identified,
    curve: found.flatMap(({ points }) => points),
  };
  return {
    ...cascades,
    verdict: cascadeVerdict(cascades, tries.unknown),
    notes: [
      ...(found.length === 0
        ? []
        : [
            `Everything is compared with ${dear} for every task. A threshold is taken if its answers are shown to be at most ${Number((100 * margin).toPrecision(3))} points less often good (--margin), by a bound that holds for all thresholds together; intervals allow for that selection too.`,
          ]),
      ...tries.notes,
      ...(identified === "tasks sent on" ? [isPicked ? pickedNote : declaredNote] : []),
    ],
  };
}

const pickedNote = `Nothing in the log says that answers were sent on at random: bounds of what is good allow for those without a result to be up to ${PICKED_FACTOR} times as often good, or bad, as others of about the same score; costs take those that were sent on for like the others. If a random share was sent on, say so (--assume random-escalation).`;

const declaredNote =
  "What was sent on is declared to be random among answers of about the same score. If it was not, saving and quality are wrong.";

function pointOf(curve: Curve, at: number, scope: CascadeScope, asked: PointAsked): CascadePoint {
  const { margin, isPicked, declared } = asked;
  const { from, passed_on, cost_per_task, saving, quality, quality_difference, not_worse, unknown } =
    curve.points[at];
  const untold = (one: Estimate): Estimate =>
    unknown === "" ? one : renoted({ ...one, value: Number.NaN, ...noEnds }, [unknown]);
  const kept = {
    ...quality_difference,
    low: not_worse,
    value: unknown === "" ? quality_difference.value : Number.NaN,
  };
  const own = claim("cascade.not-worse", "not worse", [
    { estimate: kept, end: "low", holds: (x) => x >= -margin },
    ...(isPicked
      ? [{ estimate: exactly(curve.tells), end: "low" as const, holds: (x: number) => x > 0 }]
      : []),
  ]);
  const hanging = asked.hangs ? hangingOn(own, "random-escalation", declared) : own;
  const ofSaving = claim("cascade.saves", "saves", [
    { estimate: untold(saving), end: "low", holds: (x) => x > 0 },
  ]);
  const turns = hanging.status === "leads if" ? curve.turnsAt(at, margin) : Number.NaN;
  const fails = failsOf(curve, at, asked)?.text ?? "";
  return {
    ...scope.keys,
    threshold: scope.thresholds[from],
    passed_on,
    cost_per_task,
    saving: untold(saving),
    quality,
    quality_difference: untold(quality_difference),
    passes: fails === "",
    fails,
    claim: defined({ ...hanging, lost_above: Number.isFinite(turns) ? turns : undefined }),
    saves: asked.hangs ? hangingOn(ofSaving, "random-escalation", declared) : ofSaving,
  };
}

/** What a number of a row says that has no threshold; the row says why. */
const NONE_TAKEN = "no threshold is taken";

/** Of the thresholds that pass, the one that saves most, whatever the unknown costs are. */
function rowOf(
  scope: CascadeScope,
  curve: Curve,
  points: readonly CascadePoint[],
  volume: { tasks: number; why: string },
  asked: PointAsked,
): CascadeRow {
  const saved = (at: number) => curve.points[at].saved[0];
  const able = [...points.keys()].filter((at) => points[at].passes);
  const taken = able.length === 0 ? undefined : points[able.reduce((a, b) => (saved(b) > saved(a) ? b : a))];
  const tasks = points[0]?.passed_on.n ?? 0;
  const closest = [...points].reverse().find(({ fails }) => fails !== "");
  const why = taken === undefined ? noneTaken(points.map((_, at) => failsOf(curve, at, asked))) : "";
  const none = (unit: string): Estimate =>
    renoted({ ...curve.cost_dear, value: Number.NaN, ...noEnds, unit }, [NONE_TAKEN]);
  const saving = taken?.saving ?? none("USD/task");
  return {
    ...scope.keys,
    tasks,
    threshold: taken?.threshold ?? null,
    passed_on: taken?.passed_on ?? none("1"),
    cost_per_task: taken?.cost_per_task ?? none("USD/task"),
    cost_dear: curve.cost_dear,
    saving,
    saving_month: {
      ...saving,
      value: saving.value * volume.tasks,
      low: saving.low * volume.tasks,
      high: saving.high * volume.tasks,
      unit: "USD/month",
      ...(Number.isNaN(volume.tasks) && taken !== undefined ? noted([volume.why]) : {}),
    },
    quality: taken?.quality ?? none("1"),
    quality_dear: curve.quality_dear,
    quality_difference: taken?.quality_difference ?? none("1"),
    why,
    claim: (taken ?? closest)?.claim ?? undecided("cascade.not-worse", "not worse"),
    saves: (taken ?? closest)?.saves ?? undecided("cascade.saves", "saves"),
  };
}

const undecided = (id: string, kind: ClaimKind): Claim => ({ id, kind, status: "not to be decided" });

/** How many tasks of a type there are per month. */
function monthly(
  { days, evaluation, identified }: CascadeTries,
  scope: CascadeScope,
  all: number,
  tasks: number | undefined,
): { tasks: number; why: string } {
  if (tasks !== undefined) return { tasks: (tasks * scope.tasks) / all, why: "" };
  if (evaluation || identified === "prompts of both")
    return {
      tasks: Number.NaN,
      why: "these calls do not show how many tasks a month has: give the number (--tasks)",
    };
  if (!(days >= 1))
    return { tasks: Number.NaN, why: "the log covers less than a day: give the tasks a month (--tasks)" };
  return { tasks: (scope.tasks * month) / days, why: "" };
}
