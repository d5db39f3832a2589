import { measures as agreement } from "./agreement/measures";
import { measures as benchmark } from "./benchmark/measures";
import { measures as consistency } from "./consistency/measures";
import { measures as cost } from "./cost/measures";
import { measures as latency } from "./latency/measures";
import type { Measure } from "./measure";
import { measures as preferences } from "./preferences/measures";
import { measures as quality } from "./quality/measures";
import { measures as service } from "./service/measures";
import { measures as trend } from "./trend/measures";

/** Every measure, folder by folder. A measure is its files and its entry in its folder's list. */
export const measures: readonly Measure[] = [
  ...latency,
  ...service,
  ...trend,
  ...cost,
  ...quality,
  ...preferences,
  ...consistency,
  ...agreement,
  ...benchmark,
];
