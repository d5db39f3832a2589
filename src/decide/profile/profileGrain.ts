import { type AskedGrain, atGrain, limitAtGrain } from "../../measures/metricGrain";
import type { Criterion, Floor } from "./criterion";
import type { Profile, SubWorkload } from "./profile";
import { checkProfile } from "./profileCheck";

type Part = Pick<Profile | SubWorkload, "criteria" | "floors" | "slos">;

/** The metrics that a profile names. */
export const metricsIn = ({ criteria = [], floors = [], slos = [] }: Part): string[] =>
  [...criteria, ...[...floors, ...slos].filter(({ within }) => within === undefined)].map(
    ({ metric }) => metric,
  );

/**
 * A profile whose metrics count what was asked for: conversations in the place of tasks, if the request or the profile says so.
 *
 * @throws RangeError if two of its metrics are then the same
 */
export function profileAtGrain(profile: Profile, asked: AskedGrain): Profile {
  const own = { ...asked, grain: asked.grain ?? profile.grain };
  const floorsOf = (floors: readonly Floor[] | undefined) => floors?.map((one) => limitAtGrain(one, own));
  const of = <P extends Part>(part: P): P => ({
    ...part,
    criteria: part.criteria?.map(
      (one): Criterion => ({
        ...limitAtGrain(one, own),
        ...(one.instead === undefined ? {} : { instead: limitAtGrain(one.instead, own) }),
      }),
    ),
    floors: floorsOf(part.floors),
    slos: floorsOf(part.slos),
  });
  atGrain("choose", metricsIn(profile), own);
  if (own.grain !== "conversation") return profile;
  const moved = { ...of(profile), grain: own.grain, sub_workloads: profile.sub_workloads?.map(of) };
  return checkProfile(JSON.parse(JSON.stringify(moved)), `${profile.name} with grain "conversation"`);
}
