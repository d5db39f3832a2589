import type { Field } from "./fields";
import type { Question } from "./question";
import { mayBeOutcome, outcomeWords, resolvedBy, resolvedOf } from "./suggestedTasks";

/** What field names leave open about the outcomes of tasks. */
export function questionsOfTasks(resolved: Field | undefined, all: readonly Field[]): Question[] {
  return [...ofFlags(resolved, all), ...ofOutcomes(resolved)];
}

/** Several yes/no fields, any of which may be the outcome. */
function ofFlags(field: Field | undefined, all: readonly Field[]): Question[] {
  const flags = mayBeOutcome(all);
  if (field === undefined || !flags.includes(field) || flags.length === 1) return [];
  return [
    {
      asks: "Which field says whether a task is resolved?",
      choices: flags.map(({ name }) => name),
      taken: [flags.indexOf(field)],
      columns: ([at]) => ({ resolved: resolvedOf(flags[at]) }),
    },
  ];
}

const mostWords = 20;

/** Outcome words whose meaning cannot be known. */
function ofOutcomes(field: Field | undefined): Question[] {
  if (field === undefined || !field.isText) return [];
  const { words, resolved, unsettled, unknown } = outcomeWords(field);
  if (unknown.length === 0 || words.length > mostWords) return [];
  const meanings = { resolved, unsettled };
  const ask = (meaning: keyof typeof meanings, asks: string): Question => ({
    asks,
    choices: words,
    taken: meanings[meaning].map((word) => words.indexOf(word)),
    several: true,
    columns: (chosen) => {
      meanings[meaning] = chosen.map((at) => words[at]);
      return { resolved: resolvedBy(field.name, meanings) };
    },
  });
  const which = `${field.name} has words whose meaning is unclear: ${unknown.join(", ")}.`;
  return [
    ask("unsettled", `${which} Which words say nothing about whether a task is resolved?`),
    ask("resolved", "Which mean that it is resolved? (All others: that it is not.)"),
  ];
}
