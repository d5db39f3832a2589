import type { Command } from "commander";
import { causeCoding } from "../evalset/causeCoding";
import { causeSheet } from "../evalset/causeSheet";
import { importCauses } from "../evalset/importCauses";
import { readCauses, readTaxonomy } from "../measures/causes/causesFile";
import { counted, grouped } from "../stats/text";
import { whole } from "./measureOptions";
import { print } from "./output";
import { withOwnStore } from "./ownStore";
import { type SourceFlags, withStore } from "./withStore";
import { writeUnfilled } from "./writeUnfilled";

/** `fieldnotes causes sheet`, `code` and `import`, beside the table of causes. */
export function addCauses(program: Command): void {
  const causes = program.commands.find((command) => command.name() === "causes");
  if (causes === undefined) return;
  addSheet(causes);
  addCode(causes);
  addImport(causes);
}

interface SheetFlags extends SourceFlags {
  json?: boolean;
  out: string;
  size: number;
  seed: number;
  where?: string;
  causes?: string;
  mask: boolean;
  force?: boolean;
}

function addSheet(causes: Command): void {
  causes
    .command("sheet")
    .description("draw failed and doubtful tasks to read, on a page that opens from disk")
    .option("--size <number>", "tasks", whole, 100)
    .option("--out <file>", "the page", "causes.html")
    .option("--causes <file>", "the causes to choose from: JSON, with a name and a definition each")
    .option("--where <predicate>", "only tasks of calls that meet this SQL predicate")
    .option("--seed <number>", "random seed of the draw and of the order", whole, 1)
    .option("--no-mask", "leave personal data and models' names in the sheet")
    .option("--force", "overwrite an existing sheet")
    .action(async (_flags: unknown, used: Command) => {
      const flags = used.optsWithGlobals<SheetFlags>();
      const causes = flags.causes === undefined ? [] : readCauses(flags.causes);
      const { html, draw, notes } = await withStore([], flags, (store) =>
        causeSheet(store, { ...flags, causes }),
      );
      writeUnfilled(flags.out, html, flags.force);
      const kinds = draw.kinds.map(
        ({ kind, tasks, drawn }) => `${grouped(drawn)} of ${grouped(tasks)} ${kind}`,
      );
      print(
        flags.json === true,
        { html: flags.out, sheet: draw.sheet, tasks: draw.tasks.length, kinds: draw.kinds, notes },
        () =>
          [
            `${counted(draw.tasks.length, "task")} in ${flags.out}: ${kinds.join(", ")}`,
            ...notes,
            "The sheet holds what the log has of these tasks: give it only to readers, and import what they save (fieldnotes causes import).",
          ].join("\n"),
      );
    });
}

function addCode(causes: Command): void {
  causes
    .command("code")
    .description("put readers' notes in causes by hand, on a page that opens from disk")
    .argument("<file...>", "what readers of sheets saved, JSON")
    .option("--causes <file>", "the causes so far, with the notes that are in them: JSON")
    .option("--out <file>", "the page", "coding.html")
    .option("--force", "overwrite an existing page")
    .action(async (files: string[], _flags: unknown, used: Command) => {
      const flags = used.optsWithGlobals<{ out: string; json?: boolean; causes?: string; force?: boolean }>();
      const taxonomy = flags.causes === undefined ? { causes: [] } : readTaxonomy(flags.causes);
      const { html, cards, causes, notes } = causeCoding(files, taxonomy);
      writeUnfilled(flags.out, html, flags.force);
      const open = cards.filter((card) => card.in === null).length;
      print(
        flags.json === true,
        { html: flags.out, cards: cards.length, open, causes: causes.map(({ name }) => name), notes },
        () =>
          [
            `${counted(cards.length, "note")} in ${flags.out}: ${grouped(open)} without a cause, ${counted(causes.length, "cause")} so far`,
            ...notes,
            "The page saves causes-coded.json: import the notes with it (fieldnotes causes import --causes causes-coded.json).",
          ].join("\n"),
      );
    });
}

function addImport(causes: Command): void {
  causes
    .command("import")
    .description("import what a reader of a sheet saved")
    .argument("<file...>", "what the page saved, JSON")
    .option(
      "--causes <file>",
      "the causes known so far, with the notes that are in them; those that readers added are named",
    )
    .action(async (files: string[], _flags: unknown, used: Command) => {
      const flags = used.optsWithGlobals<{ db: string; json?: boolean; causes?: string }>();
      const known = flags.causes === undefined ? undefined : readTaxonomy(flags.causes);
      const came = await withOwnStore(flags.db, async (store) => {
        const all = [];
        for (const file of files) all.push(await importCauses(store, file, known));
        return {
          tasks: all.reduce((sum, { tasks }) => sum + tasks, 0),
          replaced: all.reduce((sum, { replaced }) => sum + replaced, 0),
          added: [...new Set(all.flatMap(({ added }) => added))],
          notes: all.flatMap(({ notes }) => notes),
        };
      });
      print(flags.json === true, came, () =>
        [
          `${counted(came.tasks, "task")} read, in ${flags.db}${came.replaced === 0 ? "" : `; ${counted(came.replaced, "earlier row")} replaced`}`,
          ...(came.added.length === 0 ? [] : [`Not in ${flags.causes}: ${came.added.join(", ")}`]),
          ...came.notes,
        ].join("\n"),
      );
    });
}
