import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { assumeOption } from "../decide/assume";
import { ingestDemo } from "../demo/openDemo";
import { drawWay } from "../engines/refused";
import { sharing } from "../measures/shared";
import type { Notebook } from "../notebook/read";
import { callsPart } from "../page/callsPart";
import { idsIn } from "../page/ids";
import { joined } from "../page/limits";
import type { RunNotebook } from "../page/notebook";
import { renderPage } from "../page/page";
import type { Part } from "../page/part";
import { type Report, type ReportOptions, reportOf } from "../page/report";
import { readEarlier } from "../page/reportChanges";
import { reportRequest } from "../page/reportRequest";
import { modelsIn } from "../page/reportTables";
import { counted } from "../stats/text";
import { memoryVariable, shareOfMemory, threadsVariable } from "../store/engineSettings";
import { kinOf } from "../store/magic";
import { open } from "../store/open";
import { checkReplaceable } from "../store/sources";
import { writeWhole } from "../store/wholeFile";
import { failed } from "./failure";
import { type MeasureFlags, measureOptions, number, withMeasureOptions } from "./measureOptions";
import { print, say } from "./output";
import { filesBeside, pagesOf, withoutOwn, writeBeside, writeSplit } from "./reportFiles";
import { notebooksOfReport, parametersOf } from "./reportNotebooks";
import { gathered, reportLine, runAll, runs } from "./run";
import { version } from "./version";
import { checkMap, type SourceFlags, withBenchmarks, withEngineOptions } from "./withStore";

interface Flags extends SourceFlags, MeasureFlags {
  out: string;
  demo?: boolean;
  split?: boolean;
  notebooks: boolean;
  timeout: number;
  title?: string;
  author?: string;
  note: string[];
  against?: string;
  profile: string[];
  since?: string;
  assume?: string;
  withCalls?: boolean;
  withText?: boolean;
  json?: boolean;
}

const { assume } = assumeOption("outcomes-alike", "same-days");

/** `fieldnotes report`: the verdict, why, how sure, and all notebooks over the store, as one page. */
export function addReport(program: Command): void {
  const command = program
    .command("report")
    .description("measure the store, run all notebooks and write one page, with its tables as files")
    .option("--out <file>", "the page", join("reports", "report.html"))
    .option("--demo", "report on the built-in demo company instead of your store")
    .option("--title <text>", "the page's title")
    .option("--author <text>", "who made it")
    .option("--note <text>", "a note of yours to print on the page, repeatable", gathered, [])
    .option(
      "--profile <name>",
      "what to choose by: a name or a file, repeatable (default: all that fit); of one model, what it is held to, or a file of limits",
      gathered,
      [],
    )
    .option("--against <file>", "the JSON of an earlier report: what changed since")
    .option("--split", "also write a page for each notebook")
    .option("--no-notebooks", "only the verdict and its chapters, without running notebooks")
    .option("--timeout <seconds>", "time limit of a cell", number, 600)
    .option(`--assume ${assume.value}`, assume.about)
    .option("--since <date>", "only calls from this time on, UTC, in notebooks too")
    .option(
      "--with-calls",
      "also list the slowest, most expensive and worst calls; the page then contains ids of users and tasks",
    )
    .option("--with-text", "with --with-calls: their prompts and outputs, if --text keep stored them");
  withMeasureOptions(command, {
    by: "columns of the report's tables, model among them (default: workload,model)",
    where: "only calls that meet this SQL predicate, in notebooks too",
    candidate: "several columns as one candidate, in notebooks too: provider,model or prompt_version,model",
    level: "confidence of the intervals, in notebooks too",
    join: false,
    cluster: false,
    interval: false,
  });
  withEngineOptions(command).action(async (_flags: Flags, used: Command) => {
    const flags = used.optsWithGlobals<Flags>();
    if (flags.withText && !flags.withCalls)
      throw new RangeError("report requires --with-calls with --with-text: texts are those of its calls");
    checkEngine(flags);
    const out = resolve(extname(flags.out) === "" ? `${flags.out}.html` : flags.out);
    // Now rather than after minutes of work.
    for (const file of [out, ...Object.values(filesBeside(out))]) checkReplaceable(file);
    const earlier = flags.against === undefined ? undefined : readEarlier(flags.against);
    const db = resolve(flags.demo ? await demoStore() : flags.db);
    const { title, author, note: notes, demo, since } = flags;
    const profiles = flags.profile.length === 0 ? undefined : flags.profile;
    const reportOptions = {
      ...measureOptions(flags),
      profiles,
      title,
      author,
      notes,
      demo,
      since,
      assume: flags.assume,
      earlier,
      version: version(),
    };
    // Three processes share the cores, and the engine's threads wait for each other where there are few rows.
    if (flags.engine === undefined && existsSync(db) && statSync(db).size < small)
      process.env[threadsVariable] ??= "1";
    const executed = new Map<string, Notebook>();
    const together = Math.min(2, availableParallelism());
    // What the engine may use is for all of the processes together.
    const cap = process.env[memoryVariable];
    if (cap !== undefined && flags.notebooks) process.env[memoryVariable] = shareOfMemory(cap, together + 1);
    const running = { db, parameters: parametersOf(used), timeout: flags.timeout, together };
    // The notebooks meanwhile run in their own processes.
    const [report, unordered] = await sharing(() =>
      Promise.all([
        flags.engine === undefined
          ? reportOn(db, reportOptions)
          : withBenchmarks([], flags, (store) => reportOf(store, reportOptions)),
        runAll(flags.notebooks && flags.engine === undefined ? notebooksOfReport() : [], running, executed),
      ]),
    );
    const ran = unordered.sort((a, b) => (a.path < b.path ? -1 : 1));
    mkdirSync(dirname(out), { recursive: true });
    const chapters = runs(executed, ran);
    const single = flags.withCalls
      ? [await callsOn(db, reportOptions, { chapters, withText: flags.withText })]
      : [];
    const parts = [...report.parts, ...single];
    const pages = flags.split ? pagesOf(out, report.title, chapters) : [];
    writeWhole(
      out,
      renderPage({
        ...report,
        parts,
        fold: true,
        notebooks: chapters,
        models: modelsIn(report.metrics),
        pages: withoutOwn(pages, basename(out)),
      }),
    );
    const beside = writeBeside(out, report);
    if (flags.split) writeSplit(out, chapters, pages);
    const { headline } = report.lead;
    const result = { html: out, verdict: headline, notebooks: ran, ...beside };
    print(flags.json === true, result, () =>
      [...ran.map(reportLine), headline, `report: ${relative(".", out) || out}`].join("\n"),
    );
    if (ran.some(({ status }) => status === "failed")) process.exitCode = failed;
  });
}

