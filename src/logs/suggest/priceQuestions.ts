import type { Mapping } from "../records/mapping";
import { perTokens } from "./fieldName";
import { type About, ofCurrency, type Question } from "./question";
import { priceUnits } from "./suggestedPrices";

/** What field names leave open about prices. */
export function questionsOfPrices(mapping: Mapping, about: About): Question[] {
  return [...ofPrices(mapping, about), ...ofCurrency(mapping, priceColumns, about)];
}

const priceColumns = ["input", "output", "cache_read", "cache_creation"];

/** Prices whose names do not say how many tokens they are for. */
function ofPrices({ columns }: Mapping, about: About): Question[] {
  const fields = priceColumns.flatMap((column) => {
    const field = about(column);
    return field === undefined || perTokens(field.path.at(-1) as string) !== undefined
      ? []
      : { column, field };
  });
  if (fields.length === 0) return [];
  const units = priceUnits(fields[0].field.values);
  const one = (column: string) => columns[column].replace(/ \/ \de\d$/, "");
  return [
    {
      asks: `${fields.map(({ field }) => field.name).join(", ")} ${fields.length === 1 ? "does" : "do"} not say for how many tokens. How many tokens do these prices, in US dollars, buy?`,
      choices: units.map((unit) => (unit === 1 ? "one token" : unit === 1e3 ? "a thousand" : "a million")),
      taken: [0],
      columns: ([at]) =>
        at === 0
          ? {}
          : Object.fromEntries(
              fields.map(({ column }) => [
                column,
                units[at] === 1 ? one(column) : `${one(column)} / 1e${Math.log10(units[at])}`,
              ]),
            ),
    },
  ];
}
