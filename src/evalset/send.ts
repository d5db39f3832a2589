import { type Agent, type IncomingMessage, request as plain } from "node:http";
import { request as secure } from "node:https";
import type { Message } from "./ask";
import { type Given, take, wellFormed } from "./completion";
import { answerTooLong, type Sent } from "./sent";

/** A service compatible with OpenAI's chat completions. */
export interface Endpoint {
  url: URL;
  /** Sent as a bearer token and never stored. */
  key?: string;
  agent?: Agent;
}

/** The request, in the endpoint's format. */
export interface Body {
  model: string;
  messages: Message[];
  stream: boolean;
  [setting: string]: unknown;
}

/**
 * Sends one question and measures it. Whatever goes wrong is an outcome, not an exception: it is part of how a
 * candidate performs.
 *
 * A redirect is not followed, since the key would go with it.
 */
export function send(
  { url, key, agent }: Endpoint,
  body: Body,
  { timeout }: { timeout: number },
): Promise<Sent> {
  const text = JSON.stringify(body);
  const begun = performance.now();
  const answer = emptyAnswer();
  return new Promise((resolve) => {
    const end = (given: Partial<Sent>) => {
      clearTimeout(timer);
      const sent = { ...answer, duration: since(begun), ...given };
      resolve(wellFormed(key === undefined ? sent : withoutKey(sent, key)));
    };
    const call = (url.protocol === "https:" ? secure : plain)(url, {
      method: "POST",
      agent,
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
        accept: body.stream ? "text/event-stream" : "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
    });
    const timer = setTimeout(() => {
      end({
        status: "timeout",
        error_type: "timeout",
        message: `no answer within ${timeout} s`,
        output: null,
      });
      call.destroy();
    }, 1000 * timeout);
    const broken = (error: NodeJS.ErrnoException) =>
      end({ status: "error", error_type: error.code ?? "connection", message: error.message, output: null });
    call.on("error", broken);
    call.on("response", (response) => {
      response.on("error", broken);
      read(response, answer, begun).then(end, (error) => {
        call.destroy();
        broken(error);
      });
    });
    call.end(text);
  });
}

/** A shorter key protects nothing, and may be a word of any answer: "none", "ok". */
const shortestKey = 16;

/** A service may repeat the key in anything that it says, written as it is or as in an address; the status is ours. */
function withoutKey(sent: Sent, key: string): Sent {
  if (key.length < shortestKey) return sent;
  const forms = [key, encodeURIComponent(key)];
  const words = (value: unknown) =>
    typeof value === "string" ? forms.reduce((text, form) => text.replaceAll(form, "***"), value) : value;
  const told = Object.entries(sent).map(([name, value]) => [name, words(value)]);
  return { ...(Object.fromEntries(told) as unknown as Sent), status: sent.status };
}

const since = (begun: number) => (performance.now() - begun) / 1000;

const emptyAnswer = (): Omit<Sent, "duration"> => ({
  status: "ok",
  http_status: null,
  time_to_first_token: null,
  input_tokens: null,
  cache_read_input_tokens: null,
  output_tokens: null,
  reasoning_output_tokens: null,
  cost: null,
  response_model: null,
  finish_reason: null,
  error_type: null,
  output: null,
  message: "",
  retry_after: null,
});

async function read(response: IncomingMessage, answer: Omit<Sent, "duration">, begun: number) {
  const http = response.statusCode ?? 0;
  answer.http_status = http;
  response.setEncoding("utf8");
  if (http === 200 && /event-stream/.test(response.headers["content-type"] ?? ""))
    return readStream(response, answer, begun);
  let text = "";
  for await (const part of partsOf(response)) text += part;
  const given = parsed(text);
  if (http === 200 && take(given, answer)) return answered(answer);
  if (http === 200 && !given?.error) return unreadable(given === undefined);
  return { ...failure(given, http), retry_after: retryAfter(response.headers) };
}

// The longest answers of models take a hundredth of it.
const longestAnswer = 16 * 2 ** 20;

/** @throws if it is longer than any answer is */
async function* partsOf(response: IncomingMessage): AsyncGenerator<string> {
  let letters = 0;
  for await (const part of response) {
    letters += part.length;
    if (letters > longestAnswer)
      throw Object.assign(new Error("the answer is longer than 16 MB"), { code: answerTooLong });
    yield part;
  }
}

/** A success that is no chat completion: a page of a proxy, a broken answer, another interface. */
const unreadable = (isText: boolean): Partial<Sent> => ({
  status: "error",
  error_type: "unreadable answer",
  message: `the answer ${isText ? "is not JSON" : 'has no "choices"'}, so the address may not be that of an OpenAI-compatible service`,
  output: null,
});

/** Events are separated by blank lines; an answer that stops before the service ends it does not count. */
async function readStream(response: IncomingMessage, answer: Omit<Sent, "duration">, begun: number) {
  let rest = "";
  let isDone = false;
  let isChat = false;
  for await (const part of partsOf(response)) {
    rest += part;
    if (!part.includes("\n")) continue;
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const data = /^data: ?(.*)$/.exec(line)?.[1];
      if (data === undefined) continue;
      if (data === "[DONE]") {
        isDone = true;
        continue;
      }
      const given = parsed(data);
      if (given?.error) return failure(given, 200);
      const before = answer.output;
      isChat = take(given, answer) || isChat;
      if (!before && answer.output) answer.time_to_first_token ??= since(begun);
    }
  }
  if (!isDone && answer.finish_reason === null)
    return {
      status: "error" as const,
      error_type: "stream ended early",
      message: "the stream ended early",
      output: null,
    };
  return isChat ? answered(answer) : unreadable(false);
}

/** A tool call is an answer even without text. */
const answered = (answer: Omit<Sent, "duration">): Partial<Sent> => ({ output: answer.output ?? "" });

function parsed(text: string): Given {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isKind = /^[\w.:/ -]{1,80}$/;

/** The kind of error is a code or a class, not the message, which may repeat the prompt. */
function failure(given: Given, http: number): Partial<Sent> {
  const error = given?.error ?? given ?? {};
  const kind = [error.code, error.type].find((one) => typeof one === "string" && isKind.test(one));
  const message = typeof error.message === "string" ? error.message : "";
  const status = http === 429 ? "rate_limited" : http === 408 || http === 504 ? "timeout" : "error";
  return { status, error_type: kind ?? `HTTP ${http}`, message: message || `HTTP ${http}`, output: null };
}

/** Seconds that a service asks to wait: from retry-after-ms, or Retry-After in seconds or as a date. */
export function retryAfter(
  headers: Record<string, string | string[] | undefined>,
  now = Date.now(),
): number | null {
  const ms = Number(headers["retry-after-ms"] ?? Number.NaN);
  if (ms >= 0) return ms / 1000;
  const given = headers["retry-after"];
  if (typeof given !== "string" || given.trim() === "") return null;
  if (Number(given) >= 0) return Number(given);
  const at = Date.parse(given);
  return Number.isNaN(at) ? null : Math.max(0, (at - now) / 1000);
}
