import type { Selection } from "../../facts/select";
import { sumDraws } from "../../stats/sumDraws";
import { columnsOfResult } from "../../store/columns";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { mostDrawn } from "../estimate/clusterTotals";
import type { CostCounts } from "./costRatios";

const sql = statements(__dirname, "costPairs.sql");

const sums = ["cost", "tokens", "attempts", "tasks", "resolved", "call_cost", "calls"] as const;
/** The same sums of money with every unknown cost at its most; they are there only if the log lacks prices. */
const highest = { cost: "cost_high", call_cost: "call_cost_high" } as const;
type Name = (typeof sums)[number] | (typeof highest)[keyof typeof highest];
/** Sums of one model's tasks, by name. */
export type Sums = Record<Name, number>;
type Columns = Record<Name, Float64Array>;
/** The sums of one model's tasks, and their resamples. */
export interface Known {
  counts: CostCounts;
  units: ReadonlySet<unknown>;
  whole: Sums;
  draws: Columns;
}
/** One of the models that are compared. */
export interface Side extends Known {
  /** The same with every unknown cost at its most. */
  highest: Known;
}

type Cells = Map<string, Map<unknown, Sums>>;

/** The sums of each row and cluster. */
export async function cellsOf({ connection }: Selection): Promise<Cells> {
  const columns = await columnsOfResult<"g" | "unit" | Name>(connection, sql.cells, { most: mostDrawn });
  const cells: Cells = new Map();
  for (let row = 0; row < columns.rows; row++) {
    const g = String(columns.g[row]);
    if (!cells.has(g)) cells.set(g, new Map());
    const values = [...sums, ...Object.values(highest)].map((name) => [name, columns[name][row]]);
    cells.get(g)?.set(columns.unit[row], Object.fromEntries(values) as Sums);
  }
  return cells;
}

/** The calls of each row whose tokens are not known, of all that went well. */
export async function withoutTokens({ connection }: Selection): Promise<Map<string, Tokenless>> {
  const rows = await rowsOf<{ g: string } & Tokenless>(connection, sql.without_tokens);
  return new Map(rows.map(({ g, ...counts }) => [g, counts]));
}

/** Calls whose tokens are not known, of all that went well. */
export interface Tokenless {
  unknown: number;
  calls: number;
}

/** The sums of every model and their resamples, by clusters that all models of the workload share. */
export function sides(
  counts: CostCounts[],
  cells: Cells,
  { missesPrices }: Selection,
  seed?: number,
): Side[] {
  const units = [
    ...new Set(counts.flatMap(({ g }) => [...(cells.get(String(g)) as Map<unknown, Sums>).keys()])),
  ];
  const names: Name[] = [...sums, ...(missesPrices ? Object.values(highest) : [])];
  const columns = counts.flatMap(({ g }) =>
    names.map((name) => Float64Array.from(units, (unit) => cells.get(String(g))?.get(unit)?.[name] ?? 0)),
  );
  const drawn = sumDraws(columns, { seed });
  return counts.map((row, index) => {
    const from = index * names.length;
    const named = <T>(of: (i: number) => T) =>
      Object.fromEntries(names.map((name, i) => [name, of(from + i)])) as Record<Name, T>;
    const whole = named((i) => columns[i].reduce((sum, x) => sum + x, 0));
    const draws = named((i) => drawn[i]);
    const side = { counts: row, units: new Set(cells.get(String(row.g))?.keys()), whole, draws };
    const raised = <T>(of: Record<Name, T>) => ({ ...of, cost: of.cost_high, call_cost: of.call_cost_high });
    return {
      ...side,
      highest: missesPrices ? { ...side, whole: raised(whole), draws: raised(draws) } : side,
    };
  });
}

/** A ratio of the sums in every resample. */
export function drawsOf({ draws }: Known, of: (s: Sums) => number): Float64Array {
  const resample = {} as Sums;
  return draws.cost.map((_, draw) => {
    for (const name of sums) resample[name] = draws[name][draw];
    return of(resample);
  });
}
