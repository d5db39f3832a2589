import { claim, isSettled } from "../stats/claim";
import type { Estimate } from "../stats/estimate";

/** True if each of these error rates is shown to lie where `holds` says, by its lower end and whatever is not known of it. */
const fail = (rates: readonly Estimate[], holds: (share: number) => boolean): boolean =>
  isSettled(
    claim(
      "report.failing",
      "fails",
      rates.map((estimate) => ({ estimate, end: "low", holds })),
    ),
  );

/** True if in each of these many calls are shown to fail: a page then says so first, and what they failed by. */
export const failsOften = (...rates: Estimate[]): boolean => fail(rates, (share) => share >= 0.1);

/** True if in each of these most calls are shown to fail. */
export const failsMostly = (...rates: Estimate[]): boolean => fail(rates, (share) => share > 0.5);
