/** A rectangle in shares of a plot's width and height, from its lower left corner. */
export interface Box {
  left: number;
  right: number;
  low: number;
  high: number;
}

/** Where a name is anchored, in shares of the plot, and to which side of there it is written. */
export interface Place {
  x: number;
  y: number;
  side: "right" | "center" | "left";
}

/** A point that wants its name beside it, how many letters that has, and its intervals; a ring makes it larger. */
export interface Named {
  letters: number;
  ring: boolean;
  at: { x: number; y: number };
  bars: readonly Box[];
}

/** The share of a small plot's width that a letter takes, and of its height a line: 195 by 235 pixels, or more. */
const [LETTER, LINE] = [0.03, 0.065];
/** Half the width and height of a point and of a ring. */
const POINT = { x: 0.032, y: 0.027 };
const RING = { x: 0.072, y: 0.06 };
/** How far above or below its point the middle of a name may be, in lines beyond the nearest. */
const RISES = [0, 0.8, 1.6];
/** Rounds in which names look for a better place once all have one. */
const ROUNDS = 3;

/** What it costs that a name is not drawn, reaches out of the plot, or hides something. */
const costs = {
  isCut: 20,
  isOutside: 4,
  hidesName: 3,
  hidesPoint: 1.5,
  hidesInterval: 0.8,
  hidesOwnInterval: 0.4,
  hidesLine: 0.08,
  isNearerToAnother: 2,
  /** By the share of the plot that it is away from its own point. */
  isAway: 4,
};

/**
 * Places each name beside its point so that, if possible, it hides no other name, point, interval or line.
 *
 * @param points the most important first
 * @param line pieces of a line
 */
export function namePlaces(points: readonly Named[], line: readonly Box[] = []): Place[] {
  const dots = points.map(({ at, ring }): Box => {
    const half = ring ? RING : POINT;
    return { left: at.x - half.x, right: at.x + half.x, low: at.y - half.y, high: at.y + half.y };
  });
  const candidates = points.map(candidatesOf);
  const alone = candidates.map((places, point) =>
    places.map(({ x, y, box }) => {
      const away = distance(box, dots[point]!);
      const isNearerToAnother = dots.some((dot, other) => other !== point && distance(box, dot) < away);
      return (
        // A name is drawn only if its anchor is within the axes.
        costs.isCut * Number(x < 0 || x > 1 || y < 0 || y > 1) +
        costs.isOutside * outside(box) +
        costs.hidesPoint * hidden(box, dots) +
        costs.hidesInterval *
          hidden(
            box,
            points.flatMap(({ bars }, other) => (other === point ? [] : bars)),
          ) +
        costs.hidesOwnInterval * hidden(box, points[point]!.bars) +
        costs.hidesLine * hidden(box, line) +
        costs.isNearerToAnother * Number(isNearerToAnother) +
        costs.isAway * away
      );
    }),
  );
  const chosen = alone.map(smallest);
  const overNames = (at: number, place: number, without: number) =>
    costs.hidesName *
    hidden(
      candidates[at]![place]!.box,
      chosen.flatMap((one, other) =>
        other === at || other === without ? [] : [candidates[other]![one]!.box],
      ),
    );
  // Two names are moved at a time: one alone often has no better place until the other leaves its own.
  for (let round = 0; round < ROUNDS; round++)
    for (let one = 0; one < points.length; one++)
      for (let two = one + 1; two < points.length; two++) {
        const of = (at: number, other: number) =>
          candidates[at]!.map((_, place) => alone[at]![place]! + overNames(at, place, other));
        const [first, second] = [of(one, two), of(two, one)];
        const both = first.flatMap((a, i) =>
          second.map(
            (b, j) => a + b + costs.hidesName * hidden(candidates[one]![i]!.box, [candidates[two]![j]!.box]),
          ),
        );
        const best = smallest(both);
        chosen[one] = Math.floor(best / second.length);
        chosen[two] = best % second.length;
      }
  return chosen.map((place, at) => candidates[at]![place]!);
}

/** The places that a name may take, and what each covers. */
function candidatesOf({ at, ring, letters }: Named): (Place & { box: Box })[] {
  // A name with a ring is bold, and so wider.
  const width = (ring ? 1.15 : 1) * LETTER * letters;
  const half = ring ? RING : POINT;
  const beside = (y: number, off: number): Place[] => [
    { x: at.x + off, y, side: "right" },
    { x: at.x - off, y, side: "left" },
  ];
  // Just off the middle, so that the name leaves its own vertical interval free.
  const places = [
    ...beside(at.y, half.x),
    ...[1, -1].flatMap((up): Place[] => [
      ...beside(at.y + up * (LINE / 2 + 0.01), half.x),
      ...RISES.flatMap((lines) => {
        const y = at.y + up * (half.y + (lines + 0.5) * LINE);
        return [{ x: at.x, y, side: "center" as const }, ...beside(y, 0.015)];
      }),
    ]),
  ];
  return places.map((place) => {
    const left = place.x - { right: 0, center: width / 2, left: width }[place.side];
    return {
      ...place,
      box: { left, right: left + width, low: place.y - LINE / 2, high: place.y + LINE / 2 },
    };
  });
}

const smallest = (values: readonly number[]) => values.indexOf(Math.min(...values));

/** How far two boxes are apart; 0 if they touch. */
function distance(one: Box, other: Box): number {
  const x = Math.max(0, other.left - one.right, one.left - other.right);
  const y = Math.max(0, other.low - one.high, one.low - other.high);
  return Math.hypot(x, y);
}

const outside = ({ left, right, low, high }: Box) =>
  Number(left < -0.01) + Number(right > 1.08) + Number(low < 0) + Number(high > 1.1);

const hidden = (box: Box, others: readonly Box[]) =>
  others.filter(
    (one) => one.left < box.right && box.left < one.right && one.low < box.high && box.low < one.high,
  ).length;
