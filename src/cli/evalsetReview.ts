import type { Command } from "commander";
import { check } from "../evalset/check";
import { type Item, readSet } from "../evalset/item";
import { type Output, readOutputs, storedOutputs } from "../evalset/outputs";
import { review } from "../evalset/review";
import { writeScores } from "../evalset/scoreFile";
import { counted, grouped } from "../stats/text";
import { writeWhole } from "../store/wholeFile";
import { number, whole } from "./measureOptions";
import { print, tableText } from "./output";
import { withStore } from "./withStore";
import { writeUnfilled } from "./writeUnfilled";

interface AnswerFlags {
  db: string;
  json?: boolean;
  outputs?: string;
}

/** The set and the answers to it, from a file if one is named, otherwise from the store. */
async function answersOf(set: string, flags: AnswerFlags): Promise<{ items: Item[]; outputs: Output[] }> {
  const items = readSet(set);
  if (flags.outputs !== undefined) return { items, outputs: readOutputs(flags.outputs, items) };
  const outputs = await withStore([], flags, (store) => storedOutputs(store, items));
  if (outputs.length === 0)
    throw new Error(
      `${set}: the store has no answers to this set; name a file with --outputs, or ingest them with --text keep, prompt_id being the item's id`,
    );
  return { items, outputs };
}

/** `fieldnotes evalset check`: rules over answers. */
export function addCheck(evalset: Command): void {
  evalset
    .command("check")
    .description("run a set's checks on answers and write the results as scores")
    .argument("<set>", "the set, JSON lines")
    .option(
      "--outputs <file>",
      'answers: JSON lines of {"item_id", "model", "output"}; default: those in the store',
    )
    .option("--out <file>", "where the scores are written, JSON lines to ingest", "evalset.scores.jsonl")
    .option("--level <share>", "confidence of the intervals", number, 0.95)
    .action(async (set: string, _flags: AnswerFlags, used: Command) => {
      const flags = used.optsWithGlobals<AnswerFlags & { out: string; level: number }>();
      const { items, outputs } = await answersOf(set, flags);
      const { table, scores } = check(items, outputs, { level: flags.level });
      writeScores(flags.out, scores);
      print(
        flags.json === true,
        table,
        () => `${tableText(table)}\n${counted(scores.length, "score")} written to ${flags.out}`,
      );
    });
}

interface ReviewFlags extends AnswerFlags {
  out: string;
  score: string;
  question?: string;
  pairs?: boolean;
  seed: number;
  limit?: number;
  mask: boolean;
  force?: boolean;
}

/** `fieldnotes evalset review`: a sheet for people. */
export function addReview(evalset: Command): void {
  evalset
    .command("review")
    .description("write a blind, shuffled review sheet as a page that opens from disk, and as CSV")
    .argument("<set>", "the set, JSON lines")
    .option("--outputs <file>", "answers, JSON lines; default: those in the store")
    .option("--out <file>", "the page; the CSV is written beside it", "review.html")
    .option(
      "--pairs",
      "show two models' answers side by side and ask which is better; labels become preferences",
    )
    .option("--score <name>", "the score that the labels become", "correct")
    .option("--question <text>", "the reviewer's question; default: from the score's name")
    .option("--limit <number>", "most answers or pairs to show, a random sample of all", whole)
    .option("--seed <number>", "random seed of the order", whole, 1)
    .option("--no-mask", "leave personal data in the sheet and the models' names in the answers")
    .option("--force", "overwrite an existing sheet")
    .action(async (set: string, _flags: ReviewFlags, used: Command) => {
      const flags = used.optsWithGlobals<ReviewFlags>();
      const { items, outputs } = await answersOf(set, flags);
      const sheet = review(items, outputs, flags);
      const csv = `${flags.out.replace(/\.html?$/i, "")}.csv`;
      writeUnfilled(csv, sheet.csv, flags.force);
      writeWhole(flags.out, sheet.html, { isPrivate: true });
      print(flags.json === true, { html: flags.out, csv, items: sheet.rows.length }, () =>
        [
          `${grouped(sheet.rows.length)} ${sheet.thing === "Pair" ? "pairs" : "answers"} in ${flags.out} and ${csv}`,
          `Each is judged by: ${sheet.question}`,
          "The sheet holds prompts and answers: give it only to reviewers.",
        ].join("\n"),
      );
    });
}
