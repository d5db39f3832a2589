import type { Estimate } from "../stats/estimate";
import { beyondRounding } from "../stats/rounding";
import { convert } from "./unit";

export interface NumberOptions {
  /** The unit to show it in; "ms" converts a value in "s". Default: the natural one (ms below 1 s, % of a share). */
  unit?: string;
  /** Significant digits if no interval says how many are known. Default 3. */
  digits?: number;
  /** Write the unit after the value. Default true; a table gives it once, in its header. */
  showUnit?: boolean;
}

/** The parts of an estimate as text, for callers that set the interval in muted type. */
export interface EstimateText {
  value: string;
  /** "[3.31, 3.55]"; empty if the value itself says it ("≥ 3.1", "–"). */
  interval: string;
  unit: string;
}

/** Beyond these, digits would only be zeros: such numbers are written as 1.2e-9 and 1.2e21. */
const SMALLEST = 1e-6;
const LARGEST = 1e15;
/** Doubles have no more digits than this. */
const MOST_DIGITS = 15;

/** How an estimate and its ends are rounded together: to a fixed decimal place, or each to its own digits. */
type Rounding = { decimals: number } | { digits: number };

/**
 * Writes a number with thousands separators, rounded to `digits` significant digits and with its unit.
 *
 * NaN is "–" and an infinite number "∞". Seconds below 1 are written in ms, shares (unit "1") in %.
 *
 * @example
 * formatNumber(0.25, { unit: "s" }) // "250 ms"
 * formatNumber(1234567) // "1,230,000"
 */
export function formatNumber(x: number, options: NumberOptions & { from?: string } = {}): string {
  const { from = options.unit, digits = 3, showUnit = true } = options;
  const scale = convert(from, from === options.unit ? undefined : options.unit, [x]);
  return join(digitsOf(toNumber(x) * scale.factor, { digits }), showUnit ? scale.unit : "");
}

/**
 * Writes a count with thousands separators and no rounding.
 *
 * @example
 * formatCount(1234567) // "1,234,567"
 * formatCount(Number.NaN) // "–"
 */
export function formatCount(n: number | bigint): string {
  if (typeof n === "bigint") return group(n.toString());
  return Number.isInteger(n) && Math.abs(n) < LARGEST ? fixed(n, 0) : formatNumber(n, { digits: 6 });
}

/** More significant digits than this come from computing, as in 0.1 + 0.2, and not from anybody's rounding. */
const GIVEN_DIGITS = 12;

/**
 * Writes a number of somebody's own with the digits it was given: only one with more than 12 is rounded, to 6 digits or
 * 2 decimals, whichever keeps more.
 *
 * @example
 * formatGiven(1525.1) // "1,525.1"
 * formatGiven(14.050695733876934) // "14.0507"
 */
export function formatGiven(x: number): string {
  if (Number.isSafeInteger(x)) return fixed(x, 0);
  const written = (y: number) => y.toExponential().replace(/e.*|[-.]/g, "").length;
  if (!Number.isFinite(x) || written(x) <= GIVEN_DIGITS) return digitsOf(x, { digits: written(x) });
  const short = Number(x.toPrecision(Math.min(100, Math.max(6, exponent(x) + 3))));
  return digitsOf(short, { digits: written(short) });
}

/**
 * Writes an estimate with its interval, each rounded to two digits of the interval's width.
 *
 * An unbounded end is ∞; a value that is only bounded is "≥ 3.1 s"; an unknown one is "–",
 * and the estimate's `note` says why.
 *
 * @example
 * formatEstimate({ value: 3.4172, low: 3.3081, high: 3.5513, level: 0.95, method: "bootstrap-bca", n: 812, clusters: 120, clusterBy: "user_id", unit: "s" }) // "3.42 s [3.31, 3.55]"
 */
export function formatEstimate(estimate: Estimate, options: NumberOptions = {}): string {
  const { value, interval, unit } = estimateText(estimate, options);
  return join(join(value, options.showUnit === false ? "" : unit), interval);
}

/** The parts of `formatEstimate` separately: the value, its interval and their unit. */
export function estimateText(estimate: Estimate, options: NumberOptions = {}): EstimateText {
  const ends = [estimate.value, estimate.low, estimate.high].map(toNumber);
  const size = Math.max(0, ...ends.filter(Number.isFinite).map(Math.abs));
  const raw = ends.map((end) => beyondRounding(end, size));
  const scale = convert(estimate.unit, options.unit, raw);
  const [value, low, high] = raw.map((end) => end * scale.factor) as [number, number, number];
  const { digits = 3 } = options;
  if (!Number.isFinite(value)) {
    const text = boundOnly(value, low, high, digits);
    return { value: text, interval: "", unit: text === "–" ? "" : scale.unit };
  }
  if (Number.isNaN(low) && Number.isNaN(high)) {
    return { value: digitsOf(value, { digits }), interval: "[–]", unit: scale.unit };
  }
  const rounding = roundingOf(value, low, high, digits, !/^(s|ms|µs|min|h|%|USD.*)$/.test(scale.unit));
  const text = digitsOf(value, rounding);
  // What is counted in a log has no interval.
  if (estimate.method === "count") return { value: text, interval: "", unit: scale.unit };
  const opening = low === -Infinity ? "(−∞" : `[${digitsOf(low, rounding)}`;
  const closing = high === Infinity ? "∞)" : `${digitsOf(high, rounding)}]`;
  return { value: text, interval: `${opening}, ${closing}`, unit: scale.unit };
}

