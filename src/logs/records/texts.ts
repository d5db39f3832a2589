import { quoteName } from "../../store/quote";
import { type Column, columnsOf, type FilledTable } from "../../store/schema";
import { answerOf } from "./answer";
import { inWordsOf } from "./canonical";
import type { Reading, Target } from "./format";
import { outputFormSql } from "./outputForm";
import { schemaFunction } from "./schemaValid";
import { templateSql } from "./template";

/** Prompts and outputs: columns of a reading's calls, which become features, and texts if requested. */
const texts: Record<string, Column> = {
  prompt: { type: "VARCHAR", about: "what was asked", holds: "asked" },
  output: { type: "VARCHAR", about: "what was answered", holds: "asked" },
};

// Looked up for each field of a record, of which there may be many.
const ofCalls: Record<string, Column> = { ...columnsOf("calls"), ...texts };

/**
 * Columns that say where a row came from, or that are derived when an ingest is completed: no reading fills them.
 */
export const ofOrigin = ["ingest_id", "line", "emptied", "log_order", "derived"];

/** The columns that a reading may fill: those of the table, and for calls also the prompt and the output. */
export function readColumns(table: FilledTable): Record<string, Column> {
  return table === "calls" ? ofCalls : columnsOf(table);
}

/** An expression of the engine's type as a text: nested values as JSON. */
export function textOf(sql: string, type: string): string {
  if (type === "VARCHAR") return sql;
  if (type === "JSON") return `(${sql})->>'$'`;
  if (/^(STRUCT|MAP|UNION)|\[\d*\]$/.test(type)) return `cast(to_json(${sql}) as varchar)`;
  return `cast(${sql} as varchar)`;
}

/**
 * A reading whose calls have, for their texts, the features that can be known: length, hash, form, JSON validity
 * and schema fit of the output, an id and the template of the prompt. The log's own values take precedence.
 *
 * @param keep store the texts as well
 * @param judge check outputs against a schema
 */
export function withTexts(reading: Reading, { keep, judge }: { keep: boolean; judge: boolean }): Reading {
  const derived = { ...reading.derived };
  const targets = reading.targets.flatMap((target): Target[] => {
    if (target.table === "texts") return keep ? [target] : [];
    const { prompt, output: raw, ...columns } = target.columns;
    if (target.table !== "calls" || (prompt === undefined && raw === undefined)) return [target];
    let output = raw === undefined ? undefined : answerOf(raw);
    // Read by several columns, so named; but only what cannot fail may be named, and an element has no name.
    if (output !== undefined && reading.mapping === undefined && target.each === undefined) {
      derived["@output"] = output;
      output = quoteName("@output");
    }
    const features: Record<string, string> = {
      ...(output === undefined ? {} : outputFeatures(output, columns, judge)),
      ...(prompt === undefined ? {} : { prompt_id: `md5(${prompt})`, prompt_template: templateSql(prompt) }),
    };
    const all: Record<string, string> = { ...features, ...columns };
    for (const name of ["prompt_id", "prompt_template"])
      if (columns[name] !== undefined && features[name] !== undefined)
        all[name] = `coalesce(${columns[name]}, ${features[name]})`;
    return [{ ...target, columns: all }, ...(keep ? [kept(target, prompt, output)] : [])];
  });
  return { ...reading, derived, targets: keep ? targets.map((one) => ({ ...one, keep })) : targets };
}

function outputFeatures(
  output: string,
  { workload, role }: Record<string, string>,
  judge: boolean,
): Record<string, string> {
  const features: Record<string, string> = {
    output_length: `length(${output})`,
    output_hash: `md5(${output})`,
    output_form: outputFormSql(output),
    json_valid: `json_valid(${output})`,
  };
  if (judge) {
    const fits = `${schemaFunction}(${workload ?? "null::varchar"}, ${output})`;
    features.schema_valid =
      role === undefined
        ? fits
        : `case when coalesce(${inWordsOf("role", role)}, 'answer') = 'answer' then ${fits} end`;
  }
  return features;
}

function kept(target: Target, prompt: string | undefined, output: string | undefined): Target {
  const { where, each, columns } = target;
  const given = [prompt, output].filter((one) => one !== undefined);
  const has = `coalesce(${given.join(", ")}) is not null`;
  return {
    table: "texts",
    // The elements of a list are examined one by one only later.
    where: each !== undefined ? where : where === undefined ? has : `(${where}) and ${has}`,
    each,
    columns: {
      ...(columns.call_id === undefined ? {} : { call_id: columns.call_id }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(output === undefined ? {} : { output }),
    },
  };
}
