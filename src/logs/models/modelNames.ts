import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { type ModelName, type ModelNameOptions, modelName, nearestModels } from "./modelName";

/** One spelling in the store, what it was matched to, and how often it stands there. */
export interface ModelNameUse extends ModelName {
  calls: number;
  benchmarks: number;
  prices: number;
  /** The known names nearest to one that nothing knows; empty where it was matched. */
  nearest: string[];
}

const spellings = `
  select spelling, sum(calls)::bigint as calls, sum(benchmarks)::bigint as benchmarks, sum(prices)::bigint as prices from (
    select coalesce(response_model, request_model, model) as spelling, count(*) as calls, 0 as benchmarks, 0 as prices
    from calls group by all
    union all select model, 0, count(*), 0 from benchmarks group by all
    union all select model, 0, 0, count(*) from prices group by all)
  where nullif(spelling, '') is not null group by spelling order by calls desc, spelling`;

/**
 * Every spelling of a model's name in calls, benchmarks and prices, with what it is matched to; the ones that
 * nothing knows carry the nearest names instead. Most used first.
 */
export async function modelNames(
  connection: DuckDBConnection,
  options: ModelNameOptions = {},
): Promise<ModelNameUse[]> {
  const rows = await rowsOf<{ spelling: string; calls: number; benchmarks: number; prices: number }>(
    connection,
    spellings,
  );
  const read = rows.map((row) => ({ ...modelName(row.spelling, options), ...row }));
  const known = [...new Set(read.filter(({ by }) => by !== null).map(({ name }) => name))];
  return read.map((one) => ({
    ...one,
    // Prices list thousands of names that no call has: their nearest are asked for by nobody.
    nearest: one.by === null && one.calls + one.benchmarks > 0 ? nearestModels(one.spelling, known) : [],
  }));
}

/** How `applyModelNames` names models. */
export interface ApplyOptions extends ModelNameOptions {
  /** Keep releases of a model apart, by their snapshot. Default true. */
  snapshots?: boolean;
}

/**
 * Sets calls.model to the normalised name, from the name that answered, else the one asked for. What nothing knows
 * keeps its spelling. Distinct names are few: they are read here, and joined. Doing it again changes nothing.
 *
 * @returns the number of calls whose model changed
 */
export async function applyModelNames(
  connection: DuckDBConnection,
  options: ApplyOptions = {},
): Promise<number> {
  const { snapshots = true } = options;
  const rows = await rowsOf<{ spelling: string }>(
    connection,
    `select distinct coalesce(response_model, request_model, model) as spelling from calls
     where nullif(coalesce(response_model, request_model, model), '') is not null`,
  );
  const names = rows.map(({ spelling }) => {
    const read = modelName(spelling, options);
    return { spelling, model: snapshots ? read.model : read.name };
  });
  return run(
    connection,
    `update calls set model = named.model
     from (select unnest(from_json($names::json, '[{"spelling":"VARCHAR","model":"VARCHAR"}]'), recursive := true)) as named
     where coalesce(calls.response_model, calls.request_model, calls.model) = named.spelling
       and calls.model is distinct from named.model`,
    { names: JSON.stringify(names) },
  );
}
