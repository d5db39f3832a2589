import { all } from "./all";
import type { Measure } from "./measure";

/** Every measure as the command line, explain and doctor know it, room by room. */
export const measures: readonly Measure[] = all.flatMap(({ entries }): readonly Measure[] => entries);
