import { binomialCdf } from "../../src/stats/binomial";
import { holm } from "../../src/stats/multiplicity";
import type { Cell } from "./tally";

const known = (cell: Cell) => cell.hits.filter((hit) => !Number.isNaN(hit));
const held = (cell: Cell) => known(cell).reduce((sum, hit) => sum + hit, 0);

/** The chance of so few hits, and of so many, if the true coverage were 95 %. */
function tails(cell: Cell): { few: number; many: number } {
  const [hits, runs] = [held(cell), known(cell).length];
  return { few: binomialCdf(hits, runs, 0.95), many: 1 - binomialCdf(hits - 1, runs, 0.95) };
}

/** The share of intervals that hold the truth, and its standard error: seeds are independent, their cells are not. */
function pooled(cells: Cell[]): { share: number; error: number } {
  const all = cells.flatMap(known);
  const share = all.reduce((sum, hit) => sum + hit, 0) / all.length;
  const seeds = Math.max(...cells.map(({ hits }) => hits.length));
  let squares = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const own = cells.map(({ hits }) => hits[seed]).filter((hit) => hit !== undefined && !Number.isNaN(hit));
    squares += own.reduce((sum, hit) => sum + hit - share, 0) ** 2;
  }
  return { share, error: Math.sqrt(squares) / all.length };
}

const percent = (share: number, digits = 1) => (100 * share).toFixed(digits);

/** One row per measure, all models and workloads together. */
export function calibrationTable(cells: readonly Cell[]): string {
  const some = cells.filter((cell) => known(cell).length > 0);
  const few = holm(some.map((cell) => Math.min(1, 2 * tails(cell).few)));
  const many = holm(some.map((cell) => Math.min(1, 2 * tails(cell).many)));
  const measures = [...new Set(some.map(({ measure }) => measure))];
  const rows = measures.map((measure) => {
    const own = some.filter((cell) => cell.measure === measure);
    const at = (p: Float64Array) => some.filter((cell, i) => cell.measure === measure && p[i] < 0.05).length;
    const { share, error } = pooled(own);
    const all = own.flatMap(known).length;
    const sum = (name: "above" | "below" | "open") =>
      own.reduce((total, cell) => total + cell[name], 0) / all;
    return [
      measure,
      own.length,
      all,
      `${percent(share)} ± ${percent(error)}`,
      `${percent(Math.min(...own.map((cell) => held(cell) / known(cell).length)), 0)} to ${percent(Math.max(...own.map((cell) => held(cell) / known(cell).length)), 0)}`,
      percent(sum("below")),
      percent(sum("above")),
      percent(sum("open"), 0),
      at(few),
      at(many),
    ];
  });
  const head = [
    "measure",
    "cells",
    "intervals",
    "hold the truth, %",
    "by cell, %",
    "too low, %",
    "too high, %",
    "open, %",
    "cells too seldom",
    "cells too often",
  ];
  const line = (row: (string | number)[]) => `| ${row.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}
