import type { Command } from "commander";
import { type IngestedFile, ingest } from "../logs/ingest";
import { progress } from "../notebook/progress";
import { failed } from "./failure";
import { print } from "./output";
import { withOwnStore } from "./ownStore";
import { ingestOptions, type ReadFlags, withReadOptions } from "./readOptions";

/** `fieldnotes ingest`: logs, scores, benchmarks and prices into the store. */
export function addIngest(program: Command): void {
  withReadOptions(
    program
      .command("ingest")
      .description("read exported logs, scores, benchmarks and prices into the store")
      .argument(
        "<path...>",
        "files, folders or globs: JSONL, JSON, CSV, Parquet or Arrow, also .gz and .zst",
      ),
  ).action(async (paths: string[], flags: ReadFlags, command: Command) => {
    const { db, json } = command.optsWithGlobals<{ db: string; json?: boolean }>();
    const shown = progress("ingest");
    try {
      const result = await withOwnStore(db, (store) =>
        ingest(store, paths, {
          ...ingestOptions(flags),
          onProgress: ({ done, of }) => shown.update(done, of),
        }),
      );
      shown.end();
      print(
        json === true,
        result,
        () => `${result.files.map(line).join("\n")}\n${total(result.files)} in ${db}`,
      );
      if (result.files.some(({ status }) => status === "failed")) process.exitCode = failed;
    } finally {
      shown.end();
    }
  });
}

function line(file: IngestedFile): string {
  const what = file.status === "failed" ? "failed" : `${file.status} as ${file.format ?? "nothing"}`;
  const counts = [
    [file.calls, "calls"],
    [file.tasks, "tasks"],
    [file.scores, "scores"],
    [file.others, "other rows"],
    [file.replaced, "replaced"],
    [file.rejected, "rejected"],
  ] as const;
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count.toLocaleString("en")} ${name}`);
  return `${file.path}: ${[what, ...told].join(", ")}${file.reason === undefined ? "" : `\n  ${file.reason}`}`;
}

function total(files: IngestedFile[]): string {
  const calls = files.reduce((sum, file) => sum + file.calls, 0);
  return `${calls.toLocaleString("en")} calls of ${files.length} ${files.length === 1 ? "file" : "files"}`;
}
