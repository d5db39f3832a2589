import type { Format } from "../records/format";
import { few } from "../records/sql";
import { has } from "../records/textRecord";

// A price is a number, or a base with tiers above it: the highest tier that a call's input tokens exceed applies
// to all of its tokens.
const millions = (key: string) =>
  `coalesce(list_max(list_filter(from_json(json_extract(element.price, '$.${key}.tiers'), '[{"start":"DOUBLE","price":"DOUBLE"}]'),
      lambda tier: tier.start <= cast(element.above as double))).price,
    cast(coalesce(json_extract_string(element.price, '$.${key}.base'), json_extract_string(element.price, '$.${key}')) as double)) / 1e6`;
const thresholds = (price: string) =>
  `list_concat([null::varchar], list_sort(list_distinct(json_extract_string(${price}, '$.*.tiers[*].start'))))`;
const second = (time: string) => `epoch(cast(left(${time}, 8) as time))`;
const price = `case when json_type(one, '$.prices') in ('OBJECT', 'ARRAY') then json_extract(one, '$.prices') else one end`;
const listed = `case json_type(model, '$.prices') when 'ARRAY' then from_json(json_extract(model, '$.prices'), '["JSON"]')
  else [json_extract(model, '$.prices')] end`;
// A model is identified by its id, and by the names that its rule says it equals.
const names = `list_sort(list_distinct(list_concat([json_extract_string(model, '$.id')],
  list_filter(list_concat([json_extract_string(model, '$.match.equals')],
    coalesce(json_extract_string(model, '$.match.or[*].equals'), [])), lambda name: name is not null))))`;

// Prices of one model: dates, names and thresholds combined.
const most = 500;

/** The price list of pydantic's genai-prices: US dollars per million tokens, with dates. */
export const format: Format = {
  name: "genai-prices",
  about: "genai-prices (prices/data.json): US dollars per million tokens, with the dates they hold from",
  signature: ["id", "models", "models.prices", "model_match", "api_pattern"],
  lacks:
    "prices of batches (half is taken where the provider is known to charge that) and of an hour's cache; audio tokens",
  recognises: (shape) =>
    has(shape, "id", "models") && shape.fields?.get("models")?.list?.fields?.has("prices") === true,
  reading: () => ({
    fields: { id: "VARCHAR", models: "VARCHAR" },
    targets: [
      {
        table: "prices",
        each: `list_filter(flatten(list_transform(from_json(models, '["JSON"]'), lambda model:
            flatten(list_transform(${few(`len(${listed}) * len(${names})`, most, listed)}, lambda one:
              flatten(list_transform(${few(`len(${listed}) * len(${names}) * len(${thresholds(price)})`, most, names)}, lambda name:
              list_transform(${thresholds(price)}, lambda above:
              {'provider': id, 'name': name, 'price': ${price}, 'above': above,
               'from': json_extract_string(one, '$.constraint.start_date'),
               'day_from': json_extract_string(one, '$.constraint.start_time'),
               'day_to': json_extract_string(one, '$.constraint.end_time')}))))))),
          lambda one: json_exists(one.price, '$.input_mtok'))`,
        columns: {
          model: "element.name",
          from: 'cast(element."from" as timestamp)',
          above_input_tokens: "element.above",
          day_from: second("element.day_from"),
          day_to: second("element.day_to"),
          input: millions("input_mtok"),
          cache_read: millions("cache_read_mtok"),
          cache_creation: millions("cache_write_mtok"),
          output: millions("output_mtok"),
          source: "'genai-prices:' || element.provider",
        },
      },
    ],
    nothing: (records) => `its ${records} providers have no price per token`,
  }),
};
