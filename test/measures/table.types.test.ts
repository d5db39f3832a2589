import { test } from "node:test";
import type * as decide from "../../src/decide/index";
import type * as evalset from "../../src/evalset/index";
import type * as explore from "../../src/explore/index";
import type * as library from "../../src/index";
import type * as measures from "../../src/measures/index";

// What these say is checked by the compiler, with all other types.

type Tables = typeof measures & typeof decide & typeof explore & typeof evalset;
type RowOf<F> = F extends (...given: never) => infer T
  ? Awaited<T> extends { rows: readonly (infer R)[] }
    ? R
    : never
  : never;
type WithAnyName = {
  [K in keyof Tables]-?: [RowOf<Tables[K]>] extends [never]
    ? never
    : string extends keyof RowOf<Tables[K]>
      ? K
      : never;
}[keyof Tables];

test("the rows of every table have columns of their own, but for those whose columns the caller names", () => {
  const why: Record<WithAnyName, string> = {
    metricTable: "the metrics asked for",
    choiceTable: "the criteria of the profile",
    readScores: "the columns of a file",
    fromDataFrame: "the columns of a data frame",
  };
  void why;
});

test("a misspelled column of a measure's or a decision's row does not compile", () => {
  const misspelled = [
    // @ts-expect-error
    (row: library.LatencyRow) => row.qantiles,
    // @ts-expect-error
    (row: RowOf<typeof library.latency>) => row.qantiles,
    // @ts-expect-error
    (row: decide.CompareRow) => row.verdcit,
    // @ts-expect-error
    (row: library.ChoiceRow) => row.utilty,
    // @ts-expect-error
    (row: library.RowOf<typeof library.quality>) => row.maen,
  ];
  void misspelled;
});

test("what by may ask for compiles on every row, and a name of its own on any row", () => {
  const keys = (row: library.LatencyRow): (string | number | boolean | null | undefined)[] => [
    row.model,
    row.input_third,
    row.weekday,
    row.hour,
    row.stream,
    row["attributes.tenant"],
  ];
  const own = (row: library.LatencyRow): library.Cell => (row as library.Row).quarter;
  const both = ({ quarter, n }: library.LatencyRow & library.Row): [library.Cell, number] => [quarter, n];
  const any = (table: library.Table<library.LatencyRow>): library.Table => table;
  void [keys, own, both, any];
});
