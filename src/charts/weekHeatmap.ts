import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf } from "./intervals";
import { label } from "./label";
import { namedAxis } from "./namedAxis";
import { formatCount, formatNumber } from "./number";
import { faint, PALETTE } from "./palette";
import { endsOf, estimateAt, type Rows, rowsOf } from "./rows";
import { shorten } from "./text";
import { convert } from "./unit";

export interface HeatmapOptions {
  /** The column to colour by: an estimate, one of several ("quantiles.0.99"), or a number. */
  value: string;
  /** What the values are, as the legend title. Default: the name of the column. */
  quantity?: string;
  title?: string;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const SHADES = [0.14, 0.3, 0.46, 0.64, 0.82, 1];

/**
 * A week by weekday and hour, a square for each, in shades that cover equally many squares; hovering shows the value.
 *
 * @param table rows with the columns weekday ("Mon") and hour (0 to 23)
 * @example
 * weekHeatmap([{ weekday: "Tue", hour: 14, calls: 120 }], { value: "calls" }).description // "calls by weekday and hour: most Tue 14 h (120), least Tue 14 h (120)."
 */
export function weekHeatmap(table: Rows, options: HeatmapOptions): Figure {
  const { value, title, quantity = value.replaceAll("_", " ") } = options;
  const rows = rowsOf(table);
  if (rows.length > 0 && rows.every((row) => row.weekday === undefined || row.hour === undefined))
    throw new RangeError(
      'weekHeatmap requires a table with the columns weekday and hour, got none; measure by: ["weekday", "hour"]',
    );
  const cells = rows
    .map((row) => {
      const estimate = estimateAt(row, value);
      const size = estimate === undefined ? Number(row[value] ?? Number.NaN) : endsOf(estimate).value;
      const day = DAYS.indexOf(String(row.weekday));
      return { day, hour: Number(row.hour), size, estimate };
    })
    .filter(({ day, hour, size }) => day >= 0 && hour >= 0 && hour <= 23 && Number.isFinite(size));
  const order = [...cells].sort((a, b) => a.size - b.size);
  const unit = cells.find(({ estimate }) => estimate?.unit !== undefined)?.estimate?.unit;
  const scale = convert(unit, undefined, [order.at(-1)?.size ?? 1]);
  const text = (size: number) =>
    unit === undefined
      ? formatCount(size)
      : `${formatNumber(size * scale.factor, { digits: 2 })} ${scale.unit}`.trim();
  const shades = SHADES.map((opacity, at) => ({
    opacity,
    own: order.slice(
      Math.round((at * order.length) / SHADES.length),
      Math.round(((at + 1) * order.length) / SHADES.length),
    ),
  })).filter(({ own }) => own.length > 0);
  const places = DAYS.map((_, day) => 0 - day);
  const y = namedAxis([-6.6, 0.6], places, DAYS);
  const hours = [0, 3, 6, 9, 12, 15, 18, 21];
  const labels = hours.map((hour) => `${hour} h`);
  const x = namedAxis([-0.7, 23.7], hours, labels);
  const place = ({ day, hour, size }: (typeof cells)[number]) => `${DAYS[day]} ${hour} h (${text(size)})`;
  return {
    data: shades.map(({ opacity, own }) => ({
      type: "scatter",
      mode: "markers",
      name: label(
        own.length === 1 ? text(own[0]!.size) : `${text(own[0]!.size)} to ${text(own.at(-1)!.size)}`,
      ),
      x: own.map(({ hour }) => hour),
      y: own.map(({ day }) => 0 - day),
      marker: { color: faint(PALETTE[0], opacity), symbol: "square", size: 17 },
      hovertext: own.map((cell) =>
        cell.estimate ? hoverOf(`${DAYS[cell.day]} ${cell.hour} h`, cell.estimate) : label(place(cell), 80),
      ),
      hoverinfo: "text",
    })),
    layout: frame({ title: title && label(title, 120), x, y, height: 320, legend: true }),
    description:
      order.length === 0
        ? `${shorten(title ?? quantity, 120)} by weekday and hour: nothing to show.`
        : `${shorten(title ?? quantity, 120)} by weekday and hour: most ${place(order.at(-1)!)}, least ${place(order[0]!)}.`,
  };
}
