import { readFileSync } from "node:fs";
import { ingest } from "../logs/ingest";
import type { Mapping } from "../logs/records/mapping";
import { outputFormSql } from "../logs/records/outputForm";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";
import { inTurn } from "../store/turn";
import { measuredSql, numbersOfAnswer } from "./completion";
import { readSet } from "./item";
import { fileLabels } from "./labelFile";
import { type Label, labelsOf } from "./labels";
import { outputOf } from "./outputs";

const sql = statements(__dirname, "importLabels.sql");

/** The id of a pair on a sheet: the first answer's id, then the other's. */
const ofPair = /^[0-9a-f]{16}-[0-9a-f]{16}$/;

/** Values that files of labels may lack. */
export interface ImportOptions {
  /** The score that is labelled, if a file names none or another. */
  score?: string;
  /** The rater, if a file names none or another. */
  rater?: string;
}

/** What came in. */
export interface Imported {
  labels: number;
  items: number;
  /** Answers to items, as calls of the environment 'evaluation' with their texts. */
  outputs: number;
  /** Rows of earlier imports that were replaced. */
  replaced: number;
}

type Kind = "set" | "outputs" | "results" | "labels";

const itemsMapping: Mapping = {
  table: "items",
  columns: {
    item_id: "item_id",
    prompt: "prompt",
    expected: "nullif(expected, '')",
    format: "nullif(format, '')",
    sources: "nullif(to_json(sources)::varchar, '[]')",
    stratum: "nullif(stratum, '')",
    weight: "weight",
  },
};

const callId = "coalesce(call_id, item_id || '/' || model || coalesce('/' || (repeat)::varchar, ''))";
// For other sources, each answer is its own task.
const taskId = `coalesce(task_id, case when call_id is null then ${callId} end)`;
const outputsMapping: Mapping[] = [
  {
    table: "calls",
    // A call from the log is already in the store.
    where: "call_id is null or run is not null",
    columns: {
      call_id: callId,
      prompt_id: "item_id",
      task_id: taskId,
      ...measured("attempt", "workload", "prompt_version", "model", "response_model", "provider"),
      request_model: "model",
      release: "run",
      environment: "'evaluation'",
      role: "'answer'",
      ...measured("started_at", "duration", "time_to_first_token", "input_tokens", "cache_read_input_tokens"),
      ...measured("output_tokens", "reasoning_output_tokens", "cost", "http_status", "error_type"),
      ...measured("finish_reason", "stream"),
      status: "coalesce(status, 'ok')",
      output_length: "length(output)",
      output_hash: "md5(output)",
      output_form: outputFormSql("output"),
      json_valid: "json_valid(output)",
    },
  },
  { table: "texts", where: "output is not null", columns: { call_id: callId, output: "output" } },
  {
    // The last attempt decides a question's result.
    table: "tasks",
    where: "last or (call_id is null and task_id is null)",
    columns: { task_id: taskId, ...measured("workload", "resolved"), prompt_id: "item_id", trial: "repeat" },
  },
];

/** Columns that have the same name in a file of answers. A number that cannot be is unknown, and the rest stays. */
function measured(...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, numbersOfAnswer.includes(name) ? measuredSql(name) : name]),
  );
}

/**
 * Imports the files of an eval set into the store: reviewers' labels as `scores` (rater 'human'), a set as `items`, and
 * answers to it as calls of the environment 'evaluation', including results that a batch service, Inspect or promptfoo
 * wrote for files of `requestFiles`. The kind of each file is recognised by its content.
 *
 * A label replaces an earlier one for the same answer, score and rater, so importing twice changes nothing.
 *
 * @param files a set (JSON lines), answers (JSON lines, or results of the programs above), labels (JSON or CSV)
 * @returns how many rows came in, and how many earlier ones they replaced
 * @throws TypeError with file and line for anything that is not a label, item or answer; Error if labels are for
 * answers that the store does not have: nothing of that file is then imported
 * @example
 * const store = await open(":memory:");
 * await writeOut(store, "select 'sum' as item_id, '2 + 3?' as prompt", "set.jsonl");
 * (await importLabels(store, "set.jsonl")).items // 1
 */
