import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { Keyed, Row } from "../table";

const sql = statements(__dirname, "structured.sql");

/** How often a program can use the output of one row's calls. */
export type StructuredRow = Keyed<{
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
}>;

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
 * const { rows } = await qualityStructured(store, { by: "model" });
 * rows[0].json_valid.value.toFixed(2) // "0.96"
 */
export const qualityStructured = defineMeasure({
  name: "structured",
  of: "quality",
  about: "valid JSON, the schema, repairs and tool calls",
  needs: ["json_valid or schema_valid"],
  async table({ selection, options }): Promise<Result<StructuredRow>> {
    const { connection, by, clusterBy } = selection;
    await run(connection, sql.views);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy, whole: true });
    const groups = await rowsOf<Group>(connection, sql.rows);
    const requested = groups.filter(({ g }) =>
      (["json", "schema", "tools"] as const).some((kind) => ratios.size(g, kind) > 0),
    );
    const rows = requested.map(({ g, by: key, calls }): StructuredRow => {
      const rate = (kind: Kind, counted: string) =>
        ratios.rate(g, kind, { n: ratios.size(g, kind), unit: "1", counted });
      return {
        ...(by.length === 0 ? {} : key),
        calls,
        json_valid: rate("json", "calls known to be valid JSON or not"),
        schema_valid: rate("schema", "calls known to fit a schema or not"),
        valid_first: rate("first", "tasks whose first answer is known to be valid or not"),
        valid_last: rate("last", "tasks whose last answer is known to be valid or not"),
        repaired: rate("repaired", "tasks whose first answer is not valid"),
        tool_success: rate("tools", "spans of tool calls with a status"),
      };
    });
    return {
      rows,
      none: "No output is valid JSON, fits a schema or calls a tool: none seems to have been requested.",
      notes:
        rows.length === 0 || rows.length === groups.length
          ? []
          : [
              "Workloads without any valid JSON, schema or tool call are left out: none seems to have been requested.",
            ],
      behind: {
        from: "select g, at_row, valid::int as amount from answers",
        amount: { name: "valid", first: "invalid", least: true },
        n: ({ calls }) => calls,
      },
    };
  },
});

type Kind = "json" | "schema" | "first" | "last" | "repaired" | "tools";
type Group = { g: GroupKey; by: Row; calls: number };
