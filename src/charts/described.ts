import type { Figure } from "./figure";
import { unlabel } from "./label";
import { formatCount, formatNumber } from "./number";
import { oneLine, shorten } from "./text";

/** The maximum number of traces described one by one. */
const MOST = 10;

/**
 * Describes a figure in words, for a reader who cannot see it, if it has no description of its own: its axes, and for
 * each trace its type, its number of values and their range.
 *
 * @example
 * described({ data: [{ type: "histogram", x: [1, 5, 2] }], layout: {} }) // "Histogram of 3 values from 1.00 to 5.00."
 */
export function described({ data, layout }: Pick<Figure, "data" | "layout">): string {
  const axes = Object.entries(layout)
    .filter(([name]) => /^[xyz]axis\d*$/.test(name))
    .flatMap(([name, axis]) => {
      const title = textOf((axis as { title?: unknown } | undefined)?.title);
      return title === "" ? [] : [`${name[0]} is ${title}`];
    });
  const traces = data.slice(0, MOST).map(traceText);
  const more = data.length > MOST ? [`${formatCount(data.length - MOST)} more traces`] : [];
  return (
    [[...new Set(axes)].join(", "), [...traces, ...more].join("; ")]
      .filter(Boolean)
      .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
      .join(" ") || "A figure without traces."
  );
}

/** A title in plotly's format: a text, or an object that holds one. */
function textOf(title: unknown): string {
  const text = typeof title === "object" && title !== null ? (title as { text?: unknown }).text : title;
  return typeof text === "string" ? oneLine(unlabel(text)) : "";
}

function traceText(trace: Record<string, unknown>): string {
  const kind = typeof trace.type === "string" ? trace.type : "scatter";
  const what =
    kind === "scatter" ? (String(trace.mode ?? "lines").includes("lines") ? "line" : "points") : kind;
  const name = typeof trace.name === "string" ? ` "${shorten(unlabel(trace.name), 60)}"` : "";
  const { labels, values } = trace;
  const said =
    Array.isArray(labels) && Array.isArray(values)
      ? labels
          .slice(0, 6)
          .map((label, at) => `${shorten(unlabel(String(label)), 40)} ${valueText(values[at])}`)
          .join(", ")
      : ranges(trace);
  const head = `${what.charAt(0).toUpperCase()}${what.slice(1)}${name}`;
  return said === "" ? head : Array.isArray(labels) ? `${head}: ${said}` : `${head} of ${said}`;
}

/** The number of values, and the range along each axis that has numbers; for names, the first one. */
function ranges(trace: Record<string, unknown>): string {
  const known = ["x", "y", "z", "a", "b", "c"].flatMap((name) => {
    const values = trace[name];
    return Array.isArray(values) ? [{ name, values: values.flat() as unknown[] }] : [];
  });
  if (known.length === 0) return "";
  const n = Math.max(...known.map(({ values }) => values.length));
  const from = known.flatMap(({ name, values }) => {
    const own = known.length > 1 ? `${name} ` : "";
    const numbers = values.filter((one): one is number => typeof one === "number" && Number.isFinite(one));
    if (numbers.length > 0) {
      const [least, most] = numbers.reduce(
        ([a, b], one) => [Math.min(a, one), Math.max(b, one)],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      );
      return [`${own}from ${formatNumber(least)} to ${formatNumber(most)}`];
    }
    const names = values.filter((one) => one !== null && one !== undefined).map(String);
    if (names.length === 0) return [];
    return [
      `${own}from ${shorten(unlabel(names[0]), 40)} to ${shorten(unlabel(names[names.length - 1]), 40)}`,
    ];
  });
  return `${formatCount(n)} value${n === 1 ? "" : "s"}${from.length === 0 ? "" : `${known.length > 1 ? "," : ""} ${from.join(", ")}`}`;
}

const valueText = (value: unknown) =>
  typeof value === "number"
    ? Number.isInteger(value)
      ? formatCount(value)
      : formatNumber(value)
    : String(value);
