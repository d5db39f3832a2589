import type { Format } from "../records/format";
import * as sql from "../records/sql";

const price = (key: string) => `json_extract_string(entry, '$.${key}')`;

// Besides the standard price, a model may have one for each tier, one for calls with many input tokens, and one
// for both, under the same names with a suffix.
const keys = `list_filter(json_keys(entry),
    lambda key: regexp_full_match(key, 'input_cost_per_token(_above_\\d+k_tokens)?(_(batches|flex|priority))?'))`;
const variants = `list_transform(${keys},
  lambda key: {'ending': substr(key, length('input_cost_per_token') + 1),
    'above': 1000 * try_cast(regexp_extract(key, '_above_(\\d+)k', 1) as bigint),
    'tier': nullif(replace(regexp_extract(key, '_(batches|flex|priority)$', 1), 'batches', 'batch'), '')})`;
const costs = [
  "input_cost_per_token",
  "output_cost_per_token",
  "cache_read_input_token_cost",
  "cache_creation_input_token_cost",
];
const listed = (key: string) =>
  `cast(json_extract_string(element.entry, '$.${key}' || element.one.ending) as double)`;
const standard = (key: string) => `cast(json_extract_string(element.entry, '$.${key}') as double)`;
// If the price of a class of tokens is listed only for standard calls, it is assumed to change in proportion to
// the input price. For free input there is no proportion: what is free stays free, and other prices stay unknown.
const varied = (key: string) =>
  `coalesce(${listed(key)}, case when ${standard(key)} = 0 then 0
    else ${standard(key)} * ${listed(costs[0])} / nullif(${standard(costs[0])}, 0) end)`;

/** LiteLLM's price map: an object of models, US dollars per token. */
export const format: Format = {
  name: "litellm-prices",
  about: "LiteLLM's price map (model_prices_and_context_window.json): US dollars per token",
  signature: ["an object of models", "input_cost_per_token", "output_cost_per_token", "litellm_provider"],
  lacks: "dates (its prices hold for all time); prices by the second, character, image or audio token",
  recognises(shape) {
    const models = [...(shape.fields?.values() ?? [])];
    return (
      models.length > 0 && models.some((one) => one.fields?.has("litellm_provider") && one.fields.has("mode"))
    );
  },
  reading: () => ({
    fields: { record: "JSON" },
    whole: true,
    unnest: `select ${sql.carried}, number = 1 as ${sql.first}, name, entry from (
      select ${sql.carried}, unnest(case when len(names) > 0 then names else [null] end) as name,
        generate_subscripts(case when len(names) > 0 then names else [null] end, 1) as number,
        unnest(case when len(names) > 0 then entries else [null] end) as entry
      from (select ${sql.carried}, map_keys(models) as names, map_values(models) as entries
        from (select *, cast(record as map(varchar, json)) as models from source)))`,
    targets: [
      {
        table: "prices",
        where: `name <> 'sample_spec' and ${price("input_cost_per_token")} is not null`,
        each: `list_transform(${sql.few(`len(${keys})`, 100, variants)}, lambda one: {'name': name, 'entry': entry, 'one': one})`,
        columns: {
          model: "element.name",
          above_input_tokens: "element.one.above",
          service_tier: "element.one.tier",
          input: listed(costs[0]),
          output: varied(costs[1]),
          cache_read: varied(costs[2]),
          cache_creation: varied(costs[3]),
          cache_creation_1h: varied(`${costs[3]}_above_1hr`),
          source: "'litellm:' || json_extract_string(element.entry, '$.litellm_provider')",
        },
      },
    ],
    nothing: (rows) => `none of its ${rows} models has a price per token`,
  }),
};
