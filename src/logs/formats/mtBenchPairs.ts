import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";

const names = "question_id model_1 model_2 g1_winner g2_winner judge turn tstamp";

/** One of the two games of a pair: the judge sees the answers in one order, then in the other. */
function game(number: 1 | 2): Target {
  const winner = `g${number}_winner`;
  const judge = `coalesce(${sql.inside("judge", "$[0]")}, judge)`;
  return {
    table: "preferences",
    // A verdict that could not be parsed does not count.
    where: `${winner} in ('model_1', 'model_2', 'tie')`,
    columns: {
      comparison_id: `concat_ws(':', question_id, turn, model_1, model_2, ${judge}, '${number}')`,
      prompt_id: sql.given("question_id"),
      model_a: sql.required("model_1"),
      model_b: sql.required("model_2"),
      preferred: `case ${winner} when 'model_1' then 1 when 'model_2' then 0 else 0.5 end`,
      shown_first: number === 1 ? "'a'" : "'b'",
      rater: "'judge'",
      rater_id: judge,
      at: sql.instant("tstamp"),
    },
  };
}

/** MT-bench's pairwise judgments: each pair of answers judged twice, in both orders. */
export const format: Format = {
  name: "mt-bench-pairs",
  about: "MT-bench pairwise judgments (JUDGE_pair.jsonl): each pair judged in both orders",
  signature: ["question_id", "model_1", "model_2", "g1_winner", "g2_winner"],
  lacks: "the answers, so their length and style; latency, tokens, cost",
  recognises: (shape) => has(shape, "model_1", "model_2", "g1_winner", "g2_winner"),
  reading: recordwise(names, [game(1), game(2)]),
};
