import { quoteName } from "../store/quote";
import { statements } from "../store/statements";
import type { Names } from "./names";

const basics = statements(__dirname, "basics.sql");
const terms = statements(__dirname, "terms.sql");
const sqlOf: Readonly<Record<string, string | undefined>> = { ...basics, ...terms };

/** Some columns of calls as SQL, and the names of some of their facts. */
export interface Facts {
  columns: readonly string[];
  has(name: string): boolean;
}

export const allFacts: Facts = { columns: ["*"], has: () => true };

/** The query of calls with their facts. */
export function factsQuery({ columns, has }: Facts = allFacts, calls = "calls"): string {
  const listed = (of: Record<string, string>) =>
    Object.entries(of).flatMap(([name, sql]) => (has(name) ? [`${sql} as ${name}`] : []));
  const list = (items: readonly string[]) => items.join(",\n");
  return `select\n${list(["*", ...listed(terms)])}\nfrom (\nselect\n${list([...columns, ...listed(basics)])}\nfrom ${calls}\n)`;
}

/** The names in a piece of SQL, without its comments. */
export function namesIn(sql = ""): string[] {
  const quoted = sql.replace(/--.*$/gm, "").match(/"(?:[^"]|"")*"|\w+/g) ?? [];
  return quoted.map((name) => name.replace(/^"|"$/g, "").replaceAll('""', '"').toLowerCase());
}

/**
 * The facts and columns that some SQL names, and what these build on: every statement binds all that the view has, which
 * takes longer than a scan of a small log.
 *
 * @param names the names that stand for themselves are columns of calls
 * @param texts the SQL that will read the view
 */
export function factsRead(names: Names, texts: readonly (string | undefined)[]): Facts {
  const named = new Set(texts.flatMap((text) => namesIn(text)));
  // A set that grows while it is read gives what was added as well.
  for (const name of named) for (const other of namesIn(sqlOf[name])) named.add(other);
  const columns = [...names]
    .filter(([name, sql]) => sql === quoteName(name) && named.has(name.toLowerCase()))
    .map(([, sql]) => sql);
  return { columns, has: (name) => named.has(name) };
}
