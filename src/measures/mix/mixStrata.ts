import { metric } from "../metric";
import type { Column, Stratum } from "./mixLevels";

export const sum = (strata: readonly Stratum[]) => strata.reduce((all, { n }) => all + n, 0);

export const everyHour = Array.from({ length: 8 }, (_, weekday) =>
  Array.from({ length: 24 }, (_, hour_of_day) => ({ second: true, weekday, hour_of_day, w: 1 })),
).flat();

/**
 * The columns that define the mix, finest level first: without the columns that tell groups or candidates apart, and last
 * without versions.
 */
export function levelsBeside(by: readonly string[], byModel: boolean): Column[][] {
  const coarse: Column[] = [
    ...(by.includes("workload") ? [] : ["workload" as const]),
    ...(byModel ? ["model" as const] : []),
  ];
  const fine: Column[] = by.includes("prompt_version") ? coarse : [...coarse, "version"];
  return [fine, coarse].map((columns) => [...columns, "length", "working"]);
}

/** The strata by name, with groups of the same name combined. */
export function stratumSums(strata: readonly Stratum[], nameOf: (g: string | number) => string) {
  const found = new Map<string, Map<string, Stratum>>();
  for (const one of strata) {
    const own = found.get(nameOf(one.g)) ?? new Map<string, Stratum>();
    found.set(nameOf(one.g), own);
    const into = own.get(String(one.stratum));
    if (into === undefined) own.set(String(one.stratum), { ...one });
    else for (const name of ["n", "x", "xx"] as const) into[name] += one[name];
  }
  return new Map([...found].map(([name, own]) => [name, [...own.values()]]));
}

/** The strata of all groups as side a, and those of one as side b. */
export const besideAll = (whole: readonly Stratum[], part: readonly Stratum[]): Stratum[] => [
  ...whole.map((one) => ({ ...one, second: false })),
  ...part.map((one) => ({ ...one, second: true })),
];

/**
 * True if a metric is measured length by length, so that getting longer inputs makes no one better or worse.
 */
export const isByLength = (name: string) =>
  !name.includes(" within ") && metric(name).source.measure === "qualityByLength";

/** The name of a metric among the sums: a score goes by its own name. */
export function inTerms(name: string): string {
  if (name.includes(" within ")) return name;
  const { source } = metric(name);
  if (source.measure !== "quality") return name;
  return `${source.grain === undefined ? "" : "conversation_"}score:${source.score}`;
}