export async function importLabels(
  store: Store,
  files: string | readonly string[],
  options: ImportOptions = {},
): Promise<Imported> {
  const found = { labels: 0, items: 0, outputs: 0, replaced: 0 };
  const given = (typeof files === "string" ? [files] : files).map((file) => {
    const text = readFileSync(file, "utf8");
    return { file, text, kind: kindOf(text) };
  });
  // Everything is read before anything is written, and answers are written before their labels.
  for (const { file, kind, text } of given) checkFile(file, kind, text);
  const labels = given
    .filter(({ kind }) => kind === "labels")
    .map((one) => ({ ...one, labels: labelsOf(one.text, one.file, options) }));
  for (const { file } of given.filter(({ kind }) => kind === "set")) {
    const { others, replaced } = await ingested(store, file, itemsMapping);
    found.items += others;
    found.replaced += replaced;
  }
  for (const { file, kind } of given.filter(({ kind }) => kind === "outputs" || kind === "results")) {
    const { others, replaced } = await ingested(store, file, kind === "outputs" ? outputsMapping : undefined);
    found.outputs += others;
    found.replaced += replaced;
  }
  for (const one of labels) {
    found.replaced += await inTurn(store, () => put(store, one));
    found.labels += one.labels.length;
  }
  return found;
}

function kindOf(text: string): Kind {
  const first = text.replace(/^\ufeff/, "").trimStart();
  if (!first.startsWith("{")) return "labels";
  if (/"fieldnotes_item"|^\{[^\n]*"custom_id": ?"fieldnotes-/.test(first)) return "results";
  try {
    const line = JSON.parse(first.slice(0, (first.indexOf("\n") + 1 || first.length + 1) - 1)) as object;
    if ("output" in line && "model" in line) return "outputs";
    return "item_id" in line && "prompt" in line ? "set" : "labels";
  } catch {
    return "labels";
  }
}

function checkFile(file: string, kind: Kind, text: string): void {
  if (kind === "set") readSet(file);
  if (kind === "outputs")
    for (const [at, line] of text.split("\n").entries())
      if (line.trim() !== "") outputOf(line, `${file}:${at + 1}`);
}

/** Without a mapping: results of a batch service, Inspect or promptfoo, which have their own readers. */
async function ingested(store: Store, file: string, mapping: Mapping | Mapping[] | undefined) {
  const { files } = await ingest(store, file, { mapping, text: "keep", strict: true });
  const [one] = files;
  if (one.status === "failed") throw new Error(`${file}: ${one.reason}`);
  return one;
}

async function put(
  store: Store,
  { file, text, labels }: { file: string; text: string; labels: Label[] },
): Promise<number> {
  const connection = await store.connect();
  try {
    const pairs = labels.filter(({ review_id }) => ofPair.test(review_id ?? ""));
    const single = labels.filter(({ review_id }) => !ofPair.test(review_id ?? ""));
    for (const { value, line } of pairs)
      if (value !== null && !(value >= 0 && value <= 1))
        throw new TypeError(`${file}:${line} requires a value from 0 to 1 of a pair, got ${value}`);
    await run(connection, sql.labelled, { labels: JSON.stringify(single) });
    await run(connection, sql.compared, { pairs: JSON.stringify(pairs) });
    const [{ unknown, example }] = await rowsOf<{ unknown: number; example: string }>(
      connection,
      sql.unknown,
    );
    if (unknown > 0)
      throw new Error(
        `${file}: ${unknown} of ${labels.length} labels are of answers that this store does not have (first: ${example}); ` +
          "ingest the log they came from, or import the file of answers, and import the labels again",
      );
    return await fileLabels(connection, { file, text }, async (id) => {
      const replaced = (await run(connection, sql.replaced)) + (await run(connection, sql.replaced_pairs));
      const rows = await run(connection, sql.inserted, { id });
      return { rows: rows + (await run(connection, sql.inserted_pairs, { id })), replaced };
    });
  } finally {
    connection.closeSync();
  }
}
