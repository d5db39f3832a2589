import { quoteName } from "../../store/quote";
import type { Format } from "../format";
import type { Shape } from "../shape";
import { stem } from "../stem";
import { scoreReading } from "./scoreTable";

// The Open LLM Leaderboard's "Model" is a link, as HTML, and its "fullname" the name.
const modelColumns = ["fullname", "model", "llm_model", "model_name", "model_id"];
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
    if (one?.scalar === "NULL" || one?.isPartition) continue;
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
    return scoreReading(shape, scores, model, stem(path), told);
  },
};
