import { stem } from "../models/stem";
import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { has } from "../records/textRecord";
import { scoreReading } from "./scoreTable";

/** AlpacaEval's leaderboard: the first column, which has no name, is the model. */
export const format: Format = {
  name: "alpaca-eval",
  about: "AlpacaEval leaderboards (CSV): win rates in per cent",
  signature: ["win_rate", "standard_error", "n_total", "length_controlled_winrate"],
  lacks: "dates of the scores, except in the file's name",
  recognises: (shape) => has(shape, "win_rate", "standard_error", "n_total"),
  reading(shape, path) {
    const model = ["model", "name", "generator"].find((name) => has(shape, name)) ?? "column1";
    const names = ["win_rate", "standard_error", "n_total", "length_controlled_winrate", "lc_standard_error"];
    return scoreReading(shape, names, model, { source: stem(path), path }, [
      {
        benchmark: "AlpacaEval",
        score: "win_rate",
        standardError: sql.number("standard_error"),
        items: sql.whole("n_total"),
      },
      {
        benchmark: "AlpacaEval LC",
        score: "length_controlled_winrate",
        standardError: sql.number("lc_standard_error"),
        items: sql.whole("n_total"),
      },
    ]);
  },
};
