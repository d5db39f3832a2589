import type { Shape } from "../files/shape";
import { readColumns } from "../records/texts";
import { perTokens } from "./fieldName";
import { type Field, fieldsOf } from "./fields";
import { instant } from "./suggestedCalls";

const ofModel = /^((ai|llm)_)?(model(_?(name|id))?|name|id)$|^(llm|engine|deployment)$/;
const priced: Record<string, RegExp> = {
  input: /^((price|cost|rate|usd|per|for|tokens?)_)*(input|prompt|in)(_|$)(?!.*cache)/,
  cache_read: /^((price|cost|rate|usd|input)_)*(cached?)(_|$)(?!.*(creat|writ))/,
  cache_creation: /^((price|cost|rate|usd|input)_)*cache.*(creat|writ)/,
  output: /^((price|cost|rate|usd|per|for|tokens?)_)*(output|completion|out)(_|$)/,
};
const ofPrices = /^(cache_read|cache_creation)$/;
const aPrice = /price|cost|usd|eur|gbp|[$€£¥]|(^|[_ /])per[_ ]?|mtok|rate/i;
// A price per token above this must be for a million: none was ever so high.
const dearest = 0.001;

/** A mapping of a price list, with columns named by their unit; undefined if the fields are not prices. */
export function suggestedPrices(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "prices"; columns: Record<string, string> } | undefined {
  const fields = fieldsOf(shape, records).filter(({ path }) => path.length === 1);
  const names = fields.map(({ path: [name] }) => name);
  const model = fields.find(({ said }) => ofModel.test(said.what));
  // Our own column names beside others: they mean what they say.
  if (
    ["model", "input", "output"].every((name) => names.includes(name)) &&
    names.some((name) => ofPrices.test(name))
  ) {
    const own = fields.filter(({ path: [name] }) => Object.hasOwn(readColumns("prices"), name));
    return {
      table: "prices",
      columns: Object.fromEntries(own.map(({ path: [name], value }) => [name, value])),
    };
  }
  const columns = Object.fromEntries(
    Object.entries(priced).flatMap(([column, pattern]) => {
      const field = fields.find(
        ({ path: [name], said }) =>
          pattern.test(said.parts.join("_")) &&
          (aPrice.test(name) || said.parts.some((part) => aPrice.test(part))),
      );
      return field === undefined ? [] : [[column, ofOneToken(field)]];
    }),
  );
  if (model === undefined || columns.input === undefined || columns.output === undefined) return undefined;
  const from = fields.find(({ said }) =>
    /^(valid_|effective_)?(from|since|date|valid_from|effective)$/.test(said.what),
  );
  return {
    table: "prices",
    columns: {
      model: model.name,
      ...columns,
      ...(from === undefined ? {} : { from: instant(from) }),
    },
  };
}

function ofOneToken({ path: [name], value, values, said }: Field): string {
  const per = (perTokens(name) ?? priceUnits(values)[0]) * said.dollars;
  return per === 1
    ? value
    : `${value} / ${per === 1e3 ? "1e3" : `${per / 10 ** Math.floor(Math.log10(per))}e${Math.floor(Math.log10(per))}`}`;
}

/** How many tokens a price may be for if its name does not say it, the most likely first. */
export function priceUnits(values: readonly unknown[]): number[] {
  const prices = values.map(Number).filter(Number.isFinite);
  return Math.max(0, ...prices) > dearest ? [1e6, 1e3, 1] : [1, 1e3, 1e6];
}
