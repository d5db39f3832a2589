import { assumeOption, declaredIn } from "../decide/assume";
import { doctor } from "../measures/doctor";
import type { Store } from "../store/open";
import type { Lead } from "./page";
import { headlineOf, tellsOfWork, unnamed } from "./reportLead";
import { atTellingLevel, sidesOf } from "./reportMeasures";
import {
  isByProvider,
  measuredOf,
  type PageCalls,
  pooledNote,
  reportRequest,
  subjectOf,
} from "./reportRequest";
import { helperTest, withoutHelpers } from "./reportSpan";
import { aspects, sideFindings } from "./sideFindings";
import { withoutTraffic } from "./withoutCalls";

/** Which calls findings are about, and what is declared. */
export interface FindingsOptions extends PageCalls {
  /** Assumptions that the log cannot check, declared to hold: "outcomes-alike". */
  assume?: string | readonly string[];
  /** Only what is said of "answers", "failures", "cost" or "wait". Default: all. */
  about?: About;
}

/** What a finding is about. */
export type About = "answers" | "failures" | "cost" | "wait";

/**
 * Says what a log shows, without a profile: who is ahead or behind in answers, failures, cost and wait, each tested with
 * the others and at one mix of work, as in a report, which adds how the numbers of a single model went over time.
 *
 * @returns `headline`, a sentence or two; `points`, a sentence on each thing; `rests`, what they take for granted
 * @throws RangeError for an unknown assumption, and for another `about`
 * @example
 * const store = await openDemo({ log: "cascade" });
 * (await findings(store)).points.length // 3
 */
export async function findings(
  store: Store,
  options: FindingsOptions = {},
): Promise<Pick<Lead, "headline" | "points" | "rests">> {
  const { level = 0.95, seed = 1 } = options;
  assumeOption("outcomes-alike", "same-days").assume.check("findings", options.assume);
  const declared = declaredIn(options.assume);
  const asked = reportRequest(options, "findings");
  const { isMany, workloads, request, candidate } = await subjectOf(store, asked);
  const looked = await doctor(store, { scans: false });
  const measured = measuredOf(request, looked);
  const { found, isPooled } = await atTellingLevel(measured, { isMany, declared }, (one) =>
    sidesOf(store, one, {
      ...{ assume: declared, only: metricsAbout(options.about) },
      byProvider: isByProvider(looked, candidate, options),
    }),
  );
  const { metrics, atMix, pairs } = found.together ?? found;
  const without =
    options.about === undefined
      ? await withoutTraffic(store, request, metrics, { calls: looked.calls, level, seed })
      : undefined;
  if (without?.headline !== undefined) return { headline: without.headline, points: without.points };
  const isHelper = await helperTest(store, measured, looked.models);
  const sides = sideFindings(withoutHelpers(metrics, isHelper), atMix, declared, {
    pairs,
    work: tellsOfWork(looked),
  });
  const { points, rests } = sides;
  // Of one thing alone, its sentence is all there is; other metrics were not looked at.
  const headline =
    options.about === undefined
      ? headlineOf(looked, sides)
      : (points[0] ?? "No difference between models is shown.");
  return {
    headline,
    points: [
      ...(without?.points ?? []),
      ...points,
      ...unnamed(looked),
      ...(isPooled ? [pooledNote(workloads)] : []),
    ],
    ...(rests === undefined ? {} : { rests }),
  };
}

/** The metrics that a finding is about. */
function metricsAbout(about: About | undefined): ((name: string) => boolean) | undefined {
  if (about === undefined) return undefined;
  const found = aspects.find(([word]) => word.toLowerCase() === about);
  if (found === undefined)
    throw new RangeError(
      `findings requires about as one of ${aspects.map(([word]) => word.toLowerCase()).join(", ")}, got ${JSON.stringify(about)}`,
    );
  return found[1];
}
