import { type FilledTable, filledTables } from "../../store/schema";
import type { Shape } from "../files/shape";
import type { Fields } from "../records/field";
import type { Format, Target } from "../records/format";
import { ofOrigin, readColumns, textOf } from "../records/texts";

/** The columns that a record needs to count as a row of the table, any one of each list. */
const required: Record<FilledTable, string[][]> = {
  calls: [
    ["model", "request_model", "response_model"],
    ["duration", "started_at", "time_to_first_token", "input_tokens", "output_tokens", "cost", "status"],
  ],
  tasks: [
    ["task_id", "conversation_id"],
    ["resolved", "trial", "resolved_at"],
  ],
  scores: [["subject"], ["subject_id"], ["name"]],
  spans: [["span_id"], ["stage"]],
  texts: [["call_id"], ["prompt", "output"]],
  items: [["item_id"], ["expected", "stratum", "prompt"]],
  preferences: [["model_a"], ["model_b"], ["preferred"]],
  sides: [["comparison_id"], ["run_id"], ["value"]],
  benchmarks: [["model"], ["benchmark"], ["score"]],
  prices: [["model"], ["input"], ["output"]],
};

/** The kit's own records: field names are those of a canonical table's columns. */
export const format: Format = {
  name: "canonical",
  about: "fieldnotes' own tables as JSON lines, CSV, Parquet or Arrow, with fields named like the columns",
  signature: ["model", "started_at", "duration", "input_tokens", "output_tokens", "status"],
  lacks: "nothing; a column without a field is empty",
  recognises: (shape) => tablesOf(shape) !== undefined,
  reading(shape) {
    const tables = tablesOf(shape) ?? ["calls"];
    const known = columnsOf(tables);
    const names = [...(shape.fields?.keys() ?? [])].filter(
      (name) => Object.hasOwn(known, name) && !ofOrigin.includes(name),
    );
    const fields: Fields = {};
    for (const name of names) {
      const { scalar: own = "VARCHAR", seen } = shape.fields?.get(name) ?? {};
      // Parquet has its own types; text and JSON, seen as a sample, are read as the column's type.
      const type = known[name].type === "TIMESTAMP" ? "VARCHAR" : known[name].type;
      fields[name] = seen === undefined ? own : type;
    }
    const targets = tables.map((table): Target => {
      const own = readColumns(table);
      const columns = Object.fromEntries(
        names.filter((name) => Object.hasOwn(own, name)).map((name) => [name, `"${name}"`]),
      );
      if (table === "calls")
        for (const name of ["prompt", "output"])
          if (columns[name] !== undefined) columns[name] = textOf(columns[name], String(fields[name]));
      return tables.length > 1 && table === "tasks"
        ? { table, columns, where: "task_id is not null and resolved is not null" }
        : { table, columns };
    });
    return {
      fields,
      targets,
      nothing: (records) =>
        `none of its ${records} records could be taken as a row of ${tables.join(" or ")}`,
    };
  },
};

/** Calls that also give the outcome of their task. */
const callsWithOutcome: FilledTable[] = ["calls", "tasks"];

function tablesOf(shape: Shape): FilledTable[] | undefined {
  const names = [...(shape.fields?.keys() ?? [])];
  // A folder such as year=2026 is no reason to take the records for something else.
  const inRecords = names.filter((name) => shape.fields?.get(name)?.isPartition !== true);
  const kinds = [
    ...filledTables.map((table) => [table]),
    ...(["task_id", "resolved"].every((name) => inRecords.includes(name)) ? [callsWithOutcome] : []),
  ];
  const othersOf = (tables: readonly FilledTable[]) => {
    const known = columnsOf(tables);
    return inRecords.filter((name) => !Object.hasOwn(known, name));
  };
  const has = (tables: readonly FilledTable[]) =>
    tables.every((table) => required[table].every((any) => any.some((name) => names.includes(name))));
  return (
    kinds.find((tables) => othersOf(tables).length === 0 && has(tables)) ??
    // The kind that recognises more of the fields comes last.
    kinds.findLast(
      (tables) => tables.includes("calls") && has(tables) && isCall(inRecords, othersOf(tables)),
    ) ??
    (isTask(inRecords, othersOf(["tasks"])) ? ["tasks"] : undefined) ??
    (isScore(inRecords) ? ["scores"] : undefined)
  );
}

// A log in the kit's own columns with fields of the team's own: a table of models' scores has a model and a cost
// as well.
function isCall(names: readonly string[], others: readonly string[]): boolean {
  const own = names.length - others.length;
  const ofOneCall = ["call_id", "task_id", "started_at", "duration"].some((name) => names.includes(name));
  return ofOneCall && !others.includes("item_id") && own >= Math.min(6, Math.max(3, others.length));
}

// Outcomes with fields of the team's own. If these name a model, its tokens, time or money, the records may be
// calls in other words.
function isTask(names: readonly string[], others: readonly string[]): boolean {
  const ofCalls = readColumns("calls");
  return (
    ["task_id", "conversation_id"].some((name) => names.includes(name)) &&
    names.includes("resolved") &&
    !others.some(
      (name) =>
        Object.hasOwn(ofCalls, name) ||
        /model|llm|engine|token|latency|duration|seconds|_ms$|cost|price|usage|prompt|completion|response/i.test(
          name,
        ),
    )
  );
}

// Judgements with fields of the team's own.
const isScore = (names: readonly string[]) =>
  ["subject", "subject_id", "name", "value"].every((name) => names.includes(name));

function columnsOf(tables: readonly FilledTable[]): ReturnType<typeof readColumns> {
  return Object.assign({}, ...tables.map(readColumns));
}
