import type { Command } from "commander";
import { shortlist } from "../decide/shortlist";
import { whole } from "./measureOptions";
import { print, tableText } from "./output";
import { type TierFlags, tiersOfFlags, withScores } from "./tiers";

interface Flags extends TierFlags {
  size: number;
}

/** `fieldnotes shortlist`: which models of a leaderboard are worth a trial. */
export function addShortlist(program: Command): void {
  const command = program
    .command("shortlist")
    .description("which models of a leaderboard are worth a trial: drops only what is clearly worse")
    .argument("[file...]", "files with scores, to read without a store")
    .option("--size <models>", "drop a model if this many others are clearly better", whole, 3);
  withScores(command).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const list = shortlist(await tiersOfFlags("shortlist", files, flags), { size: flags.size });
    print(flags.json === true, list, () => tableText(list));
  });
}
