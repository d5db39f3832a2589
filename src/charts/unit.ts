/** How a value in its own unit is shown: multiplied by `factor`, followed by `unit`. */
export interface Scale {
  factor: number;
  unit: string;
}

const SECONDS: Record<string, number> = { s: 1, ms: 1e3, µs: 1e6, min: 1 / 60, h: 1 / 3600 };
const SHARE: Record<string, number> = { "1": 1, "%": 100 };

/**
 * The text after a number for an estimate's unit: a share ("1") is shown in %, no unit gives an empty text.
 *
 * @example
 * formatUnit("1") // "%"
 * formatUnit("USD/task") // "USD/task"
 */
export function formatUnit(unit: string | undefined): string {
  return unit === "1" ? "%" : (unit ?? "");
}

/**
 * The unit after a name: a name that already says "per task" gets dollars alone, and one that counts turns needs no "turns".
 *
 * @example
 * unitAfter("cost per task", "USD/task") // "USD"
 */
export function unitAfter(name: string, unit: string): string {
  const short = / per /.test(name) ? unit.replace(/^(USD|calls|turns)\/.*$/, "$1") : unit;
  return name.split(" ")[0] === short ? "" : short;
}

/** The scale that shows values of unit `from` in unit `to`, or in the natural one: ms if all are below 1 s. */
export function convert(from: string | undefined, to: string | undefined, values: readonly number[]): Scale {
  if (from === undefined) return { factor: 1, unit: formatUnit(to) };
  const known = from in SECONDS ? SECONDS : from in SHARE ? SHARE : undefined;
  if (known === undefined) return { factor: 1, unit: from };
  // A unit of another kind is refused rather than written after a number that is not in it.
  const wanted = to !== undefined && to in known ? to : natural(from, values);
  return { factor: known[wanted]! / known[from]!, unit: wanted };
}

/** The first finite value decides: an estimate's value comes first, then its ends. */
function natural(from: string, values: readonly number[]): string {
  if (from === "1") return "%";
  if (from !== "s") return from;
  const size = Math.abs(values.find((x) => Number.isFinite(x)) ?? 1);
  return size === 0 || size >= 1 ? "s" : size >= 1e-3 ? "ms" : "µs";
}
