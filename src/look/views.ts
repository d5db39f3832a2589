import { join } from "node:path";
import { sharpen } from "../explore/sharpen";
import { everything } from "../facts/request";
import { groupsOf, type Selection, select } from "../facts/select";
import { availableMetrics } from "../measures/metricNames";
import { metricTable } from "../measures/metricTable";
import type { Row, Table } from "../measures/table";
import type { Store } from "../store/open";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import { fewValued } from "./columns";
import { type KeptValue, type Selected, whereOf } from "./selected";

const sql = statements<"span" | "course" | "durations" | "errors">(join(__dirname, "views.sql"));

/** How calls are told apart in time, from fine to coarse, with the seconds that each takes. */
const bins = { minute: 60, hour: 3600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const;
export type Bin = keyof typeof bins;
/** More bins than this are narrower than a mark can be seen. */
const mostBins = 200;
/** More rows than this, groups in bins, take seconds, and nobody tells their lines apart. */
const mostRows = 1500;
/** More marks with intervals than this hide each other. */
const mostMarks = 400;
/** The most frequent groups that are shown, and values of each column. */
const [mostGroups, mostOften] = [8, 8];

/** What stands side by side: a wait and its tail, failures, outcomes, and money. */
const sideBySide = [
  "duration_p50",
  "duration_p95",
  "time_to_first_token_p95",
  "error_rate",
  "resolve_rate",
  "cost_per_call",
  "cost_per_resolved",
];

/** Which calls are looked at: the first part of the views, and the one that says what the others rest on. */
export interface SelectedPart {
  part: "selected";
  /** The predicate that any measure takes for these calls. */
  where: string | undefined;
  by: string;
  metric: string;
  calls: number;
  users: number;
  from: string | null;
  to: string | null;
  bin: Bin;
  /** The most frequent values of `by`, with their calls; the others are counted in `others`. */
  groups: { value: KeptValue; calls: number }[];
  others: number;
  notes: string[];
}

/** Calls in a bin of time, by group. */
export interface CoursePart {
  part: "course";
  rows: { time: string; value: KeptValue; calls: number; failed: number; users: number }[];
}

/**
 * The metric in each bin of time, by group: a table of `metricTable`. Its bins may be wider than those of the course.
 */
export interface MetricPart {
  part: "metric";
  bin: Bin;
  table: Table;
}

/** How durations are spread: calls from `from` seconds up to `to`, by group. */
export interface DurationsPart {
  part: "durations";
  rows: { value: KeptValue; from: number; to: number; calls: number }[];
}

/** The groups side by side: a table of `metricTable`. */
export interface GroupsPart {
  part: "groups";
  table: Table;
}

/** Failed calls and timeouts by what went wrong. */
export interface ErrorsPart {
  part: "errors";
  rows: { value: KeptValue; error: string; calls: number; users: number }[];
}

/** Columns with their most frequent values, the log's own attributes among them. */
export interface AttributesPart {
  part: "attributes";
  columns: { name: string; values: { value: KeptValue; calls: number; failed: number }[]; others: number }[];
}

/** A part of what the views show, with the share of users that it rests on: 1 for all of them. */
export type ViewPart = (
  | SelectedPart
  | CoursePart
  | MetricPart
  | DurationsPart
  | GroupsPart
  | ErrorsPart
  | AttributesPart
) & { share: number };

/**
 * Answers what the views show of a selection, part by part, the quick ones first: from a share of the users at once where the
 * log is large, then from all of them.
 */
export async function* views(store: Store, asked: Selected): AsyncGenerator<ViewPart, void> {
  for await (const { value, share } of sharpen(
    store,
    (part) => (part === store ? Promise.resolve([]) : all(part, asked)),
    {
      within: 1,
    },
  )) {
    for (const part of value) yield { ...part, share };
    break;
  }
  for await (const part of parts(store, asked)) yield { ...part, share: 1 };
}

/** Which calls are selected, and their groups side by side. */
export async function viewOf(store: Store, asked: Selected): Promise<{ head: SelectedPart; table: Table }> {
  const { by = "model", metric = "duration_p95" } = asked;
  const selection = await select(store, everything, { where: whereOf(asked), by: [by] });
  try {
    const head = await headOf(selection, { where: whereOf(asked), by, metric });
    return { head, table: await groupsTable(store, asked) };
  } finally {
    selection.close();
  }
}

type Part = ViewPart extends infer P ? (P extends ViewPart ? Omit<P, "share"> : never) : never;

async function all(store: Store, asked: Selected): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of parts(store, asked)) found.push(part);
  return found;
}

async function* parts(store: Store, asked: Selected): AsyncGenerator<Part, void> {
  const where = whereOf(asked);
  const { by = "model", metric = "duration_p95" } = asked;
  const whole = await select(store, everything, { where, by: [by] });
  let head: SelectedPart;
  try {
    head = await headOf(whole, { where, by, metric });
    yield head;
    yield { part: "durations", rows: await durations(whole, by) };
    yield { part: "errors", rows: await errors(whole, by) };
  } finally {
    whole.close();
  }
  if (head.calls === 0) return;
  const time = timeOf(head.bin);
  const inTime = await select(store, everything, { where, by: [by, time] });
  let rows: CoursePart["rows"];
  try {
    rows = await course(inTime, by);
    yield { part: "course", rows };
    yield { part: "attributes", columns: await attributes(inTime) };
  } finally {
    inTime.close();
  }
  yield { part: "groups", table: await groupsTable(store, asked) };
  const bin = markedBin(head, rows);
  const columns = cellsOf(rows, bin) > mostRows ? [timeOf(bin)] : [by, timeOf(bin)];
  yield { part: "metric", bin, table: await metricTable(store, { where, by: columns, metrics: [metric] }) };
}

