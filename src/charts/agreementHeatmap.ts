import type { AgreementRow } from "../measures/agreement/agreementTable";
import type { Row } from "../measures/table";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf } from "./intervals";
import { label } from "./label";
import { linesOf } from "./lines";
import { metricLabel } from "./metricLabel";
import { namedAxis } from "./namedAxis";
import { formatEstimate } from "./number";
import { INK, PALETTE } from "./palette";
import { nameOf } from "./rows";
import { shorten } from "./text";

export interface AgreementHeatmapOptions {
  title?: string;
  /** Readable names of metrics: { duration_p95: "slow answers" }. Default: the labels of the metrics. */
  metrics?: Readonly<Record<string, string>>;
}

// An uncertain verdict is an empty square, which recedes without a word.
const VERDICTS = {
  agrees: { color: PALETTE[0], symbol: "square", name: "agrees" },
  disagrees: { color: PALETTE[1], symbol: "square", name: "disagrees" },
  "cannot tell": { color: INK, symbol: "square-open", name: "cannot tell" },
} as const;

/**
 * Benchmarks against production metrics: a square for each pair, filled if the verdict is certain and open if not, with
 * the rank correlation beside it, and its interval if there is room (up to four benchmarks) or on hover.
 *
 * @param table rows of `agreement` or `agreementOfTable`
 * @example
 * const store = await openDemo();
 * const board = { benchmark: "general-knowledge", metric: "duration_p50" };
 * agreementHeatmap(await agreement(store, { by: "model", ...board })).description // "Benchmarks against production. Disagrees: general-knowledge with p50 duration -0.26 [-0.43, -0.26]. 0 of 1 pairs are open."
 */
export function agreementHeatmap(
  table: { by: readonly string[]; rows: readonly AgreementRow[] },
  options: AgreementHeatmapOptions = {},
): Figure {
  const { title = "Benchmarks against production", metrics = {} } = options;
  const groupOf = (row: Row) =>
    table.by
      .filter((name) => name !== "benchmark" && name !== "metric")
      .map((name) => nameOf(row[name]))
      .join(" · ");
  const benchmarks = [...new Set(table.rows.map(({ benchmark }) => benchmark))];
  const words = (name: string) => metrics[name] ?? metricLabel(name);
  const keys = [...new Set(table.rows.map((row) => JSON.stringify([groupOf(row), row.metric])))]
    .map((key) => JSON.parse(key) as [string, string])
    .map(([group, metric]) => ({ group, metric, name: words(metric) }));
  // A group's lines stay together, whatever the order of the rows.
  const groups = [...new Set(keys.map(({ group }) => group))];
  const lines = groups.flatMap((group) => keys.filter((one) => one.group === group));
  const { y, axis, short } = linesOf(lines);
  const cells = table.rows.map((row) => {
    const line = lines.findIndex(({ group, metric }) => group === groupOf(row) && metric === row.metric);
    return { row, x: benchmarks.indexOf(row.benchmark), y: y[line]! };
  });
  const tilted = benchmarks.length > WITH_INTERVALS;
  const x = {
    ...namedAxis(
      [-0.35, Math.max(benchmarks.length, 1) - 0.2],
      benchmarks.map((_, at) => at),
      benchmarks.map((name) => label(name, tilted ? 24 : Math.max(8, Math.floor(75 / benchmarks.length)))),
    ),
    tickangle: tilted ? -25 : 0,
  };
  const traces = (Object.keys(VERDICTS) as (keyof typeof VERDICTS)[]).flatMap((verdict) => {
    const own = cells.filter(({ row }) => row.verdict === verdict);
    const { color, symbol, name } = VERDICTS[verdict];
    if (own.length === 0) return [];
    return [
      {
        type: "scatter",
        mode: "markers",
        name,
        x: own.map((cell) => cell.x),
        y: own.map((cell) => cell.y),
        marker: { color, symbol, size: 14 },
        hovertext: own.map(({ row }) =>
          [
            hoverOf(`${row.benchmark} against ${words(row.metric)}`, row.spearman),
            ...(row.note && row.note !== row.spearman.note ? [label(row.note, 120)] : []),
          ].join("<br>"),
        ),
        hoverinfo: "text",
      },
    ];
  });
  const several = benchmarks.length > 1;
  const numbersOf = (withInterval: boolean) => ({
    type: "scatter",
    mode: "text",
    x: cells.map((cell) => cell.x),
    y: cells.map((cell) => cell.y),
    text: cells.map(({ row }) => `\u00a0\u00a0\u00a0${textOf(row, withInterval)}`),
    textposition: "middle right",
    textfont: { color: INK, size: 12 },
    hoverinfo: "skip",
    showlegend: false,
  });
  // The interval is written too if there is room.
  const wide = { ...numbersOf(!tilted), meta: { wide: several } };
  const narrow = { ...numbersOf(false), visible: false, meta: { narrow: true } };
  return {
    data: cells.length === 0 ? [] : [...traces, wide, ...(several && !tilted ? [narrow] : [])],
    layout: frame({
      title: label(title, 120),
      x,
      y: axis,
      height: 130 + Math.round((axis.range[1] - axis.range[0]) * 26),
      legend: true,
      narrow: {
        "yaxis.ticktext": short,
        ...(several
          ? { "xaxis.tickangle": -90, "xaxis.ticktext": benchmarks.map((name) => label(name, 24)) }
          : {}),
      },
    }),
    description: described(title, table.rows, words, groupOf),
  };
}

/** With more benchmarks than this there is no room for intervals beside the squares. */
const WITH_INTERVALS = 4;

function textOf({ spearman, models }: AgreementRow, withInterval = true): string {
  if (!Number.isNaN(spearman.value))
    return withInterval ? formatEstimate(spearman) : spearman.value.toFixed(2);
  if (!withInterval) return "–";
  return models < 4 ? "too few" : "no order";
}

function described(
  title: string,
  rows: readonly AgreementRow[],
  words: (metric: string) => string,
  groupOf: (row: AgreementRow) => string,
): string {
  const what = shorten(title, 120);
  if (rows.length === 0) return `${what}: nothing to show.`;
  const nameOfPair = (row: AgreementRow) => {
    const group = groupOf(row);
    const where = group === "" ? "" : ` (${shorten(group, 40)})`;
    return `${shorten(row.benchmark, 40)} with ${shorten(words(row.metric), 40)}${where} ${textOf(row)}`;
  };
  const parts = (["agrees", "disagrees"] as const).map((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    if (own.length === 0) return "";
    const more = own.length > MOST_NAMED ? `; and ${own.length - MOST_NAMED} more` : "";
    const head = verdict === "agrees" ? "Agrees" : "Disagrees";
    return ` ${head}: ${own.slice(0, MOST_NAMED).map(nameOfPair).join("; ")}${more}.`;
  });
  const unsure = rows.filter(({ verdict }) => verdict === "cannot tell").length;
  return `${what}.${parts.join("")} ${unsure} of ${rows.length} pairs are open.`;
}

/** The maximum number of pairs listed one by one. */
const MOST_NAMED = 8;
