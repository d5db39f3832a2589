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
 * selected has are left out. `varied` names the columns that have too many values in the log to be shown.
 *
 * @param isOwn false for another engine, which has no grouping sets here
 */
export async function valuesOfColumns(
  { connection }: Selection,
  isOwn: boolean,
): Promise<{ columns: { name: string; values: ValueCounts[] }[]; varied: string[] }> {
  const all = await wordsOf(connection);
  // The whole log is asked once: its columns of few values have few in every selection.
  const [found] = await rowsOnce<Counts>(connection, `select ${countsOf(all)} from calls`);
  const names = fewOf(all, found).map(({ name }) => name);
  const varied = all.map(({ name }) => name).filter((_, at) => found[`v${at}`] > mostValues);
  if (names.length === 0) return { columns: [], varied };
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
  const told = names
    .map((name, at) => ({
      name,
      values: byColumn[at].sort((a, b) => b.calls - a.calls || inOrder(a.value, b.value)),
    }))
    .filter(({ values }) => values.some(({ value }) => value !== null));
  return { columns: told, varied };
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
/** Fewer calls for each of a column's values than this can have one value of another column by chance. */
const enoughEach = 10;

/** How a column follows from another: value by value both ways, one way only, or not. */
type Following = "same" | "follows" | "apart";

/**
 * Whether each value of one column comes with one value of the other, as a model's provider or its full name. Calls that lack
 * either tell nothing, but half of all have to have both.
 */
async function following({ connection }: Selection, one: string, other: string): Promise<Following> {
  const [{ calls, both, pairs, ones, others }] = await rowsOf<Record<string, number>>(
    connection,
    `select sum(n)::double as calls, coalesce(sum(n) filter (one is not null and other is not null), 0)::double as both,
       (count(*) filter (one is not null and other is not null))::double as pairs,
       (count(distinct one) filter (other is not null))::double as ones,
       (count(distinct other) filter (one is not null))::double as others
     from (select ${quoteName(one)} as one, ${quoteName(other)} as other, count(*) as n from selected group by all)`,
  );
  if (Math.min(ones, others) < 2 || 2 * both < calls) return "apart";
  const leads = (values: number) => values === pairs && both >= enoughEach * values;
  return leads(ones) && leads(others) ? "same" : leads(ones) || leads(others) ? "follows" : "apart";
}

/**
 * The columns that are worth holding against a selection by those of `read`: without what follows from one of these, or each
 * of these from it, and without what says the same as an earlier column. `left` says which these are.
 */
export async function telling(
  selection: Selection,
  all: readonly FewValued[],
  read: ReadonlySet<string>,
): Promise<{ columns: FewValued[]; left: string[] }> {
  const isRead = ({ name }: FewValued) => read.has(name.toLowerCase());
  const columns: FewValued[] = [];
  const left: string[] = [];
  for (const one of all.filter((column) => !isRead(column))) {
    let said: string | undefined;
    for (const other of [...all.filter(isRead), ...columns]) {
      // Two that say the same have as many values, but that one may lack some.
      if (!isRead(other) && Math.abs(other.values - one.values) > 1) continue;
      const found = await following(selection, one.name, other.name);
      if (found === "apart" || (found === "follows" && !isRead(other))) continue;
      said = other.name;
      break;
    }
    if (said === undefined) columns.push(one);
    else left.push(`${one.name} (${said})`);
  }
  return { columns, left };
}

/** The columns that a predicate reads. */
export async function readIn(where: string | undefined): Promise<ReadonlySet<string>> {
  if (where === undefined) return new Set();
  const { columns } = await parseExpression(where, "where");
  return new Set(
    columns.flatMap((path) => [path.join("."), path.at(-1) ?? ""]).map((name) => name.toLowerCase()),
  );
}
