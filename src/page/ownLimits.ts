import { formatEstimate } from "../charts/number";
import { type Check, check } from "../decide/check/check";
import { type CheckRow, groupOf } from "../decide/check/checkRow";
import { isRelative, type Limits } from "../decide/check/limits";
import { listed } from "../decide/choose/chooseText";
import { placeOf } from "../decide/choose/chooseWorkload";
import type { Profile } from "../decide/profile/profile";
import { readProfile } from "../decide/profile/readProfile";
import { allOf } from "../facts/allOf";
import { derived } from "../facts/request";
import { latencyAttainment } from "../measures/latency/attainment";
import type { MeasureRequest } from "../measures/options";
import { defined } from "../stats/defined";
import type { Store } from "../store/open";
import { type JudgedBy, judges } from "./judgedBy";

/** How one model does against limits. */
export interface AgainstLimits {
  /** Which are shown to be broken, for a headline. */
  broken: string[];
  points: string[];
}

/** How one model does against limits: those of the team, by their name, or else defaults, which are said to be that. */
export async function ownLimits(
  store: Store,
  measured: MeasureRequest,
  { given, isTimed }: { given: JudgedBy | undefined; isTimed: boolean },
): Promise<AgainstLimits> {
  const { profiles = [], limits } = judges(given);
  for (const one of profiles) limits.push(await floorsOf(store, readProfile(one)));
  // Those relative to a baseline need one, which a page has not.
  const absolute = limits
    .map((one) => ({ ...one, limits: one.limits.filter((limit) => !isRelative(limit)) }))
    .filter((one) => one.limits.length > 0);
  if (absolute.length === 0)
    return { broken: [], points: isTimed ? await defaults(store, measured, given) : [] };
  const found: Check[] = [];
  for (const one of absolute)
    found.push(await check(store, { ...derived(measured, { by: one.by ?? [] }), limits: one }));
  return {
    broken: found.flatMap(({ name, by, rows }) => {
      const failed = rows.filter(({ verdict }) => verdict === "fail").map((row) => limitOf(row, by));
      return failed.length === 0 ? [] : [`Broken of ${name}: ${listed(failed)}.`];
    }),
    points: found.map(
      ({ name, by, rows }) => `Limits of ${name}: ${rows.map((row) => limitText(row, by)).join("; ")}.`,
    ),
  };
}

/** The floors of a profile, and of its parts, each for its own calls. */
async function floorsOf(store: Store, profile: Profile): Promise<Limits> {
  const { name, floors = [], slos = [], assume, sub_workloads = [] } = profile;
  const place = await placeOf(store, profile);
  const limits = [
    ...[...floors, ...slos],
    ...sub_workloads.flatMap(({ where: narrower, ...part }) =>
      [...(part.floors ?? []), ...(part.slos ?? [])].map((floor) => ({ ...floor, where: narrower })),
    ),
  ];
  return defined({ name, assume, limits, where: allOf([place.where, profile.where]) });
}

const verdicts = { pass: "is kept", fail: "is broken", "cannot tell": "may be kept or broken" } as const;

/** A limit, and of which group it is. */
const limitOf = (row: CheckRow, by: readonly string[]): string =>
  [row.limit, groupOf(row, by)].filter((part) => part !== "").join(", ");

const limitText = (row: CheckRow, by: readonly string[]): string =>
  Number.isNaN(row.value.value)
    ? `${limitOf(row, by)} is not known`
    : `${limitOf(row, by)} ${verdicts[row.verdict]} (${formatEstimate(row.value)})`;

/** The share of calls within limits that are not the reader's own, and are named as such. */
async function defaults(
  store: Store,
  measured: MeasureRequest,
  given: JudgedBy | undefined,
): Promise<string[]> {
  const { rows } = await latencyAttainment(store, {
    ...derived(measured, { by: [] }),
    firstToken: [2],
    duration: [10],
  });
  const within = Object.entries(rows[0]?.within ?? {}).flatMap(([name, share]) => {
    const [, what, seconds] = /^(.*) <= ([\d.]+) s$/.exec(name) ?? [];
    // Of one call or of two users nothing follows.
    if (what === undefined || !(share.high - share.low < 0.5)) return [];
    const to = what === "duration" ? "" : " to the first token";
    return [`${formatEstimate(share)} of calls within ${seconds} s${to}`];
  });
  const isOfBaseline = judges(given).limits.some((one) => one.limits.some(isRelative));
  const why =
    given === undefined
      ? "no limits of your own are known"
      : isOfBaseline
        ? "those that were given are relative to a baseline, which a page has not"
        : "what was given sets none";
  return within.length === 0
    ? []
    : [`Limits: ${listed(within)}. These are defaults, since ${why}; a failed call keeps none.`];
}
