import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Command } from "commander";
import { commandLine } from "../../src/cli/main";
import { ingestDemo } from "../../src/demo/openDemo";
import { flagOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { sharedNames } from "../../src/measures/options";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { fieldnotes, folder } from "./command";

const { path: here, remove } = folder();

/** Of what measures every metric otherwise, two are enough. */
const two = ["--metric", "resolve_rate,cost_per_task"];

const four = ["orrery-apex", "orrery-swift", "quillon-7", "quillon-7-lite"];

/** What a command line cannot do without, or takes to be quick. */
const needed: Record<string, string[]> = {
  agreement: two,
  "agreement --side-by-side": ["--side-by-side", ...two],
  plan: two,
  "latency --shift": ["--shift", "orrery-apex,orrery-swift"],
  "latency --distribution": ["--distribution", "--metric", "cost_per_task"],
  "cost --monthly": ["--monthly", "30000"],
  "cost --repriced": ["--repriced", "--as", "orrery-swift"],
  "cost --tiers": ["--tiers", "resolve_rate"],
  "quality --floor": ["--floor", "0.6", "--bins", "12"],
  quality: ["--score", "hallucination"],
  "quality --pairs": ["--score", "correct", "--pairs"],
  "quality --flips": ["--score", "correct", "--flips", "orrery-apex,orrery-swift"],
  "quality --judge": ["--score", "hallucination", "--judge"],
  "quality --controlled": ["--score", "hallucination", "--controlled", "output_length"],
  "quality --drift": ["--score", "hallucination", "--drift"],
  "quality --raters": ["--score", "hallucination", "--raters"],
  "quality --validator": ["--score", "hallucination", "--validator", "supported"],
  "quality --beside": ["--score", "hallucination", "--beside", "evidence_position"],
  "consistency --worst": ["--worst", "10"],
  calls: ["--limit", "5"],
  check: ["--limits", "limits.json"],
  choose: ["--profile", "fast.json"],
  compare: ["--a", "release < '4.3'", "--b", "release >= '4.3'", ...two],
  report: ["--no-notebooks", "--out", "report.html"],
  // Its days have too few calls here for a quantile whose interval is drawn.
  trend: ["--metric", "cost_per_task"],
};

/** Commands whose options of these names are about something else than the calls of a store. */
const others: Record<string, string> = {
  demo: "makes a log up",
  causes: "is about tasks that a person has read, of which this log has none",
  "agreement --releases": "needs scores of several releases of a family, which this log's benchmarks lack",
  "consistency --single-shot": "has too few repeats here for its drawn intervals to differ",
  "benchmark shortlist": "ranks tables of scores",
  evalset: "draws, sends and reviews prompts",
  "benchmark contamination": "compares tables of scores",
  "benchmark tiers": "ranks tables of scores",
  preferences: "reads comparisons, which have columns of their own",
  calls: "lists calls one by one",
};

/** Options that are refused in other words there. */
const inOtherWords: Record<string, string[]> = {
  // The two names of the command line are no candidates then, which is what it says.
  "quality --flips": ["candidate"],
};

/** What makes no difference that could be seen: ends of bins, which another draw seldom moves from one to the next. */
const unseen: Record<string, string[]> = {
  "quality --floor": ["seed"],
  // No task that two models answered used a tool here.
  "trajectories --tools": ["credit"],
};

/** Every command that takes one of the options of every measure, with each of its tables. */
const commands = commandLine().commands.filter((command) => sharedOf(command).length > 0);
const lines = commands.flatMap((command) => {
  const views = measures.filter(({ of }) => of === command.name());
  return [command.name(), ...views.map(({ name }) => `${command.name()} --${name}`)]
    .filter((line) => others[line] === undefined && others[command.name()] === undefined)
    .map((line) => ({ line, command }));
});

/** The options of every measure that a command takes. */
function sharedOf(command: Command): string[] {
  const names = command.options.map((option) => option.attributeName());
  return sharedNames.filter((name) => names.includes(name));
}

/** For each option a value, and in which company it makes a difference, tried in turn. */
const tried: Record<string, { value: string; beside: string[][] }> = {
  by: { value: "release,model", beside: [[]] },
  where: { value: "workload = 'chat-assistant' and hour < 14", beside: [[], ["--by", "model"]] },
  candidate: { value: "prompt_version,model", beside: [[], ["--by", "model"]] },
  level: { value: "0.8", beside: [[]] },
  seed: { value: "7", beside: [[], ["--interval", "bootstrap"]] },
  timezone: { value: "Asia/Tokyo", beside: [["--where", "hour between 9 and 15"]] },
  cluster: { value: "call_id", beside: [[]] },
  interval: { value: "bootstrap", beside: [[]] },
  credit: { value: "last", beside: [[], ["--by", "model"], ["--grain", "conversation"]] },
  outcomeRule: { value: "left-after-failure", beside: [["--grain", "conversation"], []] },
};

before(async () => {
  writeFileSync(
    join(here, "fast.json"),
    JSON.stringify({
      name: "fast",
      criteria: [
        { metric: "duration_p50", weight: 0.8, good: 1, bad: 20 },
        { metric: "cost_per_task", weight: 0.2, good: 0, bad: 1 },
      ],
    }),
  );
  const limits = [
    { metric: "error_rate", at_most: 0.02 },
    { metric: "duration_p50", at_most: 9 },
    { metric: "cost_per_task", at_most: 1 },
  ];
  writeFileSync(join(here, "limits.json"), JSON.stringify({ name: "nightly", limits }));
  const store = await open(join(here, "fieldnotes.duckdb"));
  await ingestDemo(store);
  // Two workloads, and a part of the users, are enough, and several times as fast.
  await run(
    store.connection,
    "delete from calls where environment is distinct from 'evaluation' and (hash(user_id) % 6 > 0 or workload = 'coding-assistant')",
  );
  // Of chats four models, the fewest that have a rank correlation, and two benchmarks of them.
  const left = `model not in (${four.map((model) => `'${model}'`).join(", ")})`;
  await run(store.connection, `delete from calls where workload = 'chat-assistant' and ${left}`);
  const boards = "'general-knowledge', 'office-tasks'";
  await run(store.connection, `delete from benchmarks where benchmark not in (${boards}) or ${left}`);
  // Its providers refuse no call; here some do, and most are tried again.
  await run(
    store.connection,
    "update calls set status = 'rate_limited', retry_after = 1 + hash(call_id) % 3 where hash(call_id) % 25 = 0",
  );
  // Some tasks are begun by one model and ended by another, which --credit is about.
  await run(
    store.connection,
    "update calls set model = 'orrery-swift' where model = 'orrery-apex' and hash(call_id) % 4 = 0",
  );
  // The company's agents log no tools; here each stage is one.
  await run(store.connection, "update spans set tool = stage");
  store.close();
});
after(remove);

/** What a command prints, and a report's data; what it writes of its own options is no difference. */
async function printed(args: string[]): Promise<{ refusal?: string; text: string }> {
  const { code, stdout, stderr } = await fieldnotes([...args, "--json"], here);
  if (code === 2) return { refusal: stderr, text: "" };
  assert.ok([0, 3, 4].includes(code), `${args.join(" ")}: ${stderr}`);
  const data = args[0] === "report" ? readFileSync(join(here, "report.json"), "utf8") : "";
  const text = `${stdout}${data}`.replace(
    /"chosen":\s*\{[^}]*\}|"(seed|timezone|scope)":\s*("[^"]*"|\d+)/g,
    "",
  );
  // The engine adds in parallel: the last digits of a sum are no difference.
  const rounded = text.replace(/-?\d+\.\d{9,}(e-?\d+)?/g, (digits) => Number(digits).toPrecision(9));
  return { text: `${rounded}${stderr}` };
}

