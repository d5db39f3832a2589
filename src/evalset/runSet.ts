import { createHash } from "node:crypto";
import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { defined } from "../stats/defined";
import { type Answer, addAnswer, readAnswers, writeAnswers } from "./answerFile";
import { type Ask, type AskOptions, asksOf, messagesOf } from "./ask";
import { askAll, type Halt, type Pace } from "./askAll";
import type { TokenPrice } from "./askPrice";
import { checkAnswer } from "./checkAnswer";
import type { Item } from "./item";
import { send } from "./send";
import { answerTooLong, type Sent } from "./sent";

/** Options of asking the candidates. */
export interface RunOptions extends AskOptions, Pace {
  /** Base address of a service compatible with OpenAI's chat completions: https://api.openai.com/v1. */
  endpoint: string;
  key?: string;
  /** The file of answers: questions answered there are not asked again. */
  out: string;
  /** The provider; by default taken from the address. */
  provider?: string;
  system?: string;
  promptVersion?: string;
  /** Further fields of each request. */
  body?: Record<string, unknown>;
  stream: boolean;
  /** The maximum wait for one answer, in seconds. */
  timeout: number;
  price?: TokenPrice;
}

/** What is still to be asked. */
export interface RunPlan {
  url: URL;
  provider: string;
  run: string;
  /** A hash of what is sent along with every question. */
  setup: string;
  asks: Ask[];
  /** The number of questions that are not asked again. */
  answered: number;
  /** Attempts already made at open questions, by their position in `asks`. */
  attempts: number[];
  before: Answer[];
}

/**
 * Plans a run: all questions except those already answered in its file, and those whose answer was too long to take.
 *
 * @throws RangeError for an invalid address, or one that would send a key unencrypted; Error if the file has answers of
 * the same candidate that were asked differently
 */
export function planRun(items: readonly Item[], options: RunOptions): RunPlan {
  const url = addressOf(options);
  const before = readAnswers(options.out);
  const run = before[0]?.run ?? `run-${new Date().toISOString()}`;
  const setup = setupOf(options);
  const other = before.find(
    (one) =>
      options.models.includes(one.model) &&
      one.prompt_version === (options.promptVersion ?? null) &&
      one.setup !== setup,
  );
  if (other !== undefined)
    throw new Error(
      `${options.out}: it has answers of ${other.model} to other instructions or settings; choose another --out, or name these with --prompt-version`,
    );
  const all = asksOf(items, options, "evalset run");
  const isDone = ({ status, error_type }: Answer) => status === "ok" || error_type === answerTooLong;
  const done = new Set(before.filter(isDone).map(({ task_id }) => task_id));
  const asks = all.filter((ask) => !done.has(taskOf(run, ask, options)));
  const attempts = new Map<string, number>();
  for (const { task_id, attempt } of before) attempts.set(task_id, attempt);
  return {
    url,
    provider: options.provider ?? providerOf(url),
    run,
    setup,
    asks,
    answered: all.length - asks.length,
    attempts: asks.map((ask) => attempts.get(taskOf(run, ask, options)) ?? 0),
    before,
  };
}

/**
 * Asks the open questions, writing each answer to disk before the next question, and checks all answers at the end.
 *
 * @returns every attempt now in the file, and why asking ended early if it did
 */
export async function runSet(
  plan: RunPlan,
  options: RunOptions,
  { isStopped, onAnswer }: { isStopped: () => boolean; onAnswer: () => void },
): Promise<{ answers: Answer[]; halt: Halt }> {
  const { url, provider, run, setup, asks, attempts } = plan;
  const kind = url.protocol === "https:" ? SecureAgent : Agent;
  const agent = new kind({ keepAlive: true, maxSockets: options.concurrency });
  const answers = [...plan.before];
  // The file may end in a line cut short by a kill.
  if (answers.length > 0) writeAnswers(options.out, answers);
  try {
    const halt = await askAll(
      asks,
      options,
      {
        send: ({ item, model }) =>
          send({ url, key: options.key, agent }, bodyOf(item, model, options), { timeout: options.timeout }),
        keep(ask, sent, { attempt, last, started }) {
          const answer = answerOf(ask, sent, {
            run,
            setup,
            task_id: taskOf(run, ask, options),
            provider,
            attempt,
            last,
            prompt_version: options.promptVersion ?? null,
            started_at: started.toISOString(),
            stream: options.stream,
            cost: costOf(sent, options.price),
          });
          addAnswer(options.out, answer);
          answers.push(answer);
          if (last) onAnswer();
        },
        sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds)),
        now: () => performance.now() / 1000,
        isStopped,
      },
      attempts,
    );
    return { answers, halt };
  } finally {
    agent.destroy();
  }
}

