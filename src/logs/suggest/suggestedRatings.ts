import { quoteText } from "../../store/quote";
import type { Mapping } from "../records/mapping";
import { type Field, isNumber } from "./fields";

/** What people say of an answer or a ticket in a number. */
const ofPeople = /(^|_)(csat|nps|rating|stars|satisfaction|thumbs?|feedback)(_|$)/;
/** What people say of it with a thumb, or in a word. */
const up = /^((thumbs?[ _-]?)?up|👍.*|\+1?|liked?|good|positive|helpful|gut|positiv|bien|bueno|buono|bom)$/u;
const down =
  /^((thumbs?[ _-]?)?down|👎.*|-1?|disliked?|bad|negative|unhelpful|schlecht|negativ|mal|malo|ruim)$/u;

/** The expression for a rating as a number: 1 for a thumb up and 0 for one down; undefined if it is neither. */
function ratingOf({ name, value, scalar, isText, values }: Field): string | undefined {
  if (isNumber(scalar)) return value;
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))];
  const [good, bad] = [up, down].map((one) => words.filter((word) => one.test(word)));
  if (!isText || good.length + bad.length === 0 || good.length + bad.length < words.length) return undefined;
  const when = (some: string[], score: number) =>
    some.length === 0
      ? ""
      : `when lower(trim(${name})) in (${some.map(quoteText).join(", ")}) then ${score} `;
  return `case ${when(good, 1)}${when(bad, 0)}end`;
}
/** True if people say it of an answer in a word or with a thumb: it names nothing and nobody. */
export const isRating = (field: Field): boolean =>
  field.isText && ofPeople.test(field.said.what) && ratingOf(field) !== undefined;
const notANumber = /(^|_)(id|at|date|time|by|count|comment|text|reason)$/;

/** A mapping of scores for each rating by people among the fields of calls or tasks; without an id, of the record's own call. */
export function suggestedRatings(
  fields: readonly Field[],
  subject: "call" | "task" | "conversation",
  id?: string,
): Mapping[] {
  const ratings = new Map<string, string>();
  for (const field of fields) {
    const name = ofPeople.exec(field.said.what)?.[2];
    const value = ratingOf(field);
    if (name === undefined || ratings.has(name) || value === undefined) continue;
    if (!notANumber.test(field.said.what)) ratings.set(name, value);
  }
  return [...ratings].map(([name, value]) => ({
    table: "scores",
    // What nobody rated has no score.
    where: `${value} is not null`,
    columns: {
      subject: quoteText(subject),
      ...(id === undefined ? {} : { subject_id: id }),
      name: quoteText(name),
      value,
      rater: quoteText("user"),
    },
  }));
}
