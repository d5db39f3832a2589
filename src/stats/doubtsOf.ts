import { type Estimate, toldBy } from "./estimate";
import type { Reservation } from "./reservation";
import { doubtKinds } from "./reservationKinds";

/**
 * What is doubted of the columns behind each of several numbers; not of a unit that all of them are in, which leaves their order and
 * their ratios as they are.
 */
export function doubtsOf(estimates: readonly Estimate[]): Reservation[][] {
  const all = estimates.map((one) =>
    toldBy(one).filter(({ id, decides }) => Object.hasOwn(doubtKinds, id) && !decides),
  );
  const isShared = (unit: string) => all.every((held) => held.some((one) => one.unit === unit));
  return all.map((held) => held.filter(({ unit }) => unit === undefined || !isShared(unit)));
}