/** JSON writes unbounded ends as words and unknown ones as null. */
export function toNumber(end: unknown): number {
  if (typeof end === "number") return end;
  return end === "Infinity" ? Infinity : end === "-Infinity" ? -Infinity : Number.NaN;
}

/** A value that is only bounded: what its ends say, rounded outward so that it stays true. */
function boundOnly(value: number, low: number, high: number, digits: number): string {
  if (Number.isFinite(low) && Number.isFinite(high)) {
    return `${digitsOf(outward(low, digits, Math.floor), { digits })} to ${digitsOf(outward(high, digits, Math.ceil), { digits })}`;
  }
  if (Number.isFinite(low)) return `≥ ${digitsOf(outward(low, digits, Math.floor), { digits })}`;
  if (Number.isFinite(high)) return `≤ ${digitsOf(outward(high, digits, Math.ceil), { digits })}`;
  return Number.isNaN(value) ? "–" : digitsOf(value, { digits });
}

function outward(x: number, digits: number, round: (x: number) => number): number {
  const place = exponent(x) - digits + 1;
  if (x === 0 || Math.abs(place) > 280) return x;
  const rounded = Number(x.toPrecision(digits));
  // About half the time, rounding to nearest is already on the right side.
  if (round === Math.floor ? rounded <= x : rounded >= x) return rounded;
  return Number((rounded + (round === Math.floor ? -1 : 1) * 10 ** place).toPrecision(digits + 1));
}

/** Two digits of the interval's width; if its ends differ tenfold or more, two digits of each number. */
function roundingOf(value: number, low: number, high: number, digits: number, counts: boolean): Rounding {
  const ends = [low, high].filter(Number.isFinite);
  const nearest = Math.min(...[low, value, high].filter(Number.isFinite).map(Math.abs));
  const largest = Math.max(...[low, value, high].filter(Number.isFinite).map(Math.abs));
  const sameSign = [low, value, high].every((end) => !Number.isFinite(end) || end * value > 0);
  if (sameSign && nearest > 0 && largest / nearest >= 10) return { digits: 2 };
  const width = ends.length === 2 ? high / 2 - low / 2 : Math.abs(value - (ends[0] ?? value));
  // Ends that differ in the last bits of a double are the same number.
  if (!(width > largest * 1e-12)) return { digits };
  const supported = 1 - exponent(Math.min(2 * width, Number.MAX_VALUE));
  // Counts stay whole; seconds, shares and money are whole only by chance, and the values around them have decimals.
  const whole = counts && [value, ...ends].every((end) => Number.isInteger(end));
  // An open end gives no width: the other end alone does not make a number precise.
  const most = ends.length === 2 ? MOST_DIGITS : digits;
  const decimals = Math.min(supported, most - 1 - exponent(largest));
  return { decimals: whole ? Math.min(decimals, 0) : decimals };
}

function digitsOf(x: number, rounding: Rounding): string {
  if (Number.isNaN(x)) return "–";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const place = exponent(x);
  let digits = "digits" in rounding ? rounding.digits : place + 1 + rounding.decimals;
  // A number that is not zero is never written as zero: it keeps one digit, whatever the width of its interval.
  if (digits < 1) digits = 1;
  digits = Math.min(digits, 17);
  const rounded = Number(x.toPrecision(digits));
  if (Math.abs(rounded) >= LARGEST || Math.abs(rounded) < SMALLEST) {
    return x.toExponential(digits - 1).replace("e+", "e");
  }
  // Rounding may carry into the next place: 9.996 is 10.0 to three digits, but 10.00 to two decimals.
  const carried = "digits" in rounding || digits > place + 1 + rounding.decimals ? exponent(rounded) : place;
  return fixed(rounded, Math.max(0, digits - 1 - carried));
}

function fixed(x: number, decimals: number): string {
  const [whole, fraction] = Math.abs(x).toFixed(decimals).split(".") as [string, string?];
  return `${x < 0 ? "-" : ""}${group(whole)}${fraction === undefined ? "" : `.${fraction}`}`;
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The power of ten of the first digit: 0 for 3.4, -2 for 0.012; logarithms would miss exact powers. */
function exponent(x: number): number {
  return x === 0 ? 0 : Number(x.toExponential().split("e")[1]);
}

function join(left: string, right: string): string {
  return right === "" ? left : left === "" ? right : `${left} ${right}`;
}
