import type { Command } from "commander";
import { Option } from "commander";
import { type DrawOptions, draw } from "../explore/draw";
import type { Drawn } from "../explore/fillDrawn";
import { progress } from "../notebook/progress";
import { counted } from "../stats/text";
import { number, whole } from "./measureOptions";
import { print, say } from "./output";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

interface Flags extends SourceFlags, Pick<DrawOptions, "share" | "out" | "unit" | "maxRows"> {
  json?: boolean;
}

/** `fieldnotes draw`: draws whole users from a log that is too large into a separate store. */
export function addDraw(program: Command): void {
  const command = program
    .command("draw")
    .description("copy a share of a large log's users, with all their calls, tasks and scores, into a store")
    .requiredOption("--share <share>", "share of users, such as 0.01", number)
    .requiredOption("--out <file>", "the store to make")
    .addOption(
      new Option("--unit <what>", "the unit that is drawn whole")
        .choices(["user", "conversation", "task", "prompt"])
        .default("user"),
    )
    .option("--max-rows <number>", "draw no more calls than this", whole);
  withEngineOptions(command).action(async (_flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { share, out, unit, maxRows } = flags;
    const shown = progress("drawing");
    const found = await withStore([], flags, (store) =>
      draw(store, {
        share,
        out,
        unit,
        maxRows,
        onEstimate: (counts) => say(`to be drawn: ${countsText(counts, unit)}`),
        onProgress: (rows, of) => shown.update(rows, of),
      }),
    ).finally(() => shown.end());
    print(
      flags.json === true,
      found,
      () => `${out}: ${countsText(found, unit)}; measure it with --db ${out}`,
    );
  });
}

const countsText = ({ units, calls, tasks, scores }: Drawn, unit = "user") =>
  [counted(units, unit), counted(calls, "call"), counted(tasks, "task"), counted(scores, "score")].join(", ");
