import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf } from "./intervals";
import { label } from "./label";
import { formatEstimate } from "./number";
import { faint, INK, PALETTE } from "./palette";
import { checkColumn, endsOf, estimateAt, type Rows, rowsOf } from "./rows";
import { shorten } from "./text";
import { convert } from "./unit";

export interface QuantileQuantileOptions {
  /** Names of the two. Default "a" and "b". */
  a?: string;
  b?: string;
  title?: string;
  /** What the values are, as the axis titles. Default "duration". */
  quantity?: string;
}

/**
 * Two distributions, quantile against quantile, on logarithmic axes: on the diagonal they are equal, above it b is
 * larger. The band is the interval of the difference, drawn around a: where it leaves the diagonal, the two clearly
 * differ at that quantile.
 *
 * @param table of `shift`, with the quantiles wanted
 * @example
 * const at = (value) => ({ value, low: value, high: value, level: 0.95, method: "mover", n: 9, clusters: 9, clusterBy: "", unit: "s" });
 * quantileQuantile([{ quantile: "p50", a: at(1), b: at(3), difference: at(2) }]).data[1].y // [3]
 */
export function quantileQuantile(table: Rows, options: QuantileQuantileOptions = {}): Figure {
  checkColumn("quantileQuantile", table, "difference");
  const { a = "a", b = "b", title, quantity = "duration" } = options;
  const known = rowsOf(table).flatMap((row) => {
    const [one, other, difference] = ["a", "b", "difference"].map((name) => estimateAt(row, name));
    const [x, y, d] = [one, other, difference].map((estimate) => endsOf(estimate));
    return one && other && difference && x!.value > 0 && y!.value > 0
      ? [
          {
            name: String(row.quantile),
            one,
            other,
            difference,
            x: x!.value,
            y: y!.value,
            low: x!.value + d!.low,
            high: x!.value + d!.high,
          },
        ]
      : [];
  });
  const scale = convert(known[0]?.one.unit, undefined, [
    Math.max(0, ...known.map(({ x, y }) => Math.max(x, y))),
  ]);
  const at = known.map((point) => ({
    ...point,
    x: point.x * scale.factor,
    y: point.y * scale.factor,
    low: point.low * scale.factor,
    high: point.high * scale.factor,
  }));
  const ends = at.flatMap(({ x, y, low, high }) =>
    [x, y, low, high].filter((end) => Number.isFinite(end) && end > 0),
  );
  const side = (name: string) => ({
    ...axis(ends, {
      log: true,
      title: [`${quantity} of ${name}`, scale.unit]
        .filter(Boolean)
        .map((word) => label(word, 80))
        .join(", "),
    }),
  });
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  // A logarithmic axis has no place for an end at or below 0: the interval runs to the edge.
  const edge = 10 ** (axis(ends, { log: true }).range[0] as number);
  const reach = (end: number, value: number) => (Number.isFinite(end) ? Math.max(end, edge) : value);
  const said = at.map(
    ({ name, one, other, difference }) =>
      `${name} ${formatEstimate(one)} against ${formatEstimate(other)}, difference ${formatEstimate(difference)}`,
  );
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        x: at.length === 0 ? [] : [from, to],
        y: at.length === 0 ? [] : [from, to],
        line: { color: INK, width: 1, dash: "dot" },
        hoverinfo: "skip",
        showlegend: false,
      },
      {
        type: "scatter",
        mode: "lines+markers",
        x: at.map(({ x }) => x),
        y: at.map(({ y }) => y),
        line: { color: faint(PALETTE[0], 0.6), width: 1.5 },
        marker: { color: PALETTE[0], size: 8, symbol: "circle" },
        error_y: {
          type: "data",
          symmetric: false,
          array: at.map(({ high, y }) => Math.max(0, reach(high, y) - y)),
          arrayminus: at.map(({ low, y }) => Math.max(0, y - reach(low, y))),
          color: PALETTE[0],
          thickness: 1.5,
          width: 4,
        },
        hovertext: at.map(({ name, difference }) => hoverOf(`${name}: ${b} less ${a}`, difference)),
        hoverinfo: "text",
        showlegend: false,
      },
    ],
    layout: frame({ title: title && label(title, 120), x: side(a), y: side(b), height: 420, legend: false }),
    description: `${shorten(title ?? `${quantity} of ${b} against ${a}, quantile by quantile`, 120)}, with the intervals of the difference. ${said.join("; ")}.`,
  };
}
