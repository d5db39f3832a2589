import { metric } from "../../measures/metric";
import { checked, wrong } from "../../store/checked";
import type { Criterion, Floor } from "./criterion";
import type { Profile } from "./profile";

/** The JSON Schema of profiles, which editors read as well. */
export const profileSchema = require("../../../data/profiles/profile.schema.json");

/** Checks that a value is a profile; `from` names it in messages. */
export function checkProfile(value: unknown, from: string): Profile {
  const { $schema, ...profile } = checked<Profile & { $schema?: string }>(value, profileSchema, from);
  for (const [at, part] of [profile, ...(profile.sub_workloads ?? [])].entries()) {
    const place = at === 0 ? `${from}: ` : `${from}: sub_workloads[${at - 1}].`;
    if (part.criteria !== undefined) checkCriteria(part.criteria, `${place}criteria`);
    for (const key of ["floors", "slos"] as const)
      for (const [index, floor] of (part[key] ?? []).entries()) checkFloor(floor, `${place}${key}[${index}]`);
  }
  return profile;
}

function checkCriteria(criteria: readonly Criterion[], from: string): void {
  const names = new Set<string>();
  criteria.forEach((criterion, at) => {
    const place = `${from}[${at}]`;
    checkEnds(criterion, place);
    if (criterion.instead !== undefined) checkEnds(criterion.instead, `${place}.instead`);
    const { name } = metric(criterion.metric);
    if (names.has(name)) throw wrong(place, "each metric once", name);
    names.add(name);
  });
  const weights = criteria.map(({ weight }) => weight);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (Math.abs(sum - 1) > 1e-6)
    throw wrong(from, "weights that add up to 1", `${weights.join(" + ")} = ${Number(sum.toFixed(6))}`);
}

function checkEnds(
  { metric: name, good, bad }: Pick<Criterion, "metric" | "good" | "bad">,
  place: string,
): void {
  const { better, source, unit, label } = named(name, place);
  checkShare(unit, label, [good, bad], place);
  if (good === bad) throw wrong(place, "good and bad to differ", good);
  // Which direction of a score is good is the team's decision; for seconds and dollars, low is good.
  if (source.measure !== "quality" && good > bad !== (better === "higher"))
    throw wrong(
      place,
      `good to be ${better === "higher" ? "above" : "below"} bad, since ${better} is better`,
      `good ${good}, bad ${bad}; did you mean good ${bad}, bad ${good}?`,
    );
}

/** Checks the bounds of a limit against what its metric can be. */
export function checkFloor({ metric: name, within, at_least, at_most }: Floor, place: string): void {
  const { unit, label } = within === undefined ? named(name, place) : { unit: "1", label: "share of calls" };
  checkShare(unit, label, [at_least, at_most], place);
}

/** A share lies between 0 and 1: someone who writes 5 means 5 %. */
function checkShare(
  unit: string,
  label: string,
  limits: readonly (number | undefined)[],
  place: string,
): void {
  const wild = limits.find((limit) => limit !== undefined && !(limit >= 0 && limit <= 1));
  if (unit !== "1" || wild === undefined) return;
  const hint = wild > 1 && wild <= 100 ? `; did you mean ${Number((wild / 100).toPrecision(12))}?` : "";
  throw wrong(place, `shares from 0 to 1 for the ${label}`, `${wild}${hint}`);
}

function named(name: string, place: string) {
  try {
    return metric(name);
  } catch (error) {
    throw new RangeError(`${place}: ${(error as Error).message}`);
  }
}
