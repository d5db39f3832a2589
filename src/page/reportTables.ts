import { isEstimate, type Row } from "../measures/table";

/** A row in which the column's name says already what the dollars are paid for. */
export function inDollars(row: Row): Row {
  const cells = Object.entries(row).map(([name, cell]) => {
    const paid = isEstimate(cell) && cell.unit?.startsWith("USD/");
    return [name, paid ? { ...cell, unit: "USD" } : cell];
  });
  return Object.fromEntries(cells);
}
