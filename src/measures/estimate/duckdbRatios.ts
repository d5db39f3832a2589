import type { DuckDBConnection } from "@duckdb/node-api";
import type { Selection } from "../../facts/select";
import type { PowerSums } from "../../stats/powerSums";
import { columnsOfResult } from "../../store/columns";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { metricSums } from "../metricSums";
import type { ClusterTotals } from "./clusterTotals";
import type { HoursOfRatio, RatioKey, RatioSquares, RatioSummaries } from "./summaries";

const sql = statements(__dirname, "ratios.sql");

/** Creates the view that the statements of ratios.sql read. */
export async function ratioSums(connection: DuckDBConnection, source: string): Promise<void> {
  await run(connection, `create or replace temp view ratio_sums as ${source}`);
}

/**
 * Hours and their parts for sums over a table that keeps the `cluster` and the `hour_unit` of each of its rows.
 *
 * @param reread makes what the statements read, with `unit` as what counts as one, of the rows that are `there`
 */
export const regroupedBy =
  (
    { regrouped }: Pick<Selection, "regrouped">,
    reread: (unit: string, there: string) => Promise<unknown>,
  ): Selection["regrouped"] =>
  (grain, every, work) =>
    regrouped(grain, every, async () => {
      const unit = grain === "hour" ? "hash(hour_unit)" : "hash(cluster, hour_unit)";
      await reread(unit, grain === "both" && every > 1 ? "cluster in (from sampled)" : "true");
      return work();
    });

/**
 * The selection whose regroupings a view follows: `view` has the rows of `table`, which keeps the cluster of each as a hash,
 * and its `hour_unit`.
 */
export async function followedBy(selection: Selection, view: string, table: string): Promise<Selection> {
  const make = (unit = "cluster", there = "true") =>
    run(
      selection.connection,
      `create or replace temp view ${view} as select * replace (${unit} as cluster) from ${table} where ${there}`,
    );
  await make();
  const regrouped = regroupedBy(selection, make);
  return {
    ...selection,
    regrouped: async (grain, every, work) => {
      try {
        return await regrouped(grain, every, work);
      } finally {
        await make();
      }
    },
  };
}

/** A statement that computes power sums faster, and the query for the ratios that it leaves out. */
export interface ShortLaw {
  statement: string;
  rest: string;
}

/** The law of rates of calls that are a cluster each, from the sums of whole groups. */
export const countsAlone = (sums: string): ShortLaw => ({
  statement: `with ratio_sums as (${sums})\n${sql.counts_alone}`,
  rest: metricSums([], ""),
});

/**
 * Summarises ratios on a selection's connection.
 *
 * @param source a query for g, kind, and c and r of each cluster
 */
export function duckdbRatios(
  { connection, regrouped }: Pick<Selection, "connection" | "regrouped">,
  source: string,
  law?: ShortLaw,
): RatioSummaries {
  const lawsBy = async (statement: string, whole: boolean) => {
    const rows = await rowsOf<PowerSums & RatioKey>(connection, statement, { whole });
    // A measure's own statement may return keys as numbers.
    return rows.map((row) => ({ ...row, g: String(row.g) }));
  };
  return {
    async laws(whole) {
      await ratioSums(connection, law?.rest ?? source);
      const laws = await lawsBy(sql.power_sums, whole);
      if (law === undefined) return laws;
      laws.push(...(await lawsBy(law.statement, whole)));
      await ratioSums(connection, source);
      return laws;
    },
    async totals(keys) {
      // In one order: rows come in any.
      const wanted = JSON.stringify(keys.map(({ g, kind }) => `${g} ${kind}`).sort());
      return rowsOf<ClusterTotals & RatioKey>(connection, sql.totals, { wanted });
    },
    async sharedTimes(every) {
      const hours = await regrouped("hour", 1, async () => {
        const rows = await columnsOfResult<"g" | "kind" | "hour" | "c" | "r">(connection, sql.hours);
        const found = new Map<string, HoursOfRatio>();
        for (let row = 0; row < rows.rows; row++) {
          const [g, kind] = [rows.g[row] as string, rows.kind[row] as string];
          const one = found.get(`${g} ${kind}`) ?? { g, kind, hours: [], totals: [], sizes: [] };
          found.set(`${g} ${kind}`, one);
          one.hours.push(rows.hour[row] as number);
          one.totals.push(rows.c[row] as number);
          one.sizes.push(rows.r[row] as number);
        }
        return [...found.values()];
      });
      if (every === 0) return { hours, parts: [] };
      const parts = await regrouped("both", every, () => rowsOf<RatioSquares>(connection, sql.squares));
      for (const part of parts) part.squares *= every;
      return { hours, parts };
    },
  };
}
