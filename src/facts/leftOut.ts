import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../stats/text";
import { rowsOnce } from "../store/once";
import { rowsOf } from "../store/run";

/** The kinds of calls that are not production answers, what identifies them, and the column that includes them. */
const kinds = {
  evaluation: { is: "environment = 'evaluation'", column: "environment", name: "evaluation runs" },
  load: { is: "environment = 'load test'", column: "environment", name: "load-test calls" },
  other: {
    is: "role <> 'answer'",
    column: "role",
    name: "calls of judges, simulated users and other helpers",
  },
  embeddings: { is: "operation = 'embeddings'", column: "operation", name: "embeddings" },
} as const;
type Kind = keyof typeof kinds;

/** What stays for each column that is not named: conditions on calls. */
export const unlessNamed: Readonly<Record<string, string>> = Object.fromEntries(
  [...new Set(Object.values(kinds).map(({ column }) => column))].map((column) => [
    column,
    Object.values(kinds)
      .filter((kind) => kind.column === column)
      .map(({ is }) => `(${is}) is not true`)
      .join(" and "),
  ]),
);

const firstKind = (some: readonly string[]) =>
  `case ${some.map((kind) => `when ${kinds[kind as Kind].is} then '${kind}'`).join(" ")} end as kind`;

const counted = (calls: number, name: string) =>
  `${grouped(calls)} ${calls === 1 ? name.replace(/^((?:evaluation |load-test )?\w+)s\b/, "$1") : name}`;

/** How many calls of the view `selected` no measure takes for production answers, in a sentence; absent if none. */
export async function amongSelected(connection: DuckDBConnection): Promise<string | undefined> {
  const found = await rowsOf<{ kind: Kind | null; calls: number }>(
    connection,
    `select ${firstKind(Object.keys(kinds))}, count(*)::double as calls from selected group by kind`,
  );
  const said = Object.entries(kinds).flatMap(([kind, { name, column }]) => {
    const calls = found.find((one) => one.kind === kind)?.calls ?? 0;
    return calls > 0 ? [`${counted(calls, name)} (${column})`] : [];
  });
  // Where there is nothing else, nothing is mixed.
  return said.length === 0 || found.length === 1 ? undefined : `Among all calls: ${said.join(", ")}.`;
}

/** Where there is nothing but evaluation runs. */
export const allEvaluated =
  "All calls are evaluation runs, which are left out by default; include them with --where \"environment = 'evaluation'\"";

/**
 * What a measure leaves out unless it is named: conditions on the calls that stay, absent if nothing is left out.
 */
interface LeftOut {
  production?: string;
  answers?: string;
  /** True where all calls are evaluation runs, and these are left out. */
  isAllEvaluated: boolean;
  /** What those conditions leave out of the calls for which `chosen` holds, in a sentence. */
  noteOf(conditions: readonly (string | undefined)[], chosen: string): Promise<string | undefined>;
}

/**
 * Leaves out evaluation runs, load tests beside production, judges and embeddings, unless their column is `named`.
 * (A filter adds a few milliseconds to a scan, so only those that leave something out are set.)
 */
export async function leftOut(connection: DuckDBConnection, named: ReadonlySet<string>): Promise<LeftOut> {
  const exists = (is: string, name: string) => `exists (select 1 from calls where ${is}) as ${name}`;
  const [found] = await rowsOnce<Record<Kind | "production", boolean>>(
    connection,
    `select ${Object.entries(kinds).map(([kind, { is }]) => exists(is, kind))},
       ${exists("environment is null or environment not in ('evaluation', 'load test')", "production")}`,
  );
  const isNamed = {
    environment: named.has("environment"),
    role: named.has("role"),
    operation: named.has("operation"),
  };
  const excludes: Record<Kind, boolean> = {
    evaluation: found.evaluation && !isNamed.environment,
    // A log with nothing but a load test is what the user asks about; beside production, a load test would be
    // mistaken for it.
    load: found.load && found.production && !isNamed.environment,
    other: found.other && !isNamed.role,
    embeddings: found.embeddings && !isNamed.operation && !isNamed.role,
  };
  const without = (...some: Kind[]) => {
    const parts = some.filter((kind) => excludes[kind]).map((kind) => `(${kinds[kind].is}) is not true`);
    return parts.length === 0 ? undefined : parts.join(" and ");
  };
  const isAllEvaluated = excludes.evaluation && !found.production && !found.load;
  return {
    production: without("evaluation", "load"),
    answers: without("other", "embeddings"),
    isAllEvaluated,
    async noteOf(conditions, chosen) {
      const kept = conditions.filter((one) => one !== undefined).map((one) => `(${one})`);
      if (kept.length === 0) return undefined;
      if (isAllEvaluated) return `${allEvaluated}.`;
      const leftKinds = Object.entries(kinds).filter(([kind]) => excludes[kind as Kind]);
      // A call of two kinds counts once, as the first of them.
      const left = await rowsOnce<{ kind: Kind; calls: number }>(
        connection,
        `select ${firstKind(leftKinds.map(([kind]) => kind))}, count(*)::double as calls
         from calls where (${chosen}) and not (${kept.join(" and ")}) group by kind`,
      );
      const said = leftKinds.flatMap(([kind, { name, column }]) => {
        const calls = left.find((one) => one.kind === kind)?.calls ?? 0;
        return calls > 0
          ? [`${counted(calls, name)} (--by ${column} shows ${calls === 1 ? "it" : "them"})`]
          : [];
      });
      return said.length === 0 ? undefined : `Left out: ${said.join(", ")}.`;
    },
  };
}

const both = (...conditions: (string | undefined)[]): string =>
  conditions.filter((condition) => condition !== undefined).join(" and ") || "true";

/**
 * "answers" leaves out evaluation runs, judges and embeddings unless `where` or `by` names them.
 * "tasks" holds all calls but evaluation runs, including those that `where` does not choose: the column `chosen`
 * says which it does. "judged" holds evaluation runs as well, for measures of scores wherever they were made.
 */
export type Population = "answers" | "tasks" | "judged" | "all";

/** Which rows a selection has, which are counted, which of these answer, and the conditions that leave calls out. */
export function populationOf(
  {
    population = "answers",
    keepsToProduction = false,
  }: { population?: Population; keepsToProduction?: boolean },
  chosen: string | undefined,
  { production, answers }: Pick<LeftOut, "production" | "answers">,
) {
  // Calls that `where` does not choose stay there if tasks have to be whole.
  const { rows, excluded } = {
    answers: { rows: both(chosen, production, answers), excluded: [production, answers] },
    tasks: { rows: both(production), excluded: [production] },
    judged: { rows: "true", excluded: keepsToProduction ? [production] : [] },
    all: { rows: both(chosen), excluded: [] },
  }[population];
  const counted = both(rows === "true" ? undefined : rows, chosen);
  const isWhole = population === "tasks" || population === "judged";
  return { rows, excluded, counted, answering: isWhole ? both(production, chosen, "answers") : counted };
}
