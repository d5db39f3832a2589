import { drawnShare, wholeReason } from "../../facts/drawn";
import { select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { grouped, percent } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { withCalls } from "../behind";
import type { RatioMetric } from "../metrics";
import { type MeasureRequest, requestOf } from "../options";
import { ratioTable } from "../ratioTable";
import { rowKey } from "../rowKey";
import type { Row, Table } from "../table";
import { type CostOptions, cost } from "./cost";
import { type OtherPrices, type Repriced, repriced } from "./repriced";

/** Which prices to use, and what to measure. */
export interface RepriceOptions extends CostOptions, OtherPrices {
  /**
   * With `as`, how many times as many tokens the other model may use, from its tokenizer and style: [lowest,
   * highest]. Default [1, 1].
   */
  tokens?: readonly number[];
}

/** One line of a repriced table. */
export interface RepriceRow extends Row {
  /** Calls with a cost both as logged and at the other prices; the sums and the ratio are over these. */
  calls: number;
  /** US dollars that they cost, and would have cost; NaN for a store that is a sample of a larger log. */
  logged: number;
  repriced: number;
  /** What they would have cost, divided by what they did cost. */
  ratio: Estimate;
  /** The factor by which to multiply the other prices so that both cost the same. */
  break_even: Estimate;
  cost_per_task: Estimate;
  /** The same at the other prices. */
  repriced_per_task: Estimate;
  /** With `caching`: the share of input tokens read from a cache as logged, and what that saves, in US dollars. */
  hit_rate?: Estimate;
  saved?: Estimate;
}

/**
 * What the same traffic would have cost at other prices, or on another model.
 *
 * Calls keep their tokens, retries and caching; a call without another price keeps its cost. On another model
 * tokens would differ: `tokens` says by how much, and the intervals include both ends; a call without known
 * tokens is left out. How many tasks another model would resolve cannot be known from its price, and is not
 * reported. With `caching`, the share of input tokens that would be read from a cache (0: none, and no
 * writes), `logged` has caching as it was, both are at list prices, and `saved` is what the logged caching
 * saves compared with that share; negative if that share costs less. Sums are exact for the calls of the log;
 * intervals say how sure they are for traffic like it. n counts calls, of `repriced_per_task` tasks.
 *
 * @throws RangeError without prices, a model or a share of caching, for a model without a price, and for
 * `tokens` that aren't two factors > 0
 * @example
 * const store = await openDemo();
 * const { rows } = await reprice(store, { as: "orrery-swift", by: "model" });
 * rows[0].ratio.value.toFixed(2) // "0.19"
 */
export async function reprice(store: Store, options: RepriceOptions): Promise<Table<RepriceRow>> {
  const { prices, as, caching, tokens = [1, 1] } = options;
  const request = requestOf("reprice", options);
  if (prices === undefined && as === undefined && caching === undefined)
    throw new RangeError(
      "reprice requires prices (a price list), as (a model) or caching (a share), got none of them",
    );
  if (caching !== undefined && !(caching >= 0 && caching <= 1))
    throw new RangeError(
      `reprice requires 0 <= caching <= 1, the share of input tokens read from a cache, got ${String(caching)}; 0 is no caching`,
    );
  if (caching !== undefined && as !== undefined)
    throw new RangeError(
      "reprice requires caching or as, a model, not both: another model's cache is not known",
    );
  const [least, most] = tokens;
  if (tokens.length !== 2 || !(least > 0 && most >= least && Number.isFinite(most)))
    throw new RangeError(
      `reprice requires tokens as two factors such as [0.8, 1.3], got [${tokens.join(", ")}]`,
    );
  const drawn = await drawnShare(store.connection);
  const other = await repriced(store, { prices, as, caching });
  const unknown = other.models.filter(({ price }) => price === null);
  const [now, then] = [await cost(store, request), await cost(other.store, request)];
  const ratios = await ratioTable(
    other.store,
    caching === undefined ? [both, ratio] : [both, ratio, hits],
    "calls",
    request,
  );
  const scaled = (one: Estimate): Estimate => ({
    ...one,
    value: one.value * Math.min(most, Math.max(least, 1)),
    low: one.low * least,
    high: one.high * most,
  });
  const known = new Map(now.rows.map((row) => [rowKey(now.by, row), row]));
  const found = new Map(ratios.rows.map((row) => [rowKey(ratios.by, row), row]));
  const rows = then.rows.flatMap((row): RepriceRow[] => {
    const own = known.get(rowKey(now.by, row));
    const one = found.get(rowKey(ratios.by, row));
    if (own === undefined || one === undefined) return [];
    const logged = one[both.name] as Estimate;
    const quotient = scaled(one[ratio.name] as Estimate);
    const times =
      logged.n > 0
        ? quotient
        : { ...quotient, note: "no call has a cost both as logged and at these prices" };
    const sum = logged.n === 0 ? 0 : logged.value * logged.n;
    return [
      {
        ...Object.fromEntries(now.by.map((name) => [name, row[name]])),
        calls: logged.n,
        logged: drawn === undefined ? sum : Number.NaN,
        repriced: drawn !== undefined ? Number.NaN : sum === 0 ? 0 : sum * times.value,
        ratio: times,
        break_even: { ...times, value: 1 / times.value, low: 1 / times.high, high: 1 / times.low },
        cost_per_task: own.cost_per_task,
        repriced_per_task: scaled(row.cost_per_task),
        ...(caching === undefined
          ? {}
          : {
              hit_rate: { ...(one[hits.name] as Estimate), unit: "1" },
              saved: dearer(drawn === undefined ? sum : Number.NaN, times),
            }),
      },
    ];
  });
  return withCalls(
    {
      measure: "reprice",
      by: now.by,
      rows,
      notes: [
        ...notesOf(options, unknown, other),
        ...(await untold(other.store, request)),
        ...(drawn === undefined
          ? []
          : [`No sums are given: ${wholeReason}. The ratio stands for the whole.`]),
        ...uncached(rows),
        ...now.notes,
      ],
    },
    async (again) =>
      ratioTable((await repriced(again, { prices, as, caching })).store, [both, ratio], "calls", request),
    {
      from: `select g, at_row, spent as amount from selected where chosen and ${bothKnown}`,
      amount: { name: "repriced", sum: "the cost at the other prices", first: "dearest" },
      last: true,
      n: ({ calls }) => calls,
      ...(least === 1 && most === 1 ? { total: ({ repriced }: RepriceRow) => repriced } : {}),
    },
  );
}

const bothKnown = "logged_cost is not null and spent is not null";
const about = {
  better: "lower",
  words: ["cheaper", "dearer"],
  needs: "cost is not null",
  offered: [],
} as const;
const both: RatioMetric = {
  ...about,
  name: "logged",
  label: "logged cost",
  unit: "USD/call",
  source: { measure: "ratio", over: "calls", numerator: `case when ${bothKnown} then logged_cost end` },
};
const ratio: RatioMetric = {
  ...about,
  name: "ratio",
  label: "repriced cost",
  unit: "×",
  source: {
    measure: "ratio",
    over: "calls",
    numerator: `case when ${bothKnown} then spent end`,
    denominator: "logged_cost",
  },
};

const hits: RatioMetric = {
  ...about,
  name: "hit_rate",
  label: "input read from a cache",
  // This is a ratio of tokens, not a share of calls.
  unit: "",
  source: {
    measure: "ratio",
    over: "calls",
    numerator: "case when input_tokens is not null then coalesce(logged_read, 0) end",
    denominator: "input_tokens",
  },
};

/** The note for when no row has a token read from a cache. */
function uncached(rows: readonly RepriceRow[]): string[] {
  const hitRates = rows.flatMap(({ hit_rate }) => (hit_rate === undefined ? [] : [hit_rate.value]));
  return hitRates.length > 0 && hitRates.every((share) => !(share > 0))
    ? ["No call logs tokens read from a cache: caching as logged counts as none."]
    : [];
}

/** How many US dollars more the calls would have cost than they did. */
const dearer = (sum: number, ratio: Estimate): Estimate => ({
  ...ratio,
  value: sum * (ratio.value - 1),
  low: sum * (ratio.low - 1),
  high: sum * (ratio.high - 1),
  unit: "USD",
});

function notesOf(
  { prices, as, caching, tokens = [1, 1] }: RepriceOptions,
  unknown: readonly { model: string }[],
  { unlisted, kept }: Pick<Repriced, "unlisted" | "kept">,
): string[] {
  const priced = unlisted.filter((name) => !unknown.some(({ model }) => model === name));
  const named = unknown.slice(0, 3).map(({ model }) => model);
  const more = unknown.length > 3 ? ", ..." : "";
  return [
    answersNote({ prices, as, caching, tokens }),
    ...(as === undefined && priced.length > 0
      ? [`Not in the list, and left at the store's prices: ${priced.join(", ")}.`]
      : []),
    ...(unknown.length > 0 ? [`No price there: ${named.join(", ")}${more}.`] : []),
    ...(kept > 0
      ? [`${grouped(kept)} calls without a price there, or without tokens, keep their logged cost.`]
      : []),
  ];
}

/** The note for calls that no list could price. */
async function untold(store: Store, request: MeasureRequest): Promise<string[]> {
  const selection = await select(store, request, { by: [] });
  try {
    const [{ calls, counted }] = await rowsOf<{ calls: number; counted: number }>(
      selection.connection,
      "select count(*)::double as calls, count(input_tokens)::double as counted from selected where chosen",
    );
    return calls > 0 && counted === 0 ? ["No call has its input tokens: no list can price it."] : [];
  } finally {
    selection.close();
  }
}

/** Says how calls are priced, in a sentence or two. */
function answersNote({ prices, as, caching, tokens: [least, most] = [1, 1] }: RepriceOptions): string {
  if (caching !== undefined) {
    const others = caching < 1 ? ", and as many of the others written to it as were" : "";
    const what =
      caching === 0
        ? "Repriced without caching"
        : `Repriced with ${percent(caching)} of the input tokens read from a cache${others}`;
    const whose = prices === undefined ? "the store's prices" : `the prices of ${prices}`;
    return `${what}, against caching as logged, both at ${whose}. A model without a price for cached tokens reads them at the full one. \`saved\` is for the calls of the log; its interval is of traffic like it.`;
  }
  if (as === undefined)
    return `The same calls at the prices of ${prices}: tokens, retries and caching as logged.`;
  const tokens =
    least === 1 && most === 1
      ? "the tokens of the logged model"
      : `${least} to ${most} times the tokens of the logged model`;
  return `Every answer priced as ${as}'s, with ${tokens}; its own answers may be longer or shorter, and whether it would resolve the same tasks is not known.`;
}
