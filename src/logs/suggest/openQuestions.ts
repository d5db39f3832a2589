import type { Shape } from "../files/shape";
import type { Mapping } from "../records/mapping";
import { questionsOfCalls } from "./callQuestions";
import { questionsOfConversation, questionsOfLabel } from "./conversationQuestions";
import { fieldsOf } from "./fields";
import { questionsOfPrices } from "./priceQuestions";
import type { OpenQuestion } from "./question";
import { isUsed } from "./suggestion";
import { questionsOfTasks } from "./taskQuestions";

/** The questions that suggested mappings leave open, in the order in which to ask them. */
export function openQuestions(
  mappings: readonly Mapping[],
  shape: Shape,
  records: readonly unknown[] = [],
): OpenQuestion[] {
  const all = fieldsOf(shape, records);
  const unread = all.filter(({ name }) => !isUsed(name, mappings));
  return mappings.flatMap((one, mapping) => {
    const about = (column: string) =>
      all.find(({ name }) => one.columns[column] !== undefined && isUsed(name, [only(one, column)]));
    const questions =
      one.table === "calls"
        ? [
            ...questionsOfConversation(one),
            ...(one.messages === undefined ? questionsOfCalls(one, about, unread) : []),
          ]
        : one.table === "tasks"
          ? questionsOfTasks(about("resolved"), all)
          : one.table === "prices"
            ? questionsOfPrices(one, about)
            : one.table === "scores"
              ? questionsOfLabel(one)
              : [];
    return questions.map((question) => ({ mapping, ...question }));
  });
}

/** The mappings without the columns that stay out until their questions are answered. */
export const unanswered = (mappings: readonly Mapping[], questions: readonly OpenQuestion[]): Mapping[] =>
  mappings.map((one, at) => {
    const open = questions.filter(({ mapping }) => mapping === at);
    const changes = open.flatMap(({ columns, taken }) => Object.entries(columns(taken) ?? {}));
    const out = new Set(changes.flatMap(([column, from]) => (from === undefined ? [column] : [])));
    return {
      ...one,
      columns: Object.fromEntries(Object.entries(one.columns).filter(([column]) => !out.has(column))),
    };
  });

const only = (mapping: Mapping, column: string): Mapping => ({
  ...mapping,
  columns: { [column]: mapping.columns[column] },
});
