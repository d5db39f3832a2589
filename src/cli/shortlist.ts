import type { Command } from "commander";
import { benchmarkShortlist, sizeOption } from "../decide/shortlist";
import { benchmarkTiers } from "../measures/benchmark/saturation";
import { print, tableText } from "./output";
import { boardAction } from "./scoreTables";
import { addTierBoard, type TierFlags, tiersOfFlags } from "./tiers";

interface Flags extends TierFlags {
  size: number;
}

/** `fieldnotes benchmark shortlist`: which models of a leaderboard are worth a trial. */
export function addShortlist(program: Command): void {
  const command = addTierBoard(program, {
    name: "benchmark shortlist",
    was: "shortlist",
    about: "which models of a leaderboard are worth a trial: drops only what is clearly worse",
    words: benchmarkTiers.entry.words,
    options: { size: sizeOption, ...benchmarkTiers.options },
  });
  boardAction<Flags>(command, async (files, flags) => {
    const list = benchmarkShortlist(await tiersOfFlags("benchmark shortlist", files, flags), {
      size: flags.size,
    });
    print(flags.json === true, list, () => tableText(list));
  });
}
