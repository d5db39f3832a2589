import { derived, within } from "../facts/request";
import type { Diagnosis } from "../measures/diagnosis";
import { type MeasureOptions, type MeasureRequest, requestOf } from "../measures/options";
import { isDay } from "../store/day";
import type { Store } from "../store/open";
import { formatCount } from "./number";
import { candidateOf, workOf } from "./reportSpan";

/** Which calls a page is about. */
export interface PageCalls extends Omit<MeasureOptions, "cluster" | "interval" | "credit"> {
  /** Only calls from this time on: "2026-03-01", or with a time of day, in UTC. Default: all. */
  since?: string;
}

/** Workloads beyond this number are answered together. */
const MOST_WORKLOADS = 8;

/** The request for the calls of a report. */
export function reportRequest(options: PageCalls, caller = "reportOf"): MeasureRequest {
  const { since } = options;
  if (since !== undefined && !isMoment(since))
    throw new RangeError(
      `${caller} requires since as a date, such as "2026-03-01" or "2026-03-01 09:00", got ${JSON.stringify(since)}`,
    );
  const request = requestOf(caller, options);
  return since === undefined
    ? request
    : within(request, `started_at >= timestamp '${since.replace("T", " ").replace("Z", "")}'`);
}

/** True for a date, or a date with a time of day, that there is: not 2026-02-30. */
function isMoment(text: string): boolean {
  const [, day, time = "00:00"] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)Z?)?$/.exec(text) ?? [];
  return isDay(String(day)) && !Number.isNaN(Date.parse(`${day}T${time}Z`));
}

/** What a page compares, where its options leave it open. */
export interface Subject {
  candidate: MeasureRequest["candidate"];
  workloads: number;
  /** True if workloads are so many that they are answered together. */
  isMany: boolean;
  /** True if no call answers anyone: embeddings and judges are left out beside answers, and measured where there is nothing else. */
  isOfHelpers: boolean;
  request: MeasureRequest;
}

/** What a page compares: candidates, and workloads one by one or together. */
export async function subjectOf(store: Store, asked: MeasureRequest): Promise<Subject> {
  const isOpen = asked.by === undefined;
  const candidate = asked.candidate ?? (isOpen ? await candidateOf(store, asked) : undefined);
  const { workloads, answering, calls } = await workOf(store, asked);
  const isMany = isOpen && workloads > MOST_WORKLOADS;
  const isOfHelpers = isOpen && calls > 0 && answering === 0;
  const by = [...(isMany || isOfHelpers ? ["model"] : []), ...(isOfHelpers ? ["role"] : [])];
  const request = derived(asked, { candidate, ...(by.length > 0 ? { by } : {}) });
  return { candidate, workloads, isMany, isOfHelpers, request };
}

/** True if a page compares, unasked, the providers of one model. */
export const isByProvider = (
  { models }: Diagnosis,
  candidate: MeasureRequest["candidate"],
  options: PageCalls,
): boolean => models.length === 1 && candidate !== options.candidate;

/** That many workloads are answered together. */
export const pooledNote = (workloads: number): string =>
  `The log has ${formatCount(workloads)} workloads: they are answered together here; a page on one of them answers for it alone.`;

/** The request for what is measured: if all calls are evaluation runs, those. */
export const measuredOf = (request: MeasureRequest, { evaluation, calls }: Diagnosis): MeasureRequest =>
  request.where === undefined && evaluation > 0 && evaluation === calls
    ? derived(request, { where: "environment = 'evaluation'" })
    : request;
