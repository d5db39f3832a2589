import type { Measure } from "../measure";
import { billGrowth } from "./billGrowth";
import { cost } from "./cost";
import { costPairs } from "./costPairs";

const credit = {
  value: "<which>",
  about: "the answering call that names the row a task counts for",
  choices: ["first", "last"],
  default: "first",
};
const words = {
  where:
    "only calls that meet this SQL predicate, and tasks whose answering call by --credit does, with all their calls",
};

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
    name: "cost-pairs",
    about:
      "every two models: the ratio of their costs, and whether the cheaper per call is so per resolved task",
    run: costPairs,
    needs: ["cost"],
    options: { credit, compare: { value: "<column>", about: "what is compared", default: "model" } },
    words,
  },
  {
    name: "bill-growth",
    about: "the bill before and after a date, split into calls, tokens a call and price",
    run: billGrowth,
    needs: ["cost", "started_at"],
    options: { at: { value: "<date>", about: "where before ends (default: the middle of the log)" } },
  },
];
