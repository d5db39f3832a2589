import type { Figure } from "../charts/figure";
import { formatCount } from "../charts/number";
import { listed } from "../decide/choose/chooseText";
import { type PricedAs, pricedAs, priceFinder } from "../logs/complete/price";
import { quantile } from "../stats/quantile";
import { brief, counted } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { tenfoldsOf } from "./tenfolds";

/** Maximum number of models whose cost is told one by one; of more, their range is. */
const MOST = 6;

/** What the calls of a selection would cost at the prices of other models, and the model that answered them. */
export interface Repricings {
  /** Whose prices: "At the prices of 3 listed models". */
  at: string;
  /** What calls would cost: "would cost from 1.2 USD as oak to 8 USD as elm per 1,000 calls". */
  range: string;
  /** Each model's cost, where they are few. */
  each: string[];
  notes: string[];
  /** How the costs at the listed prices are spread, where they are many. */
  figures: Figure[];
}

/**
 * What the chosen answers would cost at each listed price, with the tokens that they have; undefined without tokens or prices.
 *
 * @param connection of a selection, whose view `selected` it reads
 */
export async function repricings(connection: Store["connection"]): Promise<Repricings | undefined> {
  const { prices } = await priceFinder(connection);
  const priced = prices.filter(({ input, output }) => Number(input) > 0 && Number(output) > 0);
  const names = [...new Set(priced.map(({ model }) => model))];
  if (names.length === 0) return undefined;
  const [sum] = await rowsOf<Sums>(
    connection,
    `select sum(input_tokens)::double as input, sum(output_tokens)::double as output,
       count(*) filter (counts)::double as counted,
       count(spent) filter (counts)::double as known, (sum(spent) filter (counts))::double as paid,
       case when count(distinct model) = 1 and count(model) = count(*) then any_value(model) end as answered
     from (
       select *, input_tokens is not null and output_tokens is not null and not coalesce(cache_hit, false) as counts
       from selected where chosen and answers
     )`,
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
  const few = names.length <= MOST;
  // Of several prices of one model the lowest counts.
  const ofModel = new Map(rough.toReversed().map(({ model, cost }) => [model, cost]));
  const median = quantile(
    [...ofModel.values()].sort((a, b) => a - b),
    0.5,
  );
  const costs = found.map((one) => `${costText(one)}${one.model === sum.answered ? ", which answered" : ""}`);
  return {
    at: `At the prices of ${counted(names.length, "listed model")}`,
    range: `would cost from ${costText(least)} to ${costText(most)} per 1,000 calls${
      few ? "" : `, and about ${perThousand(median, least.calls)} at the median model's price`
    }${paidText(sum)}`,
    each: few
      ? [`Prices: per 1,000 calls, the same tokens would cost ${listed(costs)}${paidText(sum)}.`]
      : [],
    figures: few
      ? []
      : tenfoldsOf(
          [...ofModel.values()].map((cost) => (1000 * cost) / least.calls),
          { title: "the same tokens at listed prices", quantity: "USD per 1,000 calls", of: "all models" },
        ),
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

/** Tokens of the chosen answers, what was paid for those whose tokens are known, and the model that answered all. */
interface Sums {
  input: number | null;
  output: number | null;
  counted: number;
  known: number;
  paid: number | null;
  answered: string | null;
}

/** What was paid for the same calls, in the same unit. */
function paidText({ counted: of, known, paid }: Sums): string {
  if (paid === null || known === 0) return "";
  const some = known < of ? ` for the ${formatCount(known)} of ${formatCount(of)} with a known cost` : "";
  return `; paid was ${perThousand(paid, known)}${some}`;
}

const costText = ({ model, cost, calls }: PricedAs): string => `${perThousand(cost, calls)} as ${model}`;
const perThousand = (cost: number, calls: number): string => `${brief((1000 * cost) / calls)} USD`;
