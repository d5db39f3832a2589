import type { DuckDBConnection } from "@duckdb/node-api";
import { labelOfBy } from "../../facts/names";
import { groupsOf, select } from "../../facts/select";
import { taskFacts, taskUnit } from "../../facts/tasks";
import { tokenizersOf } from "../../facts/tokenizers";
import { metricTable } from "../../measures/metricTable";
import type { MeasureRequest } from "../../measures/options";
import { keysOf, rowKey } from "../../measures/rowKey";
import { isEstimate, type Row } from "../../measures/table";
import type { AssumptionId } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { Floor } from "../profile/criterion";
import { type RequestType, type Resampled, type RouteCell, resampled } from "./resampled";

const sql = statements(__dirname, "counterfactual.sql");

/** Clusters to resample; very many are merged. */
const most = 1000;
const lengths = ["not known", "short", "middle", "long"];

/** A request type with the models that had tasks of it. */
export interface Scope extends RequestType {
  keys: Row;
  models: { g: string; model: string }[];
}

/** The tasks of a log by request type, model and length. */
export interface RouteTasks {
  scopes: Scope[];
  data: Resampled;
  clusterBy: string;
  days: number;
  /** True if the input lengths of its models compare, so that they are held equal. */
  byLength: boolean;
  notes: string[];
}

/** What all rows are built from. */
export interface RouteContext {
  tasks: RouteTasks;
  /** Tasks of the whole log. */
  all: number;
  flagship: string | null;
  /** The flagship that a resample or half of the log would have; the requested one if there was one. */
  flagshipAt: (draw: number) => string | null;
  floors: readonly Floor[];
  margin: number;
  /** What the log's tables say of a model's own tasks, and the same with one-sided bounds as ends; nothing of single lengths. */
  stated: Stated;
  bounds: Stated;
  about: { level: number; clusterBy: string };
  /** Assumptions that whoever asked declared to hold. */
  declared: readonly AssumptionId[];
}

/** The minimum tasks of a request type for a model to be given all of that type. */
export const fewestTasks = 30;

/**
 * @param by columns of the request type without the model; "length" makes each third of the length a request type
 * of its own
 */
export async function routeTasks(
  store: Store,
  by: readonly string[],
  request: MeasureRequest,
): Promise<RouteTasks> {
  const columns = by.filter((name) => name !== "length" && name !== "model");
  const labels = columns.map(labelOfBy);
  const selection = await select(store, request, { by: [...columns, "model"], population: "tasks" });
  try {
    const { connection } = selection;
    await taskFacts(selection);
    await run(connection, sql.route_tasks);
    const scopes = new Map<string, Scope>();
    const numbers: { g: string; scope: number; model: string }[] = [];
    for (const { g, by: row } of await groupsOf(selection)) {
      const keys: Row = keysOf(labels, row);
      const name = rowKey(labels, row);
      const scope = scopes.get(name) ?? { keys, models: [], groups: [], thirds: [] };
      scopes.set(name, scope);
      scope.models.push({ g, model: String(row.model ?? "not given") });
      numbers.push({ g, scope: [...scopes.keys()].indexOf(name), model: String(row.model ?? "") });
    }
    const { factorOf, isKnown } = await lengthsOf(connection, [
      ...new Set(numbers.map(({ model }) => model)),
    ]);
    if (!isKnown && by.includes("length"))
      throw new RangeError(
        "route by length requires models that count tokens alike, and these share too few prompts to tell how they count: leave out length",
      );
    const placed = numbers.map(({ model, ...one }) => ({ ...one, factor: factorOf(model) }));
    await run(connection, sql.scopes, { scopes: JSON.stringify(placed) });
    const data = resampled(await rowsOf<RouteCell>(connection, sql.cells, { most }), request.seed);
    const [{ days }] = await rowsOf<{ days: number }>(connection, sql.days);
    const whole = [...scopes.values()].map((one) => ({
      ...one,
      groups: one.models.map(({ g }) => g),
      thirds: data.thirds,
    }));
    const split = by.includes("length") ? whole.flatMap((one) => byLength(one, data)) : whole;
    return {
      scopes: split,
      data,
      clusterBy: taskUnit(selection),
      days,
      byLength: isKnown,
      notes: selection.notes,
    };
  } finally {
    selection.close();
  }
}

/** What each model's tokens are divided by, so that lengths compare; null where nothing tells how models count. */
async function lengthsOf(connection: DuckDBConnection, models: readonly string[]) {
  if (models.length < 2) return { isKnown: true, factorOf: () => 1 };
  const tokenizers = await tokenizersOf(connection, models);
  const factorOf = (model: string) => tokenizers?.factors.get(model) ?? null;
  return { isKnown: tokenizers !== undefined, factorOf };
}

function byLength(scope: Scope, data: Resampled): Scope[] {
  return data.thirds
    .filter((third) => data.series(scope.groups, [third], "tasks")[0] > 0)
    .map((third) => ({ ...scope, keys: { ...scope.keys, length: lengths[third] }, thirds: [third] }));
}

/** Estimates by request type and model. */
export type Stated = (keys: Row, model: string) => Readonly<Record<string, Estimate>>;

/** The metrics of a model's own tasks as their tables have them: one metric has one interval. */
export async function statedOf(
  store: Store,
  names: readonly string[],
  by: readonly string[],
  request: MeasureRequest,
): Promise<Stated> {
  const columns = by.filter((name) => name !== "length" && name !== "model");
  if (names.length === 0) return () => ({});
  const table = await metricTable(store, { ...request, by: [...columns, "model"], metrics: names });
  const keyOf = (keys: Row, model: unknown) =>
    rowKey([...columns.map(labelOfBy), "model"], { ...keys, model: model ?? "not given" });
  const found = new Map(table.rows.map((row) => [keyOf(row, row.model), row]));
  return (keys, model) => {
    const row = found.get(keyOf(keys, model)) ?? {};
    const own = names.flatMap((name) => (isEstimate(row[name]) ? [[name, row[name]] as const] : []));
    return Object.fromEntries(own) as Record<string, Estimate>;
  };
}
