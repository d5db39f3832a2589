import type { Trace } from "../measures/service/trace";
import type { TraceRow } from "../measures/service/traceSteps";
import type { Table } from "../measures/table";

/** The width of a bar, in characters. */
const WIDTH = 32;

/**
 * Returns a trace as a table for a terminal: a bar for each step on one time axis, heavy if most of its duration was
 * waited for.
 *
 * @example
 * barOf({ starts: 1, duration: 1, waited: 1 }, 2, 4) // "··━━"
 */
export function traceRows(trace: Trace): Table {
  const rows = trace.rows.map((row) => {
    const { starts, duration, waited, input_tokens, output_tokens, cost, scores, prompt, output } = row;
    return {
      step: `${"· ".repeat(row.depth)}${row.step}`,
      time: barOf(row, trace.seconds, WIDTH),
      starts,
      duration,
      waited,
      status: row.status === "ok" ? null : row.status,
      ...{
        tokens_in: input_tokens,
        tokens_out: output_tokens,
        cost,
        remarks: row.remarks || null,
        scores,
      },
      ...(prompt === undefined ? {} : { prompt, output }),
    };
  });
  return { ...trace, rows };
}

/** Draws a step's time span as a bar of the given number of characters. */
export function barOf(
  { starts, duration, waited }: Pick<TraceRow, "starts" | "duration" | "waited">,
  seconds: number,
  width: number,
): string {
  if (starts === null) return "";
  const scale = seconds > 0 ? width / seconds : 0;
  const from = Math.min(width - 1, Math.floor(starts * scale));
  const to = Math.min(width, Math.max(from + 1, Math.round((starts + (duration ?? 0)) * scale)));
  const isWaited = waited !== null && waited >= (duration ?? 0) / 2;
  const mark = duration === null ? "•" : isWaited ? "━" : "─";
  return `${"·".repeat(from)}${mark.repeat(to - from)}${"·".repeat(width - to)}`;
}
