/** One answer on a review sheet: nothing of it tells which model it is from. */
export interface ReviewRow {
  review_id: string;
  prompt: string;
  expected: string;
  sources: string[];
  answer: string;
}

/** What reviewers see, before it is a page or a table. */
export interface ReviewSheet {
  /** Of the answers, their order and the score: labels that are kept in a browser belong to one sheet. */
  sheet: string;
  score: string;
  question: string;
  rows: ReviewRow[];
}
