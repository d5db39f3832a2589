import { listed } from "../decide/choose/chooseText";
import { derived } from "../facts/request";
import { select } from "../facts/select";
import { taskFacts } from "../facts/tasks";
import { metricTable } from "../measures/metricTable";
import type { MeasureRequest } from "../measures/options";
import type { Row, Table } from "../measures/table";
import { counted, grouped, percent } from "../stats/text";
import type { Store } from "../store/open";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import type { JudgedBy } from "./judgedBy";
import { type AgainstLimits, ownLimits } from "./ownLimits";
import { findingsIn } from "./sideFindings";
import { tellsNothing, worst } from "./sideSentences";

/** Where the calls of one model may differ, in words. */
const splits = {
  workload: "workload",
  provider: "provider",
  prompt_version: "version of the prompt",
  release: "release",
  region: "region",
  long: "length",
} as const;

type Split = keyof typeof splits;

/** Maximum number of values of a column that are held against each other. */
const MOST_VALUES = 12;
/** Maximum number of sentences on where calls differ. */
const MOST_SPLITS = 3;
/** What is compared between them. */
const compared = ["resolve_rate", "error_rate", "duration_p50"];

/** Beside its limits: where it is worse, the clearest first, and on which users and tasks that falls. */
export interface OneModel extends AgainstLimits {
  where: string[];
  who: string[];
}

/** What there is to say where no model is alone. */
export const noneOfOne: OneModel = { broken: [], points: [], where: [], who: [] };

/** What a page says of one model beside its numbers: against limits, where it is worse, and who meets its worst. */
export async function oneModel(
  store: Store,
  measured: MeasureRequest,
  { names, metrics, given }: { names: readonly string[]; metrics: Table; given: JudgedBy | undefined },
): Promise<OneModel> {
  if (names.length === 0) return noneOfOne;
  const { columns, users, tasks } = await countsOf(store, measured, names);
  const { broken, points } = await ownLimits(store, measured, {
    given,
    isTimed: names.includes("duration_p95"),
  });
  const places = await where(store, measured, { names, metrics, columns });
  return { broken, points, where: places, who: [...users, ...tasks] };
}

/** In which workloads, providers, versions or lengths the model is worse than in others, as far as that is shown. */
async function where(
  store: Store,
  measured: MeasureRequest,
  {
    names,
    metrics: known,
    columns,
  }: { names: readonly string[]; metrics: Table; columns: readonly { column: Split; half: number }[] },
): Promise<string[]> {
  const metrics = compared.filter((name) => names.includes(name));
  if (columns.length === 0 || metrics.length === 0) return [];
  const rows: Row[] = [];
  for (const { column, half } of columns) {
    const long = `long=case when input_tokens > ${half} then 'a long input' when input_tokens <= ${half} then 'a short input' end`;
    // The page's own table may have measured it already.
    const { by, rows: own } = isBy(known, column)
      ? { by: [column], rows: known.rows }
      : await metricTable(store, {
          ...derived(measured, { by: [column === "long" ? long : column] }),
          metrics,
        });
    rows.push(
      ...own.flatMap((row) => {
        const value = row[by[0] ?? ""];
        return typeof value === "string" ? [{ ...row, workload: column, model: value }] : [];
      }),
    );
  }
  // All columns and metrics are one family: the level holds for every sentence together.
  const found = findingsIn({
    measure: "metrics",
    by: ["workload", "model", ...columns.map(({ column }) => column)],
    rows: rows.map(only(metrics)),
    notes: [],
  });
  const told = found.filter((one) => !tellsNothing(one));
  const sentences = told.map((one) => `By ${splits[one.workload as Split]}: ${worst(one, "")}.`);
  return sentences.length === 0
    ? []
    : [
        ...sentences.slice(0, MOST_SPLITS),
        "Not at one mix: what differs between workloads, providers or lengths may be the work.",
      ];
}

/** True if a table has a row for each value of a column, and its models are one. */
const isBy = ({ by, rows }: Table, column: string): boolean =>
  by.includes(column) &&
  by.every((name) => [column, "model"].includes(name)) &&
  new Set(rows.map(({ model }) => model)).size === 1;

const only =
  (metrics: readonly string[]) =>
  ({ workload, model, ...row }: Row): Row => ({
    workload: workload ?? null,
    model: model ?? null,
    ...Object.fromEntries(metrics.map((name) => [name, row[name] ?? null])),
  });

