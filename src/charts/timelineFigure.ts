import type { Timeline } from "../decide/compare/timeline";
import type { Trend } from "../measures/trend/trend";
import type { TrendSeries } from "../measures/trend/trendSeries";
import { counted } from "../stats/text";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf } from "./intervals";
import { label } from "./label";
import { formatNumber } from "./number";
import { faint, INK, PALETTE } from "./palette";
import { endsOf, nameOf } from "./rows";
import { shorten } from "./text";
import { convert, unitAfter } from "./unit";

export interface TimelineFigureOptions {
  /** The moment asked about, drawn as a line: "2026-03-05" or with a time, in the time zone of the points. */
  at?: string;
  title?: string;
  /** What the values are, as the axis title. Default: a trend's metric, else "median duration". */
  quantity?: string;
  /** For a trend, the values of `by` that pick its row: { workload: "chat" }. Default: the first row. */
  row?: Readonly<Record<string, unknown>>;
}

const DAY = 86_400_000;
const MOST = 2000;

/**
 * A time series with its changes: a dot for every hour, day or week, the levels, and the period in which each change
 * may lie; for a trend also a band of the intervals.
 *
 * @example
 * const points = [{ at: "2026-03-02T00:00", calls: 90, median: 1.2 }];
 * const course = { bin: "day", points, at: null, low: null, high: null, p: 0.6, before: 1.2, after: 1.2, at_switch: null, verdict: "no change point is seen" };
 * timelineFigure(course).description // "median duration by day, 1 day from 2026-03-02T00:00: no change point is seen."
 */
export function timelineFigure(course: Timeline | Trend, options: TimelineFigureOptions = {}): Figure {
  return "series" in course ? trendFigure(course, options) : changeFigure(course, options);
}

function changeFigure(course: Timeline, options: TimelineFigureOptions): Figure {
  const { title, quantity = "median duration" } = options;
  const { bin, points, verdict } = course;
  const every = Math.ceil(points.length / MOST);
  const shown = points.filter((_, at) => at % every === 0);
  const x = shown.map(({ at }) => dayOf(at));
  const medians = shown.map(({ median }) => median);
  const moment = options.at === undefined ? Number.NaN : dayOf(options.at);
  const changed = course.at === null ? Number.NaN : dayOf(course.at);
  const known = Number.isFinite(changed);
  const [first, last] = [x[0] ?? 0, x.at(-1) ?? 0];
  const seconds = axis(known ? [...medians, course.before, course.after] : medians, {
    title: label(`${quantity}, s`, 60),
    log: medians.every((one) => one > 0),
  });
  const level = (from: number, to: number, value: number) => ({
    type: "scatter",
    mode: "lines",
    x: [from, to],
    y: [value, value],
    line: { color: PALETTE[1], width: 4 },
    hovertext: [`${formatNumber(value)} s`, `${formatNumber(value)} s`],
    hoverinfo: "text",
    showlegend: false,
  });
  const upright = { yref: "paper", y0: 0, y1: 1 };
  const shapes = [
    ...(known && course.low !== null && course.high !== null
      ? [
          {
            type: "rect",
            ...upright,
            x0: dayOf(course.low),
            x1: dayOf(course.high),
            fillcolor: faint(PALETTE[1], 0.15),
            line: { width: 0 },
          },
        ]
      : []),
    ...(Number.isFinite(moment)
      ? [{ type: "line", ...upright, x0: moment, x1: moment, line: { color: INK, width: 1.5, dash: "dot" } }]
      : []),
  ];
  const many = `${points.length} ${bin}${points.length === 1 ? "" : "s"} from ${shorten(points[0]?.at ?? "nowhere", 20)}`;
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        x,
        y: medians,
        marker: { color: PALETTE[0], size: 5 },
        hovertext: shown.map(({ at, calls, median }) =>
          label(`${at.replace("T", " ")}: ${formatNumber(median)} s, ${counted(calls, "call")}`, 80),
        ),
        hoverinfo: "text",
        showlegend: false,
      },
      ...(known ? [level(first, changed, course.before), level(changed, last, course.after)] : []),
    ],
    layout: frame({ title: title && label(title, 120), x: days(first, last), y: seconds, more: { shapes } }),
    description: `${shorten(title ?? quantity, 120)} by ${bin}, ${many}: ${shorten(verdict, 200)}.`,
  };
}

