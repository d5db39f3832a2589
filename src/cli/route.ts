import type { Command } from "commander";
import { formatNumber } from "../charts/number";
import { oneLine } from "../charts/text";
import type { Cascades } from "../decide/route/cascades";
import { route } from "../decide/route/route";
import type { Routes } from "../decide/route/routes";
import { type MeasureFlags, measureOptions, number, withMeasureOptions } from "./measureOptions";
import { print, tableText } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withStore } from "./withStore";

interface Flags extends MeasureFlags, SourceFlags {
  floor?: string;
  flagship?: string;
  margin?: number;
  cascade?: string;
  validator?: string;
  score?: string;
  tasks?: number;
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
    )
    .option(
      "--cascade <cheap,dear>",
      "replay a cascade instead: the expensive model gets the cheap one's answers that the validator rejects",
    )
    .option("--validator <score>", "with --cascade, the score of the cheap model's answers that decides")
    .option("--score <name>", "with --cascade, how good an answer is (default: whether its task is resolved)")
    .option("--tasks <number>", "with --cascade, tasks a month (default: as many as in the log)", number);
  withReadOptions(
    withMeasureOptions(command, {
      by: "request types: workload (default), or workload,length, ...",
      where: "only tasks whose first call meets this SQL predicate",
      level: "confidence of the intervals and bounds",
      interval: false,
    }),
  ).action(async (files: string[], _flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    const { floor, flagship, margin, cascade, validator, score, tasks } = flags;
    if (cascade !== undefined) {
      if (floor !== undefined || flagship !== undefined)
        throw new RangeError(
          `route requires no ${floor === undefined ? "flagship" : "floor"} with cascade: a cascade is compared with the expensive model, within --margin`,
        );
      const options = { ...measureOptions(flags), margin, cascade, validator: validator ?? "", score, tasks };
      const found = await withStore(files, flags, (store) => route(store, options));
      print(flags.json === true, found, () => cascadesText(found));
      return;
    }
    const options = { ...measureOptions(flags), floor, flagship, margin };
    const alone = Object.entries({ validator, score, tasks }).find(([, given]) => given !== undefined);
    if (alone !== undefined)
      throw new RangeError(`route requires --cascade, two models, with --${alone[0]}; got none`);
    const found = await withStore(files, flags, (store) => route(store, options));
    print(flags.json === true, found, () => routesText(found));
  });
}

function routesText(found: Routes): string {
  const { candidates, by, verdict } = found;
  // Where nothing can be routed, every number of a row is unknown, and the verdict says why.
  const routed = found.total.covered > 0 ? found.rows : [];
  const rows = routed.map((row) => ({ ...row, share: `${formatNumber(100 * row.share)} %` }));
  return [
    oneLine(verdict),
    tableText({ ...found, rows }),
    tableText({ measure: "models looked at", by: [...by, "model"], rows: candidates, notes: [] }),
  ].join("\n\n");
}

function cascadesText({ rows, curve, by, verdict, notes }: Cascades): string {
  const shown = rows.map(({ why, ...row }) => ({ ...row, threshold: row.threshold ?? "none" }));
  return [
    oneLine(verdict),
    ...(rows.length === 0
      ? [tableText({ measure: "cascade", by, rows: [], notes })]
      : [
          tableText({ measure: "cascade", by, rows: shown, notes }),
          tableText({ measure: "every threshold", by: [...by, "threshold"], rows: curve, notes: [] }),
        ]),
  ].join("\n\n");
}
