// Kills commands at random moments, runs each again, and compares the result with an undisturbed run: every table of
// the store, every file of the demo, the report and the eval set; and looks for leftovers. npm run crash [-- --kills 40
// --seed 1 --only ingest --minutes 30]: that many kills per command, or as many as the minutes allow. It needs the built
// command (npm run build).
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { isUncompleted } from "../../src/logs/complete/complete";
import { random } from "../../src/stats/random";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { filledTables } from "../../src/store/schema";
import { differences } from "./differences";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    minutes: { type: "string", default: "Infinity" },
  },
});
const until = performance.now() + 60_000 * Number(values.minutes);
const program = join(__dirname, "..", "..", "dist", "cli", "main.js");
const signals = ["SIGKILL", "SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const;

/** A command to kill, in a folder of its own, and how to read its result. */
interface Case {
  name: string;
  args: string[];
  /** Commands that prepare the folder. */
  before?: string[][];
  /** Each part of the result by name, without times of day. */
  state(folder: string): Promise<Map<string, string>>;
  /** Whether the killed run was between two steps, which is counted. */
  between?(folder: string): Promise<boolean>;
  /**
   * Numbers may differ by this share of their size (or of 1, if larger), because the engine's threads add in any order.
   */
  within?: number;
}

const demoOf = (calls: number, out: string) => [
  "demo",
  "--calls",
  `${calls}`,
  "--truth-calls",
  "0",
  "--out",
  out,
];
const demo = demoOf(1500, "logs");
const largeDemo = demoOf(12_000, "logs");
const smallDemo = demoOf(100, "later");
const cases: Case[] = [
  { name: "ingest", before: [demo], args: ["ingest", "logs"], state: tablesOf },
  // A small file into a larger store: most of the time goes into steps over all rows.
  {
    name: "completing",
    before: [largeDemo, ["ingest", "logs"], smallDemo],
    args: ["ingest", "later"],
    state: tablesOf,
    between: isLeftUncompleted,
  },
  { name: "demo", args: demo, state: filesOf },
  {
    name: "evalset",
    before: [demo],
    args: ["evalset", "build", "logs", "--size", "40", "--out", "set.jsonl", "--force"],
    state: filesOf,
  },
  {
    name: "report",
    before: [demo, ["ingest", "logs"]],
    args: ["report", "--no-notebooks", "--out", "out/report.html"],
    state: filesOf,
    within: 1e-12,
  },
];

function run(args: readonly string[], folder: string, end?: { after: number; signal: NodeJS.Signals }) {
  return new Promise<{ took: number; isEnded: boolean; said: string }>((done) => {
    const begun = performance.now();
    const env = { ...process.env, TMPDIR: join(folder, "tmp"), SOURCE_DATE_EPOCH: "0" };
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (piece) => {
      said += piece;
    });
    const timer = end && setTimeout(() => child.kill(end.signal), end.after);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      done({ took: performance.now() - begun, isEnded: signal !== null, said: code === 0 ? "" : said });
    });
  });
}

/** Every table of the store. */
async function tablesOf(folder: string): Promise<Map<string, string>> {
  const store = await open(join(folder, "fieldnotes.duckdb"), { readOnly: true });
  try {
    const tables = new Map<string, string>();
    for (const table of [...filledTables, "rejects", "fates"]) {
      const rows = await rowsOf(store.connection, `from ${table} order by all`);
      tables.set(table, rows.map((row) => JSON.stringify(row)).join("\n"));
    }
    return tables;
  } finally {
    store.close();
  }
}

/** Whether the rows are loaded, but the steps over all rows have not run yet. */
async function isLeftUncompleted(folder: string): Promise<boolean> {
  const store = await open(join(folder, "fieldnotes.duckdb"), { readOnly: true });
  try {
    return await isUncompleted(store.connection);
  } finally {
    store.close();
  }
}

/** Every file of the folder. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !/^(tmp|data)\b|duckdb/.test(name) && statSync(join(folder, name)).isFile())
    .sort();
  return new Map(
    files.map((name) => {
      const text = readFileSync(join(folder, name), "latin1");
      return [name, text.replace(/20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?( UTC)?/g, "TIME")];
    }),
  );
}

/** Leftover files that nothing removes. */
function leftovers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /fieldnotes-[0-9a-f]{8}-|\.part$|\.tmp$/.test(name))
    .map((name) => `left behind: ${relative(folder, join(folder, name))}`);
}

async function main(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "fieldnotes-crash-"));
  const die = random(Number(values.seed));
  let faults = 0;
  const fresh = (name: string, like: string) => {
    cpSync(like, join(root, name), { recursive: true });
    return join(root, name);
  };
  try {
    for (const one of cases.filter(({ name }) => values.only === undefined || values.only === name)) {
      const base = join(root, one.name);
      mkdirSync(join(base, "tmp"), { recursive: true });
      for (const args of one.before ?? []) await run(args, base);
      const whole = fresh(`${one.name}-whole`, base);
      const { took, said } = await run(one.args, whole);
      if (said !== "") throw new Error(`${one.name} fails by itself: ${said}`);
      const expected = await one.state(whole);
      let [runs, ended, between, wrongs] = [0, 0, 0, 0];
      for (let at = 0; at < Number(values.kills) && performance.now() < until; at++) {
        runs += 1;
        const folder = fresh(`${one.name}-${at}`, base);
        const signal = signals[at % signals.length];
        const after = die.uniform() * took;
        if ((await run(one.args, folder, { after, signal })).isEnded) ended += 1;
        if (await one.between?.(folder)) between += 1;
        const again = await run(one.args, folder);
        const found = again.said === "" ? await one.state(folder) : undefined;
        const differs = found && differences(expected, found, one.within ?? 0);
        const wrong = [...(differs ?? [`fails: ${again.said}`]), ...leftovers(folder)];
        if (wrong.length > 0) {
          wrongs += 1;
          console.log(`${one.name}, ended by ${signal} after ${after.toFixed(0)} of ${took.toFixed(0)} ms:`);
          for (const line of wrong) console.log(`  ${line}`);
        }
        rmSync(folder, { recursive: true, force: true });
      }
      const left = one.between === undefined ? "" : `, ${between} of them between two steps`;
      console.log(
        `${one.name}: ended ${ended} times in ${runs} runs${left}, each the same when run again but ${wrongs}`,
      );
      faults += wrongs;
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  if (faults > 0) process.exitCode = 1;
}

main();
