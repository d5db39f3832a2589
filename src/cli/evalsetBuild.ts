import type { Command } from "commander";
import { build } from "../evalset/build";
import { expectedWidths } from "../evalset/expectedWidths";
import { writeManifest } from "../evalset/manifest";
import { counted } from "../stats/text";
import { number, whole } from "./measureOptions";
import { print, say, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";
import { writeUnfilled } from "./writeUnfilled";

interface BuildFlags extends SourceFlags {
  json?: boolean;
  out: string;
  size: number;
  edge: number;
  similar: number;
  seed: number;
  where?: string;
  mask: boolean;
  force?: boolean;
}

/** `fieldnotes evalset build`: examples from stored prompts. */
export function addBuild(evalset: Command): void {
  const command = evalset
    .command("build")
    .description("draw examples from stored prompts: a stratified sample with a quota of edge cases")
    .argument("[file...]", "logs to draw from without a store")
    .option("--out <file>", "the set, JSON lines; its manifest is written beside it", "evalset.jsonl")
    .option("--size <number>", "examples", whole, 300)
    .option("--edge <share>", "share of edge cases: disliked, errored, retried, rare, longest", number, 0.2)
    .option("--similar <index>", "Jaccard index from which two prompts count as near-duplicates", number, 0.8)
    .option("--seed <number>", "random seed", whole, 1)
    .option("--where <predicate>", "only calls that meet this SQL predicate")
    .option("--no-mask", "do not mask personal data")
    .option("--force", "overwrite an existing set");
  withReadOptions(command).action(async (files: string[], _flags: BuildFlags, used: Command) => {
    const flags = used.optsWithGlobals<BuildFlags>();
    const sizes = new Set([50, 100, 200, 300, 500, ...(flags.size >= 1 ? [flags.size] : [])]);
    const widths = expectedWidths({ sizes: [...sizes].sort((a, b) => a - b) });
    if (!flags.json) say(`${widthsText(widths)}\n`);
    const { items, manifest, notes } = await withStore(files, { ...flags, text: "keep" }, (store) =>
      build(store, flags),
    );
    writeUnfilled(flags.out, items.map((item) => `${JSON.stringify(item)}\n`).join(""), flags.force);
    const written = writeManifest(flags.out, manifest);
    const { strata, edge, masked, effective_items } = manifest;
    const kinds = Object.entries(edge).map(
      ([kind, counts]) => `${counts.items} of ${counts.requests} ${kind}`,
    );
    print(
      flags.json === true,
      {
        items: items.length,
        strata,
        edge,
        masked,
        path: flags.out,
        manifest: written,
        effective_items,
        expected_widths: widths,
        notes,
      },
      () =>
        [
          `${counted(items.length, "example")} in ${flags.out}, of ${counted(manifest.requests, "request")} in ${strata.length} ${strata.length === 1 ? "stratum" : "strata"}`,
          ...(kinds.length > 0 ? [`edge cases: ${kinds.join(", ")}`] : []),
          ...notes,
          `Fill in "expected", "format", "sources" and "checks"; how it was drawn is in ${written}.`,
        ].join("\n"),
    );
  });
}

function widthsText(widths: ReturnType<typeof expectedWidths>): string {
  const rows = widths.map(({ items, half_widths }) => ({
    examples: items,
    ...Object.fromEntries(
      Object.entries(half_widths).map(([rate, half]) => [
        `at a rate of ${Number(rate) * 100} %`,
        `\u00b1 ${(100 * half).toFixed(1)} points`,
      ]),
    ),
  }));
  return tableText(rows, {
    caption: "How wide the 95 % interval of a rate will be, each example answered once",
  });
}
