import { type Measure, raterOption } from "../measure";
import { cacheHits } from "./cacheHits";
import { cacheMixture } from "./cacheMixture";
import { type ContextLengthOptions, contextLength, effectiveContext } from "./contextLength";
import { contextSlope } from "./contextSlope";
import { errorBursts } from "./errorBursts";
import { fallbackChains } from "./fallbackChains";
import { pipelineEffects } from "./pipelineEffects";
import { reliability } from "./reliability";
import { retryAfter } from "./retryAfter";
import { stages } from "./stages";
import { loadCurve, throughput } from "./throughput";
import { trajectories, trajectoryTools } from "./trajectories";

const bins = {
  value: "<number>",
  about: "bins with about as many calls each",
  as: "whole",
  default: 6,
} as const;
const score = {
  value: "<name>",
  about: "the score that says whether an answer is good",
  default: "resolved",
};

export const measures: Measure[] = [
  ...reliability.entries,
  ...retryAfter.entries,
  ...errorBursts.entries,
  ...fallbackChains.entries,
  ...throughput.entries,
  ...loadCurve.entries,
  ...cacheHits.entries,
  ...cacheMixture.entries,
  {
    name: "context-length",
    about: "latency, cost, errors and quality by the length of the input",
    run: contextLength,
    needs: ["input_tokens"],
    options: { score, rater: raterOption, bins },
  },
  {
    name: "floor",
    of: "context-length",
    value: "<score>",
    as: "number",
    about: "the longest input whose lower bound holds this score, beside the advertised length",
    run: async (store, { floor, ...options }: ContextLengthOptions & { floor: number }) =>
      effectiveContext(await contextLength(store, options), { floor }),
    needs: ["input_tokens"],
  },
  {
    name: "slope",
    of: "context-length",
    about: "how fast quality falls with the length of the input, and from which length on",
    run: contextSlope,
    fixed: { interval: "the turning point is drawn already, and the slope is a regression's" },
    needs: ["input_tokens", "tasks.resolved or scores"],
    options: { score, rater: raterOption },
  },
  ...stages.entries,
  ...trajectories.entries,
  ...trajectoryTools.entries,
  {
    name: "pipeline-effects",
    about: "the model against the system around it: how much each changes the outcome",
    run: pipelineEffects,
    needs: ["prompt_version or release"],
    options: {
      pipeline: {
        value: "<column>",
        about: "the column that names the pipeline",
        choices: ["prompt_version", "release"],
      },
      outcome: { value: "<score>", about: "resolved, or a score of the log" },
      rater: raterOption,
    },
  },
];
