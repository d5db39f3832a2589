import { quoteName, quoteText } from "../../store/quote";
import { type Shape, shapeAt } from "../files/shape";
import { sureScores } from "../formats/leaderboardColumns";
import { readColumns } from "../records/texts";

const milliseconds = (name: string) => `${name} / 1000`;

/** Names that tools give to what a column holds, with what turns them into it; the first that fits counts. */
const aliases: [column: string, names: RegExp, expression?: (name: string) => string][] = [
  ["call_id", /^(call_?id|request_?id|req_?id|id|uuid)$/i],
  ["user_id", /^((end_?)?user|customer|client|account|tenant|member|who)(_?id)?$/i],
  ["conversation_id", /^(conversation|session|thread|chat)(_?id)?$/i],
  ["task_id", /^(task|trace|ticket)(_?id)?$/i],
  ["workload", /^(workload|feature|app(lication)?|use_?case|service|project)$/i],
  [
    "model",
    /^(model(_?(name|id))?|(ai|llm|request)_?model|llm(_?(name|id))?|deployment(_?(name|id))?|engine)$/i,
  ],
  ["provider", /^(provider(_?name)?|vendor|ai_org)$/i],
  ["started_at", /^(started_?at|(start|request)_?(time|ts|date)|timestamp|time|ts)$/i],
  ["started_at", /^((request_?)?created(_?at)?|date(_?time)?|when|at)$/i],
  [
    "duration",
    /^(total_?|e2e_?|request_?)?(duration|latency|elapsed|response_?time|time|took|runtime)_?(ms|milli(second)?s)$/i,
    milliseconds,
  ],
  ["duration", /^(ms|milli(second)?s)$/i, milliseconds],
  [
    "duration",
    /^(total_?|e2e_?|request_?)?(duration|latency|elapsed|response_?time|took|runtime)(_?(s|sec|secs|seconds))?$/i,
  ],
  ["duration", /^(total_time|seconds|secs)$/i],
  [
    "time_to_first_token",
    /^(ttft|time_?to_?first_?(token|chunk)|first_?token(_?latency)?)_?ms$/i,
    milliseconds,
  ],
  ["time_to_first_token", /^(ttft|time_?to_?first_?(token|chunk))(_?(s|sec|seconds))?$/i],
  ["input_tokens", /^(input|prompt|context|in)_?tokens?$|^(tokens_?(in|prompt)|input_?length)$/i],
  [
    "output_tokens",
    /^(output|completion|generated|out)_?tokens?$|^(tokens_?(out|completion)|output_?length)$/i,
  ],
  ["cost", /^(cost|spend|price|total_?cost|cost_?usd|usd)$/i],
  ["status", /^(status|outcome|state|result)$/i],
  ["status", /^(is_?)?(ok|success(ful)?|succeeded)$/i, (name) => `if(${name}, 'ok', 'error')`],
  ["status", /^(is_?|has_?)?(error|failed|failure)$/i, (name) => `if(${name}, 'error', 'ok')`],
  ["http_status", /^(http_?status|status_?code|code|response_?status)$/i],
  ["error_type", /^(error(_?(type|class|code))?)$/i],
  ["finish_reason", /^(finish|stop)_?reason$/i],
];

/** What a guess from a name needs of the field: a flag is no status word, and a text no HTTP status. */
const types: Record<string, (expression: string, scalar: string | undefined) => boolean> = {
  http_status: (_, scalar) => scalar === "BIGINT",
  status: (expression, scalar) => (scalar === "BOOLEAN") === expression.startsWith("if("),
};