/** Throws for what needs the rows of a store. */
function checkEngine(flags: Flags): void {
  checkMap(flags);
  if (flags.engine === undefined) return;
  const refused = {
    demo: "no --demo, whose calls are made up here",
    withCalls: `numbers, and --with-calls lists calls, which stay on the engine; ${drawWay}`,
    split: `no --split, which writes a page for each notebook, and notebooks need the rows of a store; ${drawWay}`,
  };
  for (const [name, why] of Object.entries(refused))
    if (flags[name as keyof typeof refused]) throw new RangeError(`--engine requires ${why}`);
}

const root = join(__dirname, "..", "..");

/** Bytes of a store below which its tables have few row groups, of which each of the engine's threads takes one at a time. */
const small = 16e6;

/** The demo company's logs, in a new store. */
async function demoStore(): Promise<string> {
  const file = join(root, "data", "build", "demo.duckdb");
  mkdirSync(dirname(file), { recursive: true });
  for (const old of [file, ...kinOf(file)]) rmSync(old, { force: true });
  const store = await open(file);
  try {
    const result = await ingestDemo(store);
    say(`demo: ${counted(result.calls, "call")} of ${counted(result.files.length, "file")}`);
  } finally {
    store.close();
  }
  return file;
}

async function reportOn(db: string, options: ReportOptions): Promise<Report> {
  const store = await open(db, { readOnly: true });
  try {
    return await reportOf(store, options);
  } finally {
    store.close();
  }
}

/** The calls one by one, including those that the notebooks name; only the page has them, not its other forms. */
async function callsOn(
  db: string,
  options: ReportOptions,
  { chapters, withText }: { chapters: readonly RunNotebook[]; withText?: boolean },
): Promise<Part> {
  const htmls = chapters.flatMap(({ notebook }) =>
    (notebook.cells ?? []).flatMap((cell) =>
      (cell.outputs ?? []).map(({ data }) => joined(data?.["text/html"])),
    ),
  );
  const store = await open(db, { readOnly: true });
  try {
    const ids = htmls.flatMap(idsIn);
    return await callsPart(store, reportRequest(options), { withText, ids });
  } finally {
    store.close();
  }
}
