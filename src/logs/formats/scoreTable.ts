import { quoteName, quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import { dayIn } from "../models/stem";
import type { Reading, Target } from "../records/format";
import * as sql from "../records/sql";
import { textRecord } from "../records/textRecord";

/** One benchmark in a table's row: where its figures are. */
export interface Measured {
  benchmark: string;
  /** A field that names the part of the benchmark; "overall" or an empty value means all of it. */
  category?: string;
  score: string;
  standardError?: string;
  items?: string;
  asOf?: string;
  where?: string;
}

/** The reading of a table with one model per row and the named benchmarks; a file's name may give its day. */
export function scoreReading(
  shape: Shape,
  names: string[],
  model: string,
  { source, path }: { source: string; path: string },
  measured: Measured[],
): Omit<Reading, "format"> {
  const day = dayIn(path);
  const targets: Target[] = measured.map((one) => ({
    table: "benchmarks",
    where: one.where ?? `${sql.given(one.score)} is not null`,
    columns: {
      model: sql.required(quoteName(model)),
      benchmark: quoteText(one.benchmark) + (one.category === undefined ? "" : ofCategory(one.category)),
      score: one.score.startsWith("cast") ? one.score : sql.number(one.score),
      ...(one.standardError === undefined ? {} : { standard_error: one.standardError }),
      ...(one.items === undefined ? {} : { items: one.items }),
      ...asOf([one.asOf, day].filter((time) => time !== undefined)),
      source: quoteText(source),
    },
  }));
  return {
    ...textRecord([model, ...names], shape),
    targets,
    nothing: (records) => `none of its ${records} rows has a score`,
  };
}

// A row's own day takes precedence over that of its file.
function asOf(days: string[]): Record<string, string> {
  if (days.length === 0) return {};
  return {
    as_of:
      days.length === 1 ? days[0] : `coalesce(${days.map((day) => `cast(${day} as timestamp)`).join(", ")})`,
  };
}

const ofCategory = (field: string) =>
  ` || case when lower(coalesce(${field}, '')) in ('', 'overall', 'text', 'full') then '' else ' ' || ${field} end`;