/** Marks the last attempt at each question, and whether its answer passes the current checks. */
export function settled(items: readonly Item[], answers: readonly Answer[]): Answer[] {
  const known = new Map(items.map((item) => [item.item_id, item]));
  const lasts = new Map(answers.map((answer) => [answer.task_id, answer]));
  return answers.map((answer) => {
    const last = lasts.get(answer.task_id) === answer;
    const item = known.get(answer.item_id);
    return { ...answer, last, resolved: last && item !== undefined ? passes(item, answer.output) : null };
  });
}

function passes(item: Item, output: string | null): boolean | null {
  const outcomes = checkAnswer(item, output ?? "");
  if (outcomes.length === 0) return null;
  return output !== null && outcomes.every(({ passed }) => passed);
}

function addressOf({ endpoint, key }: RunOptions): URL {
  const refuse = (rule: string) =>
    new RangeError(`evalset run requires ${rule}, got --endpoint ${endpoint.replace(/\/\/[^/@]*@/, "//")}`);
  if (!URL.canParse(endpoint)) throw refuse("an address such as https://api.openai.com/v1");
  const url = new URL(endpoint);
  if (!/^https?:$/.test(url.protocol)) throw refuse("an http or https address");
  if (url.username !== "" || url.password !== "")
    throw refuse("an address without a key; put it into the environment");
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol === "http:" && key !== undefined && !isHere)
    throw refuse("https where a key is sent to another machine");
  if (!/\/chat\/completions$/.test(url.pathname))
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/chat/completions`;
  return url;
}

/** "api.openai.com" becomes "openai". */
function providerOf({ hostname }: URL): string {
  const parts = hostname.split(".");
  return /^[\d.]+$/.test(hostname) || parts.length < 2 ? hostname : parts[parts.length - 2];
}

const candidateOf = (model: string, version: string | undefined) =>
  version === undefined ? model : `${model}@${version}`;

const taskOf = (run: string, { item, model, repeat }: Ask, { promptVersion }: RunOptions): string =>
  `${run}/${item.item_id}/${candidateOf(model, promptVersion)}/${repeat}`;

function setupOf({ system, maxTokens, temperature, body, stream }: RunOptions): string {
  const text = JSON.stringify([system, maxTokens, temperature, body, stream]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function bodyOf(item: Item, model: string, { system, maxTokens, temperature, body, stream }: RunOptions) {
  return defined({
    model,
    messages: messagesOf(item.prompt, system),
    max_tokens: maxTokens,
    temperature,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    ...body,
    stream,
  });
}

function answerOf(
  { item, model, repeat }: Ask,
  { message: _said, retry_after: _wait, ...sent }: Sent,
  about: Pick<
    Answer,
    | "run"
    | "setup"
    | "task_id"
    | "provider"
    | "attempt"
    | "last"
    | "prompt_version"
    | "started_at"
    | "stream"
    | "cost"
  >,
): Answer {
  return {
    call_id: `${about.task_id}/${about.attempt}`,
    item_id: item.item_id,
    model,
    repeat,
    workload: item.workload ?? null,
    resolved: null,
    ...sent,
    ...about,
  };
}

function costOf({ cost, input_tokens, output_tokens }: Sent, price: TokenPrice | undefined): number | null {
  if (cost !== null || price === undefined || input_tokens === null) return cost;
  return (input_tokens * price.input + (output_tokens ?? 0) * price.output) / 1e6;
}
