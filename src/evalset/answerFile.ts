import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { privateMode } from "../store/privateMode";
import { checkReplaceable } from "../store/sources";
import { writeWhole } from "../store/wholeFile";
import { withinBounds } from "./completion";
import type { Sent } from "./sent";

/** One attempt at a question, as a line of a file of answers: what `evalset import` and `evalset check` read. */
export interface Answer extends Omit<Sent, "message" | "retry_after"> {
  call_id: string;
  task_id: string;
  item_id: string;
  /** The run in which it was asked. */
  run: string;
  /** A hash of what was sent with every question: instructions and settings. */
  setup: string;
  model: string;
  repeat: number;
  /** Counts from 1: a question is asked again if the service did not answer. */
  attempt: number;
  workload: string | null;
  prompt_version: string | null;
  provider: string;
  started_at: string;
  stream: boolean;
  /** True for the last attempt at a question. */
  last: boolean;
  /** For the last attempt: whether it has an answer that passes all checks; null if nothing is checked. */
  resolved: boolean | null;
}

/** The start of an answer's line, however short. */
const cutShort = /^\{("|$)/;

/**
 * Reads the existing answers. A line cut short by a kill is not an answer: it is skipped, and disappears when the file
 * is rewritten. A number that cannot be, which earlier versions kept, is unknown, and half a character is replaced.
 */
export function readAnswers(file: string): Answer[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line, at): Answer[] => {
    if (line.trim() === "") return [];
    try {
      const answer = JSON.parse(line) as Answer;
      if (typeof answer.run === "string" && typeof answer.task_id === "string") return [withinBounds(answer)];
    } catch (error) {
      if (at === lines.length - 1 && cutShort.test(line)) return [];
      throw new TypeError(`${file}:${at + 1} requires a JSON object (${(error as Error).message})`);
    }
    throw new TypeError(
      `${file}:${at + 1} requires an answer that evalset run wrote, got something else; choose another --out`,
    );
  });
}

/** Adds an answer. Each is on disk before the next question is asked. */
export function addAnswer(file: string, answer: Answer): void {
  checkReplaceable(file, true);
  appendFileSync(file, `${JSON.stringify(answer)}\n`, { mode: privateMode });
}

/** Rewrites all answers: whatever happens meanwhile, the file is either the old one or the new one. */
export function writeAnswers(file: string, answers: readonly Answer[]): void {
  writeWhole(file, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""), {
    isOwn: true,
    isPrivate: true,
  });
}
