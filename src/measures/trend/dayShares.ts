import { unclustered } from "../../facts/cluster";
import { groupsOf, select } from "../../facts/select";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { MeasureRequest } from "../options";
import { rowKey } from "../rowKey";
import type { Row } from "../table";
import { type BinShares, keyOf } from "./moved";

const sql = statements(__dirname, "dayShares.sql");

/** What the calls of each day were, by group and date. */
export type Shares = Map<string, Map<string, BinShares>>;

/** The calls of each day, by the group's key and the date. */
export async function sharesOf(store: Store, request: MeasureRequest, per: string) {
  const first = await select(store, request, { cluster: unclustered });
  const { requested, by } = first;
  first.close();
  if (by.includes("day") || by.includes("week"))
    throw new RangeError(
      `trend requires by without day or week, which --per sets, got "${requested.join()}"`,
    );
  const selection = await select(store, request, {
    cluster: unclustered,
    by: [...requested, per],
    population: "tasks",
  });
  try {
    const { connection } = selection;
    await run(connection, sql.shares);
    const rows = await rowsOf<{ g: string; what: string; value: string | null; n: number }>(
      connection,
      sql.shares_of_groups,
    );
    const groups = new Map((await groupsOf(selection)).map(({ g, by: keys }): [string, Row] => [g, keys]));
    const counts = new Map<string, number>();
    for (const { g, what, n } of rows) if (what === "calls") counts.set(g, n);
    const shares: Shares = new Map();
    for (const { g, what, value, n } of rows) {
      const keys = groups.get(g);
      if (keys === undefined || by.includes(what)) continue;
      const [key, date, calls] = [rowKey(by, keys), String(keys[per]), counts.get(g) ?? n];
      const days = shares.get(key) ?? new Map<string, BinShares>();
      shares.set(key, days);
      const day = days.get(date) ?? { calls, shares: new Map<string, number>() };
      days.set(date, day);
      (day.shares as Map<string, number>).set(keyOf(what, value), value === null ? n : n / calls);
    }
    return { by, requested, shares };
  } finally {
    selection.close();
  }
}
