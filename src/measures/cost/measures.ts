import type { Measure } from "../measure";
import { billGrowth } from "./billGrowth";
import { cost } from "./cost";
import { costPairs } from "./costPairs";
import { type CostTierOptions, costTiers } from "./costTiers";
import { monthlyBill } from "./monthlyBill";
import { reprice } from "./reprice";

const countsAll = "it counts what the log has, without intervals";

export const measures: Measure[] = [
  ...cost.entries,
  ...monthlyBill.entries,
  ...reprice.entries,
  ...costPairs.entries,
  {
    name: "equal-quality",
    of: "cost",
    value: "<metric>",
    about:
      "which models are not shown to be worse than the best by this metric, and what the cheapest of them saves",
    run: (store, { equalQuality: quality, ...options }: CostTierOptions & { equalQuality: string }) =>
      costTiers(store, { ...options, quality }),
    needs: ["cost", "tasks.resolved or scores"],
  },
  {
    name: "bill-growth",
    about: "the bill before and after a date, split into calls, tokens a call and price",
    run: billGrowth,
    needs: ["cost", "started_at"],
    fixed: { cluster: countsAll, level: countsAll, seed: countsAll, interval: countsAll },
    options: { at: { value: "<date>", about: "where before ends (default: the middle of the log)" } },
  },
];
