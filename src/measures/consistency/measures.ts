import { type Measure, raterOption } from "../measure";
import { consistency } from "./consistency";
import { type WorstOptions, worstPrompts } from "./repeatsWorst";
import { singleShot } from "./singleShot";

const of = "consistency";
const needs = ["prompt_id", "repeated prompts"];

export const measures: Measure[] = [
  {
    name: "consistency",
    about: "how much the answers to the same prompt vary, by prompts that were asked at least twice",
    run: consistency,
    needs,
    fixed: { cluster: "its intervals are over prompts" },
    options: {
      score: {
        value: "<name>",
        about:
          "the score of a run, or its form: json_valid, schema_valid (default: whether tasks are resolved, or the only score)",
      },
      rater: raterOption,
      k: {
        value: "<list>",
        about: "numbers of runs for pass@k and pass^k",
        as: "numbers",
        default: [1, 2, 4],
      },
      pass: { value: "<score>", about: "the score from which a run passes", as: "number" },
    },
  },
  {
    name: "worst",
    of,
    unused: ["k", "pass"],
    value: "<number>",
    as: "whole",
    about: "how many of each model's worst prompts to list",
    run: (store, { worst, ...options }: WorstOptions & { worst: number }) =>
      worstPrompts(store, { ...options, limit: worst }),
    needs,
    fixed: { seed: "nothing is drawn", interval: "nothing is drawn" },
    options: {
      order: {
        value: "<what>",
        about: "what to rank them by (default: the score)",
        choices: ["score", "json_valid", "schema_valid", "same_output"],
      },
    },
  },
  {
    name: "single-shot",
    of,
    unused: ["k", "pass"],
    about: "how often a study with few runs per prompt would pick the wrong model",
    run: singleShot,
    needs,
    options: { repeats: { value: "<list>", about: "runs per prompt (default: 1,2,4,8)", as: "numbers" } },
  },
];
