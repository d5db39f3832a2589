import { quoteName, quoteText } from "../../store/quote";
import { given, number, whole } from "../expressions";
import type { Format, Reading, Target } from "../format";
import type { Shape } from "../shape";
import { has, hasAny, textRecord } from "../textRecord";
import { stem } from "./tauBench";

/** One benchmark that a table's row tells: where its figures stand. */
interface Told {
  benchmark: string;
  score: string;
  standardError?: string;
  items?: string;
  asOf?: string;
  where?: string;
}

function reading(
  shape: Shape,
  names: string[],
  model: string,
  source: string,
  told: Told[],
): Omit<Reading, "format"> {
  const targets: Target[] = told.map((one) => ({
    table: "benchmarks",
    where: `${given(quoteName(model))} is not null and ${one.where ?? `${given(one.score)} is not null`}`,
    columns: {
      model: quoteName(model),
      benchmark: quoteText(one.benchmark),
      score: one.score.startsWith("cast") ? one.score : number(one.score),
      ...(one.standardError === undefined ? {} : { standard_error: one.standardError }),
      ...(one.items === undefined ? {} : { items: one.items }),
      ...(one.asOf === undefined ? {} : { as_of: one.asOf }),
      source: quoteText(source),
    },
  }));
  return {
    ...textRecord([model, ...names], shape),
    targets,
    nothing: (records) => `none of its ${records} rows has a score`,
  };
}

/** AlpacaEval's leaderboard: the first column, without a name, is the model. */
export const alpacaEval: Format = {
  name: "alpaca-eval",
  about: "AlpacaEval leaderboards (CSV): win rates in per cent",
  signature: ["win_rate", "standard_error", "n_total", "length_controlled_winrate"],
  lacks: "dates of the scores",
  recognises: (shape) => has(shape, "win_rate", "standard_error", "n_total"),
  reading(shape) {
    const model = ["model", "name", "generator"].find((name) => has(shape, name)) ?? "column1";
    const names = ["win_rate", "standard_error", "n_total", "length_controlled_winrate", "lc_standard_error"];
    return reading(shape, names, model, "alpaca-eval", [
      {
        benchmark: "AlpacaEval",
        score: "win_rate",
        standardError: number("standard_error"),
        items: whole("n_total"),
      },
      {
        benchmark: "AlpacaEval LC",
        score: "length_controlled_winrate",
        standardError: number("lc_standard_error"),
        items: whole("n_total"),
      },
    ]);
  },
};

/** Arena ratings as a table, one row a model. */
export const arenaTable: Format = {
  name: "arena-table",
  about: "LMArena rating tables (CSV: model, rating, rating_q975, rating_q025)",
  signature: ["model", "rating", "rating_q975", "rating_q025", "num_battles"],
  lacks: "dates but in the file's name",
  recognises: (shape) => has(shape, "rating", "rating_q975", "rating_q025"),
  reading(shape) {
    const model = ["model", "model_name", "key"].find((name) => has(shape, name)) ?? "column1";
    // Without a variance, the 95 % bounds of the bootstrap are 3.92 standard errors apart where it is normal.
    const error = `coalesce(sqrt(${number("variance")}), (${number("rating_q975")} - ${number("rating_q025")}) / 3.92)`;
    return reading(
      shape,
      ["rating", "variance", "rating_q975", "rating_q025", "num_battles"],
      model,
      "lmarena",
      [{ benchmark: "Chatbot Arena", score: "rating", standardError: error, items: whole("num_battles") }],
    );
  },
};

/** Arena-Hard: its table, or one row a model with the draws of the bootstrap. */
export const arenaHard: Format = {
  name: "arena-hard",
  about: "Arena-Hard leaderboards (CSV) and bootstrap draws (JSONL: model, score, lower, upper, results)",
  signature: ["model", "score", "rating_q025", "rating_q975", "avg_tokens", "results"],
  lacks: "the number of battles",
  recognises: (shape) =>
    has(shape, "model", "score") &&
    (has(shape, "rating_q025", "rating_q975") ||
      (has(shape, "lower", "upper") && shape.fields?.get("results")?.list !== undefined)),
  reading(shape, path) {
    const isDraws = has(shape, "results");
    const error = isDraws
      ? `list_stddev_samp(cast(results as double[]))`
      : `(${number("rating_q975")} - ${number("rating_q025")}) / 3.92`;
    return reading(shape, ["score", "rating_q025", "rating_q975", "results", "date"], "model", stem(path), [
      {
        benchmark: /mt.?bench/i.test(stem(path)) ? "MT-Bench" : "Arena-Hard",
        score: "score",
        standardError: error,
        ...(has(shape, "date") ? { asOf: given('"date"') } : {}),
      },
    ]);
  },
};

