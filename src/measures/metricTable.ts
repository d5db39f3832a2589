import type { Store } from "../store/open";
import { withCallsOf } from "./behind";
import { columnDoubts } from "./columnDoubts";
import { metric } from "./metric";
import { type Found, type FoundRow, nothing } from "./metricFound";
import { type MetricTableOptions, measures } from "./metricReaders";
import { rowKey } from "./rowKey";
import { shared } from "./shared";
import type { Table } from "./table";

/**
 * Returns production metrics side by side: one row for each group of `by`, one Estimate for each metric.
 *
 * @returns a table; a group that a measure has no data for gets no value there, and a note says so
 * @throws RangeError for an invalid name, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await metricTable(store, { metrics: ["duration_p50"], by: "model" });
 * rows[0].duration_p50.value.toFixed(1) // "11.2"
 */
export async function metricTable(store: Store, options: MetricTableOptions): Promise<Table> {
  const { raters, ...plain } = options;
  return shared(store, "metricTable", { ...plain, raters: raters && [...raters] }, () =>
    measuredNow(store, options),
  );
}

async function measuredNow(store: Store, options: MetricTableOptions): Promise<Table> {
  const metrics = options.metrics.map((name) => ({ ...metric(name), name }));
  if (metrics.length === 0) throw new RangeError("metricTable requires at least one metric, got none");
  const parts: Found[] = [];
  for (const [measure, find] of Object.entries(measures)) {
    const own = metrics.filter(({ source }) => source.measure === measure);
    const known = parts.find((part) => part.by.length > 0)?.by;
    if (own.length > 0) parts.push(await find(store, own as never, options, known));
  }
  const by = parts.find((part) => part.by.length > 0)?.by ?? [];
  const rows = new Map<string, Required<FoundRow>>();
  for (const part of parts) {
    for (const one of part.rows) {
      const key = rowKey(by, one.by);
      const row = rows.get(key) ?? { by: one.by, found: {}, origins: {} };
      Object.assign(row.found, one.found);
      Object.assign(row.origins, one.origins);
      rows.set(key, row);
    }
  }
  const all = [...rows.values()];
  const doubted = await columnDoubts(store, options, by);
  const table = {
    measure: "metrics",
    by,
    rows: all.map((row) => ({
      ...row.by,
      ...Object.fromEntries(
        metrics.map((one) => {
          const found = row.found[one.name] ?? nothing(one, options);
          return [one.name, doubted?.(row.by, found) ?? found];
        }),
      ),
    })),
    notes: [...new Set(parts.flatMap(({ notes }) => notes))],
  };
  return withCallsOf(table, (_, at) => {
    const { found, origins } = all[at];
    return Object.fromEntries(
      metrics.map(({ name }) => [name, found[name]?.n > 0 ? origins[name] : undefined]),
    );
  });
}
