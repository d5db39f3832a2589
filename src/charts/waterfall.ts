import type { Estimate } from "../stats/estimate";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { keepsNumbers, lineAxis, numbersBeside } from "./namedAxis";
import { formatEstimate } from "./number";
import { INK, PALETTE } from "./palette";
import { endsOf } from "./rows";
import { shorten } from "./text";

/** A number that becomes another through factors, one after the other. */
export interface Steps {
  from: { name: string; estimate: Estimate };
  to: { name: string; estimate: Estimate };
  /** The steps, each with the factor it multiplies by; above 1 raises the number. */
  steps: readonly { name: string; factor: Estimate }[];
}

export interface WaterfallOptions {
  title?: string;
  /** What the values are, as the axis title. Default "cost per resolved task". */
  quantity?: string;
}

/**
 * A waterfall: how one number becomes another, a bar for each factor in between, on a logarithmic axis, where equal
 * factors have equal length.
 *
 * @example
 * const one = { value: 2, low: 1.9, high: 2.1, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "USD" };
 * waterfall({ from: { name: "alder", estimate: one }, to: { name: "birch", estimate: one }, steps: [] }).description // "cost per resolved task: alder 2.00 USD [1.90, 2.10]; birch 2.00 USD [1.90, 2.10]."
 */
export function waterfall({ from, to, steps }: Steps, options: WaterfallOptions = {}): Figure {
  const { title, quantity = "cost per resolved task" } = options;
  const places: { name: string; text: string; hover: string; ends: [number, number]; color: string }[] = [];
  let at = endsOf(from.estimate).value;
  for (const { name, factor } of steps) {
    const next = at * endsOf(factor).value;
    places.push({
      name,
      text: formatEstimate(factor),
      hover: hoverOf(name, factor),
      ends: [at, next],
      color: next > at ? PALETTE[1] : PALETTE[0],
    });
    at = next;
  }
  const totals = [from, to];
  const values = [
    ...totals.flatMap(({ estimate }) => Object.values(endsOf(estimate))),
    ...places.flatMap(({ ends }) => ends),
  ];
  const { x, scale } = valueAxis([from.estimate, to.estimate], {
    log: true,
    title: quantity,
    also: values.filter((one) => one > 0),
  });
  const lines = [from.name, ...places.map(({ name }) => name), to.name];
  const y = lineAxis(lines.map((name) => label(name, 34)));
  // The axis names the unit, so the numbers beside it leave it out.
  const total = (estimate: Estimate) => formatEstimate(estimate, { showUnit: false });
  const texts = [total(from.estimate), ...places.map(({ text }) => text), total(to.estimate)];
  const numbers = numbersBeside(
    y,
    texts.map((text) => label(text, 60)),
  );
  const data: Record<string, unknown>[] = places.map(({ ends, color, hover }, i) => ({
    type: "scatter",
    mode: "lines",
    x: ends.map((end) => end * scale.factor),
    y: [-i - 1, -i - 1],
    line: { color, width: 16 },
    hovertext: [hover, hover],
    hoverinfo: "text",
    showlegend: false,
  }));
  // Each bar begins where the one before it ends.
  const joints = [endsOf(from.estimate).value, ...places.map(({ ends }) => ends[1])];
  data.push({
    type: "scatter",
    mode: "lines",
    x: joints.flatMap((value) => [value * scale.factor, value * scale.factor, null]),
    y: joints.flatMap((_, i) => [0 - i, -i - 1, null]),
    line: { color: INK, width: 1, dash: "dot" },
    hoverinfo: "skip",
    showlegend: false,
  });
  for (const [i, { name, estimate }] of totals.entries()) {
    const { value, low, high } = endsOf(estimate, scale.factor);
    const height = i === 0 ? 0 : -lines.length + 1;
    const bar = [low, high].map((end) => (Number.isFinite(end) && end > 0 ? end : value));
    data.push(
      {
        type: "scatter",
        mode: "lines",
        x: bar,
        y: [height, height],
        line: { color: PALETTE[2], width: 5 },
        hoverinfo: "skip",
        showlegend: false,
      },
      {
        type: "scatter",
        mode: "markers",
        x: [value],
        y: [height],
        marker: { color: PALETTE[2], symbol: "diamond", size: 11 },
        hovertext: [hoverOf(name, estimate)],
        hoverinfo: "text",
        showlegend: false,
      },
    );
  }
  data.push(keepsNumbers);
  const said = [
    `${shorten(from.name, 60)} ${formatEstimate(from.estimate)}`,
    ...places.map(({ name, text }) => `${shorten(name, 60)} ${text}`),
    `${shorten(to.name, 60)} ${formatEstimate(to.estimate)}`,
  ];
  return {
    data,
    layout: frame({
      title: title && label(title, 120),
      x,
      y,
      height: 90 + (title ? 24 : 0) + lines.length * 34,
      narrow: { "yaxis2.visible": false, "yaxis.ticktext": lines.map((name) => label(name, 18)) },
      more: { yaxis2: numbers },
    }),
    description: `${shorten(title ?? quantity, 120)}: ${said.join("; ")}.`,
  };
}
