import { all } from "./all";
import { measures as benchmark } from "./benchmark/measures";
import type { Measure } from "./measure";
import { measures as preferences } from "./preferences/measures";

/** Every measure as the command line, explain and doctor know it, room by room. */
export const measures: readonly Measure[] = [
  ...all.flatMap(({ entries }): readonly Measure[] => entries),
  ...preferences,
  ...benchmark,
];
