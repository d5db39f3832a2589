import { type Measure, raterOption } from "../measure";
import { attainment } from "./attainment";
import { distribution } from "./distribution";
import { exposure } from "./exposure";
import { latency } from "./latency";
import { unitNumbers } from "./number";
import { outcomeByLatency } from "./outcomeByLatency";
import { varianceByProvider } from "./varianceByProvider";

const countsUsers =
  "it counts users, by how much they use the service; --where selects the calls of one model";

export const measures: Measure[] = [
  {
    name: "latency",
    about: "how long calls take: mean and quantiles",
    run: latency,
    needs: ["duration"],
    parts: {
      "latency --metric time_to_first_token": ["time_to_first_token"],
      "latency --metric time_per_output_token": ["time_to_first_token", "output_tokens"],
      "latency --metric output_tokens_per_second": ["output_tokens"],
    },
    options: {
      metric: {
        value: "<name>",
        about:
          "duration, time_to_first_token (ttft), time_per_output_token (tpot) or output_tokens_per_second",
        default: "duration",
      },
      q: { value: "<list>", about: "quantiles", as: "numbers", default: [0.5, 0.95, 0.99, 0.999] },
      more: {
        about:
          "also the trimmed mean, p99 over p50, the share of all waiting in the slowest 1 %, and where the best by mean is not the best by p95",
      },
    },
    caption: "metric",
  },
  {
    name: "distribution",
    about:
      "how any number of calls or tasks is spread: quantiles, and whether one model is lower at every decile",
    run: distribution,
    needs: ["duration or input_tokens or output_tokens or cost"],
    options: {
      metric: {
        value: "<name>",
        about: `${unitNumbers.map(({ name }) => name).join(", ")}, or an attribute that is a number`,
        default: "duration",
      },
      q: {
        value: "<list>",
        about: "quantiles (default: the deciles, 0.95 and 0.99)",
        as: "numbers",
      },
    },
    caption: "metric",
  },
  {
    name: "attainment",
    about: "the share of calls within promised limits on time to first token and duration",
    run: attainment,
    needs: ["duration"],
    options: {
      firstToken: {
        value: "<seconds>",
        about: "limits on the time to the first token (default: 0.4,2)",
        as: "numbers",
      },
      duration: { value: "<seconds>", about: "limits on the duration (default: 10)", as: "numbers" },
    },
  },
  {
    name: "exposure",
    about: "who meets the tail: the chance that a user met a slow call",
    run: exposure,
    needs: ["duration", "user_id"],
    fixed: {
      by: countsUsers,
      candidate: countsUsers,
      cluster: "it counts users",
    },
    options: {
      slow: {
        value: "<seconds>",
        about: "slow is longer than this (default: the 99th percentile)",
        as: "number",
      },
    },
  },
  {
    name: "outcome-by-latency",
    about: "outcomes of tasks by how long they took",
    run: outcomeByLatency,
    needs: ["duration"],
    options: {
      outcome: { value: "<score>", about: "resolved, or a score of the log", default: "resolved" },
      rater: raterOption,
      bins: {
        value: "<number>",
        about: "bins with about as many tasks or calls each",
        as: "whole",
        default: 5,
      },
    },
  },
  {
    name: "variance-by-provider",
    about: "the same model at several providers or in several regions: which is slower, and by how much",
    run: varianceByProvider,
    needs: ["duration", "provider or region"],
    options: {
      between: {
        value: "<column>",
        about: "what is compared",
        choices: ["provider", "region"],
        default: "provider",
      },
    },
  },
];
