import { join } from "node:path";
import { NeedsWhole } from "../facts/drawn";
import { everything } from "../facts/request";
import { groupsOf, type Selection, select } from "../facts/select";
import { availableMetrics } from "../measures/metricNames";
import { metricTable } from "../measures/metricTable";
import type { Row, Table } from "../measures/table";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import { type Bin, binOf, cellsOf, markedBin, timeOf } from "./bins";
import { valuesOfColumns } from "./columns";
import { type KeptValue, type Selected, whereOf } from "./selected";

const sql = statements<"span" | "course" | "durations" | "errors">(join(__dirname, "views.sql"));

/** More rows than this, groups in bins, take seconds, and nobody tells their lines apart. */
const mostRows = 1500;
/** The most frequent groups that are shown, and values of each column. */
const [mostGroups, mostOften] = [8, 8];
/** The most frequent errors that are shown, and rows of them by group. */
const [mostErrors, mostErrorRows] = [10, 100];

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
  /** Calls whose status the log knows: of the others nothing says whether they failed. */
  ended: number;
  users: number;
  from: string | null;
  to: string | null;
  bin: Bin;
  /** The most frequent values of `by`, with their calls; the others are counted in `others`. */
  groups: { value: KeptValue; calls: number }[];
  others: number;
  notes: string[];
}

/** Calls in a bin of time, by group; null failed ones where the log knows the status of none. */
export interface CoursePart {
  part: "course";
  rows: { time: string; value: KeptValue; calls: number; failed: number | null; users: number }[];
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

/** Failed calls and timeouts by what went wrong: an error's type, or the status of calls without one. */
export interface ErrorsPart {
  part: "errors";
  /** The most frequent ones. */
  kinds: { column: ErrorColumn; value: string; calls: number }[];
  /** How many more there are, and their calls. */
  others: { kinds: number; calls: number };
  /** The same by group, the most frequent first; `more` were left out. */
  rows: { value: KeptValue; column: ErrorColumn; error: string; calls: number; users: number }[];
  more: number;
}
type ErrorColumn = "error_type" | "status";

/** Columns with their most frequent values, the log's own attributes among them. */
export interface AttributesPart {
  part: "attributes";
  columns: {
    name: string;
    values: { value: KeptValue; calls: number; failed: number | null }[];
    others: number;
  }[];
  /** Columns that are not shown, since the log has too many values of them. */
  varied: string[];
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
 * Answers what the views show of a selection, part by part, the quick ones first: from a copy of a share of the users at once
 * where there is one, then from all of them.
 */
export async function* views(
  store: Store,
  asked: Selected,
  first?: { store: Store; share: number },
): AsyncGenerator<ViewPart, void> {
  if (first !== undefined)
    try {
      for await (const part of parts(first.store, asked)) {
        // None of these users met what is selected: only all of them can tell.
        if (part.part === "selected" && part.calls === 0) break;
        yield { ...part, share: first.share };
      }
    } catch (error) {
      if (!(error instanceof NeedsWhole)) throw error;
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

async function* parts(store: Store, asked: Selected): AsyncGenerator<Part, void> {
  const where = whereOf(asked);
  const { by = "model", metric = "duration_p95" } = asked;
  const whole = await select(store, everything, { where, by: [by] });
  let head: SelectedPart;
  try {
    head = await headOf(whole, { where, by, metric });
    yield head;
    yield { part: "durations", rows: await durations(whole, by) };
    yield { part: "errors", ...(await errors(whole, by)) };
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
    yield { part: "attributes", ...(await attributes(inTime, store.engine === undefined)) };
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

async function headOf(
  selection: Selection,
  { where, by, metric }: { where: string | undefined; by: string; metric: string },
): Promise<SelectedPart> {
  const [span] = await rowsOf<{
    calls: number;
    ended: number;
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
    ended: span.ended,
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
  const rows = await rowsOf<{ g: string; calls: number; failed: number | null; users: number }>(
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

async function errors(selection: Selection, by: string): Promise<Omit<ErrorsPart, "part">> {
  const values = await valuesOf(selection, by);
  const found = await rowsOf<{ g: string } & Omit<ErrorsPart["rows"][number], "value">>(
    selection.connection,
    sql.errors,
  );
  const kinds = new Map<string, ErrorsPart["kinds"][number]>();
  for (const { column, error, calls } of found) {
    const key = `${column} ${error}`;
    kinds.set(key, { column, value: error, calls: (kinds.get(key)?.calls ?? 0) + calls });
  }
  const sorted = [...kinds.values()].sort((a, b) => b.calls - a.calls);
  const others = sorted.slice(mostErrors);
  return {
    kinds: sorted.slice(0, mostErrors),
    others: { kinds: others.length, calls: others.reduce((sum, { calls }) => sum + calls, 0) },
    rows: found
      .slice(0, mostErrorRows)
      .map(({ g, ...counts }) => ({ value: values.get(g) ?? null, ...counts })),
    more: Math.max(0, found.length - mostErrorRows),
  };
}

async function attributes(selection: Selection, isOwn: boolean): Promise<Omit<AttributesPart, "part">> {
  const { columns, varied } = await valuesOfColumns(selection, isOwn);
  return {
    columns: columns.map(({ name, values }) => ({
      name,
      values: values.slice(0, mostOften),
      others: values.slice(mostOften).reduce((sum, { calls }) => sum + calls, 0),
    })),
    varied,
  };
}
