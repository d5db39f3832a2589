import { metric } from "../../measures/metric";
import { didYouMean } from "../../store/nearest";
import type { Criterion, Floor } from "./criterion";
import type { Profile } from "./profile";

/** The keys of a profile's objects, as in the schema for editors. */
export const profileKeys = {
  profile: [
    "$schema",
    "name",
    "description",
    "workload",
    "where",
    "criteria",
    "floors",
    "slos",
    "unmeasured",
    "verification",
    "sub_workloads",
  ],
  criterion: ["metric", "weight", "good", "bad", "optional", "instead"],
  instead: ["metric", "good", "bad"],
  floor: ["metric", "within", "at_least", "at_most"],
  unmeasured: ["name", "passes", "values", "one_of", "by", "on"],
  verification: ["score", "validator"],
  sub_workload: ["name", "where", "criteria", "floors", "slos"],
} as const;

type Plain = Record<string, unknown>;

/** Checks that a value is a profile; `from` names it in messages. */
export function checkProfile(value: unknown, from: string): Profile {
  const profile = object(value, from, "profile");
  text(profile, "name", from);
  for (const key of ["description", "where"]) if (profile[key] !== undefined) text(profile, key, from);
  const workloads = [profile.workload ?? []].flat();
  if (!workloads.every((one) => typeof one === "string" && one !== ""))
    throw wrong(from, "workload to be a name or a list of names", profile.workload);
  criteria(profile.criteria, `${from}: criteria`);
  for (const key of ["floors", "slos"]) floors(profile[key], `${from}: ${key}`);
  unmeasured(profile.unmeasured, `${from}: unmeasured`);
  if (profile.verification !== undefined) {
    const check = object(profile.verification, `${from}: verification`, "verification");
    for (const key of profileKeys.verification) text(check, key, `${from}: verification`);
  }
  list(profile.sub_workloads, `${from}: sub_workloads`).forEach((one, at) => {
    const place = `${from}: sub_workloads[${at}]`;
    const part = object(one, place, "sub_workload");
    for (const key of ["name", "where"]) text(part, key, place);
    if (part.criteria !== undefined) criteria(part.criteria, `${place}.criteria`);
    for (const key of ["floors", "slos"]) floors(part[key], `${place}.${key}`);
  });
  const { $schema, ...rest } = profile;
  return rest as unknown as Profile;
}

function criteria(value: unknown, from: string): void {
  const all = list(value, from);
  if (all.length === 0) throw wrong(from, "at least one criterion", value);
  let sum = 0;
  const seen = new Set<string>();
  all.forEach((one, at) => {
    const place = `${from}[${at}]`;
    const found = object(one, place, "criterion");
    scale(found, place);
    if (typeof found.weight !== "number" || !(found.weight >= 0 && found.weight <= 1))
      throw wrong(place, "a weight from 0 to 1", found.weight);
    if (found.optional !== undefined && typeof found.optional !== "boolean")
      throw wrong(place, "optional to be true or false", found.optional);
    if (found.instead !== undefined)
      scale(object(found.instead, `${place}.instead`, "instead"), `${place}.instead`);
    const { name } = metric(found.metric as string);
    if (seen.has(name)) throw wrong(place, "each metric once", name);
    seen.add(name);
    sum += found.weight;
  });
  if (Math.abs(sum - 1) > 1e-6) {
    const weights = all.map((one) => (one as Criterion).weight).join(" + ");
    throw wrong(from, "weights that add up to 1", `${weights} = ${Number(sum.toFixed(6))}`);
  }
}

function scale(found: Plain, place: string): void {
  const { better, source, unit, label } = named(found, place);
  for (const end of ["good", "bad"])
    if (typeof found[end] !== "number" || !Number.isFinite(found[end]))
      throw wrong(place, `a number for ${end}, in the metric's unit`, found[end]);
  const { good, bad } = found as unknown as Criterion;
  share(unit, label, [good, bad], place);
  if (good === bad) throw wrong(place, "good and bad to differ", good);
  // Which direction of a score is good is the team's decision; for seconds and dollars, low is good.
  if (source.measure !== "quality" && good > bad !== (better === "higher"))
    throw wrong(
      place,
      `good to be ${better === "higher" ? "above" : "below"} bad, since ${better} is better`,
      `good ${good}, bad ${bad}; did you mean good ${bad}, bad ${good}?`,
    );
}

function floors(value: unknown, from: string): void {
  list(value, from).forEach((one, at) => {
    const place = `${from}[${at}]`;
    checkFloor(object(one, place, "floor"), place);
  });
}

