import type { DuckDBConnection } from "@duckdb/node-api";
import { normalQuantile } from "../stats/normal";
import { percent } from "../stats/text";
import { rowsOnce } from "../store/once";
import { rowsOf } from "../store/run";

/** The format of an ingest that was drawn from a larger log instead of being read from a file. */
export const drawFormat = "draw";

/** The unit that was drawn as a whole. */
export type DrawUnit = "user" | "conversation" | "task" | "prompt";

/** Which part of a larger log a store holds. */
export interface DrawnShare {
  /** The store or engine that it was drawn from. */
  from: string;
  share: number;
  unit: DrawUnit;
}

/** The part of a larger log that a store holds; undefined if it holds everything its files contain. */
export async function drawnShare(connection: DuckDBConnection): Promise<DrawnShare | undefined> {
  const [found] = await rowsOnce<{ path: string; constants: string }>(
    connection,
    `select path, constants from ingests where format = '${drawFormat}' order by ingest_id limit 1`,
  );
  if (found === undefined) return undefined;
  const { share, unit } = JSON.parse(found.constants) as Pick<DrawnShare, "share" | "unit">;
  return { from: found.path, share, unit };
}

/** The line below every table over a drawn store. */
export const drawnNote = ({ from, share, unit }: DrawnShare): string =>
  `Drawn from ${from}: ${percent(share, 2)} of its ${unit}s, with all their calls. Shares, means and quantiles are estimates for the whole; counts and sums are of the draw, unless a note says otherwise.`;

/** Why a count over all calls is not available from a draw. */
export const wholeReason = "it counts over all calls, and a draw holds only some of them";

/** What is thrown for a question that no share of a log can answer. */
export class NeedsWhole extends RangeError {}

/** Refuses a drawn store for results that no share of the users can give. */
export function checkWhole(caller: string, drawn: DrawnShare | undefined): void {
  if (drawn === undefined) return;
  throw new NeedsWhole(
    `${caller} requires a whole log, since ${wholeReason}; this one is ${percent(drawn.share, 2)} of the ${drawn.unit}s of ${drawn.from}`,
  );
}

/**
 * How far a sum over calls that is scaled up from a draw may be from the sum of the whole, as a share of it at 95
 * %; the largest of all rows. Units are drawn one by one, each with the same probability (Horvitz and Thompson
 * 1952).
 *
 * @param amount the expression to sum over the view `selected`: 1 per call counts calls
 */
export async function scaledError(
  connection: DuckDBConnection,
  { share, unit }: DrawnShare,
  amount = "1",
): Promise<number> {
  const [{ error }] = await rowsOf<{ error: number | null }>(
    connection,
    `select max(sqrt(squares) / amount) as error from (
       select sum(x) as amount, sum(x * x) as squares
       from (
         select g, coalesce(${unit}_id, task_id, call_id) as drawn_by, sum(${amount})::double as x
         from selected where chosen group by all
       )
       group by g
     ) where amount > 0`,
  );
  return normalQuantile(0.975) * Math.sqrt(1 - share) * (error ?? Number.NaN);
}
