import type { Measure } from "../measure";
import { metrics } from "../metrics";
import { trend } from "./trend";

const [first, second] = metrics.map(({ name }) => name);

export const measures: Measure[] = [
  {
    name: "trend",
    about:
      "the course of a metric by day or week: when its level changed, how likely that is, and what else changed then",
    run: trend,
    needs: ["started_at"],
    options: {
      metric: {
        value: "<name>",
        about: `a metric's name, such as ${first}, ${second}, error_rate, cost_per_task or score:NAME`,
        default: "duration_p50",
      },
      per: { value: "<span>", about: "day or week", choices: ["day", "week"], default: "day" },
      quiet: {
        value: "<days>",
        about: "days between two false alerts on average, over all rows, where nothing changes",
        as: "whole",
        default: 365,
      },
    },
    caption: "metric",
  },
];
