import type { Count } from "./count";

/** The coverage of a nominal 95 % is low if it is below 93 % by more than two standard errors. */
export function isLow({ covered, twoSided }: Count): boolean {
  if (twoSided === 0) return false;
  return covered / twoSided < 0.93 - 2 * Math.sqrt((0.93 * 0.07) / twoSided);
}

function verdict(count: Count): string {
  if (!isLow(count)) return "";
  // If no method is known to do better, the estimates themselves must say so in a note.
  return count.noted > 0.5 * count.twoSided ? "low, noted" : "LOW";
}

/** Counts as a Markdown table. */
export function coverageTable(counts: Count[]): string {
  const share = (part: number, whole: number, digits = 3) =>
    whole === 0 ? "" : (part / whole).toFixed(digits);
  const rows = counts.map((count) =>
    [
      count.name,
      count.runs,
      share(count.covered, count.twoSided),
      share(count.below, count.twoSided),
      share(count.above, count.twoSided),
      share(count.unbounded, count.runs, 2),
      share(count.refused, count.runs, 2),
      share(count.noted, count.twoSided, 2),
      verdict(count),
    ].join(" | "),
  );
  return [
    "| cell | runs | coverage | all below the truth | all above it | unbounded | refused | noted | |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
