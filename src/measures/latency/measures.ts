import type { Measure } from "../measure";
import { attainment } from "./attainment";
import { distribution } from "./distribution";
import { exposure } from "./exposure";
import { latency } from "./latency";
import { outcomeByLatency } from "./outcomeByLatency";
import { varianceByProvider } from "./varianceByProvider";

export const measures: readonly Measure[] = [
  ...latency.entries,
  ...distribution.entries,
  ...attainment.entries,
  ...exposure.entries,
  ...outcomeByLatency.entries,
  ...varianceByProvider.entries,
];
