import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { commandLine } from "../../src/cli/main";
import { measures } from "../../src/measures/measures";
import { sharedNames } from "../../src/measures/options";
import { writeLog } from "./commandLog";

/** Calls of the logs, smallest first: FIELDNOTES_BENCH_CALLS=1e6 leaves out the largest. */
const sizes = [1e5, 1e6, 1e7].filter((calls) => calls <= Number(process.env.FIELDNOTES_BENCH_CALLS ?? 1e7));

const [two, weekly] = [
  ["--metric", "resolve_rate,cost_per_task"],
  ["--switch", "2026-03-16"],
];

/** What a command cannot do without; a command without a place here is asked as it is, by model where it takes that. */
const needed: Record<string, string[]> = {
  agreement: two,
  "agreement --side-by-side": ["--side-by-side", ...two],
  "latency --distribution": ["--distribution", "--metric", "cost_per_task", "--by", "model"],
  "cost --monthly": ["--monthly", "30000"],
  "cost --repriced": ["--repriced", "--as", "model-4"],
  "cost --tiers": ["--tiers", "resolve_rate", "--by", "model"],
  "quality --floor": ["--floor", "0.6"],
  doctor: [],
  calls: [],
  quality: ["--score", "good", "--by", "model"],
  "quality --controlled": ["--score", "good", "--controlled", "output_length"],
  "quality --flips": ["--score", "good", "--flips", "model-0,model-2"],
  "quality --pairs": ["--score", "good", "--pairs"],
  "quality --judge": ["--score", "good", "--judge"],
  "quality --drift": ["--score", "good", "--drift"],
  "quality --raters": ["--score", "good", "--raters"],
  "consistency --worst": ["--worst", "10"],
  trend: ["--metric", "duration_p95"],
  choose: ["--profile", "profile.json"],
  compare: weekly,
  check: ["--limits", "limits.json"],
  report: ["--out", "page.html"],
};

/** What is not asked of the calls of a store, or not of this log. */
const others: Record<string, string> = {
  demo: "makes a log up",
  preferences: "reads comparisons",
  "benchmark tiers": "ranks tables of scores",
  "benchmark shortlist": "ranks tables of scores",
  "benchmark contamination": "compares tables of scores",
  "agreement --releases": "needs releases of a family",
  "quality --validator": "needs a score by a rule",
  "quality --beside": "needs a second score",
};

interface Used {
  seconds: number;
  gigabytes: number;
}

/** Every command that reads the calls of a store, with each of its tables. */
function lines(): { name: string; args: string[] }[] {
  return commandLine()
    .commands.filter((command) => others[command.name()] === undefined && readsCalls(command))
    .flatMap((command) => [
      command.name(),
      ...measures.filter(({ of }) => of === command.name()).map(({ name }) => `${command.name()} --${name}`),
    ])
    .filter((name) => others[name] === undefined)
    .map((name) => {
      const [command, view] = name.split(" ");
      return {
        name,
        args: [command, ...(needed[name] ?? (view === undefined ? ["--by", "model"] : [view]))],
      };
    });
}

const readsCalls = (command: Command) =>
  command.options.some((option) => sharedNames.includes(option.attributeName() as never)) ||
  ["calls", "doctor"].includes(command.name());

/** Runs a command in processes of its own: their processor time together, and the most memory of one. */
function used(folder: string, args: string[]): Used | string {
  const usage = join(folder, "usage.jsonl");
  rmSync(usage, { force: true });
  const env = {
    ...process.env,
    FIELDNOTES_USAGE: usage,
    NODE_OPTIONS: `--require ${join(__dirname, "usage.cjs")}`,
  };
  const main = join(__dirname, "..", "..", "dist", "cli", "main.js");
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (![0, 3, 4].includes(status ?? 1)) return stderr.trim().split("\n")[0];
  const all: Used[] = readFileSync(usage, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return {
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
    gigabytes: Math.max(...all.map(({ gigabytes }) => gigabytes)),
  };
}

/**
 * Every command that reads calls, at three sizes: processor seconds, as a multiple of cost by model in the same run, the
 * peak memory, and the slope, 1 where ten times the calls take ten times as long.
 */
export function* commandsBench(words: readonly string[]): Generator<string> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-bench-"));
  const asked = lines().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const smaller = new Map<string, number>();
  yield "| command | calls | CPU s | times cost by model | GB | slope |\n|---|---|---|---|---|---|";
  try {
    for (const calls of sizes) {
      const own = join(folder, String(calls));
      mkdirSync(own);
      const made = spawnSync(process.execPath, ["--import", "tsx", __filename, own, String(calls)], {
        encoding: "utf8",
      });
      if (made.status !== 0) throw new Error(made.stderr);
      const cost = used(own, ["cost", "--by", "model"]);
      if (typeof cost === "string") throw new Error(cost);
      for (const { name, args } of asked) {
        const one = used(own, args);
        if (typeof one === "string") {
          yield `| \`${name}\` | ${calls.toExponential(0)} | | | | ${one} |`;
          continue;
        }
        const before = smaller.get(name);
        const slope = before === undefined ? "" : Math.log10(one.seconds / before).toFixed(2);
        smaller.set(name, one.seconds);
        const cells = [
          one.seconds.toFixed(1),
          (one.seconds / cost.seconds).toFixed(1),
          one.gigabytes.toFixed(1),
          slope,
        ];
        yield `| \`${name}\` | ${calls.toExponential(0)} | ${cells.join(" | ")} |`;
      }
      rmSync(own, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// As a program of its own: writes the log, so that its memory is given back.
if (process.argv[1] === __filename)
  writeLog(process.argv[2], Number(process.argv[3])).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
