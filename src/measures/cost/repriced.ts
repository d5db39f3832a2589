import type { DuckDBConnection } from "@duckdb/node-api";
import { factsView } from "../../facts/place";
import { type PricedModel, priceCalls, priceFinder } from "../../logs/complete/price";
import { ingest } from "../../logs/ingest";
import { nearestModels } from "../../logs/models/modelName";
import { readsAlone } from "../../store/once";
import { open, type Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { columnsOf } from "../../store/schema";

/** Other prices for the same calls. */
export interface OtherPrices {
  /**
   * A price list, as `ingest` reads it. Models that it does not list keep the store's prices, or else their
   * logged cost.
   */
  prices?: string;
  /**
   * A model: every answer is priced as if this model had given it, with the tokens that the logged model
   * used.
   */
  as?: string;
  /**
   * The share of input tokens read from a cache, 0 for no caching; compared with list prices and caching as
   * logged.
   */
  caching?: number;
}

/**
 * The store as its measures would see it if calls had been charged at other prices; the store itself does not
 * change.
 */
export interface Repriced {
  /** Its calls have `logged_cost`, what they did cost, besides `cost`. */
  store: Store;
  /** Models of repriced calls, and whether they have a price. */
  models: PricedModel[];
  /** The models among these that the list does not have. */
  unlisted: string[];
  /** Calls with a logged cost that cannot be repriced, and whether they keep it; if not, they are left out. */
  unpriced: number;
  keeps: boolean;
}

/** Reprices the calls of a store, in tables that only its measures' connections see. */
export async function repriced(store: Store, other: OtherPrices): Promise<Repriced> {
  const listed = other.prices === undefined ? undefined : await pricesOf(other.prices);
  const asAnother = async () => {
    const connection = await store.connect();
    try {
      return { connection, ...(await priceAnew(connection, listed, other)) };
    } catch (error) {
      connection.closeSync();
      throw error;
    }
  };
  const first = await asAnother();
  first.connection.closeSync();
  const names = new Set(
    listed === undefined ? [] : (JSON.parse(listed) as { model: string }[]).map(({ model }) => model),
  );
  const unlisted =
    listed === undefined ? [] : first.models.filter(({ price }) => price === null || !names.has(price));
  if (other.as === undefined && unlisted.length > 0 && unlisted.length === first.models.length)
    throw new RangeError(
      `costRepriced requires prices of the log's models (${shown(unlisted)}), got ${other.prices}, which has those of ${shown([...names].map((model) => ({ model })))}`,
    );
  return {
    models: first.models,
    unlisted: unlisted.map(({ model }) => model),
    unpriced: first.unpriced,
    keeps: first.keeps,
    store: {
      path: store.path,
      readOnly: true,
      connection: store.connection,
      connect: async () => (await asAnother()).connection,
      close: () => {},
    },
  };
}

const shown = (models: readonly { model: string }[]): string => {
  const names = [...new Set(models.map(({ model }) => model))];
  return `${names.slice(0, 3).join(", ")}${names.length > 3 ? ", ..." : ""}`;
};

// Temporary tables replace the store's tables of the same names.
async function priceAnew(
  connection: DuckDBConnection,
  listed: string | undefined,
  { as, caching }: Pick<OtherPrices, "as" | "caching">,
): Promise<Pick<Repriced, "models" | "unpriced" | "keeps">> {
  readsAlone(connection);
  await run(
    connection,
    `create temp table calls as select *, cost as logged_cost, provider as logged_provider,
       request_model as logged_request, response_model as logged_response,
       cache_read_input_tokens as logged_read from calls;
     create temp table prices as from prices`,
  );
  if (listed !== undefined) {
    const shape = Object.entries(columnsOf("prices")).map(([name, { type }]) => [name, type]);
    await run(
      connection,
      `create temp table listed as select one.* from (select unnest(from_json($rows::json, $shape::json)) as one)`,
      { rows: listed, shape: JSON.stringify([Object.fromEntries(shape)]) },
    );
    await run(
      connection,
      "delete from prices where model in (select model from listed); insert into prices by name from listed; drop table listed",
    );
  }
  // Answers from a cache stay free.
  if (as === undefined)
    await run(
      connection,
      "update calls set cost = null, cost_source = null where not coalesce(cache_hit, false)",
    );
  else {
    // Another model would not take over the work of judges and embeddings.
    await factsView(connection);
    await run(
      connection,
      `update calls set cost = null, cost_source = null, provider = null, request_model = $as, response_model = $as
       where not coalesce(cache_hit, false) and rowid in (select at_row from facts where answers)`,
      { as },
    );
  }
  if (as !== undefined) await checkPriced(connection, as);
  if (caching !== undefined) {
    // Both sides use list prices: a log's own cost may include discounts that have nothing to do with
    // caching.
    await priceCalls(connection);
    await run(connection, cachedAt(caching));
  }
  const models = (await priceCalls(connection)).filter(({ calls }) => calls > 0);
  if (caching !== undefined && models.length > 0 && models.every(({ price }) => price === null))
    throw new RangeError(
      `costRepriced requires prices of the log's models with caching (${shown(models)}), got none of them; ${noPrices}`,
    );
  // Another model would not have charged what this one did, and what caching saves is known from prices alone.
  const keeps = as === undefined && caching === undefined;
  const [{ unpriced }] = await rowsOf<{ unpriced: number }>(
    connection,
    "select count(*)::double as unpriced from calls where cost is null and logged_cost is not null",
  );
  await run(
    connection,
    `update calls set cost = ${keeps ? "coalesce(cost, logged_cost)" : "cost"}, provider = logged_provider,
       request_model = logged_request, response_model = logged_response`,
  );
  return { models, unpriced, keeps };
}

/**
 * Calls as if this share of their input had been read from a cache. The rest is written to it as often as
 * logged; without caching, nothing is written.
 */
const cachedAt = (share: number) => `
  update calls set logged_cost = coalesce(cost, logged_cost);
  update calls set cost = null, cost_source = null,
    cache_read_input_tokens = round(${share} * input_tokens),
    cache_creation_input_tokens = round(${written(share)} * cache_creation_input_tokens),
    cache_creation_1h_input_tokens = round(${written(share)} * cache_creation_1h_input_tokens)
  where not coalesce(cache_hit, false)`;

const written = (share: number) =>
  share === 0
    ? "0"
    : `coalesce((1 - ${share}) * input_tokens / nullif(greatest(input_tokens - coalesce(logged_read, 0), 0), 0), 0)`;

const mostNear = 3;
const noPrices = "ingest a price list, or name one with --prices";

/** Fails if a model has no price: its calls would be priced by their own names. */
async function checkPriced(connection: DuckDBConnection, as: string): Promise<void> {
  const { prices, find } = await priceFinder(connection);
  const { price, disagree } = find([as], null);
  if (price !== null) return;
  const priced = [...new Set(prices.map(({ model }) => model))];
  const near = nearestModels(as, priced).filter((name) => priced.includes(name));
  const shownFirst = [...new Set([...near, ...priced])].slice(0, mostNear).join(", ");
  const next =
    disagree.length > 0
      ? `its prices disagree (${disagree.slice(0, mostNear).join(", ")}): name one list with --prices`
      : priced.length === 0
        ? noPrices
        : `there are prices of ${shownFirst}${priced.length > mostNear ? ", ..." : ""}: name another list with --prices`;
  throw new RangeError(`costRepriced requires a model with a price, got "${as}"; ${next}`);
}

/** The prices of a list, read as `ingest` reads it, as JSON. */
async function pricesOf(file: string): Promise<string> {
  const store = await open(":memory:");
  try {
    const { files } = await ingest(store, file);
    for (const { path, status, reason } of files)
      if (status === "failed") throw new Error(`${path}: ${reason}`);
    const [{ listed }] = await rowsOf<{ listed: string | null }>(
      store.connection,
      "select to_json(list(prices))::varchar as listed from prices",
    );
    if (listed === null)
      throw new RangeError(`costRepriced requires a price list, got ${file}, which has no prices`);
    return listed;
  } finally {
    store.close();
  }
}
