import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { ingest } from "../logs/ingest";
import { cost } from "../measures/cost";
import { doctor } from "../measures/doctor";
import { latency } from "../measures/latency";
import type { Notebook } from "../notebook/read";
import { costFindings } from "../page/costFindings";
import { latencyFindings } from "../page/findings";
import type { RunNotebook } from "../page/notebook";
import { type Lead, renderPage } from "../page/page";
import { open, type Store } from "../store/open";
import { failed } from "./failure";
import { number } from "./measureOptions";
import { print, say } from "./output";
import { reportLine, runAll, runs } from "./run";

interface Flags {
  db: string;
  out: string;
  demo?: boolean;
  split?: boolean;
  timeout: number;
  json?: boolean;
}

/** `fieldnotes report`: all notebooks over the store, as one page. */
export function addReport(program: Command): void {
  program
    .command("report")
    .description("run all notebooks over the store and write one page")
    .option("--out <file>", "the page", join("reports", "report.html"))
    .option("--demo", "over the demo company that comes with the package, not a store of yours")
    .option("--split", "a page of its own for each notebook besides")
    .option("--timeout <seconds>", "the longest a cell may take", number, 600)
    .action(async (_flags: Flags, used: Command) => {
      const flags = used.optsWithGlobals<Flags>();
      const db = resolve(flags.demo ? await demoStore() : flags.db);
      const lead = await opening(db, flags.demo === true);
      const executed = new Map<string, Notebook>();
      const paths = notebooks();
      const reports = await runAll(paths, { parameters: [`db=${db}`], timeout: flags.timeout }, executed);
      const out = resolve(flags.out);
      mkdirSync(dirname(out), { recursive: true });
      writeFileSync(out, renderPage({ title, lead, notebooks: runs(executed, reports) }));
      if (flags.split) writeSplit(out, runs(executed, reports));
      const result = { html: out, verdict: lead.headline, notebooks: reports };
      print(flags.json === true, result, () =>
        [...reports.map(reportLine), `${lead.headline}`, `report: ${relative(".", out) || out}`].join("\n"),
      );
      if (reports.some(({ status }) => status === "failed")) process.exitCode = failed;
    });
}

const title = "Which model works in the field";
const root = join(__dirname, "..", "..");

function notebooks(): string[] {
  const folder = join(root, "notebooks");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((name) => join(folder, name));
}

/** The demo company's logs, in a store made anew. */
async function demoStore(): Promise<string> {
  const file = join(root, "data", "build", "demo.duckdb");
  mkdirSync(dirname(file), { recursive: true });
  for (const old of [file, `${file}.wal`]) rmSync(old, { force: true });
  const store = await open(file);
  try {
    const result = await ingest(store, join(root, "data", "demo"));
    for (const one of result.files)
      if (one.status === "failed") throw new Error(`${one.path}: ${one.reason}`);
    say(`demo: ${result.calls.toLocaleString("en")} calls of ${result.files.length} files`);
  } finally {
    store.close();
  }
  return file;
}

async function opening(db: string, demo: boolean): Promise<Lead> {
  const store = await open(db, { readOnly: true });
  try {
    return await leadOf(store, demo);
  } finally {
    store.close();
  }
}

async function leadOf(store: Store, demo: boolean): Promise<Lead> {
  const found = await doctor(store);
  const { headline, points: waits } = latencyFindings(await latency(store));
  const points = [...costFindings(await cost(store)), ...waits];
  const span = found.from === null ? "" : ` from ${found.from.slice(0, 10)} to ${found.to?.slice(0, 10)}`;
  const basis = `Measured on ${found.calls.toLocaleString("en")} calls to ${found.models.length} models${span}.`;
  const made = demo ? ["The company, its models and its traffic are made up: this is the demo."] : [];
  const sections = [
    {
      title: "What the data cannot say",
      points: found.cannot.map(({ measure, why }) => `${measure}: ${why}`),
    },
    { title: "What looks wrong in the logs", points: found.warnings },
  ].filter(({ points }) => points.length > 0);
  return { headline, points: [...points, basis, ...made], sections };
}

function writeSplit(out: string, pages: RunNotebook[]): void {
  for (const page of pages) {
    const name = basename(page.path ?? "notebook", ".ipynb");
    writeFileSync(join(dirname(out), `${name}.html`), renderPage({ title: name, notebooks: [page] }));
  }
}
