/** A probability in [0, 1]; a percentage is recognised, and the error suggests the share. */
export function checkProbability(caller: string, name: string, p: number): void {
  if (typeof p === "number" && p >= 0 && p <= 1) return;
  const hint = typeof p === "number" && p > 1 && p <= 100 ? `; did you mean ${p / 100}?` : "";
  throw new RangeError(`${caller} requires 0 <= ${name} <= 1, got ${String(p)}${hint}`);
}

/** A confidence level strictly between 0 and 1. */
export function checkLevel(caller: string, level: number): void {
  if (typeof level === "number" && level > 0 && level < 1) return;
  const hint =
    typeof level === "number" && level >= 50 && level < 100 ? `; did you mean ${level / 100}?` : "";
  throw new RangeError(`${caller} requires 0 < level < 1, got ${String(level)}${hint}`);
}

/** A whole number of at least `least`. */
export function checkCount(caller: string, name: string, n: number, least = 0): void {
  if (Number.isSafeInteger(n) && n >= least) return;
  throw new RangeError(`${caller} requires a whole ${name} >= ${least}, got ${String(n)}`);
}

/** A finite number. */
export function checkFinite(caller: string, name: string, x: number): void {
  if (Number.isFinite(x)) return;
  throw new RangeError(`${caller} requires a finite ${name}, got ${String(x)}`);
}

/** A finite number greater than 0. */
export function checkPositive(caller: string, name: string, x: number): void {
  if (Number.isFinite(x) && x > 0) return;
  throw new RangeError(`${caller} requires a finite ${name} > 0, got ${String(x)}`);
}

/** Two arrays that describe the same rows. */
export function checkSameLength(caller: string, first: string, a: number, second: string, b: number): void {
  if (a === b) return;
  throw new RangeError(
    `${caller} requires one of ${second} for each of ${first}, got ${a} ${first} and ${b} ${second}`,
  );
}

/** One of the named choices. */
export function checkChoice(caller: string, name: string, given: string, choices: readonly string[]): void {
  if (choices.includes(given)) return;
  throw new RangeError(`${caller} requires ${name} to be one of ${choices.join(", ")}, got ${String(given)}`);
}
