import type { Command } from "commander";
import { compareWithTraffic } from "../evalset/compareWithTraffic";
import { readSet, writeSet } from "../evalset/item";
import { readManifest, writeManifest } from "../evalset/manifest";
import { type Overlap, overlap } from "../evalset/overlap";
import { whole } from "./measureOptions";
import { print, tableText } from "./output";
import { withStore } from "./withStore";

interface CompareFlags {
  db: string;
  json?: boolean;
  where?: string;
  against?: string[];
  words: number;
  reweight?: boolean;
}

/** `fieldnotes evalset compare`: the set against the traffic and public text. */
export function addCompare(evalset: Command): void {
  evalset
    .command("compare")
    .description("how well a set represents the traffic, and whether it appears in public text")
    .argument("<set>", "the set, JSON lines")
    .option("--where <predicate>", "the traffic it should represent: calls that meet this SQL predicate")
    .option("--against <file...>", "public text, such as a benchmark's files, that the set should not be in")
    .option("--words <number>", "words in a row that count as the same text", whole, 13)
    .option("--reweight", "write weights into the set that match the traffic's workloads and lengths")
    .action(async (set: string, _flags: CompareFlags, used: Command) => {
      const flags = used.optsWithGlobals<CompareFlags>();
      const items = readSet(set);
      const { shares, dimensions, reweighed } = await withStore([], flags, (store) =>
        compareWithTraffic(store, items, { where: flags.where }),
      );
      const found = flags.against && (await overlap(items, flags.against, { words: flags.words }));
      if (flags.reweight) {
        writeSet(set, reweighed);
        const manifest = readManifest(set);
        const weights = "requests that an example represents, post-stratified by workload and length";
        if (manifest !== undefined) writeManifest(set, { ...manifest, weights });
      }
      const reweighted = flags.reweight === true;
      print(
        flags.json === true,
        { ...shares, dimensions: dimensions.rows, overlap: found ?? null, reweighted },
        () =>
          [
            tableText(dimensions),
            tableText(shares),
            ...(found === undefined ? [] : [overlapText(found)]),
            ...(reweighted ? [`Weights written to ${set}; the tables show it as it was before.`] : []),
          ].join("\n\n"),
      );
    });
}

function overlapText({ words, share, which, too_short }: Overlap): string {
  const rows = [{ words, examples: share.n, too_short, in_public_text: share }];
  const named = which
    .slice(0, 20)
    .map(
      ({ item_id, runs, of, file, line }) => `${item_id}: ${runs} of ${of} runs, first in ${file}:${line}`,
    );
  const left = which.length - named.length;
  return [
    tableText(rows, { caption: "Overlap with public text" }),
    ...named,
    ...(left > 0 ? [`and ${left} more`] : []),
  ].join("\n");
}
