import { appendFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { writeWhole } from "../store/wholeFile";
import type { Sent } from "./send";

/** One attempt at a question, as a line of a file of answers: what `evalset import` and `evalset check` read. */
export interface Answer extends Omit<Sent, "message" | "retry_after"> {
  call_id: string;
  task_id: string;
  item_id: string;
  /** The run that asked it. */
  run: string;
  /** A hash of what was sent with every question: instructions and settings. */
  setup: string;
  model: string;
  repeat: number;
  /** From 1: a question is asked again where the service did not answer. */
  attempt: number;
  workload: string | null;
  prompt_version: string | null;
  provider: string;
  started_at: string;
  stream: boolean;
  /** True of the last attempt at a question. */
  last: boolean;
  /** Of the last attempt: whether there is an answer that passes all checks; null where nothing is checked. */
  resolved: boolean | null;
}

/**
 * Reads the answers that are there. A line that a kill cut short is no answer: it is left out, and gone when the file
 * is written again.
 */
export function readAnswers(file: string): Answer[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, at): Answer[] => {
    if (line.trim() === "") return [];
    try {
      const answer = JSON.parse(line) as Answer;
      if (typeof answer.run === "string" && typeof answer.task_id === "string") return [answer];
    } catch (error) {
      if (at === lines.length - 1) return [];
      throw new TypeError(`${file}:${at + 1} requires a JSON object (${(error as Error).message})`);
    }
    throw new TypeError(
      `${file}:${at + 1} requires an answer that evalset run has written, got another; choose another --out`,
    );
  });
}

/** Adds an answer. Each is on disk before the next question is asked. */
export function addAnswer(file: string, answer: Answer): void {
  appendFileSync(file, `${JSON.stringify(answer)}\n`);
}

/** Writes all answers anew: the file is the old one or the new one, whatever happens meanwhile. */
export function writeAnswers(file: string, answers: readonly Answer[]): void {
  const beside = `${file}.part`;
  writeWhole(beside, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
  renameSync(beside, file);
}
