import { drawnShare, wholeReason } from "../../facts/drawn";
import { withCalls } from "../behind";
import { defineMeasure } from "../define";
import { ratioTable } from "../ratioTable";
import { keysOf } from "../rowKey";
import type { Table } from "../table";
import { cost } from "./cost";
import { besideLogged, both, bothKnown, hits, type RepriceRow, ratio, rowFinder } from "./repriceColumns";
import { repriced } from "./repriced";
import { repriceNotes, unpricedNotes } from "./repriceNotes";

/**
 * What the same traffic would have cost at other prices, or on another model.
 *
 * Calls keep their tokens, retries and caching; a call without another price keeps its cost. On another model
 * tokens would differ: `tokens` says by how much, and the intervals include both ends; a call without known
 * tokens is left out. How often another model would try again, and how many tasks it would resolve, cannot be known from
 * its price: no number "as" another model carries a decision. With `caching`, the share of input tokens that would be read from a cache (0: none, and no
 * writes), `logged` has caching as it was, both are at list prices, and `saved` is what the logged caching
 * saves compared with that share; negative if that share costs less. Calls of models without a price are left out of that. Sums are exact for the calls of the log;
 * intervals say how sure they are for traffic like it. n counts calls, of `repriced_per_task` tasks.
 *
 * @throws RangeError without prices, a model or a share of caching, for a model without a price, with caching if no
 * model of the log has one, and for
 * `tokens` that aren't two factors > 0
 * @example
 * const store = await openDemo();
 * const { rows } = await costRepriced(store, { as: "orrery-swift", by: "model" });
 * rows[0].ratio.value.toFixed(2) // "0.19"
 */
export const costRepriced = defineMeasure({
  name: "repriced",
  of: "cost",
  was: "cost --reprice",
  about: "the same calls at other prices, as another model, or with other prompt caching",
  needs: ["input_tokens"],
  takes: "prices",
  options: {
    prices: { value: "[file]", about: "a price list (default: the store's prices)" },
    as: {
      value: "<model>",
      about: "as if this model had answered every call, with the tokens of the one that did",
    },
    caching: {
      value: "<share>",
      about: "what prompt caching saves against this share of input read from a cache (0: no caching)",
      as: "number",
      check: checkCaching,
    },
    tokens: {
      value: "<least,most>",
      about: "how many times the logged tokens it may take, such as 0.8,1.3",
      as: "numbers",
      default: [1, 1],
      check: checkTokens,
    },
  },
  async compose({ store, measure, options, request }): Promise<Table<RepriceRow>> {
    const { prices, as, caching, tokens } = options;
    if (prices === undefined && as === undefined && caching === undefined)
      throw new RangeError(
        "costRepriced requires a price list, a model (as) or a share (caching), got none of them",
      );
    if (caching !== undefined && as !== undefined)
      throw new RangeError(
        "costRepriced requires caching or as, a model, not both: another model's cache is not known",
      );
    const isSample = (await drawnShare(store.connection)) !== undefined;
    const other = await repriced(store, options);
    const [logged, anew] = [await cost(store, request), await cost(other.store, request)];
    const metrics = caching === undefined ? [both, ratio] : [both, ratio, hits];
    const ratios = await ratioTable(other.store, metrics, "calls", request);
    const [loggedRow, ratiosRow] = [rowFinder(logged), rowFinder(ratios)];
    const rows = anew.rows.flatMap((row): RepriceRow[] => {
      const [before, sums] = [loggedRow(row), ratiosRow(row)];
      if (before === undefined || sums === undefined) return [];
      const place = keysOf(logged.by, row);
      // The answers of that model itself are its own already.
      const model = row.model === as ? undefined : as;
      return [{ ...place, ...besideLogged(row, before, sums, { tokens, isSample, as: model }) }];
    });
    const notes = [
      ...repriceNotes(options, other),
      ...(await unpricedNotes(other.store, request)),
      ...(isSample ? [`No sums are given: ${wholeReason}. The ratio stands for the whole.`] : []),
      ...(rows.length > 0 && rows.every(({ hit_rate }) => hit_rate !== undefined && !(hit_rate.value > 0))
        ? ["No call logs tokens read from a cache: caching as logged counts as none."]
        : []),
      ...logged.notes,
    ];
    return withCalls(
      { measure, by: logged.by, rows, notes },
      async (again) => ratioTable((await repriced(again, options)).store, [both, ratio], "calls", request),
      {
        from: `select g, at_row, spent as amount from selected where chosen and ${bothKnown}`,
        amount: { name: "repriced", sum: "the cost at the other prices", first: "dearest" },
        last: true,
        n: ({ calls }) => calls,
        ...(tokens.every((times) => times === 1) ? { total: ({ repriced }) => repriced } : {}),
      },
    );
  },
});

function checkCaching(caller: string, caching: number): void {
  if (!(caching >= 0 && caching <= 1))
    throw new RangeError(
      `${caller} requires 0 <= caching <= 1, the share of input tokens read from a cache, got ${String(caching)}; 0 is no caching`,
    );
}

function checkTokens(caller: string, tokens: readonly number[]): void {
  const [least, most] = tokens;
  if (tokens.length !== 2 || !(least > 0 && most >= least && Number.isFinite(most)))
    throw new RangeError(
      `${caller} requires tokens as two factors such as [0.8, 1.3], got [${tokens.join(", ")}]`,
    );
}
