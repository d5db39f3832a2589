import type { Shape } from "../files/shape";
import { readColumns } from "../records/texts";
import { perTokens, saidBy } from "./fieldName";
import { identifier, isNumber, kindOfCells, valuesOf } from "./fields";

const ofModel = /^((ai|llm)_)?(model(_?(name|id))?|name|id)$|^(llm|engine|deployment)$/;
const priced: Record<string, RegExp> = {
  input: /^(input|prompt|in)(_|$)/,
  cache_read: /^(cached?)(_|$)(?!.*(creat|writ))/,
  cache_creation: /^cache.*(creat|writ)/,
  output: /^(output|completion|out)(_|$)/,
};
const ofPrices = /^(cache_read|cache_creation)$/;
const aPrice = /price|cost|usd|\$|(^|[_ /])per[_ ]?|mtok|rate/i;
// A price of one token that is above this is of a million: none was ever as dear.
const dearest = 0.001;

/** A mapping of a price list, whose columns are named by their unit; undefined where the fields are none. */
export function suggestedPrices(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "prices"; columns: Record<string, string> } | undefined {
  const names = [...(shape.fields?.keys() ?? [])];
  const model = names.find((name) => ofModel.test(saidBy(name).what));
  // Columns of ours beside others: they mean what they say.
  if (
    ["model", "input", "output"].every((name) => names.includes(name)) &&
    names.some((name) => ofPrices.test(name))
  ) {
    const own = names.filter((name) => Object.hasOwn(readColumns("prices"), name));
    return { table: "prices", columns: Object.fromEntries(own.map((name) => [name, identifier(name)])) };
  }
  const columns = Object.fromEntries(
    Object.entries(priced).flatMap(([column, pattern]) => {
      const name = names.find((one) => pattern.test(saidBy(one).parts.join("_")) && aPrice.test(one));
      return name === undefined ? [] : [[column, pricedAs(name, shape, records)]];
    }),
  );
  if (model === undefined || columns.input === undefined || columns.output === undefined) return undefined;
  const from = names.find((name) =>
    /^(valid_|effective_)?(from|since|date|valid_from|effective)$/.test(saidBy(name).what),
  );
  return {
    table: "prices",
    columns: {
      model: identifier(model),
      ...columns,
      ...(from === undefined ? {} : { from: identifier(from) }),
    },
  };
}

// "$2.50" is a text.
function pricedAs(name: string, shape: Shape, records: readonly unknown[]): string {
  const { scalar, numeric } = shape.fields?.get(name) ?? {};
  const cell = identifier(name);
  const price =
    scalar === "VARCHAR" && numeric === false && !isNumber(kindOfCells(valuesOf(name, records)))
      ? `cast(translate(${cell}, '$,', '') as double)`
      : cell;
  const per = (perTokens(name) ?? priceUnits(valuesOf(name, records))[0]) * saidBy(name).dollars;
  return per === 1
    ? price
    : `${price} / ${per === 1e3 ? "1e3" : `${per / 10 ** Math.floor(Math.log10(per))}e${Math.floor(Math.log10(per))}`}`;
}

/** Of how many tokens a price may be whose name does not say it, the likelier first. */
export function priceUnits(values: readonly unknown[]): number[] {
  const prices = values.map((one) => Number(String(one).replace(/[$,]/g, ""))).filter(Number.isFinite);
  return Math.max(0, ...prices) > dearest ? [1e6, 1e3, 1] : [1, 1e3, 1e6];
}
