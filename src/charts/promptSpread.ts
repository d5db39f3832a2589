import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatNumber } from "./number";
import { faint, styleOf } from "./palette";
import { endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";
import { MOST_POINTS } from "./thin";

/** The maximum number of models for which every prompt's range is drawn; with more, the bars would hide one another. */
const fewModels = 2;

/**
 * Every prompt's mean score, worst prompt first. With one or two models, the range of a prompt's runs is a bar: long
 * bars are prompts whose answer is a matter of luck. With more models, each is a line of points.
 *
 * @param table of `consistencyWorst`, with `most` as large as there are prompts
 * @param options.value the column shown: "mean" (default), "json_valid", "schema_valid" or "same_output"
 * @example
 * const half = { value: 0.5, low: 0.2, high: 0.8, level: 0.95, method: "wilson", n: 4, clusters: 4, clusterBy: "run", unit: "1" };
 * promptSpread([{ model: "alder", prompt_id: "p1", mean: half, least: 0, most: 1 }], { by: ["model"] }).description // "Score by prompt, worst first. alder: 1 prompt, of which 1 varies."
 */
export function promptSpread(
  table: Rows,
  options: { title?: string; by?: readonly string[]; quantity?: string; value?: string } = {},
): Figure {
  const { title, value: column = "mean" } = options;
  const { quantity = column === "mean" ? "score" : column.replaceAll("_", " ") } = options;
  const by = options.by ?? labelColumns(table).filter((column) => column !== "prompt_id");
  const models = new Map<string, Prompt[]>();
  for (const row of rowsOf(table)) {
    const name = by.map((column) => nameOf(row[column])).join(" · ") || "all";
    const own = row[column];
    const value = typeof own === "number" ? own : endsOf(estimateAt(row, column)).value;
    // The range is of the score; other columns have none.
    const range = column === "mean" ? [row.least, row.most] : [];
    const [least, most] = [Number(range[0] ?? value), Number(range[1] ?? value)];
    if (![value, least, most].every(Number.isFinite)) continue;
    models.set(name, [...(models.get(name) ?? []), { prompt: nameOf(row.prompt_id), value, least, most }]);
  }
  const lines = [...models].map(([name, prompts]) => ({
    name,
    prompts: prompts.sort((a, b) => a.value - b.value).slice(0, MOST_POINTS),
  }));
  const all = lines.flatMap(({ prompts }) => prompts.flatMap(({ least, most }) => [least, most]));
  const share = all.every((x) => x >= 0 && x <= 1);
  const factor = share ? 100 : 1;
  const longest = Math.max(1, ...lines.map(({ prompts }) => prompts.length));
  return {
    data: lines.map(({ name, prompts }, series) =>
      traceOf(name, prompts, { series, factor, lines: lines.length }),
    ),
    layout: frame({
      title: title && label(title, 120),
      x: { ...axis([1, longest], { title: "prompts, worst first" }), nticks: 6 },
      y: axis(
        all.map((x) => x * factor),
        { percent: share, title: label(quantity, 40) },
      ),
      height: 420,
      legend: lines.length > 1,
    }),
    description: describe(lines, title, column === "mean"),
  };
}

interface Prompt {
  prompt: string;
  value: number;
  least: number;
  most: number;
}

function traceOf(
  name: string,
  prompts: readonly Prompt[],
  { series, factor, lines }: { series: number; factor: number; lines: number },
): Record<string, unknown> {
  const { color, symbol, dash } = styleOf(series);
  const shown = (x: number) => formatNumber(x * factor, { digits: 3 });
  const bars = lines <= fewModels;
  return {
    type: "scatter",
    mode: bars ? "markers" : "lines+markers",
    name: label(name),
    // Side by side if two models have a prompt at the same place.
    x: prompts.map((_, at) => at + 1 + (bars && lines > 1 ? (series - 0.5) * 0.3 : 0)),
    y: prompts.map(({ value }) => value * factor),
    line: { color, width: 1.5, shape: "hvh", dash },
    marker: { color, symbol, size: bars ? 7 : 5 },
    error_y: {
      type: "data",
      symmetric: false,
      visible: bars,
      color: faint(color, 0.45),
      thickness: 1.5,
      width: 0,
      array: prompts.map(({ value, most }) => (most - value) * factor),
      arrayminus: prompts.map(({ value, least }) => (value - least) * factor),
    },
    hovertext: prompts.map(
      ({ prompt, value, least, most }) =>
        `${label(name)}<br>${label(prompt)}<br>mean ${shown(value)}, runs from ${shown(least)} to ${shown(most)}`,
    ),
    hoverinfo: "text",
  };
}

function describe(
  lines: readonly { name: string; prompts: readonly Prompt[] }[],
  title: string | undefined,
  ranges: boolean,
): string {
  const parts = told(
    lines,
    ({ name, prompts }) => {
      const vary = prompts.filter(({ least, most }) => most > least).length;
      const count = prompts.length === 1 ? "1 prompt" : `${prompts.length} prompts`;
      const [first, last] = [prompts[0], prompts.at(-1)].map((one) =>
        formatNumber(one?.value ?? 0, { digits: 3 }),
      );
      if (!ranges) return `${shorten(name, 60)}: ${count}, from ${first} to ${last}`;
      return `${shorten(name, 60)}: ${count}, of which ${vary} ${vary === 1 ? "varies" : "vary"}`;
    },
    { none: "No prompt has a score." },
  );
  return `${shorten(title ?? "Score by prompt, worst first", 120)}. ${parts}`;
}
