import type { Shape } from "../files/shape";
import type { Format } from "./format";

/** What a format's files fill, and what the missing columns mean for the measures. */
export interface Follows {
  tables: string[];
  follows: string[];
}

const nothing: Shape = { scalar: "NULL", numeric: false, fields: new Map() };

/**
 * The tables that a format fills, and what cannot be measured because none of its files has it: derived from the
 * columns that the format reads, not maintained by hand. `lacks` says what only some of its files lack.
 */
export function followsOf(format: Format): Follows {
  const { targets } = format.reading(nothing, "file.json");
  const tables = [...new Set([...targets.map(({ table }) => table), ...(format.also ?? [])])];
  const calls = targets.filter(({ table }) => table === "calls");
  // For a table with arbitrary columns, only the file shows what it fills.
  if (calls.length === 0 || format.name === "canonical") return { tables, follows: [] };
  const filled = (...names: string[]) =>
    calls.some(({ columns }) => names.some((name) => Object.hasOwn(columns, name)));
  const outcomes =
    tables.includes("scores") ||
    targets.some(({ table, columns }) => table === "tasks" && Object.hasOwn(columns, "resolved"));
  const isEvaluation = calls.every(({ columns }) => columns.environment === "'evaluation'");
  const rules: [boolean, string][] = [
    [!filled("duration"), "no latency and no throughput"],
    [filled("duration") && !filled("time_to_first_token"), "no time to first token or per output token"],
    [!filled("cost") && filled("input_tokens"), "costs come from a price list"],
    [!filled("cost") && !filled("input_tokens"), "no cost"],
    [!filled("started_at"), "no hours, no load, no before and after; the latest price is taken"],
    [!filled("task_id"), "no cost per task, no retries"],
    [
      !filled("user_id", "conversation_id"),
      "intervals take tasks, prompts or calls as independent, not users",
    ],
    [!filled("prompt", "prompt_id"), "repeats of a prompt cannot be found: no consistency"],
    [!filled("output", "output_length"), "nothing about outputs: length, JSON, schema"],
    [!filled("model", "request_model", "response_model"), "set the model: --set model=..."],
    [!outcomes, "quality and cost per resolved task need scores or outcomes of your own"],
    [isEvaluation, "environment is 'evaluation': never part of production's latency"],
  ];
  return { tables, follows: rules.filter(([holds]) => holds).map(([, text]) => text) };
}
