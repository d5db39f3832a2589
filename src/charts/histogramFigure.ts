import { axis } from "./axis";
import { scaleOf } from "./ecdf";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatCount, formatNumber } from "./number";
import { styleOf } from "./palette";
import { shorten, told } from "./text";

/** The number of values in a bin; a bin that begins and ends at 0 counts the zeros. */
export interface BinnedCurve {
  name: string;
  n: number;
  bins: readonly { from: number; to: number; n: number }[];
  /** Sorted values, from which the unit is chosen. */
  points: { x: readonly number[]; y: readonly number[] };
}

export interface HistogramOptions {
  title?: string;
  /** The unit of the values: "s" is shown in ms if all values are small. */
  unit?: string;
  /** What the values are, as the axis title: "cost". */
  quantity?: string;
}

/**
 * A histogram with bins of equal width on a logarithmic axis: it shows two humps, a long tail and a wall at a time
 * limit, which a mean hides. Shares, so that groups of unequal size can be compared; values of 0 are given in words.
 *
 * @example
 * histogramFigure([{ name: "alder", n: 4, bins: [{ from: 1, to: 2, n: 3 }, { from: 2, to: 4, n: 1 }], points: { x: [1, 3], y: [0.2, 0.8] } }]).data[0].y // [75, 75, 25, 25]
 */
export function histogramFigure(curves: readonly BinnedCurve[], options: HistogramOptions = {}): Figure {
  const { title, quantity = "" } = options;
  const scale = scaleOf(curves, options.unit);
  const drawn = curves.map(({ n, bins }) => {
    const x: (number | null)[] = [];
    const y: (number | null)[] = [];
    let last: number | undefined;
    for (const { from, to, n: inside } of bins) {
      if (!(from > 0)) continue;
      // An empty bin drops to zero.
      if (last !== undefined && from > last * 1.0001) {
        x.push(last * scale.factor, from * scale.factor);
        y.push(0, 0);
      }
      const share = n === 0 ? 0 : (100 * inside) / n;
      x.push(from * scale.factor, to * scale.factor);
      y.push(share, share);
      last = to;
    }
    return { x, y };
  });
  const words = [quantity, scale.unit].filter(Boolean).map((word) => label(word));
  const parts = told(curves, ({ name, n, bins }) => {
    const most = bins
      .filter(({ from }) => from > 0)
      .reduce((a, b) => (b.n > a.n ? b : a), { from: 0, to: 0, n: 0 });
    const zero = bins.find(({ to }) => to === 0)?.n ?? 0;
    const at = `most between ${formatNumber(most.from * scale.factor, { digits: 2 })} and ${formatNumber(most.to * scale.factor, { digits: 2 })} ${scale.unit}`;
    return `${shorten(name, 60)} (n ${formatCount(n)}): ${at.trim()}${zero > 0 ? `, ${formatCount(zero)} are 0` : ""}`;
  });
  return {
    data: curves.map(({ name }, at) => {
      const { color, dash } = styleOf(at);
      return {
        type: "scatter",
        mode: "lines",
        name: label(name),
        ...drawn[at]!,
        line: { color, dash, width: 2 },
        hovertemplate: `${label(name)}: %{y:.1f} % near %{x:.3~g} ${label(scale.unit)}`,
      };
    }),
    layout: frame({
      title: title && label(title, 120),
      x: axis(
        drawn.flatMap(({ x }) => x.filter((one): one is number => one !== null)),
        { log: true, title: words.join(", ") },
      ),
      y: {
        ...axis([0, ...drawn.flatMap(({ y }) => y.filter((one): one is number => one !== null))], {
          percent: true,
        }),
        title: { text: "share in a bin", standoff: 8, font: { size: 13 } },
      },
      height: 400,
      legend: curves.length > 1,
    }),
    description: `Histogram${quantity ? ` of ${shorten(quantity, 60)}` : ""} in bins of a logarithmic axis. ${parts}`,
  };
}
