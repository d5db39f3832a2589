import { select } from "../facts/select";
import type { Diagnosis } from "../measures/diagnosis";
import { helpersAmong, helpersNote } from "../measures/helpers";
import type { MeasureRequest } from "../measures/options";
import type { Row, Table } from "../measures/table";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";

/** The calls of a report: which models, how many, and from when to when. */
export type ReportSpan = Pick<Diagnosis, "models" | "calls" | "evaluation" | "from" | "to">;

/** The calls left after a report's selection: readers would take any others that the page named as measured. */
export async function spanOf(store: Store, request: MeasureRequest): Promise<ReportSpan> {
  const selection = await select(store, request, { by: "model", population: "all" });
  try {
    const rows = await rowsOf<{
      model: string | null;
      calls: number;
      evaluation: number;
      from: string;
      to: string;
    }>(
      selection.connection,
      `select "by".model as model, count(*)::double as calls,
         count(*) filter (environment = 'evaluation')::double as evaluation,
         strftime(min(begun), '%Y-%m-%dT%H:%M:%SZ') as "from", strftime(max(begun), '%Y-%m-%dT%H:%M:%SZ') as "to"
       from selected group by all order by calls desc, model`,
    );
    const sum = (count: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + count(row), 0);
    const ends = (name: "from" | "to") => rows.flatMap((row) => row[name] ?? []).sort();
    return {
      models: rows.flatMap(({ model }) => model ?? []),
      calls: sum(({ calls }) => calls),
      evaluation: sum(({ evaluation }) => evaluation),
      from: ends("from")[0] ?? null,
      to: ends("to").at(-1) ?? null,
    };
  } finally {
    selection.close();
  }
}

/** Whether a model answers nothing, beside others that do: where none does, they are what there is to compare. */
export async function helperTest(
  store: Store,
  request: MeasureRequest,
  models: readonly string[],
): Promise<(model: Row[string]) => boolean> {
  const selection = await select(store, request, { by: "model", population: "all" });
  try {
    const helpers = (await helpersAmong(selection)).map(({ model }) => model);
    return models.every((one) => helpers.includes(one)) ? () => false : (model) => helpers.includes(model);
  } finally {
    selection.close();
  }
}

/** A model that only embeds or judges has costs, but is no choice. */
export function withoutHelpers(metrics: Table, isHelper: (model: Row[string]) => boolean): Table {
  const out = [...new Set(metrics.rows.map(({ model }) => model))].filter(isHelper);
  if (out.length === 0) return metrics;
  const rows = metrics.rows.filter(({ model }) => !isHelper(model));
  return { ...metrics, rows, notes: [...metrics.notes, helpersNote(out.map(String))] };
}

/** What a report finds among its calls: how many workloads, and whether any of them answers. */
export async function workOf(
  store: Store,
  request: MeasureRequest,
): Promise<{ workloads: number; answering: number; calls: number }> {
  const { connection, close } = await select(store, request, { by: [], population: "all" });
  try {
    const [found] = await rowsOf<{ workloads: number; answering: number; calls: number }>(
      connection,
      `select count(distinct workload)::double as workloads, count(*) filter (answers)::double as answering,
         count(*)::double as calls
       from selected`,
    );
    return found;
  } finally {
    close();
  }
}

/** The default candidates: models, or the providers if the log has fewer models than providers, or names none providers. */
export async function candidateOf(store: Store, request: MeasureRequest): Promise<string[] | undefined> {
  const { connection, close } = await select(store, request, { by: [] });
  try {
    const [{ models, providers }] = await rowsOf<{ models: number; providers: number }>(
      connection,
      "select count(distinct model)::double as models, count(distinct provider)::double as providers from selected",
    );
    // The same few models at many places: these are what differs.
    if (providers < 2 || providers <= models) return undefined;
    return models > 0 ? ["provider", "model"] : ["provider"];
  } finally {
    close();
  }
}
