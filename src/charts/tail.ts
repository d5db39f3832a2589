import { axis } from "./axis";
import {
  type Curve,
  describe,
  type EcdfOptions,
  marksOf,
  quantileName,
  scaleOf,
  shapeOf,
  traces,
} from "./ecdf";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatCount } from "./number";

/** Quantiles that label the figure's lines, for readers who think in p99 rather than in one in a hundred. */
const LINES = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];

/**
 * The tail of a distribution: for every value, the share of observations above it, both axes logarithmic.
 *
 * A power-law tail is a straight line here, and a mean says nothing about where the curve ends.
 *
 * @example
 * tail([{ name: "alder", points: { x: [1, 2, 4], y: [0.5, 0.75, 1] }, n: 4 }]).data[0].x // [1, 2]
 */
export function tail(curves: readonly Curve[], options: Omit<EcdfOptions, "log"> = {}): Figure {
  const { title, quantity = "" } = options;
  const scale = scaleOf(curves, options.unit);
  // Nothing is above the largest value, and a logarithmic axis cannot show 0.
  const above = (p: number) => (p < 1 ? 1 - p : Number.NaN);
  const drawn = curves.map((curve) => shapeOf(curve, scale, above, true));
  const marks = curves.map((curve) => marksOf(curve, scale, above, true));
  const least = Math.min(0.01, ...drawn.flatMap(({ y }) => y.slice(-1)), ...marks.flatMap(({ y }) => y));
  const words = [quantity, scale.unit].filter(Boolean).map((word) => label(word));
  const lines = LINES.filter((p) => 1 - p >= least * 0.8);
  return {
    data: traces(curves, drawn, marks, scale, "one of %{customdata} takes longer than %{x:.4~g}").map(
      (trace) => ({
        ...trace,
        ...(trace.mode === "lines"
          ? { customdata: (trace.y as number[]).map((y) => formatCount(Math.round(1 / y))) }
          : {}),
      }),
    ),
    layout: frame({
      title: title && label(title, 120),
      x: axis(
        [
          ...drawn.flatMap(({ x, y }) => x.filter((_, i) => y[i]! <= 0.9)),
          ...marks.flatMap(({ low, high }) => [...low, ...high]),
        ],
        { log: true, title: words.join(", ") },
      ),
      y: {
        ...axis([1, least], { log: true }),
        range: [Math.log10(least) - 0.1, 0.05],
        tickvals: lines.map((p) => Number((1 - p).toPrecision(6))),
        ticktext: lines.map((p) => `1 in ${formatCount(Math.round(1 / (1 - p)))} · ${quantileName(p)}`),
        title: { text: "share above", standoff: 8, font: { size: 13 } },
      },
      narrow: { "yaxis.ticktext": lines.map(quantileName) },
      height: 400,
      legend: curves.length > 1,
    }),
    description: describe("Share of observations above each value, on logarithmic axes,", curves, quantity),
  };
}
