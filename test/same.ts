import assert from "node:assert/strict";

/** Fails unless two numbers agree to a relative tolerance; infinite and missing values must match exactly. */
export function near(actual: number, wanted: number, what = "", relative = 1e-9, absolute = 0): void {
  assert.ok(isNear(actual, wanted, relative, absolute), `${what}: got ${actual}, expected ${wanted}`);
}

/**
 * Fails unless two values are deeply equal, numbers to the last digits. The engine's threads add floats in any order,
 * so sums may differ there between runs; counts, texts and orders must be the same. JSON inside a text is compared by
 * content.
 */
export function assertClose(actual: unknown, wanted: unknown, what?: string): void {
  assert.deepEqual(aligned(actual, wanted), wanted, what);
}

/** The value, with each number that differs from the expected one only in its last digits replaced by that one. */
function aligned(actual: unknown, wanted: unknown): unknown {
  if (typeof actual === "number" && typeof wanted === "number")
    // Terms that cancel out give 0 only to fifteen places.
    return isNear(actual, wanted, 1e-12, 1e-15) ? wanted : actual;
  if (typeof actual === "string" && typeof wanted === "string") return alignedText(actual, wanted);
  if (Array.isArray(actual) && Array.isArray(wanted))
    return actual.map((one, at) => aligned(one, wanted[at]));
  if (!isPlain(actual) || !isPlain(wanted)) return actual;
  return Object.fromEntries(Object.entries(actual).map(([name, one]) => [name, aligned(one, wanted[name])]));
}

function alignedText(actual: string, wanted: string): string {
  if (actual === wanted || !/^\s*[[{]/.test(actual)) return actual;
  try {
    const [one, other] = [JSON.parse(actual), JSON.parse(wanted)];
    return JSON.stringify(aligned(one, other)) === JSON.stringify(other) ? wanted : actual;
  } catch {
    return actual;
  }
}

/** True if two numbers agree to a relative or an absolute tolerance; infinite and missing ones must match exactly. */
export function isNear(actual: number, wanted: number, relative: number, absolute: number): boolean {
  if (actual === wanted || Object.is(actual, wanted)) return true;
  const size = Math.max(Math.abs(actual), Math.abs(wanted));
  return Number.isFinite(size) && Math.abs(actual - wanted) <= Math.max(absolute, relative * size);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
