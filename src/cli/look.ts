import type { Command } from "commander";
import { type LookOptions, serveLook } from "../look/serve";
import { whole } from "./measureOptions";
import { print, say } from "./output";
import { withReadOptions } from "./readOptions";
import { type SourceFlags, withEngineOptions, withStore } from "./withStore";

/** `fieldnotes look`: the log as a page to explore, until Ctrl-C. */
export function addLook(program: Command): void {
  const command = program
    .command("look")
    .description("explore the log in a browser of this machine: select, slice, compare, down to the calls")
    .argument("[file...]", "logs to read without a store")
    .option("--where <predicate>", "what is selected at first: only calls that meet this SQL predicate")
    .option("--by <column>", "what stands side by side at first (default: model)")
    .option("--metric <name>", "the metric whose course is shown at first (default: duration_p95)")
    .option("--limits <file>", "limits that the verdict can check (docs/check.md)")
    .option("--port <number>", "the port of 127.0.0.1 (default: any that is free)", whole)
    .option("--with-text", "traces also have prompts and outputs, if --text keep stored them");
  withEngineOptions(command);
  withReadOptions(command).action(async (files: string[], _flags: unknown, used: Command) => {
    const flags = used.optsWithGlobals<SourceFlags & LookOptions & { json?: boolean }>();
    const { where, by, metric, limits, port, withText } = flags;
    await withStore(files, flags, async (store) => {
      const served = await serveLook(store, { where, by, metric, limits, port, withText });
      print(flags.json === true, { url: served.url, port: served.port }, () => served.url);
      say(
        `the page is open to whoever has this address, on this machine, until Ctrl-C; from another machine, forward the port: ssh -L ${served.port}:127.0.0.1:${served.port} HOST`,
      );
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
      });
      await served.close();
    });
  });
}
