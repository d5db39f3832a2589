import type { DuckDBConnection } from "@duckdb/node-api";
import { anyRow, rowsOf, run } from "../../store/run";
import { type ModelNameOptions, modelName, nearestModels } from "../models/modelName";
import { matchPrices, type PriceMatch, type PriceRow } from "./priceMatch";

/** How the calls of one model were priced. */
export interface PricedModel {
  /** The name in the calls: the model that answered, else the requested one. */
  model: string;
  provider: string | null;
  /** The price used, with its own name and source; null if none is known. */
  price: string | null;
  source: string | null;
  /**
   * "spelling": the price has exactly that name; "model": another spelling of the same release; "name": the model
   * without a release.
   */
  by: "spelling" | "model" | "name" | null;
  /** Calls without a cost in the log. */
  calls: number;
  /** Of these, those that now have a cost. */
  priced: number;
  /** If there is no price: prices that disagree, or the nearest names. */
  nearest: string[];
}

/** The names under which a price list may have a call's model. */
interface Named {
  /** The one that is billed. */
  model: string;
  requested: string | null;
  own: string | null;
  provider: string | null;
}

const unpriced = "(cost is null or cost_source = 'price') and not coalesce(cache_hit, false)";
const billedName =
  "coalesce(nullif(calls.response_model, ''), nullif(calls.request_model, ''), nullif(calls.model, ''))";

/**
 * Gives a cost to every call without one in the log: tokens by class times the price at the call's time.
 *
 * Input tokens that were read from a cache or written to one cost their own price, or the plain one if the list
 * has none; reasoning is part of the output. An answer from a response cache costs nothing. A call without a time
 * takes the latest price. Doing it again changes nothing; prices ingested later apply to the calls already in the
 * store.
 *
 * @returns one row per model whose calls have no cost in the log, most calls first; `price` null if none is known
 */
export async function priceCalls(
  connection: DuckDBConnection,
  options: ModelNameOptions = {},
): Promise<PricedModel[]> {
  await run(
    connection,
    "update calls set cost = 0, cost_source = 'price' where cost is null and coalesce(cache_hit, false)",
  );
  const wanted = await rowsOf<Named & { calls: number }>(
    connection,
    `select ${billedName} as model, request_model as requested, model as own, provider, count(*) as calls from calls
     where ${unpriced} and ${billedName} is not null group by all order by calls desc, model, provider`,
  );
  if (wanted.length === 0) return [];
  const { prices, find } = await priceFinder(connection, options);
  const matched = wanted.map((one) => ({
    ...one,
    ...find(
      [one.model, one.requested, one.own].filter((name) => name !== null),
      one.provider,
    ),
  }));
  const before = "select 1 from calls where cost_source = 'price' and not coalesce(cache_hit, false)";
  // There is no price now and there was none before, so the calls need no pass.
  if (matched.every(({ price }) => price === null) && !(await anyRow(connection, before)))
    return summed(matched, [], prices);
  await run(
    connection,
    `create or replace temp table call_price as
     select one.* from (select unnest(from_json($rows::json,
       '[{"model":"VARCHAR","requested":"VARCHAR","own":"VARCHAR","provider":"VARCHAR","price":"VARCHAR","source":"VARCHAR"}]')) as one)`,
    { rows: JSON.stringify(matched) },
  );
  await run(connection, `create or replace temp table new_cost as ${costs}`);
  await run(
    connection,
    `update calls set cost = new_cost.cost, cost_source = case when new_cost.cost is not null then 'price' end
     from new_cost where calls.rowid = new_cost.call
       and (calls.cost is distinct from new_cost.cost or (calls.cost is null and calls.cost_source is not null))`,
  );
  const done = await rowsOf<Named & { priced: number }>(
    connection,
    `select ${billedName} as model, request_model as requested, model as own, provider, count(cost) as priced from calls
     where ${unpriced} and ${billedName} is not null group by all`,
  );
  await run(connection, "drop table new_cost");
  await run(connection, "drop table call_price");
  return summed(matched, done, prices);
}

/** The latest standard prices, and the search for a model's among them. */
export async function priceFinder(connection: DuckDBConnection, options: ModelNameOptions = {}) {
  const prices = await rowsOf<PriceRow>(
    connection,
    `select model, source, arg_max(input, ${age}) filter (${standard}) as input,
       arg_max(output, ${age}) filter (${standard}) as output
     from prices where model is not null group by model, source order by model, source`,
  );
  return { prices, find: matchPrices(prices, (spelling) => modelName(spelling, options)) };
}

// Of two prices valid from the same day, the one read last holds, as in the costs below.
const age = `{'from': coalesce("from", timestamp '0001-01-01'), 'ingest': ingest_id, 'line': line}`;
const standard = "above_input_tokens is null and service_tier is null and day_from is null";
// These charge half for batch requests; lists of standard prices do not say so.
const halved = "openai|anthropic|claude|google|gemini|vertex|azure|bedrock|mistral|^gpt|^o\\d|^chatgpt";

