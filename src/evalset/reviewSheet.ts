/** One answer on a review sheet, or two side by side: nothing of them tells which model they are from. */
export interface ReviewRow {
  review_id: string;
  prompt: string;
  expected: string;
  sources: string[];
  answer: string;
  /** The second answer, on a sheet of pairs. */
  other?: string;
}

/** What a reviewer may say of a row. */
export interface Choice {
  /** What is saved: a number, or "u" for what cannot be told. */
  value: string;
  key: string;
  button: string;
  /** The same in the words of a sentence: "yes". */
  word: string;
}

/** What reviewers see, before it is a page or a table. */
export interface ReviewSheet {
  /** Of the answers, their order and the score: labels that are kept in a browser belong to one sheet. */
  sheet: string;
  score: string;
  question: string;
  /** What one row is: "Answer", or "Pair". */
  thing: "Answer" | "Pair";
  choices: Choice[];
  rows: ReviewRow[];
}

const cannotTell: Choice = { value: "u", key: "u", button: "Cannot tell", word: "cannot tell" };

/** Whether something holds of an answer. */
export const yesOrNo: Choice[] = [
  { value: "1", key: "1", button: "Yes", word: "yes" },
  { value: "0", key: "0", button: "No", word: "no" },
  cannotTell,
];

/** Which of two answers is better: saved as the share of the win that the first has. */
export const firstOrSecond: Choice[] = [
  { value: "1", key: "1", button: "Answer 1", word: "answer 1 is better" },
  { value: "0", key: "2", button: "Answer 2", word: "answer 2 is better" },
  { value: "0.5", key: "0", button: "Equally good", word: "equally good" },
  cannotTell,
];
