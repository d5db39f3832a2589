import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type Forgotten, forget } from "../logs/forget";
import { open } from "../store/open";
import { countsOf } from "./ingest";
import { print } from "./output";

/** `fieldnotes forget`: removes from the store what a file brought in. */
export function addForget(program: Command): void {
  program
    .command("forget")
    .description("remove what a file brought into the store, and recompute the rest")
    .argument("<file|ingest>", "a file as it was ingested, or the number of its ingest (table ingests)")
    .action(async (what: string, _flags: unknown, command: Command) => {
      const { db, json } = command.optsWithGlobals<{ db: string; json?: boolean }>();
      // Does not create a missing store only to forget something.
      const store = await open(db, { readOnly: !existsSync(db) });
      try {
        const forgotten = await forget(store, what);
        print(json === true, { forgotten }, () =>
          [...forgotten.map(line), ...againLine(forgotten)].join("\n"),
        );
      } finally {
        store.close();
      }
    });
}

const line = (one: Forgotten) =>
  `${one.path}: forgotten (ingest ${one.ingest}, read as ${one.format}), ${countsOf(one).join(", ") || "no rows"}`;

const againLine = ([{ again }]: readonly Forgotten[]) =>
  again.length === 0
    ? []
    : [`It had replaced rows of files that stay; to have these back, ingest again: ${again.join(", ")}`];
