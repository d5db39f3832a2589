import { type Command, Option } from "commander";
import { consistency } from "../measures/consistency/consistency";
import { type WorstOptions, worstPrompts } from "../measures/consistency/repeatsWorst";
import { singleShot } from "../measures/consistency/singleShot";
import type { Table } from "../measures/table";
import {
  type MeasureFlags,
  measureOptions,
  number,
  numbers,
  whole,
  withMeasureOptions,
} from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  score?: string;
  rater?: string;
  k: number[];
  pass?: number;
  worst?: number;
  order?: WorstOptions["order"];
  singleShot?: boolean;
  repeats?: number[];
  json?: boolean;
}

/** `fieldnotes consistency`: how much answers to the same prompt vary. */
export function addConsistency(program: Command): void {
  const command = program
    .command("consistency")
    .description("how much the answers to the same prompt vary, by prompts that were asked at least twice")
    .argument("[file...]", "logs and scores to measure without a store")
    .option(
      "--score <name>",
      "the score of a run, or its form: json_valid, schema_valid (default: whether tasks are resolved, or the only score)",
    )
    .option("--rater <kind>", "whose judgement: human, user, judge or rule (default: whoever judged most)")
    .addOption(
      new Option("--k <list>", "numbers of runs for pass@k and pass^k")
        .argParser(numbers)
        .default([1, 2, 4], "1,2,4"),
    )
    .option("--pass <score>", "the score from which a run passes", number)
    .option("--worst <number>", "instead, so many prompts that each model does worst on", whole)
    .addOption(
      new Option("--order <what>", "with --worst: what they are worst in (default: the score)").choices([
        "score",
        "json_valid",
        "schema_valid",
        "same_output",
      ]),
    )
    .option("--single-shot", "instead, how often a study of few runs a prompt would pick the wrong model")
    .option("--repeats <list>", "with --single-shot: runs a prompt (default: 1,2,4,8)", numbers);
  withReadOptions(withMeasureOptions(command)).action(
    async (files: string[], _flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const { score, rater, k, pass, worst, repeats } = flags;
      if (worst !== undefined && flags.singleShot)
        throw new RangeError("consistency requires one view at a time, got --worst and --single-shot");
      if (flags.order !== undefined && worst === undefined)
        throw new RangeError("consistency requires --worst with --order");
      if (repeats !== undefined && !flags.singleShot)
        throw new RangeError("consistency requires --single-shot with --repeats");
      const options = { ...measureOptions(flags), score, rater, k, pass };
      const table: Table = await withStore<Table>(files, flags, (store) => {
        if (worst !== undefined) return worstPrompts(store, { ...options, most: worst, order: flags.order });
        return flags.singleShot ? singleShot(store, { ...options, repeats }) : consistency(store, options);
      });
      print(flags.json === true, table, () => tableText(table));
    },
  );
}
