import { quoteName } from "../store/quote";
import type { Names } from "./names";

/** The parts of the view's statement in calls.sql: its terms, and those that they build on. */
const layout =
  /^([\s\S]*?)(create [^\n]*\nselect\n)\s*\*,\n([\s\S]*)(\nfrom \(\n\s*select\n)\s*\*,\n([\s\S]*)(\n\s*from calls\n\))$/;

/** The names in a piece of SQL, without its comments. */
export function namesIn(sql = ""): string[] {
  const found = sql.replace(/--.*$/gm, "").match(/"(?:[^"]|"")*"|\w+/g) ?? [];
  return found.map((name) => name.replace(/^"|"$/g, "").replaceAll('""', '"').toLowerCase());
}

/**
 * The statement of the view `facts` with only the facts and columns that some SQL names, and what these build on:
 * every statement binds all that the view has, which takes longer than a scan of a small log.
 *
 * @param facts the statement with all facts
 * @param names the names that stand for themselves are columns of calls
 * @param texts the SQL that will read the view
 */
export function narrowFacts(facts: string, names: Names, texts: readonly (string | undefined)[]): string {
  const [, about, create, terms, from, basics, end] = layout.exec(facts) as RegExpExecArray;
  const listed = (list: string) => list.split(/(?<=\bas \w+),\n/);
  const nameOf = (term: string) => /(\w+)\s*$/.exec(term)?.[1] as string;
  const sqlOf = new Map([...listed(terms), ...listed(basics)].map((term) => [nameOf(term), term]));
  const named = new Set(texts.flatMap((text) => namesIn(text)));
  // A set that grows while it is read gives what was added as well.
  for (const name of named) for (const other of namesIn(sqlOf.get(name) ?? "")) named.add(other);
  const kept = (list: string) => listed(list).filter((term) => named.has(nameOf(term)));
  const own = [...names]
    .filter(([name, sql]) => sql === quoteName(name) && named.has(name.toLowerCase()))
    .map(([, sql]) => `    ${sql}`);
  const said = about.split("\n").filter((line) => named.has(/^-- `(\w+)`/.exec(line)?.[1] ?? ""));
  return [
    ...said.map((line) => `${line}\n`),
    create,
    ["  *", ...kept(terms)].join(",\n"),
    from,
    [...own, ...kept(basics)].join(",\n"),
    end,
  ].join("");
}