/** True if all intervals are drawn, as --interval bootstrap asks, without being asked. */
const isDrawn = (text: string) =>
  [...text.matchAll(/"method":"([^"]+)"/g)].every(([, method]) =>
    /boot|bca|draw|percentile|posterior|none/.test(method),
  );

describe("an option that a command takes changes what it prints, or is refused in a line", () => {
  test("for every command, or it says why not", () => {
    for (const line of [...Object.keys(others), ...Object.keys(needed)])
      assert.ok(
        commandLine().commands.some((command) => command.name() === line.split(" ")[0]),
        `${line} is no command`,
      );
    for (const name of sharedNames)
      assert.ok(tried[name], `say in \`tried\` what makes ${name} a difference`);
  });

  lines.forEach(({ line, command }, place) => {
    test(line, async () => {
      const [name, view] = line.split(" ");
      const own = [name, ...(needed[line] ?? (view === undefined ? [] : [view]))];
      const without = new Map<string, string>();
      const dropped: string[] = [];
      // Options are made in one place: in CI each line tries every fifth one, its neighbours the rest.
      const options = sharedOf(command).filter((_, at) => !process.env.CI || (at + place) % 5 === 0);
      for (const option of options) {
        const { value, beside } = tried[option];
        let isDropped = true;
        for (const company of beside) {
          if (
            company.some(
              (flag) => flag.startsWith("--") && !command.options.some(({ long }) => long === flag),
            )
          )
            continue;
          const args = [...own, ...company];
          const key = args.join(" ");
          const plain = without.get(key) ?? (await printed(args)).text;
          without.set(key, plain);
          if (plain === "") continue;
          const { text, refusal } = await printed([...args, flagOf(option), value]);
          const isObeyed = text !== plain || (option === "interval" && isDrawn(text));
          const isSaid =
            refusal?.includes(option) ||
            refusal?.includes(flagOf(option)) ||
            inOtherWords[line]?.includes(option);
          if (refusal === undefined ? isObeyed : isSaid) {
            isDropped = false;
            break;
          }
        }
        if (isDropped && !unseen[line]?.includes(option)) dropped.push(option);
      }
      assert.ok(
        options.length === 0 || [...without.values()].some((text) => text !== ""),
        `${line} prints something`,
      );
      assert.deepEqual(dropped, [], `${line} takes these options and prints the same`);
    });
  });
});
