import { attributesOf } from "../facts/nameSources";
import type { Selection } from "../facts/select";
import { parseExpression } from "../store/expression";
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
export async function fewValued({ connection }: Selection, least = 2): Promise<FewValued[]> {
  const attributes = (await attributesOf(connection)).map(({ name, type }) => ({
    name,
    kind:
      type === "VARCHAR"
        ? ("text" as const)
        : type === "BOOLEAN"
          ? ("yes or no" as const)
          : ("number" as const),
  }));
  const all = [...words, ...attributes];
  const counts = all.map(
    ({ name }, at) =>
      `count(distinct ${quoteName(name)})::double as v${at}, (count(*) filter (where ${quoteName(name)} is null))::double as e${at}`,
  );
  const [found] = await rowsOf<Record<string, number>>(
    connection,
    `select ${counts.join(", ")} from selected`,
  );
  return all
    .map((one, at) => ({ ...one, values: found[`v${at}`] + Number(found[`e${at}`] > 0) }))
    .filter(({ values }, at) => values >= least && values <= mostValues && found[`v${at}`] > 0);
}

/** The columns that a predicate reads. */
export async function readIn(where: string | undefined): Promise<ReadonlySet<string>> {
  if (where === undefined) return new Set();
  const { columns } = await parseExpression(where, "where");
  return new Set(
    columns.flatMap((path) => [path.join("."), path.at(-1) ?? ""]).map((name) => name.toLowerCase()),
  );
}
