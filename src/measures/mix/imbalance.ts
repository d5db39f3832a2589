import type { DuckDBConnection } from "@duckdb/node-api";
import { fisherFCdf } from "../../stats/fisherF";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { Column } from "./mixLevels";
import type { SharedItems } from "./sameWork";

const tables = ["gap_properties", "gap_sizes", "gap_parts", "gap_wholes", "gap_values"] as const;
const sql = statements(__dirname, "mix.sql");

/** How far a group is from its whole in a mean length or in the share of a value: see the statement `imbalance`. */
export interface Gap {
  g: string;
  whole: string;
  what: Column;
  value: string;
  gap: number;
  variance: number;
  /** Effective clusters of the whole. */
  effective: number;
}

/** Reads the gaps of every group, over the tables `call_units` and `wholes`. */
export async function gapsOf(connection: DuckDBConnection): Promise<Gap[]> {
  for (const table of tables) await run(connection, sql[table]);
  return rowsOf<Gap>(connection, sql.imbalance);
}

/**
 * True if the groups' work differs by more than chance gives clusters (users) that fall on groups at random.
 *
 * One test for each column, of all groups and values together, and Bonferroni over the columns.
 *
 * @param columns to test
 * @remarks Pearson's chi-square with its variance taken over clusters: Rao & Scott (1981), first-order correction,
 * doi:10.1080/01621459.1981.10477633; as F on the effective clusters less one.
 */
export function beyondChance(gaps: readonly Gap[], columns: readonly Column[], level = 0.95): boolean {
  const tests = columns.flatMap((column) => {
    const own = gaps.filter(({ what }) => what === column);
    const wholes = new Map<string, { groups: Set<string>; values: Set<string> }>();
    for (const { g, whole, value } of own) {
      const found = wholes.get(whole) ?? { groups: new Set(), values: new Set() };
      wholes.set(whole, found);
      found.groups.add(g);
      found.values.add(value);
    }
    // Shares of all values add up to 1, and a whole is all its groups: each leaves one fewer free.
    const free = [...wholes.values()].reduce(
      (sum, { groups, values }) => sum + (groups.size - 1) * (column === "length" ? 1 : values.size - 1),
      0,
    );
    const told = own.filter(({ variance, gap }) => variance > 1e-12 * gap * gap && variance > 0);
    if (free === 0 || told.length === 0) return [];
    const mean = told.reduce((sum, { gap, variance }) => sum + (gap * gap) / variance, 0) / told.length;
    const effective = Math.min(...told.map((one) => one.effective));
    return effective > 2 ? [1 - fisherFCdf(mean, free, effective - 1)] : [];
  });
  return tests.some((p) => p <= (1 - level) / tests.length);
}

/** True if some group was asked other prompts than its whole, by more than calls that fall on groups at random are; Bonferroni. */
export const itemsBeyondChance = (groups: readonly SharedItems[], level = 0.95): boolean =>
  groups.some(
    ({ chi, prompts }) =>
      prompts > 1 &&
      1 - fisherFCdf(chi / (prompts - 1), prompts - 1, manyCalls) <= (1 - level) / groups.length,
  );

/** Degrees of freedom at which F times its first is a chi-square. */
const manyCalls = 1e7;
