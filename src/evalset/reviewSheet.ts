/** One answer on a review sheet, or two side by side, with nothing that shows which model they are from. */
export interface ReviewRow {
  review_id: string;
  prompt: string;
  expected: string;
  sources: string[];
  answer: string;
  /** The second answer, on a sheet of pairs. */
  other?: string;
}

/** A verdict that a reviewer may give on a row. */
export interface Choice {
  /** The saved value: a number, or "u" for "cannot tell". */
  value: string;
  key: string;
  button: string;
  /** The same in words: "yes". */
  word: string;
}

/** What reviewers see, before it is rendered as a page or a table. */
export interface ReviewSheet {
  /** A hash of the answers, their order and the score: labels kept in a browser belong to one sheet. */
  sheet: string;
  score: string;
  question: string;
  /** What one row is: "Answer", or "Pair". */
  thing: "Answer" | "Pair";
  choices: Choice[];
  rows: ReviewRow[];
}

const cannotTell: Choice = { value: "u", key: "u", button: "Cannot tell", word: "cannot tell" };

/** The verdicts on whether something is true of an answer. */
export const yesOrNo: Choice[] = [
  { value: "1", key: "1", button: "Yes", word: "yes" },
  { value: "0", key: "0", button: "No", word: "no" },
  cannotTell,
];

/** The verdicts on which of two answers is better: saved as the first one's share of the win. */
export const firstOrSecond: Choice[] = [
  { value: "1", key: "1", button: "Answer 1", word: "answer 1 is better" },
  { value: "0", key: "2", button: "Answer 2", word: "answer 2 is better" },
  { value: "0.5", key: "0", button: "Equally good", word: "equally good" },
  cannotTell,
];
