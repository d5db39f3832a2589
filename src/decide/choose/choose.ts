import { join } from "node:path";
import { derived, within } from "../../facts/request";
import { blamingWhere, type Selection, select } from "../../facts/select";
import { withCallsOf } from "../../measures/behind";
import type { OptionsOf } from "../../measures/define";
import type { GroupKey } from "../../measures/estimate/ratios";
import { helpersAmong, helpersNote } from "../../measures/helpers";
import { grainOptions, leftAtCalls } from "../../measures/metricGrain";
import type { MeasureRequest } from "../../measures/options";
import { shared } from "../../measures/shared";
import type { Row } from "../../measures/table";
import { twoSided } from "../../stats/twoSided";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { assumeOption, declaredIn } from "../assume";
import { defineDecision } from "../define";
import { type Floor, floorName } from "../profile/criterion";
import { declaredBeside, declaredFails, declaredNotes } from "../profile/declared";
import type { Profile } from "../profile/profile";
import { metricsIn, profileAtGrain } from "../profile/profileGrain";
import { profileNames, readProfile } from "../profile/readProfile";
import { answerOf, nothing } from "./chooseAnswer";
import { correlationOf } from "./chooseCorrelation";
import { type Measured, measured, notMeasured, usable } from "./chooseEstimates";
import { failsOf } from "./chooseFloors";
import { atOneMix } from "./chooseMix";
import { atWorst, isDisowned, lostBelow, reportedAlike, stretched } from "./chooseOutcomes";
import type { Choice, Traffic } from "./chooseTable";
import { verified } from "./chooseVerification";
import { placeOf } from "./chooseWorkload";
import { utilities } from "./utility";
import { withWorthDraws, worthDrawsOf } from "./worthDraws";

const sql = statements<"traffic">(join(__dirname, "choose.sql"));

/**
 * Chooses the model that fits a profile best, and says how sure that is.
 *
 * Each criterion's metric is worth 0 to 1 between the profile's `bad` and `good`; a utility is the weighted mean
 * of these. A floor holds if its one-sided bound at `level` does. True values are drawn jointly from the
 * estimates: correlation within a model through its users or tasks, and between models through shared users, is
 * kept. `by` (default "model") defines the candidates. If no probability of being the best reaches `level`, the
 * verdict says what would settle it. Candidates that had different work are brought to one mix (see `compare`); the choice is
 * open if its leader is not also ahead as measured, or would not lead if all models counted tokens alike.
 *
 * @throws RangeError for an invalid profile, a workload without calls, and a metric that the logs do not contain
 * @example
 * const store = await openDemo();
 * const profile = { name: "fast", criteria: [{ metric: "duration_p50", weight: 1, good: 1, bad: 20 }] };
 * const { best, rows } = await choose(store, { profile });
 * best // "orrery-swift"
 * rows[0].utility.value.toFixed(2) // "0.98"
 */
export const choose = defineDecision({
  name: "choose",
  about: "which model fits a profile best, and how sure that is",
  options: {
    profile: {
      value: "<name|file>",
      about: "the profile to choose by; several, separated by commas, give one answer each",
      required: true,
      check(caller, profile: string | Profile) {
        if (profile !== undefined) return;
        throw new RangeError(
          `${caller} requires profile, which says what matters: ${profileNames().join(", ")}, or a file; fieldnotes profile new --out mine.json writes one to start from`,
        );
      },
    },
    workload: {
      value: "<names>",
      about: "the workloads to choose for (default: the profile's own)",
      as: "names",
    },
    ...grainOptions,
    ...assumeOption("outcomes-alike", "same-days"),
    draws: { value: "<number>", about: "joint draws (default: 9,999)", as: "number", hidden: true },
  },
  async decide({ store, request, options }): Promise<Choice> {
    const { workload, draws, level = 0.95 } = options;
    twoSided("choose", level);
    const given = profileAtGrain(readProfile(options.profile), options);
    const assume = [...(given.assume ?? []), ...declaredIn(options.assume)];
    const profile = assume.length === 0 ? given : { ...given, assume };
    const asked = { ...request, profile, workload, draws };
    // What another process chose comes back as a copy: the draws travel beside it.
    const { choice, worths } = await shared(store, "choose", asked, async () => {
      const own = await chosenBy(store, profile, request, { workload, draws });
      return { choice: own, worths: [own, ...(own.sub_workloads ?? [])].map(worthDrawsOf) };
    });
    for (const [at, one] of [choice, ...(choice.sub_workloads ?? [])].entries())
      withWorthDraws(one, worths[at]);
    return choice;
  },
});

/** The profile to choose by, and the calls to choose among. */
export type ChooseOptions = OptionsOf<typeof choose>;

async function chosenBy(
  store: Store,
  profile: Profile,
  request: MeasureRequest,
  { workload, draws }: Pick<ChooseOptions, "workload" | "draws">,
): Promise<Choice> {
  const place = await placeOf(store, profile, workload);
  const ofModels = derived(request, { by: request.by ?? "model" });
  const narrowed = within(ofModels, place.where, profile.where);
  const choice = await blamingWhere(store, request, () =>
    choiceOf(store, profile, narrowed, { draws, label: place.label }),
  );
  choice.notes.unshift(...place.notes);
  const declared = profile.unmeasured ?? [];
  const names = choice.rows.flatMap(({ name, model }) => [name, String(model)]);
  choice.notes.unshift(...declaredBeside(declared, new Set(names)), ...declaredNotes(declared));
  choice.notes.push(...leftAtCalls(metricsIn(profile), profile));
  if (profile.verification !== undefined && choice.rows.length > 0) {
    const { table, text } = await verified(store, profile.verification, choice, narrowed);
    choice.notes.unshift(text);
    if (table !== undefined) choice.verification = table;
  }
  if (profile.sub_workloads === undefined || choice.rows.length === 0) return choice;
  const parts: Choice[] = [];
  for (const part of profile.sub_workloads) {
    const { name, where: narrower, ...rest } = part;
    const sub = { ...profile, ...rest, name: `${profile.name} ${name}` };
    const label = [place.label, name].filter(Boolean).join(", ");
    parts.push(await choiceOf(store, sub, within(narrowed, narrower), { draws, label }));
  }
  return { ...choice, sub_workloads: parts };
}

