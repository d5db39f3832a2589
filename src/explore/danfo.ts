/** The part of a danfojs DataFrame that this library uses; danfo's own type has the rest. */
export interface DataFrame {
  readonly shape: number[];
  readonly columns: string[];
  readonly dtypes: string[];
  readonly index: (string | number)[];
  readonly values: unknown[][];
  print(): void;
  // Its columns are properties, and danfo's documentation lists its other methods.
  // biome-ignore lint/suspicious/noExplicitAny: a frame's fields are its columns
  [name: string]: any;
}

interface Danfojs {
  DataFrame: (new (
    rows: unknown[][] | Record<string, unknown[]>,
    options: { columns?: string[]; dtypes?: string[]; index?: (string | number)[] },
  ) => DataFrame) & { prototype: DataFrame };
}

let loaded: Danfojs | undefined;

/**
 * Returns danfojs, patched to leave out missing values wherever they would fail or be counted.
 *
 * @param asker the function that needs it, for the error where it is not installed
 */
export function danfojs(asker: string): Danfojs {
  if (loaded !== undefined) return loaded;
  try {
    loaded = require("danfojs-node") as Danfojs;
  } catch (error) {
    throw new Error(
      `${asker} requires danfojs-node, which does not come with this package; ` +
        'install it by the line under "In another project" in docs/library.md, or use toArrow instead',
      { cause: error },
    );
  }
  mend(loaded);
  return loaded;
}

const isKnown = (value: unknown) =>
  value !== null && value !== undefined && !(typeof value === "number" && Number.isNaN(value));

/**
 * danfo 1.2's `describe` fails on missing values and on times, `groupby` counts null as 0 and gives NaN for a group
 * with a missing value, `sortValues` stops sorting at one and sorts texts only by their first letter, and `fillNa`
 * changes the original frame as well as the copy.
 */
function mend({ DataFrame }: Danfojs): void {
  const { prototype } = DataFrame;
  const { describe, groupby, fillNa } = prototype;
  prototype.fillNa = function (this: DataFrame, values: unknown, options: { inplace?: boolean } = {}) {
    if (options.inplace) return fillNa.call(this, values, options);
    const rows = this.values.map((row) => [...row]);
    const copy = new DataFrame(rows, {
      columns: [...this.columns],
      dtypes: [...this.dtypes],
      index: [...this.index] as string[],
    });
    fillNa.call(copy, values, { ...options, inplace: true });
    return copy;
  };
  prototype.describe = function (this: DataFrame) {
    const numbers = this.columns.filter((_, at) => /^(float|int)/.test(this.dtypes[at]));
    const index = ["count", "mean", "std", "min", "median", "max", "variance"];
    const stats = numbers.map((name) => {
      const known = this[name].values.filter(isKnown);
      if (known.length === 0) return [0, ...index.slice(1).map(() => Number.NaN)];
      const alone = new DataFrame({ [name]: known }, {});
      const own = describe.call(alone).values.map(([value]: unknown[]) => value);
      return known.length > 1
        ? own
        : own.map((value: unknown, at: number) => (/std|variance/.test(index[at]) ? Number.NaN : value));
    });
    return new DataFrame(
      index.map((_, row) => stats.map((own) => own[row])),
      { columns: numbers, index, dtypes: numbers.map(() => "float32") },
    );
  };
  prototype.groupby = function (this: DataFrame, columns: string[]) {
    return knownGroups(groupby.call(this, columns));
  };
  prototype.sortValues = function (
    this: DataFrame,
    column: string,
    options: { ascending?: boolean; inplace?: boolean } = {},
  ) {
    const { ascending = true, inplace = false } = options;
    if (!this.columns.includes(column))
      throw new RangeError(`sortValues requires a column of ${this.columns.join(", ")}, got "${column}"`);
    const values: unknown[] = this[column].values;
    const places = values.map((_, at) => at);
    const sign = ascending ? 1 : -1;
    // Missing values come last, ascending or descending.
    places.sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (!isKnown(x) || !isKnown(y)) return Number(!isKnown(x)) - Number(!isKnown(y));
      return x === y ? 0 : (x as number) < (y as number) ? -sign : sign;
    });
    const rows = places.map((at) => this.values[at]);
    const index = places.map((at) => this.index[at]);
    if (!inplace) return new DataFrame(rows, { columns: [...this.columns], dtypes: [...this.dtypes], index });
    this.$setValues(rows);
    this.$setIndex(index);
    return undefined;
  };
}

// The operations that give one number per group; the others give one per row.
const ofGroup = /^(mean|sum|count|mode|std|var|median|min|max)$/;

/** Groups that use only the known values. */
function knownGroups<G extends Record<string, unknown>>(groups: G): G {
  const { groupMathLog, col } = groups as Record<string, (...given: unknown[]) => unknown>;
  return Object.assign(groups, {
    groupMathLog(values: unknown[], operation: string) {
      if (!ofGroup.test(operation)) return groupMathLog.call(groups, values, operation);
      const known = values.filter(isKnown);
      if (operation === "count") return [known.length];
      const none = known.length === 0 || (known.length === 1 && /^(std|var)$/.test(operation));
      return none ? [Number.NaN] : groupMathLog.call(groups, known, operation);
    },
    col(...given: unknown[]) {
      return knownGroups(col.apply(groups, given) as G);
    },
  });
}
