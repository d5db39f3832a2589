import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import { bringBack, copyNotebooks, shippedFolder } from "../notebook/copies";
import { createNotebook } from "../notebook/create";
import { installKernel } from "../notebook/install";
import { lab } from "../notebook/lab";
import { counted } from "../stats/text";
import { renamed } from "./oldNames";
import { print, say } from "./output";

interface LabFlags {
  db: string;
  json?: boolean;
  new?: string;
  from?: string;
  back?: string;
  installKernel?: boolean;
}

/** `fieldnotes lab`: notebooks in Jupyter, your own among them. */
export function addKernel(program: Command): void {
  program
    .command("lab")
    .description("open copies of the notebooks in JupyterLab, or a notebook of your own")
    .argument("[option...]", "a notebook, and arguments passed on to jupyter lab")
    .addOption(
      renamed(new Option("--new <name>", "make a notebook that reads your store, and no more"), "new"),
    )
    .option("--from <notebook>", "with --new: start from one of this package's, by name or number (02)")
    .option("--back <notebook>", "write a copy back to its notebook, without outputs")
    .addOption(
      renamed(
        new Option("--install-kernel", "add the fieldnotes kernel to your own Jupyter, and no more"),
        "kernel install",
      ),
    )
    .allowUnknownOption()
    .action(async (options: string[], _flags: object, used: Command) => {
      const { db, back, installKernel: installs, new: name, from, json } = used.optsWithGlobals<LabFlags>();
      if (name === undefined && from !== undefined) throw new RangeError("--from requires --new");
      if (name !== undefined) return make(name, { db, from, json });
      if (installs === true) return say(`kernel written to ${installKernel()}`);
      if (back !== undefined)
        return say(`wrote ${relative(".", bringBack(copyPath(back)))} without its outputs`);
      const named = used.getOptionValueSourceWithGlobals("db") === "cli" || existsSync(db);
      const isOwn = options.some((one) => one.endsWith(".ipynb"));
      if (!isOwn) tellCopies(named ? resolve(db) : undefined);
      const there = isOwn ? [] : [`--LabApp.default_url=/lab/tree/${copies}`];
      process.exitCode = await lab({ arguments: [...there, ...options] });
    });
}

function make(name: string, { db, from, json }: LabFlags): void {
  const file = relative(".", createNotebook(name, { db: resolve(db), from }));
  print(json === true, { wrote: file }, () =>
    [
      `wrote ${file}, which reads ${db}`,
      `open it with fieldnotes lab ${file}, or in VS Code; without Jupyter: fieldnotes run ${file}`,
    ].join("\n"),
  );
}

/** The folder of the copies, in the current folder. */
const copies = "lab";

function tellCopies(store: string | undefined): void {
  const { made, kept, old } = copyNotebooks(copies, store);
  const reads = store === undefined ? "" : `, which read ${relative(".", store)}`;
  if (made.length > 0) say(`${counted(made.length, "notebook")} copied into ${copies}${reads}`);
  if (kept.length > 0) say(`${kept.length} copies in ${copies} are kept as they are`);
  if (old.length > 0)
    say(
      `newer than their copies: ${old.map((one) => basename(one)).join(", ")}; delete a copy to get a new one`,
    );
  // Otherwise the originals are inside an installed package.
  if (resolve(".") === dirname(shippedFolder()))
    say("to write a copy back to its notebook, without outputs: fieldnotes lab --back 01-latency");
}

function copyPath(name: string): string {
  const file = name.endsWith(".ipynb") ? name : `${name}.ipynb`;
  return existsSync(file) ? file : join(copies, basename(file));
}
