import type { DuckDBConnection } from "@duckdb/node-api";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { type ModelName, type ModelNameOptions, modelName, nearestModels } from "./modelName";

/** One spelling in the store, what it was matched to, and how often it occurs. */
export interface ModelNameUse extends ModelName {
  calls: number;
  /** The models that measures count these calls under, "" for calls without one: the requested name if a release of it answered. */
  counted: string[];
  /** Of these calls, those priced from a price list, and those with tokens and no cost. */
  priced: number;
  unpriced: number;
  benchmarks: number;
  prices: number;
  /** The known names nearest to an unmatched one; empty if it was matched. */
  nearest: string[];
}

const spellings = `
  select spelling, sum(calls)::bigint as calls, sum(priced)::bigint as priced, sum(unpriced)::bigint as unpriced,
    sum(benchmarks)::bigint as benchmarks, sum(prices)::bigint as prices,
    coalesce(list(distinct counted order by counted) filter (counted is not null), []) as counted from (
    select coalesce(response_model, request_model, model) as spelling, coalesce(model, '') as counted, count(*) as calls,
      count(*) filter (cost_source = 'price') as priced,
      count(*) filter (cost is null and (input_tokens > 0 or output_tokens > 0)) as unpriced, 0 as benchmarks, 0 as prices
    from calls group by all
    union all select model, null, 0, 0, 0, count(*), 0 from benchmarks group by all
    union all select model, null, 0, 0, 0, 0, count(*) from prices group by all)
  where nullif(spelling, '') is not null group by spelling order by calls desc, spelling`;

/**
 * Every spelling of a model's name in calls, benchmarks and prices, with the model it is matched to; unmatched
 * ones carry the nearest names instead. Most used first.
 *
 * @example
 * const store = await openDemo();
 * const [most] = await modelNames(store);
 * `${most.spelling} ${most.calls}` // "tamarisk-mini-2026-01-09 1612"
 */
export async function modelNames(
  { connection }: Store,
  options: ModelNameOptions = {},
): Promise<ModelNameUse[]> {
  const rows = await rowsOf<Omit<ModelNameUse, keyof ModelName | "nearest"> & { spelling: string }>(
    connection,
    spellings,
  );
  const read = rows.map((row) => ({ ...modelName(row.spelling, options), ...row }));
  const known = [...new Set(read.filter(({ by }) => by !== null).map(({ name }) => name))];
  const unknown = read.filter(({ by }) => by === null);
  // What no table knows may be spelled otherwise on a board or in a price list.
  const elsewhere = ({ calls }: { calls: number }) =>
    unknown.filter((other) => calls > 0 !== other.calls > 0).map(({ spelling }) => spelling);
  return read.map((one) => ({
    ...one,
    // Price lists have thousands of names that no call has, and nobody asks for their nearest names.
    nearest:
      one.by === null && one.calls + one.benchmarks > 0
        ? nearestModels(one.spelling, [...known, ...elsewhere(one)])
        : [],
  }));
}

type Names = Record<"request" | "response" | "model", string | null>;

// A model that is neither of its names, nor what they parse as without the user's own table, was given by a
// person.
function nameOf({ request, response, model }: Names, options: ModelNameOptions): string | null {
  const called = calledModel(request, response, options);
  const isOwn =
    model && ![request, response, called, calledModel(request, response, { models: [] })].includes(model);
  return isOwn ? modelName(model, options).model : (called ?? model);
}

/** A snapshot after a name: -2024-08-06, @20241022, -0613. */
const snapshot = /^[-@:_]?(\d{4}-\d{2}-\d{2}|\d{4}|\d{6}|\d{8})$/;

/**
 * The name of a call's model: as exact as the request. Calls that request "gpt-4o" belong to one model, whichever
 * snapshot answers and whether or not any does, and response_model keeps which one; a call that requests a
 * snapshot belongs to that snapshot. If another model answers (an alias, a fallback), the name is that of the
 * model that answered.
 */
export function calledModel(
  request: string | null,
  response: string | null,
  options: ModelNameOptions = {},
): string | null {
  if (!response) return request ? modelName(request, options).model : null;
  const answered = modelName(response, options);
  if (!request) return answered.model;
  const requested = modelName(request, options);
  if (
    requested.by === null &&
    response.startsWith(request) &&
    snapshot.test(response.slice(request.length))
  ) {
    return request;
  }
  return requested.name === answered.name && requested.snapshot === null ? requested.model : answered.model;
}

/**
 * Sets the model of every call by one rule: from the requested and the answering name, or from the name that a
 * mapping or a constant gives it. An unknown name stays as it is; one that was read before the user's own table
 * had its spelling is matched again. Distinct names are few, so they are read here and joined. Doing it again
 * changes nothing.
 *
 * @returns the number of calls whose model changed
 */
export async function nameCalls(
  connection: DuckDBConnection,
  options: ModelNameOptions = {},
): Promise<number> {
  const rows = await rowsOf<{ request: string | null; response: string | null; model: string | null }>(
    connection,
    "select distinct request_model as request, response_model as response, model from calls",
  );
  const names = rows
    .map((row) => ({ ...row, named: nameOf(row, options) }))
    .filter(({ model, named }) => named !== model);
  if (names.length === 0) return 0;
  return run(
    connection,
    `update calls set model = names.named
     from (select unnest(from_json($names::json,
       '[{"request": "VARCHAR", "response": "VARCHAR", "model": "VARCHAR", "named": "VARCHAR"}]'), recursive := true)) as names
     where calls.model is not distinct from names.model
       and calls.request_model is not distinct from names.request
       and calls.response_model is not distinct from names.response`,
    { names: JSON.stringify(names) },
  );
}

/** Stores the family of every model of the calls, for code that groups calls by it. */
export async function keepFamilies(
  connection: DuckDBConnection,
  options: ModelNameOptions = {},
): Promise<void> {
  const models = await rowsOf<{ model: string }>(
    connection,
    "select distinct model from calls where model is not null order by model",
  );
  const known = models.flatMap(({ model }) => {
    const { family } = modelName(model, options);
    return family === null ? [] : [{ model, family }];
  });
  const before = await rowsOf(connection, "select model, family from families order by model");
  if (JSON.stringify(known) === JSON.stringify(before)) return;
  await run(connection, "delete from families");
  await run(
    connection,
    `insert into families select unnest(from_json($known::json, '[{"model": "VARCHAR", "family": "VARCHAR"}]'), recursive := true)`,
    { known: JSON.stringify(known) },
  );
}
