import { formatCount } from "../charts/number";
import { listed } from "../decide/choose/chooseText";
import { type PricedAs, pricedAs, priceFinder } from "../logs/complete/price";
import { quantile } from "../stats/quantile";
import { brief, counted } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";

/** Maximum number of models whose cost is told one by one; of more, their range is. */
const MOST = 6;

/** What the calls of a selection would cost at the prices of other models, and the model that answered them. */
export interface Repricings {
  /** A clause for a headline: "at the prices of 3 models they cost from 1.2 USD (oak) to 8 USD (elm)". */
  said: string;
  /** Each model's cost, where they are few. */
  each: string[];
  notes: string[];
}

/**
 * What the chosen answers would cost at each listed price, with the tokens that they have; undefined without tokens or prices.
 *
 * @param connection of a selection, whose view `selected` it reads
 */
export async function repricings(
  connection: Store["connection"],
  _: { calls: number },
): Promise<Repricings | undefined> {
  const { prices } = await priceFinder(connection);
  const priced = prices.filter(({ input, output }) => Number(input) > 0 && Number(output) > 0);
  const names = [...new Set(priced.map(({ model }) => model))];
  if (names.length === 0) return undefined;
  const [sum] = await rowsOf<Record<"input" | "output", number | null>>(
    connection,
    "select sum(input_tokens)::double as input, sum(output_tokens)::double as output from selected where chosen and answers",
  );
  if (!(Number(sum.input) > 0)) return undefined;
  // Of a long list only the ends are priced call by call: rates a token rank the others well enough.
  const rough = priced
    .map(({ model, input, output }) => ({
      model,
      cost: Number(sum.input) * Number(input) + Number(sum.output) * Number(output),
    }))
    .sort((a, b) => a.cost - b.cost);
  const wanted = names.length <= MOST ? names : ends(rough.map(({ model }) => model));
  const found = await pricedAs(connection, wanted, "select at_row from selected where chosen and answers");
  const [least, most] = [found[0], found.at(-1)];
  if (least === undefined || most === undefined || least === most) return undefined;
  const left = found.map((one) => one.of - one.calls).filter((unknown) => unknown > 0);
  return {
    said: `At the prices of ${counted(names.length, "listed model")} they cost from ${costText(least)} to ${costText(most)}${
      names.length <= MOST
        ? ""
        : `, and about ${dollars(
            quantile(
              rough.map(({ cost }) => cost),
              0.5,
            ),
          )} at the middle one's`
    }.`,
    each: names.length <= MOST ? [`Prices: the same tokens cost ${listed(found.map(costText))}.`] : [],
    notes: [
      "Another model would use other tokens, need other retries and resolve other tasks: a price tells none of that.",
      ...(left.length === 0
        ? []
        : [
            `Left out are calls without known tokens: ${formatCount(Math.max(...left))} of ${formatCount(least.of)}.`,
          ]),
    ],
  };
}

/** The cheapest and the dearest, some of each: lists may disagree on the price of one. */
const ends = (sorted: readonly string[]): string[] => [
  ...new Set([...sorted.slice(0, MOST), ...sorted.slice(-MOST)]),
];

const costText = ({ model, cost }: PricedAs): string => `${dollars(cost)} as ${model}`;
const dollars = (cost: number): string => `${brief(cost)} USD`;
