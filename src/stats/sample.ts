import { checkChoice, checkSameLength } from "./checks";
import { type Reservation, reserve } from "./reservation";
import { counted } from "./text";

/**
 * A summarised sample: ascending distinct values and how often each occurs. It gives the same results as the rows
 * it was counted from.
 */
export interface Distribution {
  /** Ascending distinct values. */
  values: ArrayLike<number>;
  /** How often each value occurs; 0 leaves a value out. */
  weights: ArrayLike<number>;
  unit?: string;
  /** Rows without a value; they are left out of every count. */
  missing?: number;
  /** How much of each weight is only a lower limit (a timeout at its cutoff). */
  censored?: ArrayLike<number>;
}

/** What to do with a NaN, null or undefined among the values: reject it, or leave it out and count it. */
export type NanPolicy = "throw" | "drop";

/** The cluster label of each row; null and undefined make the row a cluster of its own. */
export type Labels = ArrayLike<string | number | bigint | boolean | null | undefined>;

/** The finite and infinite numbers of an input, in its order. */
export interface Numbers {
  values: Float64Array;
  /** The row each value came from, if rows were dropped. */
  rows?: Int32Array;
  dropped: number;
}

/** True if the value is a Distribution rather than an array of values. */
export function isDistribution(sample: ArrayLike<number> | Distribution): sample is Distribution {
  return typeof sample === "object" && sample !== null && "values" in sample && "weights" in sample;
}

function describe(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value)
    : typeof value === "bigint"
      ? `the BigInt ${value}n`
      : String(value);
}

/**
 * Copies values to doubles; anything that is not a number is rejected, NaN and missing values follow the policy.
 */
export function readNumbers(caller: string, values: ArrayLike<number>, nan: NanPolicy = "throw"): Numbers {
  if (values === null || typeof values !== "object" || typeof values.length !== "number")
    throw new TypeError(`${caller} requires an array of numbers, got ${describe(values)}`);
  checkChoice(caller, "nan", nan, ["throw", "drop"]);
  const n = values.length;
  const copy = new Float64Array(n);
  let kept = 0;
  let rows: Int32Array | undefined;
  for (let i = 0; i < n; i++) {
    const value = values[i] as unknown;
    if (typeof value === "number" && !Number.isNaN(value)) {
      if (rows !== undefined) rows[kept] = i;
      copy[kept++] = value;
      continue;
    }
    if (value !== null && value !== undefined && typeof value !== "number")
      throw new TypeError(
        `${caller} requires numbers, got ${describe(value)} at index ${i}; convert it with Number()`,
      );
    if (nan === "throw")
      throw new RangeError(
        `${caller} requires numbers, got ${describe(value)} at index ${i}; use nan: "drop" to leave such values out`,
      );
    if (rows === undefined) {
      rows = new Int32Array(n);
      for (let row = 0; row < i; row++) rows[row] = row;
    }
  }
  const all = { values: copy.subarray(0, kept), dropped: n - kept };
  return rows === undefined ? all : { ...all, rows: rows.subarray(0, kept) };
}

/** Whole numbers 0 to K - 1 for the labels of the kept rows, in order of first appearance. */
export function clusterCodes(
  caller: string,
  labels: Labels,
  rowCount: number,
  rows?: Int32Array,
): { codes: Int32Array; count: number } {
  checkSameLength(caller, "values", rowCount, "clusters", labels.length);
  const n = rows === undefined ? labels.length : rows.length;
  const codes = new Int32Array(n);
  const seen = new Map<unknown, number>();
  let count = 0;
  for (let i = 0; i < n; i++) {
    const label = labels[rows === undefined ? i : rows[i]!];
    if (label === null || label === undefined) {
      codes[i] = count++;
      continue;
    }
    let code = seen.get(label);
    if (code === undefined) {
      code = count++;
      seen.set(label, code);
    }
    codes[i] = code;
  }
  return { codes, count };
}

/** Says how many values were left out, if any were. */
export function droppedNote(dropped: number): Reservation[] {
  return dropped === 0 ? [] : [reserve("left-out.values", { values: counted(dropped, "missing value") })];
}

/** The options that every interval of a sample takes. */
export interface SampleIntervalOptions {
  /** Confidence, default 0.95. */
  level?: number;
  /** One label per value; null makes a value a cluster of its own. */
  clusters?: Labels;
  /** What a cluster is: "user_id", ... */
  clusterBy?: string;
  unit?: string;
  /** What n counts, for the notes: "calls", ... */
  counted?: string;
  /** One flag per value: true if the value is only a lower limit (a timeout at its cutoff). */
  censored?: ArrayLike<boolean | number>;
  nan?: NanPolicy;
  /** Resamples if a bootstrap has to draw, default 9,999, and their seed, default 1. */
  resamples?: number;
  seed?: number;
}