/** Which columns have several values, and who has the slow, failed and unresolved. */
async function countsOf(
  store: Store,
  measured: MeasureRequest,
  names: readonly string[],
): Promise<{ columns: { column: Split; half: number }[]; users: string[]; tasks: string[] }> {
  const selection = await select(store, derived(measured, { by: [] }), { population: "tasks" });
  try {
    const { connection } = selection;
    const plain = (Object.keys(splits) as Split[]).filter((column) => column !== "long");
    const [counts] = await rowsOf<Record<string, number>>(
      connection,
      `select ${plain.map((column) => `count(distinct ${quoteName(column)})::double as ${quoteName(column)}`).join(", ")},
         quantile_disc(input_tokens, 0.5)::double as half, count(distinct input_tokens)::double as lengths,
         count(distinct user_id)::double as users
       from selected where chosen`,
    );
    const columns: { column: Split; half: number }[] = plain
      .filter((column) => counts[column] > 1 && counts[column] <= MOST_VALUES)
      .map((column) => ({ column, half: 0 }));
    if (counts.lengths > MOST_VALUES) columns.push({ column: "long", half: counts.half });
    const isTimed = names.includes("duration_p95");
    if (names.includes("resolve_rate")) await taskFacts(selection);
    return {
      columns,
      users: counts.users > 2 ? usersText(await worstUsers(connection, isTimed), isTimed) : [],
      tasks: names.includes("resolve_rate") ? tasksText(await taskSums(connection)) : [],
    };
  } finally {
    selection.close();
  }
}

type Connection = Parameters<typeof rowsOf>[0];

interface UserCounts {
  /** Bad calls: failed, or among the slowest in twenty. */
  bad: number;
  users: number;
  /** The fewest users with half of the bad calls. */
  few: number;
  /** Bad calls of the user with most. */
  most: number;
}

/** On how many users the failed calls and the slowest in twenty fall. */
const worstUsers = (connection: Connection, isTimed: boolean) =>
  rowsOf<UserCounts>(
    connection,
    `with known as (
       select user_id, coalesce(status not in ('ok', 'cancelled'), false) as failed, ${isTimed ? "lasted" : "null"} as lasted
       from selected where chosen and answers and user_id is not null
     ), slow as (select quantile_disc(lasted, 0.95) as least from known where not failed),
     counts as (
       select count(*) filter (failed or lasted > least) as bad from known, slow group by user_id
     ), ranked as (select bad, sum(bad) over (order by bad desc rows unbounded preceding) - bad as before from counts)
     select sum(bad)::double as bad, count(*)::double as users, max(bad)::double as most,
       count(*) filter (2 * before < (select sum(bad) from counts))::double as few
     from ranked`,
  );

/** Minimum number of bad calls of which a concentration is told. */
const FEWEST_BAD = 20;

/**
 * On how few users half of the failed and slow calls fell: a count of this log, which claims nothing of the next, and names
 * nobody, since pages are passed on.
 */
function usersText([{ bad, users, few, most }]: readonly UserCounts[], isTimed: boolean): string[] {
  if (!(bad >= FEWEST_BAD)) return [];
  const what = isTimed ? "failed calls and of the slowest 5 %" : "failed calls";
  return [
    `Users: half of the ${what} were those of ${grouped(few)} of ${counted(users, "user")}; one user met ${percent(most / bad, 2)} of them.`,
  ];
}

interface TaskSums {
  resolved: boolean;
  n: number;
  cost: number | null;
  calls: number;
  seconds: number | null;
}

const taskSums = (connection: Connection) =>
  rowsOf<TaskSums>(
    connection,
    `select resolved, count(*)::double as n, sum(cost)::double as cost, sum(calls)::double as calls, sum(seconds)::double as seconds
     from task_facts where chosen and resolved is not null group by resolved order by resolved`,
  );

/** Where the money, the calls and the time of tasks went that were not resolved. */
function tasksText(sums: readonly TaskSums[]): string[] {
  const [failed, done] = [false, true].map((resolved) => sums.find((one) => one.resolved === resolved));
  if (failed === undefined || done === undefined) return [];
  const share = (of: (one: TaskSums) => number | null) => {
    const [a, b] = [of(failed) ?? 0, of(done) ?? 0];
    return a + b > 0 ? a / (a + b) : Number.NaN;
  };
  const parts = [
    { what: "of the money", of: share(({ cost }) => cost) },
    { what: "of the calls", of: share(({ calls }) => calls) },
    { what: "of the time", of: share(({ seconds }) => seconds) },
  ].filter(({ of }) => !Number.isNaN(of));
  return [
    `Tasks: the ${grouped(failed.n)} of ${counted(failed.n + done.n, "task")} that were not resolved took ${listed(parts.map(({ what, of }) => `${percent(of)} ${what}`))}.`,
  ];
}