/** A mapping to start from, guessed from the fields' names: for a person to check, never used by itself. */
export function suggestedMapping(shape: Shape): { table: "calls"; columns: Record<string, string> } {
  const columns: Record<string, string> = {};
  const all = paths(shape).map((path) => ({
    path,
    last: path[path.length - 1],
    name: path.map(identifier).join("."),
    scalar: shapeAt(shape, path)?.scalar,
  }));
  for (const { path, last, name, scalar } of all) {
    const fits = (column: string, expression: string) => types[column]?.(expression, scalar) ?? true;
    // A name of ours means what it says.
    if (path.length === 1 && Object.hasOwn(readColumns("calls"), last) && fits(last, last)) {
      columns[last] = name;
      continue;
    }
    const guess = aliases
      .filter(([, names]) => names.test(last))
      .map(([column, , expression]) => ({ column, expression: expression?.(name) ?? name }))
      .find(({ column, expression }) => fits(column, expression) && columns[column] === undefined);
    if (guess !== undefined) columns[guess.column] = guess.expression;
  }
  // No name is known: the first text and the first number stand in, so that there is something to change.
  if (Object.keys(columns).length === 0) {
    for (const { name, scalar } of all) {
      if (scalar === "VARCHAR") columns.model ??= name;
      if (scalar === "BIGINT" || scalar === "DOUBLE") columns.duration ??= name;
    }
  }
  return { table: "calls", columns };
}

const ofModel = /^(model(_?(name|id))?|name|id)$/i;
const priced: Record<string, RegExp> = {
  input: /^(input|prompt)/i,
  cache_read: /^cached?(?!.*(creat|writ))/i,
  cache_creation: /^cache.*(creat|writ)/i,
  output: /^(output|completion)/i,
};
const ofPrices = /^(cache_read|cache_creation)$/;
const aPrice = /price|cost|usd|\$|per[ _]?(1?[mk]|million|thousand|tokens?)\b|mtok/i;

/** A mapping of a price list, whose columns are named by their unit; undefined where the fields are none. */
export function suggestedPrices(
  shape: Shape,
): { table: "prices"; columns: Record<string, string> } | undefined {
  const names = [...(shape.fields?.keys() ?? [])];
  const model = names.find((name) => ofModel.test(name));
  // Columns of ours beside others: they mean what they say.
  if (
    ["model", "input", "output"].every((name) => names.includes(name)) &&
    names.some((name) => ofPrices.test(name))
  ) {
    const own = names.filter((name) => Object.hasOwn(readColumns("prices"), name));
    return { table: "prices", columns: Object.fromEntries(own.map((name) => [name, identifier(name)])) };
  }
  const columns = Object.fromEntries(
    Object.entries(priced).flatMap(([column, pattern]) => {
      const name = names.find((one) => pattern.test(one) && aPrice.test(one));
      return name === undefined ? [] : [[column, dollars(name, shape) + perToken(name)]];
    }),
  );
  if (model === undefined || columns.input === undefined || columns.output === undefined) return undefined;
  return { table: "prices", columns: { model: identifier(model), ...columns } };
}

// "$2.50" is a text.
function dollars(name: string, shape: Shape): string {
  const { scalar, numeric } = shape.fields?.get(name) ?? {};
  return scalar === "VARCHAR" && numeric === false
    ? `cast(translate(${identifier(name)}, '$,', '') as double)`
    : identifier(name);
}

function perToken(name: string): string {
  if (/(per|\/)[ _]?(1?m|million)\b|mtok/i.test(name)) return " / 1e6";
  return /(per|\/)[ _]?(1?k|thousand)\b/i.test(name) ? " / 1e3" : "";
}

/** A mapping of a leaderboard that no column tells the models of: the first texts stand in; undefined for no scores. */
export function suggestedScores(
  shape: Shape,
): { table: "benchmarks"; columns: Record<string, string> }[] | undefined {
  const texts = [...(shape.fields ?? [])]
    .filter(([, { scalar, numeric }]) => scalar === "VARCHAR" && !numeric)
    .map(([name]) => name);
  const scores = sureScores(shape);
  const model = texts.find((name) => /model|name|llm/i.test(name)) ?? texts[0];
  if (model === undefined || scores.length === 0) return undefined;
  return scores.slice(0, 3).map((name) => ({
    table: "benchmarks",
    columns: {
      model: identifier(model),
      benchmark: quoteText(name),
      score: identifier(name),
    },
  }));
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
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : quoteName(name);
}
