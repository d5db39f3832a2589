import { join } from "node:path";
import { select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { type MeasureOptions, requestOf } from "../options";
import type { Row, Table } from "../table";

const sql = statements<"views" | "sums" | "rows">(join(__dirname, "structured.sql"));

/** How often a program can use the output of one row's calls. */
export interface StructuredRow extends Row {
  calls: number;
  /** Shares of the calls whose output parses as JSON, and fits the requested schema. */
  json_valid: Estimate;
  schema_valid: Estimate;
  /** Shares of the tasks whose first answer is valid, and whose last one is. */
  valid_first: Estimate;
  valid_last: Estimate;
  /** Of the tasks whose first answer isn't valid, the share that end with a valid one. */
  repaired: Estimate;
  /** The share of tool calls that succeeded: spans of a stage named after a tool. */
  tool_success: Estimate;
}

/**
 * Whether programs can use the output: valid JSON, fit to the schema, repair by another attempt, tool calls.
 *
 * An answer is valid if neither its JSON nor its fit to the schema is known to be wrong and at least one is known to be
 * right. n counts the calls, tasks or spans for which this is known. A task belongs to the row of its first answering
 * call.
 *
 * @remarks Method: Wilson at the effective number of clusters, see `rateFromSums`.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await structured(store, { by: "model" });
 * rows[0].json_valid.value.toFixed(2) // "0.96"
 */
export async function structured(store: Store, options: MeasureOptions = {}): Promise<Table<StructuredRow>> {
  const request = requestOf("structured", options);
  const selection = await select(store, request);
  try {
    const { connection, by, clusterBy } = selection;
    await run(connection, sql.views);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy, whole: true });
    const found = await rowsOf<Found>(connection, sql.rows);
    const rows = found.map((one): StructuredRow => {
      const rate = (kind: Kind, counted: string) =>
        ratios.rate(one.g, kind, { n: ratios.size(one.g, kind), unit: "1", counted });
      return {
        ...(by.length === 0 ? {} : one.by),
        calls: one.calls,
        json_valid: rate("json", "calls known to be valid JSON or not"),
        schema_valid: rate("schema", "calls known to fit a schema or not"),
        valid_first: rate("first", "tasks whose first answer is known to be valid or not"),
        valid_last: rate("last", "tasks whose last answer is known to be valid or not"),
        repaired: rate("repaired", "tasks whose first answer is not valid"),
        tool_success: rate("tools", "spans of tool calls with a status"),
      };
    });
    const columns: Kind[] = ["json", "schema", "tools"];
    const shown = rows.filter((_, at) => columns.some((kind) => ratios.size(found[at].g, kind) > 0));
    const notes = [...selection.notes];
    if (rows.length === 0) notes.push("No call is selected.");
    else if (shown.length === 0)
      notes.push(
        "No output is valid JSON, fits a schema or calls a tool: none seems to have been requested.",
      );
    else if (shown.length < rows.length)
      notes.push(
        "Workloads without any valid JSON, schema or tool call are left out: none seems to have been requested.",
      );
    return withCalls(
      { measure: "structured", by, rows: shown, notes },
      (again) => structured(again, options),
      {
        from: "select g, at_row, valid::int as amount from answers",
        amount: { name: "valid", first: "invalid", least: true },
        n: ({ calls }) => calls,
      },
    );
  } finally {
    selection.close();
  }
}

type Kind = "json" | "schema" | "first" | "last" | "repaired" | "tools";
type Found = { g: GroupKey; by: Row; calls: number };
