import { csvText } from "../store/csvText";
import type { ReviewSheet } from "./reviewSheet";

/**
 * A sheet as CSV for spreadsheets: fill in `value` with 1, 0 or u (0.5 if two are equally good), and `rater_id` with
 * the rater's name.
 */
export function reviewCsv({ score, question, thing, rows }: ReviewSheet): string {
  const head = [
    "review_id",
    "score",
    "question",
    "prompt",
    "expected",
    "sources",
    ...(thing === "Pair" ? ["answer_1", "answer_2"] : ["answer"]),
    "value",
    "rater_id",
  ];
  const lines = rows.map(({ review_id, prompt, expected, sources, answer, other }) => [
    review_id,
    score,
    question,
    prompt,
    expected,
    sources.join("\n"),
    answer,
    ...(other === undefined ? [] : [other]),
    "",
    "",
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** A text from the log must not become a spreadsheet formula: a leading apostrophe keeps it text. */
function cell(text: string): string {
  const safe = csvText(text);
  return `"${safe.replaceAll('"', '""')}"`;
}
