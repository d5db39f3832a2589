import assert from "node:assert/strict";

/** Fails if two tables differ: numbers by more than a relative 1e-10, anything else at all. */
export function sameNumbers(found: unknown, expected: unknown): number {
  const wrong: string[] = [];
  let compared = 0;
  const look = (a: unknown, b: unknown, path: string) => {
    if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        look(a[key as keyof typeof a], b[key as keyof typeof b], `${path}.${key}`);
      return;
    }
    compared++;
    const isSame =
      typeof a === "number" && typeof b === "number"
        ? Object.is(a, b) || Math.abs(a - b) <= 1e-10 * Math.max(Math.abs(a), Math.abs(b))
        : a === b;
    if (!isSame) wrong.push(`${path}: ${a} for ${b}`);
  };
  look(found, expected, "");
  assert.deepEqual(wrong.slice(0, 10), []);
  return compared;
}
