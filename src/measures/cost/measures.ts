import type { Measure } from "../measure";
import { billGrowth } from "./billGrowth";
import { cost } from "./cost";
import { costPairs } from "./costPairs";
import { costTiers } from "./costTiers";
import { monthlyBill } from "./monthlyBill";
import { reprice } from "./reprice";

export const measures: readonly Measure[] = [
  ...cost.entries,
  ...monthlyBill.entries,
  ...reprice.entries,
  ...costPairs.entries,
  ...costTiers.entries,
  ...billGrowth.entries,
];