/** The groups side by side, in whatever the log has of them. */
async function groupsTable(store: Store, asked: Selected): Promise<Table> {
  const { by = "model", metric = "duration_p95" } = asked;
  const known = (await availableMetrics(store)).names;
  const metrics = [...new Set([...sideBySide.filter((name) => known.includes(name)), metric])];
  return metricTable(store, { where: whereOf(asked), by: [by], metrics });
}

/** The item of `by` for bins of time. */
export const timeOf = (bin: Bin): string => `time=date_trunc('${bin}', started_at)`;

/** The finest bins of which a span has no more than can be seen. */
export const binOf = (seconds: number): Bin =>
  (Object.keys(bins) as Bin[]).find((bin) => seconds / bins[bin] <= mostBins) ?? "month";

/** The finest bins, from those of the course on, in which the groups' marks can be told apart; at least four. */
function markedBin({ bin }: SelectedPart, rows: CoursePart["rows"]): Bin {
  const times = new Set(rows.map(({ time }) => time));
  const names = Object.keys(bins) as Bin[];
  const coarser = names.slice(names.indexOf(bin)).filter((name) => {
    const starts = new Set([...times].map((time) => startOf(time, name)));
    return name === bin || starts.size >= 4;
  });
  return coarser.find((name) => cellsOf(rows, name) <= mostMarks) ?? (coarser.at(-1) as Bin);
}

/** How many groups in bins have calls. */
const cellsOf = (rows: CoursePart["rows"], bin: Bin): number =>
  new Set(rows.map(({ time, value }) => `${startOf(time, bin)} ${JSON.stringify(value)}`)).size;

/** Which bin a moment lies in, as a text that others in it share. */
function startOf(time: string, bin: Bin): string {
  if (bin === "month") return time.slice(0, 7);
  if (bin === "day") return time.slice(0, 10);
  const seconds = Date.parse(`${time.slice(0, 19).replace(" ", "T")}Z`) / 1000;
  // 1970-01-05 was a Monday.
  const from = bin === "week" ? seconds - 4 * bins.day : seconds;
  return String(Math.floor(from / bins[bin]));
}

async function headOf(
  selection: Selection,
  { where, by, metric }: { where: string | undefined; by: string; metric: string },
): Promise<SelectedPart> {
  const [span] = await rowsOf<{
    calls: number;
    users: number;
    from: string | null;
    to: string | null;
    seconds: number | null;
  }>(selection.connection, sql.span);
  const values = await valuesOf(selection, by);
  const counts = await rowsOf<{ g: string; calls: number }>(selection.connection, sql.course);
  const groups = counts
    .map(({ g, calls }) => ({ value: values.get(g) ?? null, calls }))
    .sort((a, b) => b.calls - a.calls || (String(a.value) < String(b.value) ? -1 : 1));
  return {
    part: "selected",
    where,
    by,
    metric,
    calls: span.calls,
    users: span.users,
    from: span.from,
    to: span.to,
    bin: binOf(span.seconds ?? 0),
    groups: groups.slice(0, mostGroups),
    others: groups.slice(mostGroups).reduce((sum, { calls }) => sum + calls, 0),
    notes: selection.notes,
  };
}

const labelOf = (by: string) => /^\s*(\w+)\s*=(?!=)/.exec(by)?.[1] ?? by.trim();

/** The value of `by` that each group stands for. */
async function valuesOf(selection: Selection, by: string): Promise<Map<string, KeptValue>> {
  const label = labelOf(by);
  return new Map(
    (await groupsOf(selection)).map(({ g, by: keys }) => [g, (keys as Row)[label] as KeptValue]),
  );
}

async function course(selection: Selection, by: string): Promise<CoursePart["rows"]> {
  const groups = new Map((await groupsOf(selection)).map(({ g, by: keys }) => [g, keys as Row]));
  const rows = await rowsOf<{ g: string; calls: number; failed: number; users: number }>(
    selection.connection,
    sql.course,
  );
  return rows
    .flatMap(({ g, ...counts }) => {
      const keys = groups.get(g);
      const time = keys?.time;
      return typeof time === "string" ? [{ time, value: keys?.[labelOf(by)] as KeptValue, ...counts }] : [];
    })
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : b.calls - a.calls));
}

async function durations(selection: Selection, by: string): Promise<DurationsPart["rows"]> {
  const values = await valuesOf(selection, by);
  const rows = await rowsOf<{ g: string; step: number; calls: number }>(selection.connection, sql.durations);
  return rows
    .sort((a, b) => a.step - b.step)
    .map(({ g, step, calls }) => ({
      value: values.get(g) ?? null,
      from: 2 ** (step / 8),
      to: 2 ** ((step + 1) / 8),
      calls,
    }));
}

async function errors(selection: Selection, by: string): Promise<ErrorsPart["rows"]> {
  const values = await valuesOf(selection, by);
  const rows = await rowsOf<{ g: string; error: string; calls: number; users: number }>(
    selection.connection,
    sql.errors,
  );
  return rows.slice(0, 100).map(({ g, ...counts }) => ({ value: values.get(g) ?? null, ...counts }));
}

async function attributes(selection: Selection): Promise<AttributesPart["columns"]> {
  const columns = await fewValued(selection, 1);
  const found: AttributesPart["columns"] = [];
  for (const { name } of columns) {
    const rows = await rowsOf<{ value: KeptValue; calls: number; failed: number }>(
      selection.connection,
      `select ${quoteName(name)} as "value", count(*)::double as calls, (count(*) filter (where failed))::double as failed
       from selected group by all order by calls desc, "value" nulls last`,
    );
    const others = rows.slice(mostOften).reduce((sum, { calls }) => sum + calls, 0);
    found.push({ name, values: rows.slice(0, mostOften), others });
  }
  return found;
}
