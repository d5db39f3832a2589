import { type Estimate, noEnds, noted } from "./estimate";
import { reserve } from "./reservation";
import { grouped } from "./text";

/** A stratum of known size, and the rate among those of it that were drawn: n is 0 where none was. */
export interface StratumRate {
  size: number;
  rate: Estimate;
}

/**
 * The rate of a whole whose strata are of known sizes, from the rate in a sample of each.
 *
 * The ends allow for any rate from 0 to 1 in a stratum with nothing drawn, or with too few clusters. The value takes a
 * stratum with nothing drawn to have the rate of the others together. Strata are taken as independent: clusters that reach
 * over several make the interval too narrow.
 *
 * @remarks Method: the stratified mean (Horvitz & Thompson 1952, doi:10.1080/01621459.1952.10483446), its ends by MOVER
 * from the strata's own (Zou & Donner 2008, doi:10.1002/sim.3095), which keeps them where a stratum shows no event.
 * @param strata sizes in any unit
 * @returns an Estimate with unit "1"; n counts what was drawn; NaN if that is nothing
 * @example
 * stratifiedRate([{ size: 30, rate: wilson(5, 10) }, { size: 70, rate: wilson(1, 10) }]).value.toFixed(2) // "0.22"
 */
export function stratifiedRate(
  strata: readonly StratumRate[],
  { level = 0.95, clusterBy = "", counted = "observations" } = {},
): Estimate {
  const some = strata.filter(({ size }) => size > 0);
  const drawn = some.filter(({ rate }) => rate.n > 0);
  const sizeOf = (of: readonly StratumRate[]) => of.reduce((sum, { size }) => sum + size, 0);
  const [all, seen] = [sizeOf(some), sizeOf(drawn)];
  const n = drawn.reduce((sum, { rate }) => sum + rate.n, 0);
  const clusters = drawn.reduce((sum, { rate }) => sum + rate.clusters, 0);
  const base = { level, method: "stratified-mover", n, clusters, clusterBy, unit: "1" };
  if (n === 0)
    return { ...base, value: Number.NaN, ...noEnds, ...noted([reserve("none.counted", { counted })]) };
  const value = drawn.reduce((sum, { size, rate }) => sum + (size / seen) * rate.value, 0);
  const margin = (of: (rate: Estimate) => number) =>
    Math.sqrt(some.reduce((sum, { size, rate }) => sum + ((size / all) * of(rate)) ** 2, 0));
  const centre = (rate: Estimate) => (rate.n > 0 ? rate.value : value);
  const low = margin((rate) => centre(rate) - (Number.isFinite(rate.low) ? rate.low : 0));
  const high = margin((rate) => (Number.isFinite(rate.high) ? rate.high : 1) - centre(rate));
  const what = `${grouped(all - seen)} of ${grouped(all)} ${counted} are of kinds of which none was drawn`;
  return {
    ...base,
    value,
    low: Math.max(0, value - low),
    high: Math.min(1, value + high),
    ...noted(all > seen ? [reserve("method.worst", { what })] : []),
  };
}
