import { quoteText } from "../../store/quote";
import { stem } from "../models/stem";
import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { has, textRecord } from "../records/textRecord";

const result = sql.textsIn("element.one");

/** SWE-bench's leaderboards. */
export const format: Format = {
  name: "swe-bench",
  about: "SWE-bench leaderboards (JSON): issues resolved, in per cent",
  signature: ["leaderboards", "leaderboards.name", "leaderboards.results.resolved"],
  lacks: "standard errors; an entry is a system around a model, not the model alone",
  recognises: (shape) => {
    const board = shape.fields?.get("leaderboards")?.list;
    return board !== undefined && has(board, "name", "results");
  },
  reading: (shape, path) => ({
    ...textRecord(["leaderboards"], shape),
    targets: [
      {
        table: "benchmarks",
        each: `list_filter(flatten(list_transform(from_json(leaderboards, '["JSON"]'), lambda board:
          list_transform(from_json(json_extract(board, '$.results'), '["JSON"]'), lambda one:
            {'one': one, 'board': json_extract_string(board, '$.name')}))),
          lambda entry: coalesce(json_extract_string(entry.one, '$.resolved'), '') <> '')`,
        columns: {
          model: sql.required(result("name")),
          benchmark: "'SWE-bench ' || element.board",
          score: result("resolved"),
          as_of: result("date"),
          source: quoteText(stem(path)),
        },
      },
    ],
    nothing: () => "its leaderboards contain no results",
  }),
};
