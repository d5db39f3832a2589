import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Benchmark, benchmarkShape } from "./benchmark";
import { perfectRaters, type Raters, ratersShape } from "./labels";
import { type Model, modelShape, type Provider, providerShape } from "./model";
import { type Preferences, preferencesShape } from "./preferences";
import { list, nullable, number, object, oneOf, optional, record, text, whole } from "./shape";
import { type Study, studyShape } from "./study";
import { startShape } from "./variant";
import { type Workload, workloadShape } from "./workload";

export const dayNames = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** Hours of one weekday in which traffic is multiplied, from `from` up to `to` o'clock. */
export interface Peak {
  day: (typeof dayNames)[number];
  from: number;
  to: number;
  times: number;
}

/** When people work. */
export interface Traffic {
  /** Relative demand in each of the 24 local hours, Monday to Friday. */
  weekday_hours: number[];
  weekend_hours: number[];
  peaks: Peak[];
  /** Standard deviation of the log of an hour's demand around its profile. */
  load_noise: number;
}

/** The workloads' shares of the sessions from a local day or minute on; those not named keep theirs. */
export interface Mix {
  from: string;
  shares: Record<string, number>;
}

/** All input to the demo's generator; the default is data/demo/world.json. */
export interface World {
  name: string;
  /** Calls of the demo if the caller gives no number. */
  calls: number;
  /** First local day, "2026-03-02". */
  start: string;
  days: number;
  /** Offset of local time from UTC, "+01:00", the same on all days. */
  utc_offset: string;
  traffic: Traffic;
  providers: Record<string, Provider>;
  models: Record<string, Model>;
  workloads: Record<string, Workload>;
  /** Changes of the workloads' shares, earliest first (default none). */
  mix: Mix[];
  /** How often the raters of answers are right (default always). */
  raters: Raters;
  /** The study that asks the same prompts repeatedly (default none). */
  study: Study | null;
  /** Answers compared side by side (default none). */
  preferences: Preferences | null;
  /** Public benchmarks of these models and others (default none). */
  benchmarks: Record<string, Benchmark>;
}

const hour = number(0, Number.POSITIVE_INFINITY);

const worldShape = object<World>({
  name: text(/^.{1,200}$/u, "a text of 1 to 200 characters"),
  calls: whole(1, 1e9),
  start: text(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day like "2026-03-02"'),
  days: whole(1, 366),
  utc_offset: text(/^[+-](0\d|1[0-4]):[0-5]\d$/, 'an offset like "+01:00"'),
  traffic: object<Traffic>({
    weekday_hours: list(hour, { length: 24 }),
    weekend_hours: list(hour, { length: 24 }),
    peaks: list(
      object<Peak>({ day: oneOf(dayNames), from: whole(0, 23), to: whole(1, 24), times: number(0, 100) }),
    ),
    load_noise: number(0, 2),
  }),
  providers: record(providerShape, { least: 1 }),
  models: record(modelShape, { least: 1 }),
  workloads: record(workloadShape, { least: 1 }),
  mix: optional(list(object<Mix>({ from: startShape, shares: record(hour, { least: 1 }) })), []),
  raters: optional(ratersShape, perfectRaters),
  study: optional(nullable(studyShape), null),
  preferences: optional(nullable(preferencesShape), null),
  benchmarks: optional(record(benchmarkShape), {}),
});

/** Checks across fields: names that must exist, shares that must not all be zero. */
function checkNames(world: World): void {
  const known = (name: string, among: Record<string, unknown>, path: string) => {
    if (!Object.hasOwn(among, name))
      throw new RangeError(
        `world requires ${path} to name one of ${Object.keys(among).join(", ")}, got ${name}`,
      );
  };
  const positive = (shares: number[], path: string) => {
    if (!shares.some((share) => share > 0))
      throw new RangeError(`world requires ${path} to hold at least one number > 0, got none`);
  };
  if (Number.isNaN(Date.parse(`${world.start}T00:00:00Z`)))
    throw new RangeError(`world requires world.start to be a day of the calendar, got ${world.start}`);
  for (const [name, model] of Object.entries(world.models)) {
    const path = `world.models.${name}.providers`;
    for (const provider of Object.keys(model.providers)) known(provider, world.providers, path);
    positive(
      Object.values(model.providers).map(({ share }) => share),
      path,
    );
  }
  const files = new Set<string>();
  for (const [name, workload] of Object.entries(world.workloads)) {
    const path = `world.workloads.${name}`;
    for (const model of Object.keys(workload.models)) known(model, world.models, `${path}.models`);
    positive(Object.values(workload.models), `${path}.models`);
    for (const model of Object.keys(workload.resolve)) known(model, world.models, `${path}.resolve`);
    for (const model of Object.keys(workload.hallucination))
      known(model, world.models, `${path}.hallucination`);
    for (const [kind, { resolve = {} }] of Object.entries(workload.kinds))
      for (const model of Object.keys(resolve))
        known(model, workload.resolve, `${path}.kinds.${kind}.resolve`);
    const shares = [workload.kinds, workload.pipelines].filter((one) => Object.keys(one).length > 0);
    for (const one of shares)
      positive(
        Object.values(one).map(({ share }) => share),
        path,
      );
    if (workload.fallback !== null) known(workload.fallback, world.models, `${path}.fallback`);
    for (const model of [...Object.keys(workload.models), workload.fallback ?? ""])
      if (model !== "" && !Object.hasOwn(workload.resolve, model))
        throw new RangeError(`world requires ${path}.resolve to hold ${model}, which serves the workload`);
    if (files.has(workload.file))
      throw new RangeError(`world requires a file of its own for each workload, got ${workload.file} twice`);
    files.add(workload.file);
  }
  for (const { shares } of world.mix)
    for (const workload of Object.keys(shares)) known(workload, world.workloads, "world.mix[].shares");
  for (const model of Object.keys(world.preferences?.models ?? {}))
    known(model, world.models, "world.preferences.models");
  if (world.study !== null) {
    known(world.study.workload, world.workloads, "world.study.workload");
    for (const model of Object.keys(world.study.models)) known(model, world.models, "world.study.models");
  }
  positive(
    Object.values(world.workloads).map(({ share }) => share),
    "world.workloads.*.share",
  );
  const { weekday_hours, weekend_hours } = world.traffic;
  positive(weekday_hours, "world.traffic.weekday_hours");
  positive([...weekday_hours, ...weekend_hours], "world.traffic");
}

/**
 * Checks that a JSON value is a world.
 *
 * @throws RangeError that names the field, the rule and what was given
 */
export function checkWorld(value: unknown): World {
  const world = worldShape(value, "world");
  checkNames(world);
  return world;
}

/** The text of data/demo/world.json, the default world. */
export function defaultWorldText(): string {
  return readFileSync(join(__dirname, "..", "..", "..", "data", "demo", "world.json"), "utf8");
}

/**
 * Reads a world from a file, or the default one.
 *
 * @returns the world and the text it was read from
 * @throws Error if the file cannot be read or isn't JSON; RangeError if it isn't a world
 * @example
 * readWorld().world.days // 7
 */
export function readWorld(path?: string): { world: World; text: string } {
  const text = path === undefined ? defaultWorldText() : readFileSync(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `world requires a JSON file, got ${path ?? "data/demo/world.json"}: ${(error as Error).message}`,
    );
  }
  return { world: checkWorld(value), text };
}
