import { createHash } from "node:crypto";
import type { Item } from "./item";
import { chatOf, promptText } from "./promptText";

/** One question to one candidate: an item, asked for the nth time. */
export interface Ask {
  item: Item;
  model: string;
  /** From 1. */
  repeat: number;
}

/** Which questions are asked, of which models, how often and in which order. */
export interface AskOptions {
  /** The candidates, by the names that their endpoints use. */
  models: readonly string[];
  /** How often each item is asked of each model. Default 1. */
  repeats?: number;
  /** Seed of the order. Default 1. */
  seed?: number;
  /** Maximum length of an answer, in tokens, from 1. Default: the endpoint's own, or 1024 if a format requires one. */
  maxTokens?: number;
  /** From 0 to 2. Default: the endpoint's own. */
  temperature?: number;
}

/** A chat message in the endpoints' format. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * Returns all questions in the order of asking: each round has every item once, shuffled, and for each item its models
 * one after another, also shuffled. Whatever changes during the run then affects all models alike.
 *
 * @remarks Method: randomised blocks (items within rounds), ordered by SHA-256 of seed, round, item and model.
 * @throws RangeError if no model is named or one is named twice, or for an invalid number of repeats or tokens, seed or
 * temperature
 */
export function asksOf(
  items: readonly Item[],
  { models, repeats = 1, seed = 1, maxTokens, temperature }: AskOptions,
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
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && maxTokens >= 1))
    throw new RangeError(`${caller} requires a whole maxTokens >= 1, got ${String(maxTokens)}`);
  // No service takes more.
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 2))
    throw new RangeError(`${caller} requires a temperature from 0 to 2, got ${String(temperature)}`);
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
 * Returns a prompt as the messages of a request. A chat logged as JSON is sent as it was, any other prompt as a user
 * message.
 *
 * @param system instructions that replace the prompt's own
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
