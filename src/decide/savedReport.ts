import { allOf } from "../facts/allOf";
import { metric } from "../measures/metric";
import { waits } from "../measures/metricKinds";
import { keysOf } from "../measures/rowKey";
import { isEstimate, type Row } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { readJsonFile, wrong } from "../store/checked";

/** How the calls behind saved numbers were chosen. */
export interface Chosen {
  /** A predicate over the columns of calls, in SQL. Default: all. */
  where?: string;
  /** From which time on, UTC. Default: all. */
  since?: string;
  timezone: string;
  /** The columns that together are the candidate. Default: the model alone. */
  candidate?: string | readonly string[];
}

/** The numbers of an earlier report or check, and the calls they are for. */
export interface SavedNumbers {
  file: string;
  /** What wrote it: only a check's numbers are each for the calls of a limit. */
  kind: "report" | "check";
  by: string[];
  chosen: Chosen;
  /** Hashes of the files they were made from, if it says. */
  inputs: string[];
  numbers: { metric: string; where?: string; by: Row; estimate: Estimate }[];
}

/** In JSON, infinite ends are text and missing values are null. */
export function revived(this: unknown, key: string, value: unknown): unknown {
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  if (value === null && ["value", "low", "high"].includes(key)) return Number.NaN;
  return value;
}

/** A score has one number, by whatever name: "hallucination" is "score:hallucination". */
export function numberName(name: string): string {
  const { name: own, source } = metric(name);
  return source.measure === "quality" ? `score:${source.score}` : own;
}

/**
 * Reads the numbers of a saved report, the JSON beside its page, or of a saved `check --json`.
 *
 * @throws RangeError if the file is neither, or does not say for which calls its numbers are
 */
export function readSaved(file: string): SavedNumbers {
  const found = readJsonFile(file, "against", { revive: revived }) as Record<string, unknown> | null;
  const isCheck = found?.measure === "check";
  const table = (isCheck ? found : found?.metrics) as { by?: string[]; rows?: Row[] } | undefined;
  if (!Array.isArray(table?.by) || !Array.isArray(table.rows))
    throw wrong(file, "the JSON that report writes beside its page, or that check --json prints", "another");
  const chosen = found?.chosen as Chosen | undefined;
  if (typeof chosen?.timezone !== "string")
    throw new RangeError(
      `against requires a file that says for which calls its numbers are (where, since, timezone), got ${file}, which an earlier version wrote; make it again`,
    );
  const by = isCheck ? table.by.slice(0, -1) : table.by;
  const ofLimits = (found as { where?: string }).where;
  const numbers = table.rows.flatMap((row) => {
    const own = keysOf(by, row);
    if (!isCheck)
      return Object.entries(row).flatMap(([name, cell]) =>
        isEstimate(cell) ? [{ metric: numberName(name), by: own, estimate: cell }] : [],
      );
    // A limit relative to a baseline has its own number beside the ratio; one on a share within seconds is on no metric.
    const estimate = row.measured ?? row.value;
    const name = row.metric as string;
    if (Object.hasOwn(waits, name) || !isEstimate(estimate)) return [];
    return [{ metric: numberName(name), where: allOf([ofLimits, row.where as string]), by: own, estimate }];
  });
  const inputs = Array.isArray(found?.inputs) ? (found.inputs as string[]) : [];
  return { file, kind: isCheck ? "check" : "report", by, chosen, inputs, numbers };
}
