import type { Measure } from "../measure";
import { contamination } from "./contaminationOf";
import { saturation } from "./saturation";

export const measures: Measure[] = [
  {
    name: "tiers",
    about: "how many tiers a leaderboard really has, and the ranks that each model may have",
    run: saturation,
    needs: ["benchmarks"],
    ownCommand: true,
  },
  {
    name: "contamination",
    about: "which models do better on a public benchmark than on a private one, beyond what the others do",
    run: contamination,
    needs: ["benchmarks"],
    ownCommand: true,
  },
];
