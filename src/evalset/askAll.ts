import type { Ask } from "./ask";
import { answerTooLong, type Sent } from "./sent";

/** Limits on how fast and how often to ask. */
export interface Pace {
  /** Questions in progress at a time. */
  concurrency: number;
  /** Maximum requests per minute; unlimited by default. */
  rate?: number;
  /** Attempts after the first if a service does not answer. */
  retries: number;
}

/** What asking needs from outside. */
export interface World {
  send(ask: Ask): Promise<Sent>;
  /** Keeps an attempt; `last` if no other follows. */
  keep(ask: Ask, sent: Sent, about: { attempt: number; last: boolean; started: Date }): void;
  sleep(seconds: number): Promise<void>;
  now(): number;
  /** Whether the person asked to stop: questions in progress are finished, and no others are asked. */
  isStopped(): boolean;
}

/** Why asking ended early; undefined if it did not. */
export type Halt = string | undefined;

/** The longest wait that a service may ask for, in seconds. */
const longest = 600;
const waitText = (wait: number) =>
  wait > 86_400 ? "for more than a day" : `${Math.round(wait / 60)} minutes`;
/** The number of unanswered questions at the start after which asking stops. */
const hopeless = 5;

/** Errors worth retrying: the service's trouble, not the question's. */
const isPassing = ({ status, http_status, error_type }: Sent): boolean =>
  error_type !== answerTooLong &&
  (status !== "error" || http_status === null || http_status >= 500 || [200, 409, 425].includes(http_status));

/** Errors that every other question would get too. */
const isFatal = ({ http_status }: Sent): boolean =>
  http_status !== null && [301, 302, 307, 308, 401, 402, 403, 404].includes(http_status);

/**
 * Asks all questions, a limited number at a time, and retries if the service is overloaded or fails. If a service says
 * how long to wait, no question is sent before then; otherwise the waits are 1, 2, 4, ... seconds.
 *
 * @param queue attempts that each question has already had, by position
 */
export async function askAll(
  asks: readonly Ask[],
  pace: Pace,
  world: World,
  queue: readonly number[],
): Promise<Halt> {
  const { concurrency, rate, retries } = pace;
  let next = 0;
  let free = 0;
  let answered = 0;
  let failed = 0;
  let halt: Halt;
  const isOver = () => halt !== undefined || world.isStopped();
  const turn = async () => {
    for (;;) {
      const wait = free - world.now();
      if (wait <= 0) break;
      await world.sleep(Math.min(wait, 1));
      if (isOver()) return;
    }
    if (rate !== undefined) free = Math.max(free, world.now()) + 60 / rate;
  };
  const one = async (ask: Ask, before: number) => {
    for (let attempt = 1; ; attempt++) {
      await turn();
      if (isOver()) return;
      const started = new Date();
      const sent = await world.send(ask);
      const isAnswered = sent.status === "ok";
      const wait = isAnswered ? 0 : (sent.retry_after ?? Math.min(60, 2 ** (attempt - 1)));
      if (!isAnswered && isFatal(sent)) halt ??= `the endpoint refuses: ${sent.message}`;
      if (wait > longest) halt ??= `the endpoint asks to wait ${waitText(wait)}`;
      const last = isAnswered || !isPassing(sent) || attempt > retries || halt !== undefined;
      world.keep(ask, sent, { attempt: before + attempt, last, started });
      if (isAnswered) answered++;
      if (last) {
        if (!isAnswered && ++failed >= hopeless && answered === 0)
          halt ??= `none of the first ${failed} questions was answered: ${sent.message}`;
        return;
      }
      // A rate limit affects every question; any other failure only this one.
      if (sent.status === "rate_limited") free = Math.max(free, world.now() + wait);
      else await world.sleep(wait);
    }
  };
  const worker = async () => {
    while (next < asks.length && !isOver()) {
      const at = next++;
      await one(asks[at], queue[at] ?? 0);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, asks.length) }, worker));
  return halt;
}
