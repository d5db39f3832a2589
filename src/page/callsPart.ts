import { traceFigure } from "../charts/traceFigure";
import { within } from "../facts/request";
import { columnsWithCalls } from "../measures/behind";
import type { CallRow } from "../measures/callList";
import { calls, callsAbout } from "../measures/calls";
import { metric } from "../measures/metric";
import { metricNames } from "../measures/metricNames";
import { metricTable } from "../measures/metricTable";
import type { MeasureRequest } from "../measures/options";
import { type Trace, trace } from "../measures/service/trace";
import type { Row, Table } from "../measures/table";
import { grouped } from "../stats/text";
import type { Store } from "../store/open";
import { quoteText } from "../store/quote";
import { callUnits } from "./callUnits";
import { type IdKind, shownId } from "./ids";
import type { OneTrace, Part } from "./part";
import { traceRows } from "./traceText";

/** Maximum calls or tasks in a list, workloads with lists, and calls of one prompt. */
const MOST = 20;
const MOST_WORKLOADS = 8;
const MOST_RUNS = 4;
/** Maximum number of single tasks and calls on a page. */
const MOST_TRACES = 400;

/** Which calls an appendix shows. */
export interface CallsPartOptions {
  /** Include prompts and outputs, if the ingest kept them. Default false. */
  withText?: boolean;
  /** Ids shown by the page's other tables: their calls are included too. */
  ids?: readonly { id: string; kind: IdKind }[];
}

/**
 * Returns an appendix of single calls, for readers who ask which calls are behind a number: the slowest, dearest and
 * worst twenty of each workload, and all others whose ids the page shows. It has ids of users and tasks, and texts only
 * on request.
 */
export async function callsPart(
  store: Store,
  request: MeasureRequest,
  options: CallsPartOptions = {},
): Promise<Part> {
  const { withText = false, ids = [] } = options;
  const wanted = new Map<string, string[]>();
  const want = ({ call_id, task_id }: Row, ...more: string[]) => {
    const id = String(task_id ?? call_id ?? "");
    if (id !== "") wanted.set(id, [...(wanted.get(id) ?? []), String(call_id ?? id), ...more]);
  };
  const tables: NonNullable<Part["tables"]>[number][] = [];
  const lists = await listsOf(store, request);
  for (const { caption, rows, notes } of lists) {
    for (const row of rows) want(row);
    tables.push({
      table: { measure: "", by: ["call_id"], rows, notes },
      caption,
      units: callUnits,
      fold: "all",
    });
  }
  for (const { id, kind } of ids) {
    if (kind !== "prompt") wanted.set(id, [...(wanted.get(id) ?? []), id]);
    else for (const row of await runsOf(store, id)) want(row, id);
  }
  const traces: OneTrace[] = [];
  for (const [id, more] of [...wanted].slice(0, MOST_TRACES)) {
    const found = await traceOf(store, id, withText);
    if (found === undefined) continue;
    const one = oneTrace(found, [id, ...more]);
    // A call and its task are one trace.
    const same = traces.find(({ caption }) => caption === one.caption);
    if (same === undefined) traces.push(one);
    else same.ids = [...new Set([...same.ids, ...one.ids])];
  }
  const left = wanted.size - MOST_TRACES;
  const kept = traces.some(({ texts }) => texts.length > 0);
  return {
    title: "Calls one by one",
    fold: true,
    paragraphs: [
      `The ${MOST} slowest, most expensive and worst calls of each workload, and whatever other tables of this page name by id. Follow an id to see its calls step by step.`,
      ...(withText && !kept
        ? ["The store keeps no texts of these: ingest stores them only with --text keep."]
        : []),
      ...(left > 0
        ? [`${grouped(left)} more are left out to keep the page small; fieldnotes trace ID shows each.`]
        : []),
    ],
    tables,
    traces,
  };
}

interface List extends Pick<Table<CallRow>, "rows" | "notes"> {
  caption: string;
}

/** The lists of each workload: for each, the first of these metrics that the workload has. */
const questions = [
  { what: "slowest", metrics: (names: readonly string[]) => names.filter((name) => name === "duration_p95") },
  {
    what: "dearest",
    metrics: (names: readonly string[]) =>
      ["cost_per_task", "cost_per_call"].filter((name) => names.includes(name)),
  },
  {
    what: "worst",
    metrics: (names: readonly string[]) =>
      names.filter((name) => name === "resolve_rate" || name.startsWith("score:")),
  },
];

async function listsOf(store: Store, request: MeasureRequest): Promise<List[]> {
  const known = await metricNames(store, { evaluation: request.where !== undefined });
  const names = [...new Set(questions.flatMap(({ metrics }) => metrics(known)))];
  // As everywhere in a report, evaluation runs are used if there is nothing else.
  if (names.length === 0)
    return request.where === undefined ? listsOf(store, within(request, "environment = 'evaluation'")) : [];
  const { rows } = await metricTable(store, { ...request, metrics: names, by: "workload" });
  const lists: List[] = [];
  for (const row of rows.slice(0, MOST_WORKLOADS))
    for (const { what, metrics } of questions) {
      const column = metrics(known).find((name) => columnsWithCalls(row).includes(name));
      if (column === undefined) continue;
      const found = await callsAbout(store, { row, column, limit: MOST });
      const about = what === "worst" ? `worst by ${metric(column).label}` : what;
      lists.push({
        caption: `${row.workload === null ? "" : `${String(row.workload)}: `}${about}`,
        rows: found.rows,
        notes: found.about,
      });
    }
  return lists;
}

async function runsOf(store: Store, prompt: string): Promise<readonly Row[]> {
  const { rows } = await calls(store, { where: `prompt_id = ${quoteText(prompt)}`, limit: MOST_RUNS });
  return rows.map((row) => ({ ...row, call_id: row.call_id }));
}

/** Undefined if an id in a table isn't in the log. */
async function traceOf(store: Store, id: string, withText: boolean): Promise<Trace | undefined> {
  try {
    return await trace(store, id, { withText });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function oneTrace(found: Trace, ids: readonly string[]): OneTrace {
  const { id, kind, summary } = found;
  const own = found.rows.flatMap(({ call_id }) => call_id ?? []);
  const { rows, ...table } = traceRows(found);
  const texts = found.rows.flatMap(({ step, prompt, output }) =>
    Object.entries({ prompt, output }).flatMap(([what, text]) =>
      text === null || text === undefined || text === "" ? [] : [{ about: `${step}: ${what}`, text }],
    ),
  );
  // A step named after its model need not repeat it.
  const several = found.rows.some((row) => row.model !== null && row.step !== row.model);
  const timed = found.rows.filter(({ starts }) => starts !== null);
  return {
    ids: [...new Set([id, ...own, ...ids].map(shownId))],
    caption: `${kind} ${id}: ${summary}`,
    table: {
      ...table,
      rows: rows.map(({ time: _time, prompt: _prompt, output: _output, step, ...row }, at) => ({
        step,
        ...(several ? { model: found.rows[at].model } : {}),
        ...row,
      })),
      notes: table.notes.filter((note) => note !== summary),
    },
    ...(timed.length > 1 ? { figure: traceFigure(found, { title: `${kind} ${shownId(id)}` }) } : {}),
    texts,
  };
}
