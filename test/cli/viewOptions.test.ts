import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Measure } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { sharedOptions } from "../../src/measures/options";
import { fieldnotes, folder } from "./command";

const { path: here, remove } = folder();
after(remove);

/** A value of each option that a command has of its own and its views may take, other than what the log gives by default. */
const other: Record<string, string[]> = {
  score: ["nice"],
  rater: ["human"],
  judgements: ["rater_id = 'one'"],
  grain: ["task"],
  guarantee: [],
  bins: ["2"],
  q: ["0.25"],
  more: [],
  k: ["3"],
  pass: ["0.9"],
  loop: ["2"],
  benchmark: ["office"],
  metric: ["error_rate,cost_per_task"],
  margin: ["0.9"],
};

/** What a view needs to give a table. */
const needed: Record<string, string[]> = {
  quality: ["--score", "good"],
  "cost --tiers": ["score:good"],
  "cost --monthly": ["1000"],
  "cost --repriced": ["prices.csv"],
  "quality --controlled": ["output_length"],
  "quality --flips": ["alder,birch"],
  "quality --beside": ["place"],
  "quality --validator": ["supported"],
  "quality --floor": ["0.5"],
  "quality --pipeline": ["--outcome", "good"],
  "consistency --worst": ["20"],
  consistency: ["--score", "good"],
  agreement: ["--metric", "resolve_rate,cost_per_task"],
};

/** Views that this log is too small for, or of which nobody read a sheet. */
const others = new Set(["agreement --releases", "causes --worth", "causes --began"]);

/** What its command needs, where the view takes it. */
function usualOf({ of, uses }: Measure): string[] {
  const given = needed[of as string] ?? [];
  return uses?.some((name) => given[0] === `--${name}`) ? given : [];
}

/** Measures with views and options of their own, and each of their views. */
const views = measures.flatMap((view) => {
  const command = measures.find(({ name, of }) => of === undefined && name === view.of);
  const own = Object.keys(command?.options ?? {}).filter((name) => !Object.hasOwn(sharedOptions, name));
  const line = `${view.of} --${view.name}`;
  return own.length === 0 || others.has(line) ? [] : [{ line, usual: usualOf(view), own }];
});

/** A number from 0 to 1 that looks drawn. */
const drawn = (at: number, salt: number) => (((at + 1) * (salt * 7919 + 12_289) * 31) % 997) / 997;

before(async () => {
  const models = ["alder", "birch", "cedar", "elm", "fir"];
  const runs = Array.from({ length: 200 }, (_, at) => {
    const model = models[at % 5];
    const start = new Date(Date.UTC(2026, 2, 2 + (at % 9), at % 24, at % 60)).toISOString();
    return { at, model, prompt: Math.floor(at / 5) % 20, start };
  });
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const calls = runs.map(({ at, model, prompt, start }) => ({
    ...{ call_id: `c${at}`, task_id: `t${at}`, conversation_id: `v${at % 60}`, user_id: `u${at % 30}` },
    ...{ model, provider: "p", workload: "chat", prompt_id: `p${prompt}`, started_at: start },
    ...{ prompt_version: at % 7 < 3 ? "one" : "two", region: at % 3 === 0 ? "east" : "west" },
    ...{
      duration: 1 + drawn(at, 1),
      input_tokens: 100 + at * 40,
      output_tokens: 50,
      cost: 0.01 * (1 + (at % 5)),
    },
    ...{ status: drawn(at, 2) < 0.05 ? "error" : "ok", output_length: 100 + Math.floor(900 * drawn(at, 3)) },
    ...{ finish_reason: "stop", json_valid: drawn(at, 4) < 0.9, cache_hit: drawn(at, 15) < 0.3 },
  }));
  const isGood = (at: number, salt: number) => (drawn(at, salt) < 0.5 + 0.08 * (at % 5) ? 1 : 0);
  const score = (
    subject: string,
    at: number,
    name: string,
    value: number,
    rater: string,
    rater_id: string,
    on = "02",
  ) => `${subject},${subject[0]}${at},${name},${value},${rater},${rater_id},2026-04-${on}T00:00:00Z\n`;
  const scores = runs.flatMap(({ at }) => [
    score("call", at, "good", isGood(at, 5), "judge", drawn(at, 6) < 0.5 ? "one" : "two"),
    score("call", at, "nice", isGood(at, 7), "judge", "one"),
    ...["good", "nice"].map((name, of) => score("call", at, name, isGood(at, 16 + of), "judge", "one", "20")),
    score("call", at, "supported", isGood(at, 14), "rule", "r"),
    score("call", at, "place", drawn(at, 8), "rule", "r"),
    ...(at % 2 === 0
      ? [score("call", at, "good", isGood(at, 9), "human", at % 4 === 0 ? "one" : "two")]
      : []),
    ...(at % 3 === 0 ? [score("call", at, "nice", isGood(at, 10), "human", "one")] : []),
    ...(at % 4 === 0 ? [score("task", at, "good", isGood(at, 11), "judge", "one")] : []),
    ...(at % 5 === 0 ? [score("task", at, "good", isGood(at, 12), "human", "one")] : []),
  ]);
  const boards = models.flatMap((model, at) => [
    `${model},knowledge,${50 + 5 * at}\n`,
    `${model},office,${[70, 40, 60, 80, 50][at]}\n`,
  ]);
  const files: Record<string, string> = {
    "calls.jsonl": lines(calls),
    "tasks.csv": `task_id,resolved\n${runs.map(({ at }) => `t${at},${isGood(at, 13) === 1}\n`).join("")}`,
    "scores.csv": `subject,subject_id,name,value,rater,rater_id,at\n${scores.join("")}`,
    "boards.csv": `model,benchmark,score\n${boards.join("")}`,
    "prices.csv": `model,from,input,output\n${models.map((model) => `${model},2026-03-01,0.000001,0.000004\n`).join("")}`,
    "spans.jsonl": lines(
      runs.flatMap(({ at, start }) =>
        [0, 1, 2].map((use) => ({
          ...{
            span_id: `s${at}-${use}`,
            task_id: `t${at}`,
            stage: "search",
            tool: "search",
            started_at: start,
          },
          ...{ duration: 1, status: "ok", arguments_hash: `a${use % 2}` },
        })),
      ),
    ),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(here, name), text);
  const { code, stdout, stderr } = await fieldnotes(["ingest", ...Object.keys(files)], here);
  assert.equal(code, 0, stdout + stderr);
});

/** What a view prints; nothing if it refuses its options. */
async function printed(args: string[]): Promise<string | undefined> {
  const { code, stdout, stderr } = await fieldnotes([...args, "--json"], here);
  if (code === 2) return undefined;
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

describe("a view changes by each option of its command, or refuses it", () => {
  for (const { line, usual, own } of views)
    test(line, async () => {
      const base = [...line.split(" "), ...(needed[line] ?? [])];
      const before = await printed([...base, ...usual]);
      assert.notEqual(before, undefined, "a view of this log");
      for (const name of own) {
        const at = usual.indexOf(`--${name}`);
        const rest = at < 0 ? usual : usual.toSpliced(at, 2);
        const now = await printed([
          ...base,
          ...rest,
          `--${name}`,
          ...((line.startsWith("agreement") && name === "grain"
            ? ["conversation"]
            : other[name]) as string[]),
        ]);
        assert.notEqual(now, before, `--${name}`);
      }
    });
});
