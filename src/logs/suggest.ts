import { nearest } from "../store/nearest";
import type { Format } from "./format";
import { type Shape, shapeAt } from "./shape";

/** Names that tools give to what a column holds, with what turns their unit into ours. */
const aliases: Record<string, [RegExp, (name: string) => string][]> = {
  call_id: [[/^(call_?id|request_?id|req_?id|id|uuid)$/i, same]],
  user_id: [[/^((end_?)?user|customer|client|account|tenant|member|who)(_?id)?$/i, same]],
  conversation_id: [[/^(conversation|session|thread|chat)(_?id)?$/i, same]],
  task_id: [[/^(task|trace|ticket)(_?id)?$/i, same]],
  workload: [[/^(workload|feature|app(lication)?|use_?case|service|project)$/i, same]],
  model: [
    [
      /^(model(_?(name|id))?|(ai|llm|request)_?model|llm(_?(name|id))?|deployment(_?(name|id))?|engine)$/i,
      same,
    ],
  ],
  provider: [[/^(provider(_?name)?|vendor|ai_org)$/i, same]],
  started_at: [
    [
      /^(started_?at|(start|request)_?(time|ts|date)|timestamp|time|ts|created(_?at)?|date(_?time)?|request_?created_?at|when|at)$/i,
      same,
    ],
  ],
  duration: [
    [
      /^(total_?|e2e_?|request_?)?(duration|latency|elapsed|response_?time|time|took|runtime)_?(ms|milli(second)?s)$/i,
      thousandth,
    ],
    [/^(ms|milli(second)?s)$/i, thousandth],
    [
      /^(total_?|e2e_?|request_?)?(duration|latency|elapsed|response_?time|took|runtime)(_?(s|sec|secs|seconds))?$/i,
      same,
    ],
    [/^(total_time|seconds|secs)$/i, same],
  ],
  time_to_first_token: [
    [/^(ttft|time_?to_?first_?(token|chunk)|first_?token(_?latency)?)_?ms$/i, thousandth],
    [/^(ttft|time_?to_?first_?(token|chunk))(_?(s|sec|seconds))?$/i, same],
  ],
  input_tokens: [[/^(input|prompt|context|in)_?tokens?$|^(tokens_?(in|prompt)|input_?length)$/i, same]],
  output_tokens: [
    [/^(output|completion|generated|out)_?tokens?$|^(tokens_?(out|completion)|output_?length)$/i, same],
  ],
  cost: [[/^(cost|spend|price|total_?cost|cost_?usd|usd)$/i, same]],
  status: [
    [/^(status|outcome|state|result)$/i, same],
    [/^(is_?)?(ok|success(ful)?|succeeded)$/i, (name) => `if(${name}, 'ok', 'error')`],
    [/^(is_?|has_?)?(error|failed|failure)$/i, (name) => `if(${name}, 'error', 'ok')`],
  ],
  http_status: [[/^(http_?status|status_?code|code|response_?status)$/i, same]],
  error_type: [[/^(error(_?(type|class|code))?)$/i, same]],
  finish_reason: [[/^(finish|stop)_?reason$/i, same]],
};

function same(name: string): string {
  return name;
}

function thousandth(name: string): string {
  return `${name} / 1000`;
}

/** What a guess from a name needs of the field: a flag is no status word, and a text no HTTP status. */
const types: Record<string, (expression: string, scalar: string | undefined) => boolean> = {
  http_status: (_, scalar) => scalar === "BIGINT",
  status: (expression, scalar) => (scalar === "BOOLEAN") === expression.startsWith("if("),
};

/** A mapping to start from, guessed from the fields' names: for a person to check, never used by itself. */
export function suggestedMapping(shape: Shape): { table: "calls"; columns: Record<string, string> } {
  const columns: Record<string, string> = {};
  for (const path of paths(shape)) {
    const last = path[path.length - 1];
    for (const [column, rules] of Object.entries(aliases)) {
      const guesses = rules
        .filter(([pattern]) => pattern.test(last))
        .map(([, expression]) => expression(path.map(identifier).join(".")))
        .filter((one) => types[column]?.(one, shapeAt(shape, path)?.scalar) ?? true);
      if (guesses.length === 0 || columns[column] !== undefined) continue;
      columns[column] = guesses[0];
      break;
    }
  }
  if (Object.keys(columns).length === 0) {
    // No name is known: the first text and the first number stand in, so that there is something to change.
    for (const path of paths(shape)) {
      const scalar = shapeAt(shape, path)?.scalar;
      if (scalar === "VARCHAR") columns.model ??= path.map(identifier).join(".");
      if (scalar === "BIGINT" || scalar === "DOUBLE") columns.duration ??= path.map(identifier).join(".");
    }
  }
  return { table: "calls", columns };
}

/** What to say of a file that no format and no mapping reads. */
export function unknownFormat(shape: Shape, formats: readonly Format[], file: string): string {
  const names = [...(shape.fields?.keys() ?? [])];
  const shown = names.slice(0, 30).join(", ") + (names.length > 30 ? `, and ${names.length - 30} more` : "");
  const near = [...formats]
    .map((format) => ({
      format,
      shared: format.signature.filter((field) => nearest(field, names, 1).length > 0).length,
    }))
    .sort((a, b) => b.shared / b.format.signature.length - a.shared / a.format.signature.length)
    .slice(0, 2)
    .map(({ format }) => `${format.name} (has ${format.signature.join(", ")})`);
  const mapping = suggestedMapping(shape);
  const stem = file
    .replace(/^.*[\\/]/, "")
    .replace(/\.(gz|zst)$/i, "")
    .replace(/\.[^.]+$/, "");
  return (
    `no format is recognised; the first record's fields are: ${shown || "none"}. Nearest formats: ${near.join("; ")}. ` +
    `Write a mapping, as ${stem}.mapping.json beside the file or with --mapping, starting from: ${JSON.stringify(mapping)}`
  );
}

function paths(shape: Shape, above: string[] = [], depth = 0): string[][] {
  if (shape.fields === undefined || depth > 2) return [];
  const own = [...shape.fields]
    .filter(([, inner]) => inner.fields === undefined)
    .map(([name]) => [...above, name]);
  const inner = [...shape.fields].flatMap(([name, one]) => paths(one, [...above, name], depth + 1));
  return [...own, ...inner];
}

function identifier(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
