import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { generateDemo } from "../demo/generate";
import type { SmallLog } from "../demo/smallLog";
import { progress } from "../notebook/progress";
import { counted } from "../stats/text";
import { whole } from "./measureOptions";
import { print } from "./output";

interface Flags {
  out: string;
  calls?: number;
  seed: number;
  truthCalls: number;
  world?: string;
  log: "week" | SmallLog;
  json?: boolean;
}

/** `fieldnotes demo`: the logs of a made-up company, and its true values. */
export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("write the logs of a made-up company, and the true values behind them")
    .option("--out <folder>", "where to", join("data", "demo"))
    .option("--calls <number>", "calls to make (default: the world's own week)", positive)
    .option("--seed <number>", "random seed", whole, 1)
    .option(
      "--truth-calls <number>",
      "calls in the long run that gives the true values; 0 for none",
      whole,
      2_000_000,
    )
    .addOption(
      new Option(
        "--log <name>",
        "week, or a small log that shows what the week does not: releases (of two models), cascade (a cheap model, a check, a dear model at random), switch (eight weeks of two models, one replaced by a slower version), conversations (with two models, one of which people give up on more often), or causes (of failed tasks, with what a made-up reader found)",
      )
        .choices(["week", "releases", "cascade", "switch", "conversations", "causes"])
        .default("week"),
    )
    .option("--world <file>", "parameters of the world, as data/demo/world.json")
    .action((_flags: Flags, used: Command) => {
      const { out, calls, seed, world, log, truthCalls, json } = used.optsWithGlobals<Flags>();
      const shown = progress("demo");
      const made = generateDemo({
        out,
        calls,
        seed,
        world,
        log,
        truthCalls,
        onProgress: (done, all) => shown.update(done, all),
      });
      shown.end();
      print(json === true, made, () =>
        [`${counted(made.calls, "call")} in ${made.seconds.toFixed(1)} s`, ...made.files].join("\n"),
      );
    });
}

function positive(given: string): number {
  const value = whole(given);
  if (value < 1) throw new InvalidArgumentError(`expected a number of calls, got "${given}"`);
  return value;
}
