import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Mapping } from "../logs/records/mapping";
import type { OpenQuestion } from "../logs/suggest/question";

/** Where questions are asked and answered. */
export interface Talk {
  input: Readable;
  output: Writable;
}

/**
 * Asks the questions that a suggested mapping leaves open, one by one, and returns the mapping with the answers.
 *
 * An empty answer accepts the suggestion, as does the end of input for all questions left.
 */
export async function askAll(
  mappings: readonly Mapping[],
  questions: readonly OpenQuestion[],
  { input, output }: Talk,
): Promise<Mapping[]> {
  const columns = mappings.map((one) => ({ ...one.columns }) as Record<string, string | undefined>);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const answers = lines[Symbol.asyncIterator]();
  try {
    for (const [at, question] of questions.entries()) {
      output.write(`\n${questionText(question, `${at + 1} of ${questions.length}: `)}`);
      for (let changed = null as ReturnType<OpenQuestion["columns"]>; changed === null; ) {
        output.write(promptOf(question));
        const { value, done } = await answers.next();
        if (done) return mappings.map((one, place) => ({ ...one, columns: filled(columns[place]) }));
        changed = changesOf(question, value.trim(), columns[question.mapping]);
        if (changed === null) output.write(`That is not one of these. ${howTo(question)}\n`);
        else Object.assign(columns[question.mapping], changed);
      }
    }
  } finally {
    lines.close();
  }
  return mappings.map((one, place) => ({ ...one, columns: filled(columns[place]) }));
}

/** The suggestions accepted without asking, one line each. */
export function openText(questions: readonly OpenQuestion[]): string[] {
  return questions.map((question) => {
    const taken = question.taken.map((at) => question.choices[at]).join(", ") || "none";
    const rest = question.choices.filter((_, at) => !question.taken.includes(at));
    return `  ${question.asks} Taken: ${taken}${rest.length === 0 ? "" : `; not: ${rest.join(", ")}`}`;
  });
}

function questionText({ asks, choices, taken, several, other }: OpenQuestion, before: string): string {
  const lines = choices.map(
    (choice, at) => `  ${at + 1} ${choice}${several && taken.includes(at) ? " (taken)" : ""}\n`,
  );
  return `${before}${asks}\n${lines.join("")}${other === undefined ? "" : `  or ${other}\n`}`;
}

function promptOf({ taken, several }: OpenQuestion): string {
  if (!several) return `[${taken[0] + 1}] `;
  return `[${taken.map((at) => at + 1).join(",") || "none"}] `;
}

function howTo({ choices, several, other }: OpenQuestion): string {
  const numbers = several
    ? `Type numbers from 1 to ${choices.length}, or words of the list, separated by commas, or none`
    : choices.length === 1
      ? "Type 1"
      : `Type a number from 1 to ${choices.length}`;
  return `${numbers}${other === undefined ? "" : `, or ${other}`}; Enter takes the answer in brackets.`;
}

/** The place of a choice by its number or, if it is no number, by its own word. */
function placeIn(choices: readonly string[], answer: string): number {
  const word = answer.toLowerCase();
  const at = choices.findIndex((one) => one.toLowerCase() === word);
  return /^\d+$/.test(answer) ? Number(answer) - 1 : at;
}

function changesOf(
  question: OpenQuestion,
  answer: string,
  now: Readonly<Record<string, string | undefined>>,
): ReturnType<OpenQuestion["columns"]> {
  const { choices, taken, several, other } = question;
  if (answer === "") return question.columns(taken, undefined, now);
  if (several && /^none$/i.test(answer)) return question.columns([], undefined, now);
  const chosen = answer.split(several ? /[\s,]+/ : /$/).map((one) => placeIn(choices, one));
  if (chosen.every((at) => choices[at] !== undefined)) return question.columns(chosen, undefined, now);
  return other !== undefined && !/^\d+$/.test(answer) ? question.columns([], answer, now) : null;
}

const filled = (columns: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