/** Checks a limit on a metric, or on the share of calls within a number of seconds. */
export function checkFloor(found: Plain | Floor, place: string): void {
  const { at_least, at_most, within } = found as Floor;
  for (const limit of [at_least, at_most, within])
    if (limit !== undefined && !Number.isFinite(limit)) throw wrong(place, "limits that are numbers", limit);
  if ((at_least === undefined) === (at_most === undefined))
    throw wrong(place, "one of at_least and at_most", Object.keys(found).join(", "));
  if (within === undefined) {
    const { unit, label } = named(found as Plain, place);
    share(unit, label, [at_least, at_most], place);
    return;
  }
  share("1", "share of calls", [at_least, at_most], place);
  if (found.metric !== "time_to_first_token" && found.metric !== "duration")
    throw wrong(place, "within to go with time_to_first_token or duration", found.metric);
  else if (!(within > 0)) throw wrong(place, "within > 0 seconds", within);
}

/** A share lies between 0 and 1: someone who writes 5 means 5 %. */
function share(unit: string, label: string, limits: readonly (number | undefined)[], place: string): void {
  const wild = limits.find((one) => one !== undefined && !(one >= 0 && one <= 1));
  if (unit !== "1" || wild === undefined) return;
  const hint = wild > 1 && wild <= 100 ? `; did you mean ${Number((wild / 100).toPrecision(12))}?` : "";
  throw wrong(place, `shares from 0 to 1 for the ${label}`, `${wild}${hint}`);
}

function unmeasured(value: unknown, from: string): void {
  list(value, from).forEach((one, at) => {
    const place = `${from}[${at}]`;
    const found = object(one, place, "unmeasured");
    text(found, "name", place);
    const { passes, values, one_of } = found;
    if ((passes === undefined) === (values === undefined))
      throw wrong(place, "one of passes and values", Object.keys(found).join(", "));
    if (passes !== undefined)
      eachModel(passes, place, {
        key: "passes",
        example: "true",
        rule: "true or false",
        fits: (one) => typeof one === "boolean",
      });
    else {
      eachModel(values, place, { key: "values", example: '"EU"', rule: "a text", fits: isText });
      if (!Array.isArray(one_of) || one_of.length === 0 || !one_of.every(isText))
        throw wrong(place, 'one_of with values, the texts of which one passes, such as ["EU"]', one_of);
    }
    if (found.by !== undefined) text(found, "by", place);
    if (found.on !== undefined && !(isText(found.on) && /^\d{4}-\d\d-\d\d$/.test(found.on as string)))
      throw wrong(place, "on to be a date such as 2026-02-11", found.on);
  });
}

const isText = (value: unknown) => typeof value === "string" && value !== "";

/** The declared value of each model, by its name. */
function eachModel(
  value: unknown,
  place: string,
  {
    key,
    example,
    rule,
    fits,
  }: { key: string; example: string; rule: string; fits: (one: unknown) => boolean },
): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(place, `${key} to be an object such as {"model": ${example}}`, value);
  for (const [model, one] of Object.entries(value))
    if (!fits(one)) throw wrong(place, `${rule} for ${model}`, one);
}

function named(found: Plain, place: string) {
  text(found, "metric", place);
  try {
    return metric(found.metric as string);
  } catch (error) {
    throw new RangeError(`${place}: ${(error as Error).message}`);
  }
}

/** Where each kind of object stands in a profile. */
const places: Record<keyof typeof profileKeys, string> = {
  profile: "at the top of the profile",
  criterion: "in an entry of criteria",
  instead: "in instead",
  floor: "in an entry of floors or slos",
  unmeasured: "in an entry of unmeasured",
  verification: "in verification",
  sub_workload: "in an entry of sub_workloads",
};

const object = (value: unknown, from: string, kind: keyof typeof profileKeys): Plain =>
  objectOf(value, from, { keys: profileKeys, kind, places });

/**
 * An object with known keys only: those of its `kind`; a key of another kind is told its `places`.
 */
export function objectOf<K extends string>(
  value: unknown,
  from: string,
  {
    keys,
    kind,
    places,
  }: { keys: Readonly<Record<K, readonly string[]>>; kind: K; places: Readonly<Record<K, string>> },
): Plain {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(from, "an object", value);
  const known = keys[kind];
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const others = (Object.keys(keys) as K[]).filter((one) => keys[one].includes(key));
    const hint =
      others.length === 0
        ? didYouMean(key, known)
        : `; "${key}" belongs ${others.map((one) => places[one]).join(", or ")}`;
    throw new RangeError(`${from} requires keys of ${known.join(", ")}, got "${key}"${hint}`);
  }
  return value as Plain;
}

function list(value: unknown, from: string): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(from, "a list", value);
  return value;
}

function text(found: Plain, key: string, from: string): void {
  if (typeof found[key] !== "string" || found[key] === "") throw wrong(from, `a text for ${key}`, found[key]);
}

/** The error for a file that breaks a rule. */
export function wrong(from: string, rule: string, given: unknown): RangeError {
  const shown = typeof given === "string" ? given : (JSON.stringify(given) ?? "nothing");
  return new RangeError(`${from} requires ${rule}, got ${shown}`);
}