async function choiceOf(
  store: Store,
  profile: Profile,
  request: MeasureRequest,
  { draws, label }: { draws?: number; label: string },
): Promise<Choice> {
  const { level = 0.95, seed } = request;
  const floors: Floor[] = [...(profile.floors ?? []), ...(profile.slos ?? [])];
  const found = await usable(store, { ...profile, floors }, request);
  const selection = await select(store, request, { population: "tasks" });
  try {
    const traffic = await trafficOf(selection);
    const { criteria } = found;
    const named = (by: Row) => nameOf(by, found.measured.by);
    found.notes.push(...(await withoutHelpers(selection, found.measured, named)));
    if (found.measured.rows.length === 0) {
      if (traffic.calls > 0) throw notMeasured(profile.name, criteria[0].metric, found.measured);
      return nothing(profile, label, selection.by, criteria);
    }
    const bounds = await measured(
      store,
      [...new Set(floors.filter(({ within }) => within === undefined).map(floorName))],
      floors,
      derived(request, { level: twoSided("choose", level) }),
    );
    const asMeasured = candidatesOf(found.measured, profile);
    const work = await atOneMix(store, { measured: found.measured, bounds, criteria, name: named }, request);
    const candidates = candidatesOf(work.measured, profile);
    const metrics = [...new Set([...criteria.map(({ metric }) => metric), ...floors.map(floorName)])];
    const rows = work.measured.rows.map(({ by, estimates }) => ({ ...by, ...estimates }));
    const correlation = await correlationOf(selection, rows, metrics);
    const result = utilities(candidates, { criteria, floors, correlation, draws, seed, level });
    const fails = candidates.map(({ name, by }) => {
      const bound = work.bounds.rows.find((row) => nameOf(row.by, bounds.by) === name);
      return [
        ...failsOf(bound?.estimates ?? {}, floors),
        ...declaredFails(profile.unmeasured ?? [], [name, String(by.model)]),
      ];
    });
    const drawn = { criteria, floors, correlation, draws, seed, level };
    const isAlike = profile.assume?.includes("outcomes-alike") ?? false;
    const tests = {
      asMeasured: work.uneven ? utilities(asMeasured, drawn) : result,
      doubted: work.doubted && utilities(candidatesOf(work.doubted, profile), drawn),
      atWorst: (leader: number) => atWorst(isAlike ? reportedAlike(candidates) : candidates, leader, drawn),
      atWorstPrices: (leader: number) => atWorst(reportedAlike(candidates), leader, drawn),
      stretched: (leader: number) =>
        candidates.some(isDisowned) ? stretched(candidates, leader, drawn) : result,
      lostBelow: (leader: number) => lostBelow(candidates, leader, level, drawn),
    };
    const given = { profile, label, found, selection, candidates, result, fails, traffic, level, seed };
    const choice = answerOf({ ...given, work, tests });
    const origins = new Map(found.measured.rows.map((row) => [named(row.by), row.origins]));
    withCallsOf({ ...choice, measure: `choose ${profile.name}` }, ({ name }) => origins.get(name) ?? {});
    return choice;
  } finally {
    selection.close();
  }
}

function candidatesOf({ by, rows }: Measured, profile: Profile) {
  return rows.map((row) => {
    const name = nameOf(row.by, by);
    return {
      ...row,
      name,
      eligible: declaredFails(profile.unmeasured ?? [], [name, String(row.by.model)]).length === 0,
    };
  });
}

function nameOf(row: Row, by: readonly string[]): string {
  return by.map((column) => String(row[column] ?? `no ${column}`)).join(" · ") || "all calls";
}

/** Leaves out candidates that answer nothing, and says so; if no candidate answers, all stay. */
async function withoutHelpers(
  selection: Selection,
  measured: Measured,
  named: (by: Row) => string,
): Promise<string[]> {
  const helpers = new Set((await helpersAmong(selection)).map(named));
  const rows = measured.rows.filter(({ by }) => !helpers.has(named(by)));
  if (rows.length === 0 || rows.length === measured.rows.length) return [];
  const out = measured.rows.filter((row) => !rows.includes(row)).map(({ by }) => named(by));
  measured.rows = rows;
  return [helpersNote(out)];
}

async function trafficOf({ connection }: Selection): Promise<Traffic> {
  const found = await rowsOf<{ g: GroupKey; calls: number; first: number | null; last: number | null }>(
    connection,
    sql.traffic,
  );
  const calls = found.reduce((sum, one) => sum + one.calls, 0);
  const ends = found.filter(({ first }) => first !== null);
  const span =
    Math.max(...ends.map(({ last }) => last as number)) -
    Math.min(...ends.map(({ first }) => first as number));
  return { calls, days: ends.length === 0 ? Number.NaN : span / 86_400 };
}
