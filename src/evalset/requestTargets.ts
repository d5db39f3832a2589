import { createHash } from "node:crypto";
import { itemField } from "../logs/records/sql";
import { defined } from "../stats/defined";
import { type Ask, type AskOptions, messagesOf } from "./ask";

/** The service or program that the files are for. */
export const requestTargets = ["openai-batch", "anthropic-batch", "inspect", "promptfoo", "jsonl"] as const;
export type RequestTarget = (typeof requestTargets)[number];

/** Options of the request files. */
export interface RequestOptions extends AskOptions {
  for: RequestTarget;
  /** Prefix of the files' names. Default "evalset". */
  name?: string;
  /** Instructions that replace the prompts' own. */
  system?: string;
}

/** A file of requests. */
export interface RequestFile {
  name: string;
  text: string;
  requests: number;
}

/** The maximum number of requests per file that the services take. */
const most = { "openai-batch": 50_000, "anthropic-batch": 100_000 };

const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** The settings for answers that are set. */
const settings = ({ maxTokens, temperature }: RequestOptions) =>
  defined<{ max_tokens?: number; temperature?: number }>({ max_tokens: maxTokens, temperature });

/**
 * The id of a request in a batch, returned with its answer: the readers of batch results get the item from it. Both
 * services allow 64 letters, digits, - and _. Different instructions or settings make a different candidate.
 */
function customId({ item, model, repeat }: Ask, { system, maxTokens, temperature }: RequestOptions): string {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(item.item_id))
    throw new RangeError(
      `a batch requires item ids of at most 40 letters, digits, - and _, got "${item.item_id}"; rename it in the set`,
    );
  const which = createHash("sha256")
    .update(JSON.stringify([model, system, maxTokens, temperature]))
    .digest("hex")
    .slice(0, 6);
  return `fieldnotes-${item.item_id}-${which}-${repeat}`;
}

/** A file holds the requests to one model, up to a maximum number. */
export function openaiBatch(asks: readonly Ask[], options: RequestOptions & { name: string }) {
  const files = options.models.flatMap((model) =>
    parts(
      asks.filter((ask) => ask.model === model),
      most["openai-batch"],
    ).map((part, at, { length }) => ({
      name: `${options.name}.openai-batch.${fileWord(model)}${length > 1 ? `.${at + 1}` : ""}.jsonl`,
      requests: part.length,
      text: jsonLines(
        part.map((ask) => ({
          custom_id: customId(ask, options),
          method: "POST",
          url: "/v1/chat/completions",
          body: {
            model,
            messages: messagesOf(ask.item.prompt, options.system),
            ...settings(options),
            user: ask.item.canary,
          },
        })),
      ),
    })),
  );
  return {
    files,
    next: [
      "Upload each file as a batch for /v1/chat/completions, and download its output file (and its error file).",
      "fieldnotes evalset import <output files>",
    ],
  };
}

export function anthropicBatch(asks: readonly Ask[], options: RequestOptions & { name: string }) {
  const files = parts(asks, most["anthropic-batch"]).map((part, at, { length }) => ({
    name: `${options.name}.anthropic-batch${length > 1 ? `.${at + 1}` : ""}.json`,
    requests: part.length,
    text: `${JSON.stringify({
      requests: part.map((ask) => {
        const messages = messagesOf(ask.item.prompt, options.system);
        const system = messages.filter(({ role }) => role === "system").map(({ content }) => content);
        return {
          custom_id: customId(ask, options),
          params: {
            model: ask.model,
            max_tokens: 1024,
            ...settings(options),
            ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
            messages: messages.filter(({ role }) => role !== "system"),
            metadata: ask.item.canary === undefined ? undefined : { user_id: ask.item.canary },
          },
        };
      }),
    })}\n`,
  }));
  return {
    files,
    next: [
      "POST each file to /v1/messages/batches, and download the results when the batch has ended.",
      "fieldnotes evalset import <results>",
    ],
  };
}

