import { random } from "../../stats/random";

const names = [
  "tasks",
  "priced",
  "open",
  "cost",
  "cost_high",
  "with_outcome",
  "resolved",
  "timed",
  "seconds",
  "tokens",
] as const;
export type Name = (typeof names)[number];
export type Sums = Record<Name, number>;

/** Sums over the tasks of one model, third of length and cluster. */
export interface RouteCell extends Omit<Sums, "cost_high"> {
  /** With every unknown cost at its most; null if the log has all prices. */
  cost_high: number | null;
  g: string | number;
  third: number;
  unit: unknown;
}

/** Tasks that a model needs in a third of the length for lengths to be held equal. */
const fewestOfThird = 20;

export const resamples = 1999;
const splits = 40;

/**
 * A number for the whole data first, then for every resample, then for the two halves of every split of the
 * clusters.
 */
export type Series = Float64Array;

/** The index in a series of a half, and of the other one. */
export const halves: readonly (readonly [half: number, other: number])[] = Array.from(
  { length: 2 * splits },
  (_, i) => [1 + resamples + i, 1 + resamples + (i ^ 1)],
);
const length = 1 + resamples + halves.length;

/** Sums for every model and third, whole and resampled, over clusters that they all share. */
export interface Resampled {
  thirds: number[];
  clusters: number;
  /** The sum of a column over groups and thirds, whole and in each resample. */
  series(groups: readonly string[], thirds: readonly number[], name: Name): Series;
  /** A group's sums over some thirds, and its clusters. */
  of(g: string, thirds: readonly number[]): Sums & { clusters: number };
  /** For a group and some thirds: the tasks with a known outcome, and the resolved ones, of each cluster. */
  outcomes(g: string, thirds: readonly number[]): { with_outcome: number; resolved: number }[];
}

/** Draws whole clusters, the same for all columns. */
export function resampled(cells: readonly RouteCell[], seed: number | undefined): Resampled {
  const units = [...new Set(cells.map(({ unit }) => unit))];
  const place = new Map(units.map((unit, at) => [unit, at]));
  const columns = new Map<string, Float64Array>();
  const keyOf = (g: string | number, third: number, name: Name) => `${g} ${third} ${name}`;
  for (const cell of cells)
    for (const name of names) {
      const value = cell[name];
      if (value === null) continue;
      const key = keyOf(cell.g, cell.third, name);
      const column = columns.get(key) ?? new Float64Array(units.length);
      column[place.get(cell.unit) as number] += value;
      columns.set(key, column);
    }
  const sums = drawnSums(columns, units.length, seed);
  const each = (g: string, thirds: readonly number[], name: Name): number[] =>
    units.map((_, at) =>
      thirds.reduce((sum, third) => sum + (columns.get(keyOf(g, third, name))?.[at] ?? 0), 0),
    );
  const series = (groups: readonly string[], thirds: readonly number[], name: Name): Series => {
    const sum = new Float64Array(length);
    for (const g of groups)
      for (const third of thirds) {
        const own = sums.get(keyOf(g, third, name));
        if (own !== undefined) for (let i = 0; i < sum.length; i++) sum[i] += own[i];
      }
    return sum;
  };
  return {
    thirds: [...new Set(cells.map(({ third }) => third))].sort(),
    clusters: units.length,
    series,
    of(g, thirds) {
      const own = names.map((name) => [name, series([g], thirds, name)[0]]);
      const clusters = each(g, thirds, "tasks").filter((tasks) => tasks > 0).length;
      return { ...(Object.fromEntries(own) as Sums), clusters };
    },
    outcomes(g, thirds) {
      const resolved = each(g, thirds, "resolved");
      return each(g, thirds, "with_outcome").flatMap((with_outcome, at) =>
        with_outcome > 0 ? [{ with_outcome, resolved: resolved[at] }] : [],
      );
    },
  };
}

/** Each column as a series; most clusters have nothing in a given column. */
function drawnSums(
  columns: ReadonlyMap<string, Float64Array>,
  clusters: number,
  seed: number | undefined,
): Map<string, Series> {
  const sparse = [...columns].map(([key, column]) => {
    const filled = Int32Array.from(column.keys()).filter((at) => column[at] !== 0);
    return {
      key,
      filled,
      values: Float64Array.from(filled, (at) => column[at]),
      sums: new Float64Array(length),
    };
  });
  const { integer } = random(seed);
  const times = new Uint32Array(clusters).fill(1);
  const order = Uint32Array.from(times.keys());
  for (let draw = 0; draw < length; draw++) {
    if (draw > resamples + 1 && (draw - resamples) % 2 === 0)
      for (let k = 0; k < clusters; k++) times[k] ^= 1;
    else if (draw > resamples) halve(times, order, integer);
    else if (draw > 0) {
      times.fill(0);
      for (let k = 0; k < clusters; k++) times[integer(clusters)]++;
    }
    for (const { filled, values, sums } of sparse) {
      let sum = 0;
      for (let i = 0; i < filled.length; i++) sum += times[filled[i]] * values[i];
      sums[draw] = sum;
    }
  }
  return new Map(sparse.map(({ key, sums }) => [key, sums]));
}

/** Takes a random half of the clusters once, and the rest not at all. */
function halve(times: Uint32Array, order: Uint32Array, integer: (n: number) => number): void {
  for (let k = order.length - 1; k > 0; k--) {
    const other = integer(k + 1);
    [order[k], order[other]] = [order[other], order[k]];
  }
  times.fill(0);
  for (let k = 0; k < order.length / 2; k++) times[order[k]] = 1;
}

/** A type of tasks: its groups, one per model, and the thirds of the length that belong to it. */
export interface RequestType {
  groups: readonly string[];
  thirds: readonly number[];
}

/** Thirds with fewer of a type's tasks, such as those of unknown length, are assumed to be like the others. */
const fewestShare = 0.02;

/** The thirds with enough of a type's tasks to be treated separately. */
export function filled(data: Resampled, { groups, thirds }: RequestType): number[] {
  const [all] = data.series(groups, thirds, "tasks");
  return thirds.filter((third) => data.series(groups, [third], "tasks")[0] >= fewestShare * all);
}

/** True if every third that counts has enough tasks of every one of the models. */
export function enoughByThird(data: Resampled, type: RequestType, models: readonly string[]): boolean {
  return models.every((g) =>
    (["priced", "with_outcome"] as const).every(
      (name) =>
        data.series([g], type.thirds, name)[0] === 0 ||
        filled(data, type).every((third) => data.series([g], [third], name)[0] >= fewestOfThird),
    ),
  );
}
