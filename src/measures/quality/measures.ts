import { grains } from "../../facts/judgements";
import { type Measure, raterOption } from "../measure";
import { type ControlledOptions, controlled } from "./controlled";
import { flips } from "./flips";
import { judged } from "./judged";
import { paired } from "./paired";
import { quality } from "./quality";
import { qualityBeside } from "./qualityBeside";
import { raterAgreement } from "./qualityRaters";
import { refusals } from "./refusals";
import { structured } from "./structured";
import { validators } from "./validators";

const of = "quality";
const lists = "it lists items, without intervals";
const compare = { value: "<column>", about: "what is compared", default: "model" };

export const measures: Measure[] = [
  {
    name: "quality",
    about: "how good answers are by a score of the log: its mean or rate",
    run: quality,
    needs: ["scores or tasks.resolved"],
    options: {
      score: {
        value: "<name>",
        about:
          "the score, or the form of outputs: json_valid, schema_valid; without it the scores of the log are listed",
      },
      rater: raterOption,
      judgements: {
        value: "<expression>",
        about:
          "which judgements count, over the columns and attributes of scores: \"attributes.rubric = 'v2'\"",
      },
      grain: {
        value: "<kind>",
        about:
          "what was judged: answer (calls and tasks), call, task or conversation (default: what has the score)",
        choices: grains,
      },
      guarantee: { about: "rates with an interval that covers at least as often as it says" },
    },
  },
  {
    name: "pairs",
    of,
    unused: ["guarantee"],
    about: "pairs of models on the items that both were asked",
    run: paired,
    fixed: { cluster: "its intervals are over the items" },
    needs: ["scores or tasks.resolved", "prompt_id"],
    options: { compare },
  },
  {
    name: "flips",
    of,
    unused: ["guarantee"],
    value: "<a,b>",
    about: "the items that only one of two models gets right",
    run: (store, { flips: pair, ...options }: Parameters<typeof flips>[1] & { flips: string }) => {
      const [a, b, ...more] = pair.split(",").map((name) => name.trim());
      if (!a || !b || more.length > 0)
        throw new RangeError(`flips requires two names, as in --flips small,large, got "${pair}"`);
      return flips(store, { ...options, a, b });
    },
    fixed: { cluster: lists, level: lists, seed: lists, interval: lists },
    needs: ["scores or tasks.resolved", "prompt_id"],
    options: { compare },
  },
  {
    name: "judge",
    of,
    unused: ["rater", "guarantee"],
    about: "how good the judge is by people's labels, and its rate without its errors",
    run: judged,
    needs: ["scores"],
  },
  {
    name: "control",
    of,
    beyond: "judge",
    unused: ["rater", "guarantee"],
    value: "<names>",
    about: "a judge's rates with what biases it held equal: output_length, family",
    run: (store, options: ControlledOptions) => controlled(store, options),
    fixed: { seed: "nothing is drawn", interval: "its intervals follow from the fit" },
    needs: ["scores"],
  },
  {
    name: "raters",
    of,
    unused: ["rater", "guarantee"],
    about: "how far raters agree with each other",
    run: raterAgreement,
    fixed: {
      cluster: "its intervals are over the subjects",
      interval: "agreement is drawn already, and the share that agrees is a rate",
    },
    needs: ["scores"],
  },
  {
    name: "refusals",
    of,
    unused: ["guarantee"],
    about: "answers refused, cut off, right and wrong",
    run: refusals,
    needs: ["finish_reason or scores"],
  },
  {
    name: "structured",
    of,
    unused: ["score", "rater", "judgements", "grain", "guarantee"],
    about: "valid JSON, the schema, repairs and tool calls",
    run: structured,
    needs: ["json_valid or schema_valid"],
  },
  {
    name: "validator",
    of,
    unused: ["rater", "guarantee"],
    value: "<name>",
    about: "what a check is worth: a score given by a rule, or stage:NAME",
    run: validators,
    needs: ["scores"],
  },
  {
    name: "beside",
    of,
    value: "<score>",
    about: "split by another score of the same answers, such as evidence_position",
    run: qualityBeside,
    fixed: { seed: "nothing is drawn", interval: "nothing is drawn" },
    needs: ["scores"],
    options: { bins: { value: "<number>", about: "parts of the other score", as: "whole" } },
  },
];