// The price that held at the call's time, for its tier, length and hour: the most specific one that the call
// meets. A cache read or write without a price of its own counts as plain input; a write kept for an hour costs
// twice the input if the other write is the usual five fourths. A call in a tier without a known price has no
// price.
const costsOf = (calls: string) => `
  with dated as (
    select model || chr(1) || coalesce(source, '') as key, coalesce("from", timestamp '0001-01-01') as since,
      list({'above': above_input_tokens, 'tier': service_tier, 'day_from': day_from, 'day_to': day_to, 'input': input,
          'output': output, 'read': cache_read, 'written': cache_creation, 'written_1h': cache_creation_1h}
        order by service_tier is null, day_from is null, above_input_tokens desc nulls last, day_from) as held
    from (from prices qualify row_number() over (
        partition by model, source, "from", above_input_tokens, service_tier, day_from order by ingest_id desc, line desc) = 1)
    group by all),
  open as (${calls}),
  priced as (
    select open.*, case when len(held) = 1 and held[1].above is null and held[1].tier is null and held[1].day_from is null
      then held[1] else list_filter(held, lambda one: (one.tier is null or one.tier = tier)
        and (one.above is null or input_tokens > one.above)
        and (one.day_from is null or case when one.day_from <= coalesce(one.day_to, 86400)
          then second >= one.day_from and second < coalesce(one.day_to, 86400)
          else second >= one.day_from or second < one.day_to end))[1] end as p
    from open asof left join dated on open.key = dated.key and open.at >= dated.since)
  select call, key, case
    -- What was refused for its rate was never worked on.
    when status = 'rate_limited' then 0
    when input_tokens is null then null
    -- Vendors bill what they answered, and no request that failed before: tokens of the prompt alone are the client's count.
    when status = 'error' and coalesce(output_tokens, 0) = 0 then 0
    -- What was given up may be billed for what it had written by then, which nobody counted.
    when status in ('timeout', 'cancelled') and coalesce(output_tokens, 0) = 0 then null
    when output_tokens is null and operation is distinct from 'embeddings' and status = 'ok' then null
    when coalesce(output_tokens, 0) > 0 and p.output is null then null
    when tier is not null and p.tier is null and not (tier = 'batch' and halves) then null
    else (greatest(input_tokens - read - written, 0) * p.input
      + read * coalesce(p.read, p.input)
      + greatest(written - written_1h, 0) * coalesce(p.written, p.input)
      + written_1h * coalesce(p.written_1h, case when abs(p.written / p.input - 1.25) < 0.001 then 2 * p.input end, p.written, p.input)
      + coalesce(output_tokens, 0) * coalesce(p.output, 0)) * case when tier = 'batch' and p.tier is null then 0.5 else 1 end
    end as cost
  from priced`;

// What the rule takes from a call, without the price that it is to have.
const taken = `calls.rowid as call, coalesce(started_at, timestamp '9999-12-31') as at, epoch(started_at::time) as second,
      input_tokens, output_tokens, operation, status, coalesce(cache_read_input_tokens, 0) as read,
      coalesce(cache_creation_input_tokens, 0) as written, coalesce(cache_creation_1h_input_tokens, 0) as written_1h,
      service_tier as tier`;
const keyOf = "call_price.price || chr(1) || coalesce(call_price.source, '') as key";
const costs = costsOf(`
    select ${taken}, regexp_matches(lower(coalesce(calls.provider, ${billedName})), '${halved}') as halves, ${keyOf}
    from calls left join call_price
      on ${billedName} = call_price.model and calls.request_model is not distinct from call_price.requested
      and calls.model is not distinct from call_price.own and calls.provider is not distinct from call_price.provider
    where ${unpriced}`);

/** What calls would cost at the price of one listed model, with the tokens that they have. */
export interface PricedAs {
  model: string;
  /** US dollars for all of the calls whose cost at this price is known, how many these are, and of how many that no cache answered. */
  cost: number;
  calls: number;
  of: number;
}

/**
 * Prices some calls as if listed models had answered them, by the rule that prices calls; cached answers stay free.
 *
 * @param rows SQL of a subquery with the rowids of the calls
 */
export async function pricedAs(
  connection: DuckDBConnection,
  models: readonly string[],
  rows: string,
): Promise<PricedAs[]> {
  const { find } = await priceFinder(connection);
  const known = models.flatMap((model) => {
    const { price, source } = find([model], null);
    return price === null ? [] : [{ model, price, source }];
  });
  const as = costsOf(`
    select ${taken}, regexp_matches(lower(call_price.model), '${halved}') as halves, ${keyOf}
    from calls cross join call_price
    where not coalesce(cache_hit, false) and calls.rowid in (${rows})`);
  return rowsOf<PricedAs>(
    connection,
    `with call_price as (select one.* from (select unnest(from_json($known::json,
         '[{"model":"VARCHAR","price":"VARCHAR","source":"VARCHAR"}]')) as one)),
       sums as (select key, sum(cost) as cost, count(cost) as calls, count(*) as "of" from (${as}) group by key)
     select model, sums.cost::double as cost, sums.calls::double as calls, sums."of"::double as "of"
     from sums join (select model, ${keyOf} from call_price) using (key) where sums.calls > 0 order by sums.cost, model`,
    { known: JSON.stringify(known) },
  );
}

function summed(
  matched: readonly (Named & PriceMatch & { calls: number })[],
  done: readonly (Named & { priced: number })[],
  prices: readonly PriceRow[],
): PricedModel[] {
  const names = [...new Set(prices.map(({ model }) => model))];
  const byModel = new Map<string, PricedModel>();
  for (const one of matched) {
    const { model, provider, price, source, by, calls } = one;
    const same = done.find(
      (row) =>
        row.model === model &&
        row.requested === one.requested &&
        row.own === one.own &&
        row.provider === provider,
    );
    const key = JSON.stringify([model, provider, price, source]);
    const row = byModel.get(key) ?? { model, provider, price, source, by, calls: 0, priced: 0, nearest: [] };
    row.calls += calls;
    row.priced += same?.priced ?? 0;
    if (price === null && row.nearest.length === 0) {
      row.nearest = one.disagree.length > 0 ? one.disagree : nearestModels(model, names);
    }
    byModel.set(key, row);
  }
  return [...byModel.values()].sort((a, b) => b.calls - a.calls || (a.model < b.model ? -1 : 1));
}
