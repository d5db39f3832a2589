import { quoteName, quoteText } from "../../store/quote";
import { given, number, required } from "../expressions";
import type { Reading, Target } from "../format";
import type { Shape } from "../shape";
import { textRecord } from "../textRecord";

/** One benchmark that a table's row tells: where its figures stand. */
export interface Told {
  benchmark: string;
  /** A field that says which part of the benchmark it is; "overall" and nothing are all of it. */
  category?: string;
  score: string;
  standardError?: string;
  items?: string;
  asOf?: string;
  where?: string;
}

/** The reading of a table that has a model a row, and tells of the named benchmarks. */
export function scoreReading(
  shape: Shape,
  names: string[],
  model: string,
  source: string,
  told: Told[],
): Omit<Reading, "format"> {
  const targets: Target[] = told.map((one) => ({
    table: "benchmarks",
    where: one.where ?? `${given(one.score)} is not null`,
    columns: {
      model: required(quoteName(model)),
      benchmark: quoteText(one.benchmark) + (one.category === undefined ? "" : ofCategory(one.category)),
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

const ofCategory = (field: string) =>
  ` || case when lower(coalesce(${field}, '')) in ('', 'overall', 'text', 'full') then '' else ' ' || ${field} end`;
