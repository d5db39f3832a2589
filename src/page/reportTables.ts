import { isEstimate, type Row, type Table } from "../measures/table";

/** A row in plain dollars, whose column names already say what is paid for. */
export function inDollars(row: Row): Row {
  const cells = Object.entries(row).map(([name, cell]) => {
    const paid = isEstimate(cell) && cell.unit?.startsWith("USD/");
    return [name, paid ? { ...cell, unit: "USD" } : cell];
  });
  return Object.fromEntries(cells);
}

/** One table per workload, captioned with its name. */
export function byWorkload(table: Table): { table: Table; caption: string }[] {
  const by = table.by.filter((name) => name !== "workload");
  return [...new Set(table.rows.map(({ workload }) => workload))].map((workload) => ({
    table: {
      ...table,
      by,
      rows: table.rows.filter((row) => row.workload === workload).map(({ workload: _, ...row }) => row),
      notes: [],
    },
    caption: workload === undefined || workload === null ? "All calls" : String(workload),
  }));
}

/** The models that the rows of a table name. */
export const modelsIn = ({ rows }: Pick<Table, "rows">): string[] => [
  ...new Set(rows.flatMap(({ model }) => (typeof model === "string" ? [model] : []))),
];
