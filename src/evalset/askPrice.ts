import { factsView } from "../facts/place";
import { priceFinder } from "../logs/complete/price";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { type Ask, messagesOf } from "./ask";

/** Price per million tokens, in US dollars. */
export interface TokenPrice {
  input: number;
  output: number;
}

/** What the questions to one model will cost, as far as can be known in advance. */
export interface AskPrice {
  model: string;
  requests: number;
  /** US dollars; null if the model's price or the answers' length is unknown. */
  cost: number | null;
  /** The source of the price. */
  price: string | null;
  input_tokens: number;
  /** Of all answers; null if no item has a known answer. */
  output_tokens: number | null;
}

/** Characters per token, if no log has counted the tokens. */
const charactersPerToken = 4;

/**
 * Estimates what questions will cost: their tokens times the latest price. Tokens are those of the logged calls that
 * the items were drawn from; a prompt without a logged count is taken as a token per 4 characters, an answer as the
 * other items' mean. Retries and caches are not included.
 */
export async function askPrices(
  store: Store,
  asks: readonly Ask[],
  {
    provider,
    price,
    system,
    maxTokens,
  }: { provider: string; price?: TokenPrice; system?: string; maxTokens?: number },
): Promise<AskPrice[]> {
  const ids = JSON.stringify([...new Set(asks.flatMap(({ item }) => item.call_id ?? []))]);
  await factsView(store.connection);
  const logged = await rowsOf<{ call_id: string; input: number | null; output: number | null }>(
    store.connection,
    `select call_id, input_tokens::double as input, output_tokens::double as output from facts
     where call_id in (select unnest(from_json($ids::json, '["VARCHAR"]')))`,
    { ids },
  );
  const tokens = new Map(logged.map((one) => [one.call_id, one]));
  const { prices, find } = await priceFinder(store.connection, {});
  const outputs = logged.flatMap(({ output }) => output ?? []);
  const usual =
    outputs.length === 0 ? maxTokens : outputs.reduce((sum, one) => sum + one, 0) / outputs.length;
  return [...new Set(asks.map(({ model }) => model))].map((model): AskPrice => {
    const own = asks.filter((ask) => ask.model === model);
    const sum = (count: (ask: Ask) => number) => own.reduce((total, ask) => total + count(ask), 0);
    const known = ({ item }: Ask) => (item.call_id === null ? undefined : tokens.get(item.call_id));
    const input = sum((ask) => {
      const messages = messagesOf(ask.item.prompt, system);
      const characters = messages.reduce((total, { content }) => total + content.length, 0);
      return (
        (system === undefined ? known(ask)?.input : undefined) ?? Math.ceil(characters / charactersPerToken)
      );
    });
    const output =
      usual === undefined
        ? null
        : sum((ask) => Math.min(known(ask)?.output ?? usual, maxTokens ?? Number.POSITIVE_INFINITY));
    const found = find([model], provider);
    const row = prices.find(({ model: name, source }) => name === found.price && source === found.source);
    const each =
      price !== undefined
        ? { input: price.input / 1e6, output: price.output / 1e6 }
        : found.price === null
          ? undefined
          : row;
    const cost =
      output === null || each?.input == null || each.output == null
        ? null
        : input * each.input + output * each.output;
    return {
      model,
      requests: own.length,
      cost,
      price: price !== undefined ? "as given" : found.price === null ? null : (found.source ?? found.price),
      input_tokens: Math.round(input),
      output_tokens: output === null ? null : Math.round(output),
    };
  });
}
