import { addTotals, noTotals, type StratumTotals } from "../../stats/standardise";
import type { Level } from "./mixLevels";

/** Sums over a stratum on one side: see the statement `stratum_sums`. */
export interface StratumSum {
  metric: string;
  g: string | number;
  second: boolean;
  stratum: string | number;
  /** Calls, tasks or scores as they are, with their numerator and denominator; and without copies. */
  n: number;
  c: number;
  d: number;
  apart: number;
  /**
   * Those in hours that both sides have, by calendar weight: their number without copies, length, numerator and denominator.
   */
  matched: number;
  weight: number;
  /** Squares of the weights. */
  ww: number;
  x: number;
  xx: number;
  s: number;
  xs: number;
  r: number;
  xr: number;
}

/** Minimum units on each side for a stratum to be compared. */
const fewest = 5;
/** Minimum units on each side for a range of lengths, or its hours, to be a cell of its own. */
const enough = 16;
/** What one side has of a cell. */
export interface Side extends StratumTotals {
  /** Units as they are, with their numerator and denominator; and those that are no copies, all and the matched ones. */
  all: number;
  c: number;
  d: number;
  apart: number;
  matched: number;
  ww: number;
}
export interface Sides {
  a: Side;
  b: Side;
}
/** The cell that each stratum is put into. */
export type Cut = ReadonlyMap<string, string>;

/** Units of either side that are compared. */
interface Matched {
  a: number;
  b: number;
}

const none = (): Side => ({ ...noTotals(), all: 0, c: 0, d: 0, apart: 0, matched: 0, ww: 0 });

/** Share of comparable units that a finer level must keep. */
const keep = 0.95;

/**
 * The cells of the finest level that keeps 95 % of what the coarsest keeps: the same for all metrics of the same units.
 *
 * @param levels of the mix, finest first
 */
export function cutAt(sums: readonly StratumSum[], levels: readonly Level[]): Cut {
  const coarsest = cellsOf(sums, levels.at(-1) as Level);
  if (levels.length === 1) return coarsest;
  const most = coverage(sidesOf(sums, coarsest));
  for (const level of levels.slice(0, -1)) {
    const cut = cellsOf(sums, level);
    if (coverage(sidesOf(sums, cut)) >= keep * most) return cut;
  }
  return coarsest;
}

/** The cells of a level: lengths are divided as finely as the units on both sides allow, and hours within them. */
function cellsOf(sums: readonly StratumSum[], level: Level): Cut {
  const strata = new Map<string | number, Matched>();
  for (const one of sums)
    addMatched(strata, one.stratum, one.second ? 0 : one.matched, one.second ? one.matched : 0);
  const placed = [...strata].map(([stratum, { a, b }]) => {
    const { place, length, working } = level.get(String(stratum)) as Place;
    return { stratum: String(stratum), place, length, working, a, b };
  });
  const lengths = new Map<string, Map<number, Matched>>();
  for (const { place, length, a, b } of placed)
    addMatched(
      at(lengths, place, () => new Map()),
      length,
      a,
      b,
    );
  const parts = new Map([...lengths].map(([place, own]) => [place, partsOf(own)]));
  const inParts = placed.map((one) => ({
    ...one,
    part: `${one.place} ${parts.get(one.place)?.get(one.length)}`,
  }));
  const hours = new Map<string, Map<number, Matched>>();
  for (const { part, working, a, b } of inParts)
    addMatched(
      at(hours, part, () => new Map()),
      working,
      a,
      b,
    );
  const apart = new Set(
    [...hours].flatMap(([part, own]) =>
      [...own.values()].every(({ a, b }) => a === 0 || Math.min(a, b) >= enough) ? part : [],
    ),
  );
  const cells = new Map<string, string>();
  return new Map(
    inParts.map(({ stratum, part, working }) => {
      const cell = apart.has(part) ? `${part} ${working}` : part;
      return [stratum, at(cells, cell, () => String(cells.size))];
    }),
  );
}

type Place = { place: string; length: number; working: number };

function addMatched<K>(cells: Map<K, Matched>, key: K, a: number, b: number): void {
  const into = at(cells, key, () => ({ a: 0, b: 0 }));
  into.a += a;
  into.b += b;
}

/** What both sides have of each cell. */
export function sidesOf(sums: readonly StratumSum[], cut: Cut): Map<string, Sides> {
  const cells = new Map<string, Sides>();
  for (const one of sums) {
    const sides = at(cells, cut.get(String(one.stratum)) as string, () => ({ a: none(), b: none() }));
    const into = one.second ? sides.b : sides.a;
    addTotals(into, one, one.weight);
    into.all += one.n;
    into.c += one.c;
    into.d += one.d;
    into.apart += one.apart;
    into.matched += one.matched;
    into.ww += one.ww;
  }
  return cells;
}

/**
 * The range of each length: neighbours are merged until both sides have enough units; calls of unknown
 * length, 0, stay apart.
 */
function partsOf(lengths: ReadonlyMap<number, Matched>): Map<number, number> {
  const parts = new Map([[0, 0]]);
  let [part, a, b] = [1, 0, 0];
  const known = [...lengths.keys()].filter((length) => length > 0).sort((x, y) => x - y);
  for (const length of known) {
    const own = lengths.get(length) as Matched;
    parts.set(length, part);
    [a, b] = [a + own.a, b + own.b];
    if (a >= enough && b >= enough) [part, a, b] = [part + 1, 0, 0];
  }
  // What is left at the long end joins its neighbour.
  for (const [length, own] of parts) if (own === part && part > 1) parts.set(length, part - 1);
  return parts;
}

function at<K, V>(map: Map<K, V>, key: K, made: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const found = made();
  map.set(key, found);
  return found;
}

/** How many times a unit of a side stands in the log. */
export const copiesOf = ({ all, apart }: Side): number => (apart > 0 ? all / apart : 1);

/** True if both sides have enough units to be compared. */
export const isCommon = ({ a, b }: Sides) => a.matched >= fewest && b.matched >= fewest;

/** Share of side a that lies in cells that side b has as well. */
export function coverage(cells: ReadonlyMap<string, Sides>): number {
  let [common, all] = [0, 0];
  for (const one of cells.values()) {
    all += one.a.n;
    if (isCommon(one)) common += one.a.n;
  }
  return all > 0 ? common / all : 0;
}
