import { type Measure, raterOption } from "../measure";
import { attainment } from "./attainment";
import { distribution } from "./distribution";
import { exposure } from "./exposure";
import { latency } from "./latency";
import { outcomeByLatency } from "./outcomeByLatency";
import { varianceByProvider } from "./varianceByProvider";

export const measures: Measure[] = [
  ...latency.entries,
  ...distribution.entries,
  ...attainment.entries,
  ...exposure.entries,
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
  ...varianceByProvider.entries,
];
