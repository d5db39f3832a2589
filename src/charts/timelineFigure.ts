import type { Timeline } from "../decide/compare/timeline";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatNumber } from "./number";
import { faint, INK, PALETTE } from "./palette";
import { shorten } from "./text";

export interface TimelineFigureOptions {
  /** The moment asked about, drawn as a line: "2026-03-05" or with a time, in the time zone of the points. */
  at?: string;
  title?: string;
  /** What the values are, for the axis. Default "median duration". */
  quantity?: string;
}

const DAY = 86_400_000;
const MOST = 2000;

/**
 * A course in time with its change point: a dot for every hour or day, the level before and after, and the times between
 * which the change may lie.
 *
 * @example
 * const points = [{ at: "2026-03-02T00:00", calls: 90, median: 1.2 }];
 * const course = { bin: "day", points, at: null, low: null, high: null, p: 0.6, before: 1.2, after: 1.2, at_switch: null, verdict: "no change point is seen" };
 * timelineFigure(course).description // "median duration by day, 1 day from 2026-03-02T00:00: no change point is seen."
 */
export function timelineFigure(course: Timeline, options: TimelineFigureOptions = {}): Figure {
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
          label(`${at.replace("T", " ")}: ${formatNumber(median)} s, ${calls} calls`, 80),
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

/** Days since 1970 of a time without a zone. */
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
