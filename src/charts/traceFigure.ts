import type { Trace } from "../measures/service/trace";
import type { TraceRow } from "../measures/service/traceSteps";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { keepsNumbers, lineAxis, numbersBeside } from "./namedAxis";
import { formatNumber } from "./number";
import { faint, INK, PALETTE } from "./palette";
import { shorten } from "./text";

/** Maximum number of steps drawn: a longer trace belongs in a table. */
const MOST = 60;

const kinds = [
  { name: "call to a model", color: PALETTE[0], is: (row: TraceRow) => row.kind === "call" && went(row) },
  { name: "use of a tool", color: PALETTE[1], is: (row: TraceRow) => row.kind === "tool" && went(row) },
  { name: "stage", color: PALETTE[3], is: (row: TraceRow) => row.kind === "stage" && went(row) },
  { name: "failed", color: PALETTE[4], is: (row: TraceRow) => !went(row) },
] as const;

const went = ({ status }: TraceRow) => status === null || status === "ok";

/**
 * A task or conversation over time: a bar for each step from start to end, each below the step it ran in, and pale if
 * most of its duration was not waited for.
 */
export function traceFigure(trace: Trace, { title = trace.measure }: { title?: string } = {}): Figure {
  const timed = trace.rows.filter(({ starts }) => starts !== null);
  const rows = longest(timed);
  const x = axis([0, ...rows.map(({ starts, duration }) => (starts as number) + (duration ?? 0))], {
    title: "seconds from the start",
  });
  // Names end at the axis, so leading spaces would not show.
  const inside = ({ depth }: TraceRow) => "› ".repeat(Math.min(depth, 8));
  const names = rows.map((row) => `${inside(row)}${label(nameOf(row), 44 - Math.min(row.depth, 8) * 2)}`);
  const y = lineAxis(names);
  // The shortest bar, a 120th of the axis: about as long as it is thick, so that every step is seen.
  const least = (x.range[1] - x.range[0]) / 120;
  const data: Record<string, unknown>[] = kinds.flatMap(({ name, color, is }) => {
    const own = rows.flatMap((row, at) => (is(row) ? [{ row, at }] : []));
    if (own.length === 0) return [];
    const bars = (some: typeof own, look: object, showlegend: boolean) => ({
      type: "scatter",
      mode: "lines",
      name,
      x: some.flatMap(({ row }) => [
        row.starts,
        (row.starts as number) + Math.max(row.duration ?? 0, least),
        null,
      ]),
      y: some.flatMap(({ at }) => [0 - at, 0 - at, null]),
      hovertext: some.flatMap(({ row }) => [hover(row), hover(row), ""]),
      hoverinfo: "text",
      line: look,
      legendgroup: name,
      showlegend,
    });
    const isWaited = ({ row }: (typeof own)[number]) =>
      row.waited !== null && row.waited >= (row.duration ?? 0) / 2;
    const [waited, beside] = [own.filter(isWaited), own.filter((one) => !isWaited(one))];
    return [
      ...(waited.length > 0 ? [bars(waited, { color, width: 12 }, true)] : []),
      ...(beside.length > 0
        ? [bars(beside, { color: faint(color, 0.5), width: 6 }, waited.length === 0)]
        : []),
    ];
  });
  const numbers = numbersBeside(
    y,
    rows.map((row) => label(besideOf(row), 40)),
  );
  data.push(keepsNumbers);
  const left = timed.length - rows.length;
  const waits = mostWaited(rows);
  return {
    data,
    layout: frame({
      title: label(title, 100),
      x,
      y,
      legend: true,
      height: 120 + rows.length * 22,
      narrow: { "yaxis2.visible": false, "yaxis.ticktext": rows.map((row) => label(nameOf(row), 18)) },
      more: { yaxis2: numbers, font: { color: INK } },
    }),
    description: `${shorten(title, 120)}: ${trace.summary}${left > 0 ? ` The ${MOST} longest of ${timed.length} steps are drawn.` : ""}${waits === "" ? "" : ` The longest waits were for: ${waits}.`}`,
  };
}

/** A step's name; of calls that are no answers, as a judge's or a simulated user's, with that. */
function nameOf({ step, role }: TraceRow): string {
  if (role === null || role === "answer") return step;
  return `${shorten(step, 24)} (${role === "other" ? "not an answer" : role})`;
}

function longest(rows: readonly TraceRow[]): TraceRow[] {
  if (rows.length <= MOST) return [...rows];
  const least = rows.map(({ duration }) => duration ?? 0).sort((a, b) => b - a)[MOST - 1];
  return rows.filter(({ duration }) => (duration ?? 0) >= least).slice(0, MOST);
}

function mostWaited(rows: readonly TraceRow[]): string {
  const some = rows
    .filter(({ waited }) => (waited ?? 0) > 0)
    .sort((a, b) => (b.waited ?? 0) - (a.waited ?? 0));
  return some
    .slice(0, 3)
    .map(({ step, waited }) => `${shorten(step, 60)} ${formatNumber(waited as number, { unit: "s" })}`)
    .join(", ");
}

function besideOf({ duration, status, cost }: TraceRow): string {
  return [
    duration === null ? "" : formatNumber(duration, { from: "s", unit: duration < 1 ? "ms" : "s" }),
    cost === null || cost === 0 ? "" : `${formatNumber(cost, { digits: 2 })} USD`,
    status === null || status === "ok" ? "" : status,
  ]
    .filter(Boolean)
    .join(", ");
}

function hover(row: TraceRow): string {
  const { step, starts, duration, waited, input_tokens, output_tokens, remarks, scores } = row;
  return [
    label(step, 80),
    `starts at ${formatNumber(starts as number)} s${duration === null ? "" : `, takes ${formatNumber(duration)} s`}`,
    waited === null ? "" : `waited for it alone: ${formatNumber(waited)} s`,
    input_tokens === null && output_tokens === null
      ? ""
      : `${input_tokens ?? "?"} tokens in, ${output_tokens ?? "?"} out`,
    label([besideOf(row), remarks, scores ?? ""].filter(Boolean).join(", "), 120),
  ]
    .filter(Boolean)
    .join("<br>");
}
