import { type Shape, shapeAt } from "../files/shape";
import { sureScores } from "../formats/leaderboardColumns";
import { readColumns } from "../records/texts";

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
    // A name of ours means what it says.
    if (
      path.length === 1 &&
      Object.hasOwn(readColumns("calls"), last) &&
      (types[last]?.(last, shapeAt(shape, path)?.scalar) ?? true)
    ) {
      columns[last] = identifier(last);
      continue;
    }
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
  const texts = [...(shape.fields ?? [])].filter(
    ([, { scalar, numeric }]) => scalar === "VARCHAR" && !numeric,
  );
  const scores = sureScores(shape);
  if (texts.length === 0 || scores.length === 0) return undefined;
  const model = (texts.find(([name]) => /model|name|llm/i.test(name)) ?? texts[0])[0];
  return scores.slice(0, 3).map((name) => ({
    table: "benchmarks",
    columns: {
      model: identifier(model),
      benchmark: `'${name.replaceAll("'", "''")}'`,
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
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
