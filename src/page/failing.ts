import type { Estimate } from "../stats/estimate";
import { disowning } from "../stats/reservation";

/** A share of failed calls from which a page says what fails. */
export const MANY_FAIL = 0.1;

/** The share of calls that fail at least; 0 where the lower end may carry nothing. */
const least = ({ low, reservations }: Estimate): number =>
  disowning(reservations, "low").length > 0 ? 0 : low;

/** True if an error rate is shown to be that of many failed calls. */
export const failsOften = (rate: Estimate): boolean => least(rate) >= MANY_FAIL;

/** True if most calls are shown to fail. */
export const failsMostly = (rate: Estimate): boolean => least(rate) > 0.5;
