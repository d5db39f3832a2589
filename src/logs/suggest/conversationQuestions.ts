import { quoteText } from "../../store/quote";
import type { Mapping } from "../records/mapping";
import type { Question } from "./question";

/** What a conversation's messages do not say, and nothing beside them. */
export function questionsOfConversation({ columns, messages }: Mapping): Question[] {
  if (messages === undefined || columns.model !== undefined) return [];
  return [
    {
      asks: "No field names the model that answered. Which was it?",
      choices: ["not known, or several"],
      taken: [0],
      other: "its name, such as gpt-4o",
      columns: (_, other) => ({ model: other === undefined ? undefined : quoteText(other) }),
    },
  ];
}

const raters = ["human", "user", "judge", "rule"];

/** Who judged a conversation in a field beside its messages. */
export function questionsOfLabel({ columns: { subject, name, rater, label, value } }: Mapping): Question[] {
  // A label is of a conversation unless it names something else.
  if (subject !== undefined || name === undefined) return [];
  return [
    {
      asks: `${label ?? value} stands beside the messages. Who wrote it?`,
      choices: raters,
      taken: [Math.max(0, raters.map(quoteText).indexOf(rater))],
      columns: ([at]) => ({ rater: quoteText(raters[at]) }),
    },
  ];
}