/** The program itself sets the order and the repeats: it asks each sample once per epoch. */
export function inspect(asks: readonly Ask[], options: RequestOptions & { name: string }) {
  const { name, models, repeats = 1 } = options;
  const items = itemsIn(asks);
  const data = `${name}.inspect.jsonl`;
  const rows = items.map((item) => ({
    id: item.item_id,
    input: messagesOf(item.prompt, options.system),
    target: item.expected,
    metadata: { [itemField]: item.item_id, canary: item.canary },
  }));
  const config = Object.entries(settings(options)).map(([key, value]) => `${key}=${value}`);
  const program = [
    "from pathlib import Path",
    "",
    "from inspect_ai import Task, task",
    "from inspect_ai.dataset import json_dataset",
    "from inspect_ai.model import GenerateConfig",
    "from inspect_ai.solver import generate",
    "",
    "",
    "@task",
    "def evalset():",
    "    return Task(",
    `        dataset=json_dataset(str(Path(__file__).with_name(${JSON.stringify(fileName(data))}))),`,
    "        solver=generate(),",
    `        epochs=${repeats},`,
    `        config=GenerateConfig(${config.join(", ")}),`,
    "    )",
    "",
  ];
  const script = `${name}.inspect.py`;
  return {
    files: [
      { name: data, text: jsonLines(rows), requests: asks.length },
      { name: script, text: program.join("\n"), requests: 0 },
    ],
    next: [
      `inspect eval ${script} --model ${models.join(",")} --log-format json`,
      "fieldnotes evalset import logs/*.json",
    ],
  };
}

export function promptfoo(asks: readonly Ask[], options: RequestOptions & { name: string }) {
  const config = settings(options);
  const seen = new Set<string>();
  // Each test goes to every model: one per round and item.
  const tests = asks.filter(({ item, repeat }) => {
    const key = `${repeat} ${item.item_id}`;
    return !seen.has(key) && seen.add(key);
  });
  const file = `${options.name}.promptfooconfig.json`;
  const text = {
    description: `fieldnotes eval set ${asks[0]?.item.canary ?? ""}`.trim(),
    prompts: ["{{messages}}"],
    providers: options.models.map((model) =>
      Object.keys(config).length === 0 ? model : { id: model, config },
    ),
    // An answer from the cache would not be a repeat and would have no latency.
    evaluateOptions: { cache: false },
    tests: tests.map(({ item, repeat }) => ({
      vars: { messages: untouched(JSON.stringify(messagesOf(item.prompt, options.system))) },
      metadata: { [itemField]: item.item_id, repeat },
    })),
  };
  return {
    files: [{ name: file, text: `${JSON.stringify(text, null, 2)}\n`, requests: asks.length }],
    next: [`promptfoo eval -c ${file} --no-cache -o results.json`, "fieldnotes evalset import results.json"],
  };
}

/** A text that a template engine leaves unchanged. */
const untouched = (text: string) => (/\{[{%#]/.test(text) ? `{% raw %}${text}{% endraw %}` : text);

export function jsonl(asks: readonly Ask[], options: RequestOptions & { name: string }) {
  const rows = asks.map(({ item, model, repeat }) => ({
    item_id: item.item_id,
    model,
    repeat,
    messages: messagesOf(item.prompt, options.system),
    ...settings(options),
    canary: item.canary,
  }));
  return {
    files: [{ name: `${options.name}.requests.jsonl`, text: jsonLines(rows), requests: asks.length }],
    next: [
      'Ask each, and write its line again with the answer as "output"; duration, time_to_first_token (seconds), input_tokens, output_tokens, cost (USD) and status are read where present.',
      "fieldnotes evalset import <answers>",
    ],
  };
}

const itemsIn = (asks: readonly Ask[]) => [...new Set(asks.map(({ item }) => item))];
const fileName = (path: string) => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
const fileWord = (model: string) => model.replace(/[^A-Za-z0-9._-]+/g, "-");

function parts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}
