import { carried, first } from "../expressions";
import type { Format } from "../format";

const price = (key: string) => `json_extract_string(entry, '$.${key}')`;

/** LiteLLM's price map: an object of models, US dollars per token. */
export const litellmPrices: Format = {
  name: "litellm-prices",
  about: "LiteLLM's price map (model_prices_and_context_window.json): US dollars per token",
  signature: ["an object of models", "input_cost_per_token", "output_cost_per_token", "litellm_provider"],
  lacks:
    "dates; prices by the second, character or image; the higher prices of long contexts, batches and priority",
  recognises(shape) {
    const models = [...(shape.fields?.values() ?? [])];
    return (
      models.length > 0 && models.some((one) => one.fields?.has("litellm_provider") && one.fields.has("mode"))
    );
  },
  reading: () => ({
    fields: { record: "JSON" },
    whole: true,
    unnest: `select ${carried}, number = 1 as ${first}, name, entry from (
      select ${carried}, unnest(case when len(names) > 0 then names else [null] end) as name,
        generate_subscripts(case when len(names) > 0 then names else [null] end, 1) as number,
        unnest(case when len(names) > 0 then entries else [null] end) as entry
      from (select ${carried}, map_keys(models) as names, map_values(models) as entries
        from (select *, cast(record as map(varchar, json)) as models from source)))`,
    targets: [
      {
        table: "prices",
        where: `name <> 'sample_spec' and try_cast(${price("input_cost_per_token")} as double) is not null`,
        columns: {
          model: "name",
          input: price("input_cost_per_token"),
          output: price("output_cost_per_token"),
          cache_read: price("cache_read_input_token_cost"),
          cache_creation: price("cache_creation_input_token_cost"),
          source: `'litellm:' || ${price("litellm_provider")}`,
        },
      },
    ],
    nothing: (rows) => `none of its ${rows} models has a price per token`,
  }),
};
