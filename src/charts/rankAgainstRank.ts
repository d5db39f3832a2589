import type { RankRow } from "../measures/agreement/agreementRanks";
import type { Axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf } from "./intervals";
import { label } from "./label";
import { GRID, INK, styleOf } from "./palette";
import { nameOf } from "./rows";
import { shorten, told } from "./text";

export interface RankAgainstRankOptions {
  title?: string;
  /** What is ranked along x and y. Defaults "benchmark" and "production". */
  benchmark?: string;
  metric?: string;
}

/**
 * The rank on a benchmark against the rank in production, a point for each model with the range of ranks it may truly
 * have; first place is at the top right, and on the dotted line both ranks are equal.
 *
 * @param rows of `agreementRanks`, of one group
 * @example
 * const store = await openDemo();
 * const chat = { by: "model", where: "workload = 'chat-assistant'" };
 * const { rows } = await agreementRanks(store, { ...chat, benchmark: "general-knowledge", metric: "duration_p95" });
 * rankAgainstRank(rows.slice(0, 2)).description // "rank on benchmark against rank in production. tamarisk-mini 5 and 1; quillon-7-lite 2 and 2."
 */
export function rankAgainstRank(rows: readonly RankRow[], options: RankAgainstRankOptions = {}): Figure {
  const { title, benchmark = "benchmark", metric = "production" } = options;
  const [across, up] = [
    `rank on ${benchmark}`,
    metric === "production" ? "rank in production" : `rank by ${metric}`,
  ];
  const most = Math.max(2, ...rows.map(({ benchmark_rank }) => benchmark_rank.n));
  const every = Math.ceil(most / 12);
  const ticks = Array.from({ length: most }, (_, at) => at + 1).filter((rank) => (rank - 1) % every === 0);
  const axis = (words: string): Axis => ({
    type: "linear",
    range: [most + 0.6, 0.4],
    tickvals: ticks,
    ticktext: ticks.map(String),
    title: { text: label(words, 60), standoff: 12, font: { size: 13 } },
    gridcolor: GRID,
    zeroline: false,
    automargin: true,
    ticks: "",
  });
  const points = rows.map((row, at) => {
    const { color, symbol } = styleOf(at);
    const ends = ({ value, low, high }: RankRow["benchmark_rank"]) => ({
      type: "data",
      symmetric: false,
      array: [high - value],
      arrayminus: [value - low],
      color,
      thickness: 1.5,
      width: 3,
    });
    return {
      type: "scatter",
      mode: "markers",
      name: label(nameOf(row.model)),
      x: [row.benchmark_rank.value],
      y: [row.production_rank.value],
      error_x: ends(row.benchmark_rank),
      error_y: ends(row.production_rank),
      marker: { color, symbol, size: 12 },
      hovertext: [hoverOf(nameOf(row.model), row.production)],
      hoverinfo: "text",
    };
  });
  const diagonal = {
    type: "scatter",
    mode: "lines",
    x: [1, most],
    y: [1, most],
    line: { color: INK, width: 1.5, dash: "dot" },
    hoverinfo: "skip",
    showlegend: false,
  };
  const described = told(
    rows,
    ({ model, benchmark_rank, production_rank }) =>
      `${shorten(nameOf(model), 60)} ${benchmark_rank.value} and ${production_rank.value}`,
  );
  const what = shorten(title ?? `${across} against ${up}`, 120);
  return {
    data: rows.length === 0 ? [] : [diagonal, ...points],
    layout: frame({
      title: title && label(title, 120),
      x: axis(across),
      y: axis(up),
      height: 420,
      legend: true,
      narrow: { "xaxis.title.text": label(across, 36) },
    }),
    description: rows.length === 0 ? `${what}: nothing to show.` : `${what}. ${described}`,
  };
}
