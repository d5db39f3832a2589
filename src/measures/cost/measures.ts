import type { Measure } from "../measure";
import { sharedOptions } from "../options";
import { billGrowth } from "./billGrowth";
import { type CostOptions, cost } from "./cost";
import { costPairs } from "./costPairs";
import { type CostTierOptions, costTiers } from "./costTiers";
import { monthlyBill } from "./monthlyBill";
import { type RepriceOptions, reprice } from "./reprice";

const { credit } = sharedOptions;
const words = {
  where:
    "only calls that meet this SQL predicate, and tasks whose answering call by --credit does, with all their calls",
};

const countsAll = "it counts what the log has, without intervals";

export const measures: Measure[] = [
  {
    name: "cost",
    about: "what calls, tasks and resolved tasks cost, all attempts included",
    run: cost,
    needs: ["cost"],
    parts: { "cost per resolved task": ["tasks.resolved"] },
    options: { credit },
    words,
  },
  {
    name: "monthly",
    of: "cost",
    value: "<tasks>",
    as: "number",
    about: "what a month with this number of tasks would cost, all rows at one mix of tasks",
    run: (store, { monthly: tasks, ...options }: CostOptions & { monthly: number }) =>
      monthlyBill(store, { ...options, tasks }),
    needs: ["cost"],
    options: { credit },
    words,
  },
  {
    name: "reprice",
    of: "cost",
    value: "<file>",
    about: "the same calls at the prices of a list",
    run: (store, { reprice: prices, ...options }: RepriceOptions & { reprice: string }) =>
      reprice(store, { ...options, prices }),
    needs: ["input_tokens"],
  },
  {
    name: "as",
    of: "cost",
    value: "<model>",
    about: "the same calls as if this model had answered them, with the tokens of the one that did",
    run: reprice,
    needs: ["input_tokens"],
    options: {
      prices: { value: "<file>", about: "a price list (default: the store's prices)" },
      tokens: {
        value: "<least,most>",
        about: "how many times the logged tokens it may take, such as 0.8,1.3",
        as: "numbers",
      },
    },
  },
  {
    name: "caching",
    of: "cost",
    value: "<share>",
    as: "number",
    about:
      "what prompt caching saves at list prices, against this share of input read from a cache (0: no caching)",
    run: reprice,
    needs: ["input_tokens"],
    options: { prices: { value: "<file>", about: "a price list (default: the store's prices)" } },
  },
  {
    name: "cost-pairs",
    about:
      "every two models: the ratio of their costs, and whether the cheaper per call is so per resolved task",
    run: costPairs,
    needs: ["cost"],
    options: { credit, compare: { value: "<column>", about: "what is compared", default: "model" } },
    words,
  },
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
