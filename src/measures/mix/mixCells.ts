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
/** Strata put together into cells. */
export interface Cut {
  keyOf: (stratum: string | number) => string;
  strata: Map<string, Sides>;
}
const none = (): Side => ({ ...noTotals(), all: 0, c: 0, d: 0, apart: 0, matched: 0, ww: 0 });

/** The cells of a level: lengths are divided as finely as the units on both sides allow, and hours within them. */
export function pooled(sums: readonly StratumSum[], level: Level): Cut {
  type Place = { place: string; length: number; working: number };
  const [groups, cells] = [new Map<string, Map<number, Sides>>(), new Map<string, string>()];
  const known = (stratum: string | number) => level.get(String(stratum)) as Place;
  for (const one of sums) {
    const { place, length } = known(one.stratum);
    add(
      at(groups, place, () => new Map()),
      length,
      one,
    );
  }
  const parts = new Map([...groups].map(([place, lengths]) => [place, partsOf(lengths)]));
  const partOf = ({ place, length }: Place) => `${place} ${parts.get(place)?.get(length)}`;
  const halves = new Map<string, Map<number, Sides>>();
  for (const one of sums) {
    const stratum = known(one.stratum);
    add(
      at(halves, partOf(stratum), () => new Map()),
      stratum.working,
      one,
    );
  }
  const apart = new Set(
    [...halves].flatMap(([part, hours]) =>
      [...hours.values()].every((sides) => sides.a.matched === 0 || isCommon(sides, enough)) ? part : [],
    ),
  );
  const keyOf = (stratum: string | number) =>
    at(cells, String(stratum), () => {
      const one = known(stratum);
      const part = partOf(one);
      return apart.has(part) ? `${part} ${one.working}` : part;
    });
  const found: Cut["strata"] = new Map();
  for (const one of sums) add(found, keyOf(one.stratum), one);
  return { keyOf, strata: found };
}

/**
 * The range of each length: neighbours are merged until both sides have enough units; calls of unknown
 * length, 0, stay apart.
 */
function partsOf(lengths: ReadonlyMap<number, Sides>): Map<number, number> {
  const parts = new Map([[0, 0]]);
  let [part, a, b] = [1, 0, 0];
  const known = [...lengths.keys()].filter((length) => length > 0).sort((x, y) => x - y);
  for (const length of known) {
    const own = lengths.get(length) as Sides;
    parts.set(length, part);
    [a, b] = [a + own.a.matched, b + own.b.matched];
    if (a >= enough && b >= enough) [part, a, b] = [part + 1, 0, 0];
  }
  // What is left at the long end joins its neighbour.
  for (const [length, own] of parts) if (own === part && part > 1) parts.set(length, part - 1);
  return parts;
}

function at<K, V>(map: Map<K, V>, key: K, made: () => V): V {
  const found = map.get(key) ?? made();
  map.set(key, found);
  return found;
}

function add<K>(cells: Map<K, Sides>, key: K, one: StratumSum): void {
  const sides = at(cells, key, () => ({ a: none(), b: none() }));
  const into = one.second ? sides.b : sides.a;
  addTotals(into, one, one.weight);
  into.all += one.n;
  into.c += one.c;
  into.d += one.d;
  into.apart += one.apart;
  into.matched += one.matched;
  into.ww += one.ww;
}

/** How many times a unit of a side stands in the log. */
export const copiesOf = ({ all, apart }: Side): number => (apart > 0 ? all / apart : 1);

/** True if both sides have enough units to be compared. */
export const isCommon = ({ a, b }: Sides, least = fewest) => a.matched >= least && b.matched >= least;

/** Share of side a that lies in cells that side b has as well. */
export function coverage({ strata }: Cut): number {
  let [common, all] = [0, 0];
  for (const one of strata.values()) {
    all += one.a.n;
    if (isCommon(one)) common += one.a.n;
  }
  return all > 0 ? common / all : 0;
}