const modelColumns = ["model", "llm_model", "model_name", "fullname", "model_id"];
// Columns of a leaderboard that say what a model is, and how it did not do.
const aboutModel =
  /^(#|rank.*|ranking|organi[sz]ation|org|license|licen[cs]e|type|precision|architecture|weight type|base model|hub.*|link|url|source|date|.*date.*|knowledge.?cutoff|model sha|t|eval_name|merged|moe|flagged|chat template|available.*|official.*|maintainer.*|generation|notes?|provider|version|column\d+|95% ci.*|ci|votes|params.*|#params.*|co2.*)$/i;
const ofLogs =
  /tokens?$|latency|duration|cost|price|(^|_)(time|timestamp|ts|status|id)$|_ms$|error|http|^(created|started)|(^|_)(ttft|tpot)/i;

/** The columns of a wide table of scores: one of models, all others numbers. Undefined where it is no such table. */
function scoreColumns(shape: Shape): { model: string; scores: string[] } | undefined {
  const names = [...(shape.fields?.keys() ?? [])];
  const model = modelColumns
    .map((wanted) => names.find((name) => name.toLowerCase() === wanted))
    .find((name) => name !== undefined);
  if (model === undefined) return undefined;
  const known = names.some((name) => /^average( ⬆️)?$/i.test(name));
  const scores: string[] = [];
  for (const name of names) {
    const one = shape.fields?.get(name);
    if (name === model || modelColumns.includes(name.toLowerCase()) || aboutModel.test(name)) continue;
    if (one?.scalar === "NULL") continue;
    const isNumber =
      one?.scalar === "BIGINT" || one?.scalar === "DOUBLE" || (one?.scalar === "VARCHAR" && one.numeric);
    // The Open LLM Leaderboard has columns of words beside its average: these are told, others are not a table of scores.
    if (!isNumber || one?.fields || one?.list) {
      if (known) continue;
      return undefined;
    }
    if (ofLogs.test(name)) return undefined;
    scores.push(name);
  }
  return scores.length === 0 ? undefined : { model, scores };
}

/** A leaderboard as a wide table: HELM, LiveBench, the Open LLM Leaderboard and any other of this form. */
export const leaderboardTable: Format = {
  name: "leaderboard-table",
  about:
    "leaderboards as a table: a column of models, and one of numbers for each benchmark (CSV, JSON, Parquet)",
  signature: ["model", "a column of numbers a benchmark"],
  lacks:
    "standard errors, dates, and whether a higher score is the better one: all are taken to be (set higher_is_better)",
  recognises: (shape) => scoreColumns(shape) !== undefined,
  reading(shape, path) {
    const { model, scores } = scoreColumns(shape) ?? { model: "model", scores: [] };
    const told = scores.map((name) => ({ benchmark: name, score: quoteName(name) }));
    return reading(shape, scores, model, stem(path), told);
  },
};

const result = (field: string) => `json_extract_string(element.one, '$.${field}')`;

/** SWE-bench's leaderboards. */
export const sweBench: Format = {
  name: "swe-bench",
  about: "SWE-bench leaderboards (JSON): issues resolved, in per cent",
  signature: ["leaderboards", "leaderboards.name", "leaderboards.results.resolved"],
  lacks: "standard errors; an entry is a system around a model, not the model alone",
  recognises: (shape) => {
    const board = shape.fields?.get("leaderboards")?.list;
    return board !== undefined && has(board, "name", "results");
  },
  reading: (shape) => ({
    ...textRecord(["leaderboards"], shape),
    targets: [
      {
        table: "benchmarks",
        each: `flatten(list_transform(from_json(leaderboards, '["JSON"]'), lambda board:
          list_transform(from_json(json_extract(board, '$.results'), '["JSON"]'), lambda one:
            {'one': one, 'board': json_extract_string(board, '$.name')})))`,
        columns: {
          model: result("name"),
          benchmark: "'SWE-bench ' || element.board",
          score: `try_cast(${result("resolved")} as double)`,
          as_of: `try_cast(${result("date")} as timestamp)`,
          source: "'swe-bench'",
        },
      },
    ],
    nothing: () => "its leaderboards hold no result",
  }),
};

/** Arena ratings as LMArena's catalogue has them: {category: {model: {rating, ...}}}. */
export const arenaCatalogue: Format = {
  name: "arena-catalogue",
  about: "LMArena's catalogue (leaderboard-*.json: categories of models with their ratings)",
  signature: ["an object of categories", "of models", "rating", "rating_q975", "rating_q025"],
  lacks: "the number of battles, dates but in the file's name",
  recognises: (shape) => {
    const categories = [...(shape.fields?.values() ?? [])];
    return categories.some((category) =>
      [...(category.fields?.values() ?? [])].some(
        (model) => model.fields?.has("rating") && model.fields.has("rating_q975"),
      ),
    );
  },
  reading: () => ({
    fields: { record: "JSON" },
    whole: true,
    targets: [
      {
        table: "benchmarks",
        each: `flatten(list_transform(json_keys(record), lambda category:
          list_transform(json_keys(record, '$."' || category || '"'), lambda model:
            {'category': category, 'model': model, 'one': json_extract(record, '$."' || category || '"."' || model || '"')})))`,
        columns: {
          model: "element.model",
          benchmark: "'Chatbot Arena ' || element.category",
          score: `try_cast(${result("rating")} as double)`,
          standard_error: `(try_cast(${result("rating_q975")} as double) - try_cast(${result("rating_q025")} as double)) / 3.92`,
          source: "'lmarena'",
        },
      },
    ],
    nothing: () => "its categories hold no rating",
  }),
};

/** Results of the lm-evaluation-harness: tasks, metrics, standard errors. */
export const lmEvalResults: Format = {
  name: "lm-eval-results",
  about: "lm-evaluation-harness results (results_DATE.json)",
  signature: ["results", "configs", "versions", "n-shot", "higher_is_better", "model_name"],
  lacks: "single samples (they are in samples_TASK_DATE.jsonl)",
  recognises: (shape) =>
    has(shape, "results", "configs") && hasAny(shape, "versions", "n-shot", "model_name"),
  reading: (shape) => {
    const names = ["results", "config", "model_name", "n-samples", "higher_is_better", "date"];
    const part = (field: string, path: string) => `json_extract_string(${field}, ${path})`;
    return {
      ...textRecord(names, shape),
      targets: [
        {
          table: "benchmarks",
          each: `flatten(list_transform(json_keys(results), lambda task: list_transform(
            list_filter(json_keys(results, '$."' || task || '"'), lambda key: contains(key, ',') and not contains(key, '_stderr,')),
            lambda key: {'task': task, 'metric': key,
              'score': ${part("results", `'$."' || task || '"."' || key || '"'`)},
              'error': ${part("results", `'$."' || task || '"."' || split_part(key, ',', 1) || '_stderr,' || split_part(key, ',', 2) || '"'`)},
              'items': ${part('"n-samples"', `'$."' || task || '".effective'`)},
              'higher': ${part("higher_is_better", `'$."' || task || '"."' || split_part(key, ',', 1) || '"'`)},
              'model': coalesce(nullif(model_name, ''), regexp_extract(json_extract_string(config, '$.model_args'), 'pretrained=([^,]+)', 1),
                json_extract_string(config, '$.model')),
              'at': "date"})))`,
          columns: {
            model: "element.model",
            benchmark: "element.task || ' ' || replace(element.metric, ',none', '')",
            score: "try_cast(element.score as double)",
            standard_error: "try_cast(element.error as double)",
            items: "try_cast(element.items as bigint)",
            higher_is_better: "try_cast(element.higher as boolean)",
            as_of: "make_timestamp((try_cast(element.at as double) * 1e6)::bigint)",
            source: "'lm-eval'",
          },
        },
      ],
      nothing: () => "its results hold no metric",
    };
  },
};
