import type { ModelName } from "../models/modelName";

/** A model's latest price in one source. */
export interface PriceRow {
  model: string;
  source: string | null;
  input: number | null;
  output: number | null;
}

/** The price matched to a call's model. */
export interface PriceMatch {
  price: string | null;
  source: string | null;
  by: "spelling" | "model" | "name" | null;
  /** Prices of the same model that differ, if that is why none was used. */
  disagree: string[];
}

// The provider names of logs and price lists, unified.
const providers: [RegExp, string][] = [
  [/bedrock|^aws|amazon/, "bedrock"],
  [/azure/, "azure"],
  [/vertex|^gcp/, "vertex"],
  [/gemini|google|generative/, "google"],
  [/openrouter/, "openrouter"],
  [/together/, "together"],
  [/fireworks/, "fireworks"],
  [/x[._-]?ai/, "xai"],
];

function providerOf(word: string | null): string | null {
  if (word === null || word === "") return null;
  const lower = word.toLowerCase();
  return providers.find(([pattern]) => pattern.test(lower))?.[1] ?? lower.replace(/[._-].*$/, "");
}

// If no provider is given, the price meant is that of the model's maker.
const makers: [RegExp, string][] = [
  [/^(gpt|o\d|chatgpt|text-embedding)/, "openai"],
  [/^claude/, "anthropic"],
  [/^gemini/, "google"],
  [/^(mistral|mixtral|codestral|ministral|pixtral|magistral|devstral)/, "mistral"],
  [/^grok/, "xai"],
  [/^deepseek/, "deepseek"],
  [/^command/, "cohere"],
];

const makerOf = (name: string) => makers.find(([pattern]) => pattern.test(name))?.[1] ?? null;

/** True if a model is sold by its maker, whatever list is available: none of its calls is free. */
export const isSold = ({ name, by }: ModelName): boolean => by !== null && makerOf(name) !== null;

/**
 * Makes the search for prices. A price matches if it has the call's own spelling, or is for the same release or,
 * if all prices of the model agree, for the model without its release. Among prices that disagree the provider
 * decides, then the model's maker, else there is no price.
 */
export function matchPrices(
  prices: readonly PriceRow[],
  read: (spelling: string) => ModelName,
): (spellings: readonly string[], provider: string | null) => PriceMatch {
  const bySpelling = grouped(prices, ({ model }) => model.toLowerCase());
  const names = new Map(prices.map(({ model }) => [model, read(model)]));
  const known = prices.filter(({ model }) => names.get(model)?.by !== null);
  const byModel = grouped(known, ({ model }) => names.get(model)?.model ?? "");
  const byName = grouped(known, ({ model }) => names.get(model)?.name ?? "");
  return (spellings, provider) => {
    let disagree: string[] = [];
    const wanted = providerOf(provider);
    for (const spelling of new Set(spellings)) {
      const name = read(spelling);
      const maker = makerOf(name.name);
      const rounds: [PriceMatch["by"], PriceRow[] | undefined][] = [
        ["spelling", bySpelling.get(spelling.toLowerCase())],
        ["model", name.by === null ? undefined : byModel.get(name.model)],
        ["name", name.by === null ? undefined : byName.get(name.name)],
      ];
      for (const [by, rows] of rounds) {
        if (rows === undefined) continue;
        const row = chosen(rows, wanted, maker);
        if (row !== undefined) return { price: row.model, source: row.source, by, disagree: [] };
        if (disagree.length === 0) {
          disagree = rows
            .slice(0, 5)
            .map(({ model, source }) => (source === null ? model : `${model} (${source})`));
        }
      }
    }
    return { price: null, source: null, by: null, disagree };
  };
}

/** The one price among several: the user's own list before public ones, then the provider's, then the maker's. */
function chosen(
  rows: readonly PriceRow[],
  provider: string | null,
  maker: string | null,
): PriceRow | undefined {
  const own = rows.filter(({ source }) => !/^(litellm|genai-prices):/.test(source ?? ""));
  if (own.length > 0) return agreed(own);
  const from = (word: string | null) =>
    word === null ? [] : rows.filter(({ source }) => providerOf(sellerOf(source)) === word);
  const sold = from(provider);
  if (sold.length > 0) return agreed(sold);
  return agreed(rows) ?? agreed(from(maker));
}

function sellerOf(source: string | null): string | null {
  return source === null ? null : source.slice(source.indexOf(":") + 1);
}

function agreed(rows: readonly PriceRow[]): PriceRow | undefined {
  const [first] = rows;
  const same = (a: number | null, b: number | null) =>
    a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.abs(a));
  return rows.every((row) => same(row.input, first.input) && same(row.output, first.output))
    ? first
    : undefined;
}

function grouped(rows: readonly PriceRow[], key: (row: PriceRow) => string): Map<string, PriceRow[]> {
  const groups = new Map<string, PriceRow[]>();
  for (const row of rows) {
    const list = groups.get(key(row));
    if (list === undefined) groups.set(key(row), [row]);
    else list.push(row);
  }
  return groups;
}
