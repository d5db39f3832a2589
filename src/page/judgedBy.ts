import { existsSync } from "node:fs";
import { type Limits, readLimits } from "../decide/check/limits";
import { choose } from "../decide/choose/choose";
import type { Choice } from "../decide/choose/chooseTable";
import type { Profile } from "../decide/profile/profile";
import { profileNames } from "../decide/profile/readProfile";
import type { MeasureRequest } from "../measures/options";
import type { AssumptionId } from "../stats/claim";
import { readJsonFile } from "../store/checked";
import type { Store } from "../store/open";

/** What a page is asked to judge by: names of built-in profiles, files of profiles or limits, or these themselves. */
export type JudgedBy = readonly (string | Profile | Limits)[];

/** Profiles, which choose among several models, and limits, which one model is held to. */
export function judges(given: JudgedBy | undefined): { profiles?: (string | Profile)[]; limits: Limits[] } {
  const isOfLimits = (one: JudgedBy[number]): one is string | Limits => {
    const isFile = typeof one === "string" && !profileNames().includes(one) && existsSync(one);
    const value = isFile ? readJsonFile(one, "profile") : one;
    return typeof value === "object" && value !== null && "limits" in value;
  };
  return {
    profiles: given?.filter((one): one is string | Profile => !isOfLimits(one)),
    limits: given?.filter(isOfLimits).map(readLimits) ?? [],
  };
}

/** The choices by the requested profiles; of the built-in ones, those that fit the logs. */
export async function choicesOf(
  store: Store,
  given: JudgedBy | undefined,
  measured: MeasureRequest,
  assume: readonly AssumptionId[],
): Promise<Choice[]> {
  const choices: Choice[] = [];
  const { profiles = profileNames(), limits } = judges(given);
  if (limits.length > 0)
    throw new RangeError(
      `a report holds one model to limits, and compares several here: fieldnotes check --by model holds each to "${limits[0].name}"`,
    );
  for (const profile of profiles) {
    try {
      choices.push(await choose(store, { ...measured, by: undefined, profile, assume }));
    } catch (error) {
      // This profile was not requested: logs of other work lack what it needs.
      if (given !== undefined || !(error instanceof RangeError)) throw error;
    }
  }
  return choices.filter(({ rows }) => rows.length > 0);
}
