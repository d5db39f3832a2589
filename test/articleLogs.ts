import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "../src/store/open";
import { rowsOf, run } from "../src/store/run";
import { fixturesOf } from "./logs/formats/fixtures";
import { textOf } from "./logs/formats/read";

// What the demo company's logs cannot show of a claim: logs written for it, and the store counted by hand.

// biome-ignore lint/suspicious/noExplicitAny: rows of any query
type Any = any;

/** The rows of a query over a store: that of the demo company, or another in the folder. */
export async function countedIn(here: string, query: string, db = "fieldnotes.duckdb"): Promise<Any[]> {
  const store = await open(join(here, db), { readOnly: true });
  try {
    return await rowsOf<Any>(store.connection, query);
  } finally {
    store.close();
  }
}

/** A copy of that store in which something is changed. */
export async function changedStore(here: string, name: string, changes: readonly string[]): Promise<void> {
  copyFileSync(join(here, "fieldnotes.duckdb"), join(here, name));
  const store = await open(join(here, name));
  try {
    for (const change of changes) await run(store.connection, change);
  } finally {
    store.close();
  }
}

const started_at = "2026-03-02T10:00:00Z";

/** Names as tools write them, with what they mean: family, tier and release. */
export const spellings: [string, string, string, string | null, string | null][] = [
  ["claude-sonnet-4-20250514", "claude-sonnet-4", "claude-4", "sonnet", "2025-05-14"],
  ["us.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4", "claude-4", "sonnet", "2025-05-14"],
  ["claude-opus-4@20250514", "claude-opus-4", "claude-4", "opus", "2025-05-14"],
  ["anthropic/claude-opus-4-5-20251101", "claude-opus-4.5", "claude-4.5", "opus", "2025-11-01"],
  ["azure/gpt-4o-2024-08-06", "gpt-4o", "gpt-4o", null, "2024-08-06"],
  ["gpt-4o-2024-05-13", "gpt-4o", "gpt-4o", null, "2024-05-13"],
  ["models/gemini-1.5-pro-002", "gemini-1.5-pro", "gemini-1.5", "pro", "002"],
];

/** A call under each spelling. */
export function writeSpellings(here: string, file: string): void {
  const lines = spellings.map(([model], at) =>
    JSON.stringify({ call_id: `s${at}`, model, started_at, duration: at + 1, status: "ok" }),
  );
  writeFileSync(join(here, file), `${lines.join("\n")}\n`);
}

/** Two gains on a benchmark: with the first release calls take half as long, with the second twice. */
export function writeReleases(here: string): { calls: string; scores: string } {
  const releases = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20"];
  const seconds = [2, 1, 2];
  const calls = Array.from({ length: 300 }, (_, at) =>
    JSON.stringify({
      call_id: `r${at}`,
      model: releases[at % 3],
      started_at,
      duration: seconds[at % 3] * (1 + ((at * 7) % 11) / 50),
      status: "ok",
    }),
  );
  writeFileSync(join(here, "releases.jsonl"), `${calls.join("\n")}\n`);
  const scores = releases.map((model, at) => `${model},board,${60 + 10 * at},1`);
  writeFileSync(join(here, "releases.csv"), `model,benchmark,score,standard_error\n${scores.join("\n")}\n`);
  return { calls: "releases.jsonl", scores: "releases.csv" };
}

/** A log that was never instrumented: tokens, but no time, no task and no cost. */
export function writeBare(here: string, file: string): void {
  const lines = Array.from({ length: 40 }, (_, at) =>
    JSON.stringify({
      call_id: `b${at}`,
      user_id: `u${at % 8}`,
      model: "gpt-4o",
      input_tokens: 100 + at,
      output_tokens: 20,
      status: "ok",
    }),
  );
  writeFileSync(join(here, file), `${lines.join("\n")}\n`);
}

/** One export of each tool, as its format's fixture has it, and what its calls hold. */
export const exported: Record<string, { tokens: [number, number]; seconds: number | null; model: string }> = {
  otlp: { tokens: [100, 20], seconds: 2.5, model: "gpt-4o" },
  langfuse: { tokens: [160, 50], seconds: 2.5, model: "gpt-4o-2024-08-06" },
  langsmith: { tokens: [200, 30], seconds: 2.5, model: "gpt-4o" },
  litellm: { tokens: [400, 50], seconds: 2.5, model: "gpt-4o-2024-08-06" },
  helicone: { tokens: [300, 60], seconds: 1.5, model: "claude-3.5-sonnet" },
  bedrock: { tokens: [3960, 160], seconds: 2, model: "claude-3.5-sonnet-2024-10-22" },
  openai: { tokens: [300, 60], seconds: null, model: "gpt-4o-2024-08-06" },
  anthropic: { tokens: [1320, 80], seconds: null, model: "claude-sonnet-4-2025-05-14" },
};

/** Writes the export of a tool; returns its file's name. */
export function writeExport(here: string, format: string): string {
  const { full } = fixturesOf[format];
  const file = `${format}-${full.file}`;
  writeFileSync(join(here, file), textOf(full));
  return file;
}

/**
 * The JSON of an earlier report, made from this one's: another model was picked, one number was half, one model has
 * gone since, and some of its files are others.
 */
export function writeEarlier(here: string): void {
  const report = JSON.parse(readFileSync(join(here, "report.json"), "utf8"));
  const row = report.metrics.rows.find(
    (one: Any) => one.workload === "chat-assistant" && one.model === "tamarisk-mini",
  );
  for (const end of ["value", "low", "high"]) row.cost_per_resolved[end] /= 2;
  report.metrics.rows.push({ ...row, model: "orrery-old" });
  report.picks["chat, for chat-assistant"] = "orrery-swift";
  report.inputs = report.inputs.slice(4);
  writeFileSync(join(here, "last.json"), JSON.stringify(report));
}
