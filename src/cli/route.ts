import type { Command } from "commander";
import { formatNumber } from "../charts/number";
import { oneLine } from "../charts/text";
import { route } from "../decide/route/route";
import type { Routes } from "../decide/route/routes";
import { number, type SelectFlags, selectOptions, withSelectOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends SelectFlags, SourceFlags {
  floor?: string;
  flagship?: string;
  margin?: number;
  json?: boolean;
}

/** `fieldnotes route`: the cheapest model above the floor for each type of request, and what it saves. */
export function addRoute(program: Command): void {
  const command = program
    .command("route")
    .description(
      "the cheapest model that meets the floor for each type of request, and what it saves against the flagship",
    )
    .argument("[file...]", "logs to route without a store")
    .option("--floor <limits>", 'floors a model must be shown to meet: "resolve_rate>=0.8,duration_p95<=10"')
    .option("--flagship <model>", "the model to compare with (default: the most expensive per token)")
    .option(
      "--margin <share>",
      "how much lower than the flagship's a resolve rate may be (default: 0.05)",
      number,
    );
  withReadOptions(
    withSelectOptions(command, {
      by: "request types: workload (default), or workload,length, ...",
      where: "only tasks whose first call meets this SQL predicate",
      level: "confidence of the intervals and bounds",
    }),
  ).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { floor, flagship, margin } = flags;
    const options = { ...selectOptions(flags), floor, flagship, margin };
    const found = await withStore(files, flags, (store) => route(store, options));
    print(flags.json === true, found, () => routesText(found));
  });
}

function routesText(found: Routes): string {
  const { candidates, by, verdict } = found;
  const rows = found.rows.map((row) => ({ ...row, share: `${formatNumber(100 * row.share)} %` }));
  return [
    oneLine(verdict),
    tableText({ ...found, rows }),
    tableText({ measure: "models looked at", by: [...by, "model"], rows: candidates, notes: [] }),
  ].join("\n\n");
}
