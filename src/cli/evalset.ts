import type { Command } from "commander";
import { importLabels } from "../evalset/importLabels";
import { grouped } from "../stats/text";
import { addBuild } from "./evalsetBuild";
import { addCompare } from "./evalsetCompare";
import { addRequests } from "./evalsetRequests";
import { addCheck, addReview } from "./evalsetReview";
import { addRunSet } from "./evalsetRun";
import { print } from "./output";
import { withOwnStore } from "./ownStore";

/** `fieldnotes evalset`: a private eval set, from the logs to the labels. */
export function addEvalset(program: Command): void {
  const evalset = program
    .command("evalset")
    .description(
      "a private eval set: draw it from the logs, ask the candidates, check answers, review them blind, import the labels",
    );
  addBuild(evalset);
  addRequests(evalset);
  addRunSet(evalset);
  addCheck(evalset);
  addReview(evalset);
  addImport(evalset);
  addCompare(evalset);
}

function addImport(evalset: Command): void {
  evalset
    .command("import")
    .description("import labels as scores, a set as items, answers as evaluation calls")
    .argument(
      "<file...>",
      "labels (JSON or CSV), sets and answers (JSON lines, or results of the programs that requests are written for)",
    )
    .option("--score <name>", "the score that the labels are for, if the file does not say")
    .option("--rater <id>", "who labelled, if the file does not say")
    .action(async (files: string[], _flags: unknown, used: Command) => {
      const flags = used.optsWithGlobals<{ db: string; json?: boolean; score?: string; rater?: string }>();
      const came = await withOwnStore(flags.db, (store) => importLabels(store, files, flags));
      print(flags.json === true, came, () => {
        const summary = [
          [came.labels, "labels"],
          [came.items, "items"],
          [came.outputs, "answers"],
          [came.replaced, "replaced"],
        ] as const;
        const some = summary
          .filter(([count]) => count > 0)
          .map(([count, name]) => `${grouped(count)} ${name}`);
        if (some.length === 0)
          return `${files.join(", ")}: nothing is labelled; fill in "value" with 1, 0 or u, and "rater_id", and import it again`;
        return `${some.join(", ")} in ${flags.db}`;
      });
    });
}
