import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";

const names = "question_id uid model baseline judge category games";

/** The baseline's name if the file does not give it, as in Arena-Hard's first version. */
const baseline = "coalesce(nullif(baseline, ''), 'baseline')";

/** One of the two games: the baseline's answer comes first in the first game, the model's in the second. */
function game(number: 0 | 1): Target {
  const score = sql.inside("games", `$[${number}].score`);
  const first = `case ${score} when 'A>>B' then 1 when 'A>B' then 1 when 'A=B' then 0.5 when 'B>A' then 0 when 'B>>A' then 0 end`;
  return {
    table: "preferences",
    where: `${first} is not null`,
    columns: {
      comparison_id: `concat_ws(':', ${sql.given("question_id", "uid")}, model, ${baseline}, judge, '${number + 1}')`,
      prompt_id: sql.given("question_id", "uid"),
      workload: sql.given("category"),
      model_a: sql.required("model"),
      model_b: baseline,
      preferred: number === 0 ? `1 - ${first}` : first,
      shown_first: number === 0 ? "'b'" : "'a'",
      rater: "'judge'",
      rater_id: "judge",
    },
  };
}

/** Arena-Hard's judgments: a model against the baseline, judged in both orders. */
export const format: Format = {
  name: "arena-hard-judgments",
  about:
    "Arena-Hard judgments (model_judgment/JUDGE/MODEL.jsonl): a model against the baseline, in both orders",
  signature: ["question_id", "model", "judge", "games"],
  lacks:
    "the answers, so their length and style; latency, tokens, cost; before version 2 the baseline's name",
  recognises: (shape) =>
    has(shape, "model", "judge", "games") && shape.fields?.get("games")?.list !== undefined,
  reading: recordwise(names, [game(0), game(1)]),
};
