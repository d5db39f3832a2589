import type { AssumptionId } from "../../stats/claim";
import { listed } from "./chooseText";
import type { Candidate } from "./utility";

const hasOwnDays = ({ estimates }: Candidate): boolean =>
  Object.values(estimates).some(({ reservations = [] }) => reservations.some(({ id }) => id === "days.own"));

/** What a choice between candidates takes for granted of their days. */
export const daysNeeded = (candidates: readonly Candidate[]): AssumptionId[] =>
  candidates.some(hasOwnDays) ? ["same-days"] : [];

/** Which candidates have days of their own. */
export function daysText(candidates: readonly Candidate[]): string {
  const own = candidates.filter(hasOwnDays).map(({ name }) => name);
  return `${listed(own)} ran on days of ${own.length === 1 ? "its" : "their"} own`;
}
