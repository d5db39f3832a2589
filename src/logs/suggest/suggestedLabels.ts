import { quoteText } from "../../store/quote";
import { mayBeSaid } from "../records/attributeNames";
import { turnNames } from "../records/conversation";
import type { Mapping } from "../records/mapping";
import { type Field, isNumber, isTime } from "./fields";

/** What people write beside a conversation that they have read. */
const ofReading =
  /(^|_)(labels?|labeled|annotations?|annotated|state|stage|step|category|class|tags?|topic|intent|notes?|comments?|remarks?|failures?|failed|errors?|modes?|reasons?|verdict|judge?ments?|grade|quality|issues?|codes?|sentiment|severity|critique|evaluation|review|finding|score|scores|correct|harmful|harmless|refus(al|ed)|pass(ed)?|reward|rubric)(_|$)/;
const ofNoReading = /(^|_)(id|ids|at|date|time|by|version|count|url|model|currency)(_|$)/;
/** What is asked of one answer, under the names by which measures know it. */
const ofAnswer = /^(is_)?(harmful|harmless|refused)$|^refusal$/i;
const byRule = /(^|_)(reward|auto|automatic|heuristic|rule)(_|$)/;
const byJudge = /(^|_)(judge|llm|evaluator|autorater)(_|$)/;

/** A mapping of scores for each field beside a conversation that says how it went: a word or a number, and no comment. */
export function suggestedLabels(fields: readonly Field[]): Mapping[] {
  return fields.flatMap((field): Mapping[] => {
    const { said, values, name, scalar, isText } = field;
    if (values.length === 0 || isTime(field) || !ofReading.test(said.what) || ofNoReading.test(said.what))
      return [];
    const isFlag = scalar === "BOOLEAN";
    if (isText ? mayBeSaid(field.path) : !isFlag && !isNumber(scalar)) return [];
    const rater = byRule.test(said.what) ? "rule" : byJudge.test(said.what) ? "judge" : "human";
    const as = field.path[field.path.length - 1];
    return [
      {
        table: "scores",
        where: `${name} is not null`,
        columns: {
          // Of several answers, nobody knows which is meant.
          ...(ofAnswer.test(as) && {
            subject: `case when ${turnNames.count} = 1 then 'call' else 'conversation' end`,
          }),
          name: quoteText(as),
          ...(isText ? { label: name } : { value: isFlag ? `${name}::boolean::int` : field.value }),
          rater: quoteText(rater),
        },
      },
    ];
  });
}
