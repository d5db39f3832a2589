import type { KnownTrace } from "../measures/service/trace";
import type { TraceRow } from "../measures/service/traceSteps";
import { grouped } from "../stats/text";
import type { SheetTask } from "./causePage";
import { reviewId } from "./review";
import { stepMark } from "./stepMark";

/** A task as its sheet shows it; `bare` takes out of a text what reviewers must not see. */
export function sheetTask(
  { trace: { id, rows, summary }, known }: KnownTrace,
  bare: (text: string) => string,
): SheetTask {
  return {
    id: reviewId(id),
    summary: bare(summary),
    steps: rows.map((row, at) => ({
      title: bare(titleOf(row)),
      mark: stepMark(id, { place: at + 1, title: bare(titleOf(row)), step: known[at] }),
      facts: bare(factsOf(row)),
      depth: Math.min(row.depth, 6),
      failed: row.status !== null && row.status !== "ok",
      texts: [["Prompt", row.prompt] as const, ["Output", row.output] as const].flatMap(([name, text]) =>
        text ? [{ name, text: bare(text) }] : [],
      ),
    })),
  };
}

const titleOf = ({ kind, step, model, role }: TraceRow) =>
  kind === "tool"
    ? `Tool ${step}`
    : kind === "call" && step === model
      ? role === "judge"
        ? "Judge"
        : "Call"
      : step;

function factsOf(row: TraceRow): string {
  const short = (x: number) => Number(x.toPrecision(3));
  const { starts, duration, status, remarks, input_tokens, output_tokens, cost, scores } = row;
  return [
    status === null || status === "ok" ? "" : status,
    remarks,
    starts === null ? "" : `at ${short(starts)} s`,
    duration === null ? "" : `took ${short(duration)} s`,
    input_tokens === null ? "" : `${grouped(input_tokens)} tokens in`,
    output_tokens === null ? "" : `${grouped(output_tokens)} tokens out`,
    cost === null ? "" : `${short(cost)} USD`,
    scores ?? "",
  ]
    .filter(Boolean)
    .join(", ");
}
