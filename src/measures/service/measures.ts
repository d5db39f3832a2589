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
  {
    name: "reliability",
    about: "rates of errors, timeouts, rate limits, retries and fallbacks",
    run: reliability,
    needs: ["status"],
    parts: { "reliability: retries": ["attempt"] },
  },
  {
    name: "retry-after",
    fixed: { seed: "nothing is drawn at random" },
    of: "reliability",
    about: "how long providers asked refused calls to wait, and whether retries waited as long",
    run: retryAfter,
    needs: ["status"],
  },
  {
    name: "error-bursts",
    about: "whether failures come in bursts, hour by hour",
    run: errorBursts,
    needs: ["status", "started_at"],
    fixed: {
      cluster: "its interval is over the calls of one hour",
      seed: "nothing is drawn: its interval is Wilson's",
      interval: "it has one rate, with Wilson's interval",
    },
  },
  {
    name: "fallback-chains",
    about: "what happened to tasks whose first call failed: who answered in the end, at what cost and wait",
    run: fallbackChains,
    needs: ["task_id"],
  },
  ...throughput.entries,
  ...loadCurve.entries,
  {
    name: "cache-hits",
    about: "how often caches answer, and what calls take and cost with and without them",
    run: cacheHits,
    needs: ["cache_hit or cache_read_input_tokens"],
  },
  {
    name: "mixture",
    of: "cache-hits",
    about:
      "quantiles of the wait as a mixture of hits and misses, and what they would be at another share of hits",
    run: cacheMixture,
    needs: ["cache_hit", "duration"],
    options: {
      hitRate: {
        value: "<share>",
        about: "the share of calls that the cache is to answer",
        as: "number",
        default: 0.5,
      },
      q: { value: "<list>", about: "quantiles", as: "numbers", default: [0.5, 0.95] },
    },
  },
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
  {
    name: "stages",
    about: "where the time of a task goes: every stage and its share of the critical path",
    run: stages,
    needs: ["spans"],
    options: { q: { value: "<list>", about: "quantiles", as: "numbers", default: [0.5, 0.95, 0.99] } },
    words: {
      by: "columns to group by, of a task's first answering call (default: workload)",
      where: "only tasks whose first answering call meets this SQL predicate",
    },
  },
  {
    name: "trajectories",
    about:
      "steps an agent takes for a task, failures and loops, and what is spent after the first failure, by outcome",
    run: trajectories,
    needs: ["task_id"],
    options: {
      loop: {
        value: "<number>",
        about: "how many uses of one tool with the same arguments in a task make a loop",
        as: "whole",
        default: 3,
      },
    },
  },
  {
    name: "tools",
    of: "trajectories",
    unused: ["loop"],
    about: "which tools are used, how often they fail, and whether they are tried again",
    run: trajectoryTools,
    needs: ["uses of tools"],
  },
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
