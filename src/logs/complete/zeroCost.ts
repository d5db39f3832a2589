import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { anyRow, rowsOf, run } from "../../store/run";
import { type ModelNameOptions, modelName } from "../models/modelName";
import { isDerived, withDerived, withoutDerived } from "./derived";
import { priceFinder } from "./price";
import { isSold } from "./priceMatch";

// A cost that a person wrote, in a mapping or under the kit's own names, is taken as it is.
const meant = "('mapping', 'canonical')";
// These write 0 for every model without a known price.
const noPrices = "('tau2-bench', 'inspect')";

const name = "coalesce(model, nullif(response_model, ''), request_model, '')";
const isZero = `(cost = 0 and cost_source = 'log' or ${isDerived("zero_cost")})`;
// The provider may charge for what a call had written before it was given up.
const givenUp = "status in ('timeout', 'cancelled')";
const answered = `coalesce(status, 'ok') = 'ok'
  and (coalesce(input_tokens, output_tokens) is null or coalesce(input_tokens, 0) + coalesce(output_tokens, 0) > 0)`;

/**
 * Separates logged costs of 0 that stand for an unknown cost from real ones.
 *
 * Many tools write 0 for a model without a known price. So the 0 of an answered call counts as unknown if its
 * model never has another cost in the logs and is sold: it has a list price (if that is 0, the cost is 0 again),
 * or its maker is known to charge for it. The same holds for a call without a model. The 0 of a failed call stays,
 * that of an abandoned call never does. In a mapping, and in a table of the kit's own columns, 0 stays. Doing it
 * again changes nothing; a cost that arrives later restores the zeros of its model. Wherever a 0 stays, a list price of 0
 * confirms it: without one, the facts take the 0 of a call that did not fail as unknown.
 *
 * @returns what to say about the costs that were just set to unknown
 */
export async function judgeZeros(
  connection: DuckDBConnection,
  options: ModelNameOptions = {},
): Promise<string[]> {
  if (!(await anyRow(connection, `select 1 from calls where ${isZero}`))) return [];
  const models = await rowsOf<{
    model: string;
    provider: string | null;
    unsaid: boolean;
    calls: number;
  }>(
    connection,
    `select ${name} as model, provider, coalesce(format in ${noPrices}, false) as unsaid,
       count(*) filter (cost = 0) as calls
     from calls left join ingests using (ingest_id)
     where ${isZero} and not coalesce(cache_hit, false)
       and coalesce(format not in ${meant}, true) and (${answered})
     group by all order by all`,
  );
  const charged = new Set(
    models.length === 0
      ? []
      : (
          await rowsOf<{ model: string }>(
            connection,
            `select distinct ${name} as model from calls where cost > 0 and cost_source = 'log'`,
          )
        ).map(({ model }) => model),
  );
  const { find, prices } = await priceFinder(connection, options);
  const isListed = (model: string, provider: string | null) => find([model], provider).price !== null;
  await confirmZeros(connection, (model, provider) => {
    const { price, source } = find([model], provider);
    const listed = prices.find((one) => one.model === price && one.source === source);
    return listed !== undefined && listed.input === 0 && (listed.output ?? 0) === 0;
  });
  const unknown = models.filter(
    ({ model, provider, unsaid }) =>
      !charged.has(model) &&
      (model === "" || unsaid || isSold(modelName(model, options)) || isListed(model, provider)),
  );
  await run(
    connection,
    `create or replace temp table zero_models as select distinct one.model as model
     from (select unnest(from_json($rows::json, '[{"model":"VARCHAR"}]')) as one)`,
    { rows: JSON.stringify(unknown) },
  );
  const isUnknown = `not coalesce(cache_hit, false)
    and (ingest_id is null or ingest_id not in (select ingest_id from ingests where format in ${meant}))
    and (${givenUp} or (${answered}) and ${name} in (from zero_models))`;
  await run(
    connection,
    `update calls set cost = 0, cost_source = 'log', derived = ${withoutDerived("zero_cost")}
     where ${isDerived("zero_cost")} and not (${isUnknown})`,
  );
  await run(
    connection,
    `update calls set cost = null, cost_source = null, derived = ${withDerived({ zero_cost: "true" })}
     where cost = 0 and cost_source = 'log' and (${isUnknown})`,
  );
  await run(connection, "drop table zero_models");
  const calls = unknown.reduce((sum, one) => sum + one.calls, 0);
  if (calls === 0) return [];
  const named = [...new Set(unknown.filter((one) => one.calls > 0).map(({ model }) => model || "no model"))];
  const some = named.slice(0, 3).join(", ") + (named.length > 3 ? `, and ${named.length - 3} more` : "");
  return [
    `${grouped(calls)} answered calls of ${some} have a logged cost of 0, and their models never log another: ` +
      "their cost counts as unknown, and a price list can fill it in; in a mapping 0 means 0",
  ];
}

/** Takes a logged 0 as the cost by the list, where the list says that the model is free. */
async function confirmZeros(
  connection: DuckDBConnection,
  isFree: (model: string, provider: string | null) => boolean,
): Promise<void> {
  const logged = "cost = 0 and cost_source = 'log' and not coalesce(cache_hit, false)";
  const models = await rowsOf<{ model: string; provider: string | null }>(
    connection,
    `select distinct ${name} as model, provider from calls where ${logged}`,
  );
  const free = models.filter(({ model, provider }) => isFree(model, provider));
  if (free.length === 0) return;
  await run(
    connection,
    `update calls set cost_source = 'price'
     from (select unnest(from_json($rows::json, '[{"model":"VARCHAR","provider":"VARCHAR"}]')) as one) as free
     where ${logged} and ${name} = one.model and provider is not distinct from one.provider`,
    { rows: JSON.stringify(free) },
  );
}
