import type { DuckDBConnection } from "@duckdb/node-api";
import { attributesOf } from "../facts/nameSources";
import type { Selection } from "../facts/select";
import { parseExpression } from "../store/expression";
import { rowsOnce } from "../store/once";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import { columnsOf } from "../store/schema";

/** A column with few values, and how many it has among the calls selected. */
export interface FewValued {
  name: string;
  kind: "text" | "yes or no" | "number";
  values: number;
}

/** A column with more values than this tells calls apart better than groups of them. */
const mostValues = 200;

/** Columns of calls that say in a word what a call is; ids, and what only some calls share a kind of, are none. */
const words = Object.entries(columnsOf("calls")).flatMap(([name, { type, varied, holds }]) =>
  type === "BOOLEAN" || (type === "VARCHAR" && !varied && holds !== "id" && holds !== "made")
    ? [{ name, kind: type === "BOOLEAN" ? ("yes or no" as const) : ("text" as const) }]
    : [],
);

/** The columns, the log's own attributes among them, of which the selected calls have from two to some values. */
export async function fewValued({ connection }: Selection): Promise<FewValued[]> {
  const all = await wordsOf(connection);
  const [found] = await rowsOf<Counts>(connection, `select ${countsOf(all)} from selected`);
  return fewOf(all, found).filter(({ values }) => values >= 2);
}

/** A value of a column, with the calls that have it. */
export interface ValueCounts {
  value: string | number | boolean | null;
  calls: number;
  /** Null where the log knows the status of none of them. */
  failed: number | null;
}

/**
 * Columns with few values in the log, each with the calls selected by its value, most frequent first; those that no call
 * selected has are left out.
 *
 * @param isOwn false for another engine, which has no grouping sets here
 */
export async function valuesOfColumns(
  { connection }: Selection,
  isOwn: boolean,
): Promise<{ name: string; values: ValueCounts[] }[]> {
  const all = await wordsOf(connection);
  // The whole log is asked once: its columns of few values have few in every selection.
  const [found] = await rowsOnce<Counts>(connection, `select ${countsOf(all)} from calls`);
  const names = fewOf(all, found).map(({ name }) => name);
  if (names.length === 0) return [];
  const columns = names.map(quoteName);
  const counts = `count(*)::double as calls,
    case when count(status) > 0 then (count(*) filter (where failed))::double end as failed`;
  const byColumn: ValueCounts[][] = [];
  if (isOwn) {
    // One pass for all of them takes a quarter of the time of one for each.
    const rows = await rowsOf<Record<string, unknown>>(
      connection,
      `select ${columns.map((column, at) => `${column} as v${at}, grouping(${column}) as k${at}`).join(", ")}, ${counts}
       from selected group by grouping sets (${columns.map((column) => `(${column})`).join(", ")})`,
    );
    for (const at of names.keys())
      byColumn.push(
        rows
          .filter((row) => Number(row[`k${at}`]) === 0)
          .map((row) => ({ value: row[`v${at}`], calls: row.calls, failed: row.failed }) as ValueCounts),
      );
  } else
    for (const column of columns)
      byColumn.push(
        await rowsOf<ValueCounts>(
          connection,
          `select ${column} as "value", ${counts} from selected group by all`,
        ),
      );
  return names
    .map((name, at) => ({
      name,
      values: byColumn[at].sort((a, b) => b.calls - a.calls || inOrder(a.value, b.value)),
    }))
    .filter(({ values }) => values.some(({ value }) => value !== null));
}

/** Values as the engine orders them, the missing one last. */
function inOrder(a: ValueCounts["value"], b: ValueCounts["value"]): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

type Named = Omit<FewValued, "values">;
/** Of each column its values (v) and whether some call has none (e), as `countsOf` asks for them. */
type Counts = Record<string, number>;

async function wordsOf(connection: DuckDBConnection): Promise<Named[]> {
  const attributes = (await attributesOf(connection)).map(({ name, type }) => ({
    name,
    kind:
      type === "VARCHAR"
        ? ("text" as const)
        : type === "BOOLEAN"
          ? ("yes or no" as const)
          : ("number" as const),
  }));
  return [...words, ...attributes];
}

const countsOf = (columns: readonly Named[]): string =>
  columns
    .map(
      ({ name }, at) =>
        `count(distinct ${quoteName(name)})::double as v${at}, (count(*) filter (where ${quoteName(name)} is null))::double as e${at}`,
    )
    .join(", ");

/** The columns that have values, and not too many. */
const fewOf = (columns: readonly Named[], found: Counts): FewValued[] =>
  columns
    .map((one, at) => ({ ...one, values: found[`v${at}`] + Number(found[`e${at}`] > 0) }))
    .filter(({ values }, at) => values <= mostValues && found[`v${at}`] > 0);

/** The columns that a predicate reads. */
export async function readIn(where: string | undefined): Promise<ReadonlySet<string>> {
  if (where === undefined) return new Set();
  const { columns } = await parseExpression(where, "where");
  return new Set(
    columns.flatMap((path) => [path.join("."), path.at(-1) ?? ""]).map((name) => name.toLowerCase()),
  );
}
