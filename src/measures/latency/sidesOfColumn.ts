import type { Selection } from "../../facts/select";
import { grouped } from "../../stats/text";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { mostDrawn } from "../estimate/clusterTotals";
import type { GroupKey } from "../estimate/ratios";
import { groupedBy, keysOf, rowKey } from "../rowKey";
import type { Row } from "../table";

const sql = statements(__dirname, "varianceByProvider.sql");

/** Values of a column beyond which they are no few places to compare: its differences would take minutes to draw. */
const mostSides = 100;

type Cell = { g: GroupKey; unit: number | string; n: number; total: number; squares: number };

/** The calls of one value of the column in one cluster: how many, and sums of the logarithms of their durations. */
export type Sided = Omit<Cell, "g"> & { side: string };

/** The rows with calls of several values of the column, and the groups that have none of its values. */
export async function servedBy(connection: Selection["connection"], by: readonly string[], side: string) {
  const groups = await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.groups);
  const cells = groupedBy(await rowsOf<Cell>(connection, sql.cells, { most: mostDrawn }), ({ g }) => g);
  const isKnown = ({ by: values }: { by: Row }) => values[side] !== null;
  const rows = groupedBy(groups.filter(isKnown), (group) => rowKey(by, group.by));
  const served = [...rows.values()].flatMap((sides) => {
    const ofGroup = sides.flatMap(({ g, by: values }): Sided[] =>
      (cells.get(g) ?? []).map((cell) => ({ ...cell, side: String(values[side]) })),
    );
    const names = [...new Set(ofGroup.map((cell) => cell.side))];
    if (names.length > mostSides)
      throw new RangeError(
        `latencyBetween requires between to have at most ${mostSides} values in a row, got ${grouped(names.length)} of "${side}"`,
      );
    return names.length < 2 ? [] : [{ values: keysOf(by, sides[0].by), ofGroup, names }];
  });
  return { served, unknown: groups.filter((group) => !isKnown(group)).map(({ g }) => g) };
}
