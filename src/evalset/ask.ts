import { createHash } from "node:crypto";
import type { Item } from "./item";
import { chatOf, promptText } from "./promptText";

/** One question to one candidate: an item, asked the nth time. */
export interface Ask {
  item: Item;
  model: string;
  /** From 1. */
  repeat: number;
}

/** What is asked of whom, how often and in which order. */
export interface AskOptions {
  /** The candidates, as their endpoints call them. */
  models: readonly string[];
  /** How often each item is asked of each model. Default 1. */
  repeats?: number;
  /** Seed of the order. Default 1. */
  seed?: number;
}

/** A message of a chat as endpoints take it. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * Every question in the order in which it is asked: in each round every item once, shuffled, and of an item its models
 * one after another, shuffled too. Whatever changes while they are asked then falls on all models alike.
 *
 * @remarks Method: randomised blocks (items within rounds), ordered by SHA-256 of seed, round, item and model.
 * @throws RangeError where no model is named or one twice, or for an invalid number of repeats or seed
 */
export function asksOf(
  items: readonly Item[],
  { models, repeats = 1, seed = 1 }: AskOptions,
  caller: string,
): Ask[] {
  if (models.length === 0 || models.some((model) => model.trim() === ""))
    throw new RangeError(`${caller} requires at least one model, got ${JSON.stringify(models)}`);
  if (new Set(models).size < models.length)
    throw new RangeError(`${caller} requires every model once, got ${models.join(", ")}`);
  if (!(Number.isSafeInteger(repeats) && repeats >= 1 && repeats <= 1000))
    throw new RangeError(`${caller} requires whole repeats from 1 to 1000, got ${String(repeats)}`);
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`${caller} requires a whole seed, got ${String(seed)}`);
  const rounds = Array.from({ length: repeats }, (_, at) => at + 1);
  return rounds.flatMap((repeat) =>
    shuffled(items, ({ item_id }) => `${seed} ${repeat} ${item_id}`).flatMap((item) =>
      shuffled(models, (model) => `${seed} ${repeat} ${item.item_id} ${model}`).map((model) => ({
        item,
        model,
        repeat,
      })),
    ),
  );
}

function shuffled<T>(all: readonly T[], key: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, place: createHash("sha256").update(key(one)).digest("hex") }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ one }) => one);
}

/**
 * A prompt as the messages of a request. A chat that a log holds as JSON is sent as it was, any other prompt as what a
 * user says.
 *
 * @param system instructions that take the place of the prompt's own
 */
export function messagesOf(prompt: string, system?: string): Message[] {
  const known: Record<string, Message["role"]> = {
    system: "system",
    developer: "system",
    user: "user",
    human: "user",
    assistant: "assistant",
    ai: "assistant",
    model: "assistant",
  };
  const chat = chatOf(prompt);
  const own: Message[] =
    chat === undefined || chat.some(({ role }) => !Object.hasOwn(known, role))
      ? // What a tool said cannot be replayed without the tool: it is told as text.
        [{ role: "user", content: promptText(prompt) }]
      : chat.map(({ role, text }) => ({ role: known[role], content: text }));
  return system === undefined
    ? own
    : [{ role: "system", content: system }, ...own.filter(({ role }) => role !== "system")];
}
