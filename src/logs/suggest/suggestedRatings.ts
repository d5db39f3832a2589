import { quoteText } from "../../store/quote";
import { type Field, isNumber } from "./fields";

/** What people say of an answer or a ticket in a number. */
const ofPeople = /(^|_)(csat|nps|rating|stars|satisfaction|thumbs)(_|$)/;
const notANumber = /(^|_)(id|at|date|time|by|count|comment|text|reason)$/;

/** A mapping of scores for each rating by people among the fields of calls or tasks. */
export function suggestedRatings(
  fields: readonly Field[],
  subject: "call" | "task" | "conversation",
  id: string | undefined,
): { table: "scores"; columns: Record<string, string> }[] {
  if (id === undefined) return [];
  const ratings = new Map<string, Field>();
  for (const field of fields) {
    const name = ofPeople.exec(field.said.what)?.[2];
    if (name === undefined || ratings.has(name) || !isNumber(field.scalar)) continue;
    if (!notANumber.test(field.said.what)) ratings.set(name, field);
  }
  return [...ratings].map(([name, { value }]) => ({
    table: "scores",
    columns: {
      subject: quoteText(subject),
      subject_id: id,
      name: quoteText(name),
      value,
      rater: quoteText("user"),
    },
  }));
}