function trendFigure(trend: Trend, options: TimelineFigureOptions): Figure {
  const { series, by, per, label: metric, unit } = trend;
  const { quantity = metric, row = {} } = options;
  const wanted = series.find(({ by: own }) =>
    Object.entries(row).every(([name, value]) => own[name] === value),
  );
  const { points = [], changes = [], by: own = {} }: Partial<TrendSeries> = wanted ?? {};
  const name = by.map((column) => nameOf(own[column])).join(" · ");
  const title = options.title ?? (name === "" ? quantity : `${quantity}, ${name}`);
  const every = Math.ceil(points.length / MOST);
  const shown = points.filter((_, at) => at % every === 0);
  const x = shown.map(({ at }) => dayOf(at));
  const raw = shown.flatMap(({ value, level }) => [value.value, level]);
  const { factor, unit: natural } = convert(unit, undefined, raw);
  const ends = shown.map(({ value }) => endsOf(value, factor));
  const finite = (side: "low" | "high") =>
    ends.map((one) => (Number.isFinite(one[side]) ? one[side] : one.value));
  const levels = shown.map(({ level }) => (Number.isFinite(level) ? level * factor : null));
  const [low, high] = [finite("low"), finite("high")];
  const heights = [...low, ...high, ...levels.filter((one) => one !== null)];
  const line = { type: "scatter", mode: "lines", x, hoverinfo: "skip", showlegend: false };
  const shapes = changes.map((one) => ({
    ...{ type: "rect", yref: "paper", y0: 0, y1: 1, x0: dayOf(one.low) - 0.5, x1: dayOf(one.high) + 0.5 },
    ...{ fillcolor: faint(PALETTE[1], 0.15), line: { width: 0 } },
  }));
  const listed = changes.map(({ at, chance }) => `${at} (chance ${chance.toFixed(2)})`);
  return {
    data: [
      { ...line, y: low, line: { width: 0 } },
      { ...line, y: high, line: { width: 0 }, fill: "tonexty", fillcolor: faint(PALETTE[0], 0.18) },
      {
        type: "scatter",
        mode: "markers",
        x,
        y: ends.map(({ value }) => value),
        marker: { color: PALETTE[0], size: 5 },
        hovertext: shown.map(({ at, value }) => hoverOf(at, value)),
        hoverinfo: "text",
        showlegend: false,
      },
      // A level ends where the next one begins.
      { ...line, y: levels, line: { color: PALETTE[1], width: 3, shape: "hv" } },
    ],
    layout: frame({
      title: label(title, 120),
      x: days(x[0] ?? 0, x.at(-1) ?? 0),
      y: axis(heights, {
        title: label(natural === "" ? quantity : `${quantity}, ${unitAfter(quantity, natural)}`, 60),
        log: unit !== "1" && heights.length > 0 && heights.every((one) => one > 0),
      }),
      more: { shapes },
    }),
    description: `${shorten(title, 120)} by ${per}, ${points.length} ${per}${points.length === 1 ? "" : "s"} from ${shorten(points[0]?.at ?? "nowhere", 20)}: ${listed.length === 0 ? "no change is stated" : `changed at ${listed.join(", ")}`}.`,
  };
}

/** A time without a zone as days since 1970. */
function dayOf(at: string): number {
  return Date.parse(`${at.length <= 10 ? `${at}T00:00` : at.replace(" ", "T").slice(0, 16)}Z`) / DAY;
}

/** An axis of days with a date at some midnights. */
function days(first: number, last: number) {
  const step = Math.max(1, Math.ceil((last - first) / 8));
  const ticks: number[] = [];
  for (let day = Math.ceil(first); day <= last; day += step) ticks.push(day);
  const room = Math.max(0.02 * (last - first), 0.05);
  return {
    ...axis([first, last]),
    range: [first - room, last + room] as [number, number],
    tickvals: ticks,
    ticktext: ticks.map((day) => new Date(day * DAY).toISOString().slice(0, 10)),
  };
}
