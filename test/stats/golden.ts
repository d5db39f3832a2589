import { readFileSync } from "node:fs";
import { join } from "node:path";
import { near } from "../same";

/** Reads a file of reference values; NaN and infinities are written as strings there. */
// biome-ignore lint/suspicious/noExplicitAny: every golden file has a shape of its own
export function golden(name: string): any {
  const special: Record<string, number> = {
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    "-Infinity": Number.NEGATIVE_INFINITY,
  };
  return JSON.parse(readFileSync(join(__dirname, "..", "golden", `${name}.json`), "utf8"), (_, value) =>
    typeof value === "string" && value in special ? special[value] : value,
  );
}

/** Fails unless the two numbers agree to a relative tolerance (an absolute one of 1e-12 near zero). */
export function close(actual: number, expected: number, what = "", relative = 1e-9, absolute = 1e-12): void {
  near(actual, expected, what, relative, absolute);
}
