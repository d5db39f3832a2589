import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";

const names = "instruction output_1 generator_1 output_2 generator_2 annotator preference";
const item = `md5(${sql.given("instruction")})`;
const id = `md5(concat_ws(chr(31), generator_1, generator_2, ${sql.given("instruction")}))`;
const preference = sql.number("preference");
// 1 is a win of the reference, 2 a win of the model under test, a value in between a probability; 0 is a draw.
const win = `case when ${preference} = 0 then 0.5 when ${preference} between 1 and 2 then ${preference} - 1 end`;

const compared = {
  comparison_id: id,
  prompt_id: item,
  model_a: "generator_1",
  model_b: "generator_2",
  preferred: `1 - ${win}`,
  rater: "'judge'",
  rater_id: "annotator",
  ...sql.styleOf("a", "output_1"),
  ...sql.styleOf("b", "output_2"),
};

const targets: Target[] = [
  {
    table: "calls",
    columns: {
      call_id: id,
      ...sql.evaluated,
      prompt_id: item,
      request_model: "generator_2",
      status: "'ok'",
      prompt: sql.given("instruction"),
      output: sql.given("output_2"),
    },
  },
  {
    table: "scores",
    where: `${win} is not null`,
    columns: {
      subject: "'call'",
      subject_id: id,
      name: "'win'",
      value: win,
      rater: "'judge'",
      rater_id: "annotator",
    },
  },
  { table: "preferences", where: `${win} is not null and generator_1 is not null`, columns: compared },
];

/**
 * AlpacaEval's annotations: which of two answers a judge prefers, where the second is from the model under test.
 */
export const format: Format = {
  name: "alpaca-annotations",
  about:
    "AlpacaEval annotations (annotations.json): the judge's preference, as a win of the second generator",
  signature: ["instruction", "output_2", "generator_2", "preference"],
  lacks: "latency, tokens, cost of the answers; the annotator's cost is in the file, but not read",
  recognises: (shape) => has(shape, "instruction", "output_2", "generator_2", "preference"),
  reading: recordwise(names, targets),
};
