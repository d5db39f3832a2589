import { listed } from "../decide/choose/chooseText";
import { type Field, firsts } from "../decide/firsts";
import { metric } from "../measures/metric";
import { tellsOfQuality } from "../measures/metricKinds";
import type { PairOf } from "../measures/mix/promptPairs";
import { groupedBy } from "../measures/rowKey";
import { isEstimate, type Row, type Table } from "../measures/table";
import { noCallSelected } from "../measures/whyEmpty";
import type { AssumptionId } from "../stats/claim";
import { rankedValue } from "../stats/worstCase";
import { headline } from "./headline";
import { meanwhile } from "./meanwhile";
import { formatCount } from "./number";
import type { Lead } from "./page";
import { restsOn } from "./restsOn";
import { alone, aspectSentence, type Finding, isOpen, numbers, short, tellsNothing } from "./sideSentences";
import { estimatesIn, type TableAtMix } from "./tableAtMix";

/** What a table of metrics says where no profile chooses. */
export interface SideFindings extends Pick<Lead, "headline" | "points" | "rests"> {
  more: string[];
  /** The metrics that the findings are about, those that tell models apart first. */
  columns: string[];
}

/** Maximum number of workloads described one by one. */
const MOST = 8;

/** What a reader asks first, and the metrics that answer it. */
export const aspects: readonly [about: string, fits: (name: string) => boolean][] = [
  ["Answers", (name) => !isCost(name) && tellsOfQuality(metric(name))],
  ["Failures", (name) => name === "error_rate"],
  ["Cost", (name) => isCost(name)],
  ["Wait", (name) => waits.test(name)],
];
const waits = /^(duration|time_to_first_token)/;
const isCost = (name: string) => name.startsWith("cost_");

/**
 * States the findings of a table of metrics when no profile chooses: a headline, a sentence each on answers, cost and
 * wait, and behind them every number, with the models that these logs do not separate.
 *
 * @param metrics a row for each workload and model, metrics by name
 * @param atMix the same at one mix of the work: who is best must be so in both
 * @param options `work`, false if the log has nothing by which the work of models can be compared; `pairs`, two
 * rows prompt by prompt
 */
export function sideFindings(
  metrics: Table,
  atMix?: TableAtMix,
  declared: readonly AssumptionId[] = [],
  { work = true, pairs }: { work?: boolean; pairs?: PairOf } = {},
): SideFindings {
  const columns = columnsOf(metrics);
  const findings = findingsIn(metrics, atMix, declared, pairs);
  const all = [...workloadsOf(metrics)].map(([workload, rows]) => ({
    workload,
    rows,
    found: findings.filter((one) => one.workload === workload),
  }));
  const compared = all.filter(({ found }) => found.length > 0);
  const inWorkload = (workload: string, text: string) => (workload === "" ? text : `${workload}: ${text}`);
  if (compared.length === 0) {
    const more = all
      .slice(0, MOST)
      .map(({ workload, rows }) =>
        inWorkload(workload, `${rows.map((row) => alone(row, columns)).join("; ")}.`),
      );
    return { ...withoutComparison(metrics, columns), columns: [], more: [...more, ...left(all.length)] };
  }
  const found = compared.flatMap((one) => one.found);
  const told = aspects.flatMap(([about, fits]) => {
    const measured = columns.filter((name) =>
      found.some((one) => fits(name) && one.column === name && !isNothing(one)),
    );
    const column = telling(measured, found);
    const of = found.filter((one) => one.column === column);
    const [usual] = measured;
    const instead =
      column === usual ? "" : ` ${metric(String(usual)).label.replace(/^p/, "P")} leaves more open.`;
    return column === undefined
      ? []
      : [{ column, text: `${aspectSentence(about, of)}${instead}`, isApart: !of.every(tellsNothing) }];
  });
  const first = new Set(told.map(({ column }) => column));
  const [only] = compared;
  return {
    headline: headline(
      // Of cost and wait, one metric each: a list of everything is no headline.
      found.filter(({ column, quality }) => first.has(column) || quality),
      found,
    ),
    columns: [...told].sort((a, b) => Number(b.isApart) - Number(a.isApart)).map(({ column }) => column),
    rests: restsOn(found, { isBrought: atMix !== undefined, declared, work }),
    points: [
      ...told.map(({ text }) => text),
      ...meanwhile(
        found.filter(({ column }) => column === told[0]?.column),
        { ownDays: ownDays(atMix).length > 0 },
      ),
      ...promptNote(found),
      ...ownDays(atMix),
    ],
    more:
      compared.length === 1
        ? only.found.map((one) => inWorkload(only.workload, numbers([one])))
        : [
            ...compared.slice(0, MOST).map((one) => inWorkload(one.workload, numbers(one.found))),
            ...left(compared.length),
          ],
  };
}

/** Of several metrics of one thing, the one that gives the answer: p50 in place of a p95 that leaves more open. */
function telling(columns: readonly string[], found: readonly Finding[]): string | undefined {
  const saying = (name: string) => {
    const of = found.filter(({ column }) => column === name);
    return of.filter((one) => !isOpen(one)).length + of.filter((one) => !tellsNothing(one)).length / 1e3;
  };
  // Waits stand in for each other; what is paid for a call does not for what is paid for a resolved task.
  const isWait = columns.every((name) => waits.test(name));
  const most = isWait ? Math.max(0, ...columns.map(saying)) : 0;
  return columns.find((name) => (most > 0 ? saying(name) === most : saying(name) > 0)) ?? columns[0];
}

/** That models are compared prompt by prompt, where their intervals say less. */
function promptNote(found: readonly Finding[]): string[] {
  const prompts = found.flatMap(({ pair }) => pair?.prompts ?? []);
  return prompts.length === 0
    ? []
    : [
        `Prompts: models answered the same ${formatCount(Math.max(...prompts))} and are compared prompt by prompt, which tells them apart even where intervals overlap.`,
      ];
}

/** Which models ran on days of their own. */
function ownDays(atMix: TableAtMix | undefined): string[] {
  const isOwn = (row: Row) =>
    Object.values(row).some(
      (cell) => isEstimate(cell) && (cell.reservations ?? []).some(({ id }) => id === "days.own"),
    );
  const models = [...new Set((atMix?.rows ?? []).filter(isOwn).map(({ model }) => String(model)))];
  return models.length === 0
    ? []
    : [`Days: ${listed(models)} did not run on the same days as the others: what differs may be the days.`];
}

// Where no model ever failed there is nothing to say of failures.
const isNothing = ({ column, best, others }: Finding): boolean =>
  column === "error_rate" && [best, ...others].every(({ estimate }) => estimate.value === 0);

const left = (workloads: number) =>
  workloads > MOST ? [`${workloads - MOST} more workloads are below.`] : [];

/** What to say where no two models did the same work. */
function withoutComparison({ by, rows: all }: Table, columns: string[]): Pick<Lead, "headline" | "points"> {
  const named = all.filter(({ model }) => typeof model === "string");
  const rows = named.length > 0 ? named : all;
  // The table of a log has rows, unless the selection is empty.
  if (rows.length === 0 && by.length > 0) return { headline: noCallSelected, points: [] };
  if (rows.length === 0)
    return { headline: "These logs name no model, so there is nothing to compare.", points: [] };
  if (rows.length > 1)
    return {
      headline:
        "No two models did the same work, so none is shown to be ahead: their numbers stand side by side.",
      points: ["Models can be compared where at least two of them did the same work."],
    };
  const [row] = rows;
  const facts = aspects.flatMap(([about, fits]) => {
    const known = columns.filter((name) => fits(name) && isKnown(row[name]));
    // A number whose interval has no end gives way to one that has: p50 for p95.
    const column = known.find((name) => isBounded(row[name])) ?? known[known.length - 1];
    const cell = column === undefined ? undefined : row[column];
    if (column === undefined || !isEstimate(cell)) return [];
    const text = short(metric(column).label, cell);
    const isOwn = cell.clusters === cell.n;
    return [{ text, point: `${about}: ${alone(row, [column], false)}.`, tells: isBounded(cell), isOwn }];
  });
  const model = typeof row.model === "string" ? row.model : "Calls whose model the log does not name";
  const few = facts.some(({ tells }) => tells)
    ? ""
    : ` Too few ${facts.every(({ isOwn }) => isOwn) ? "" : "independent "}calls to say how the next will be.`;
  return {
    headline:
      facts.length === 0
        ? `${model}: no number is known.`
        : `${model}: ${facts.map(({ text }) => text).join("; ")}.${few}`,
    points: facts.map(({ point }) => point),
  };
}

/** True if a number is known well enough to act on: its interval has both ends, and is not half of all shares. */
const isBounded = (cell: Row[string]): boolean =>
  isEstimate(cell) &&
  Number.isFinite(cell.high - cell.low) &&
  !(cell.unit === "1" && cell.high - cell.low > 0.5);

const isKnown = (cell: Row[string]): boolean => isEstimate(cell) && Number.isFinite(cell.value);

/** The metrics of a table: a median only after the tail that it stands in for. */
const columnsOf = (metrics: Table) =>
  Object.keys(metrics.rows[0] ?? {})
    .filter((name) => !metrics.by.includes(name))
    .sort(
      (a, b) =>
        Number(isFirstToken(a)) - Number(isFirstToken(b)) ||
        Number(a.endsWith("_p50")) - Number(b.endsWith("_p50")),
    );

const isFirstToken = (name: string) => name.startsWith("time_to_first_token");

const workloadsOf = (metrics: Table): Map<string, Row[]> =>
  groupedBy(metrics.rows, ({ workload }) => (typeof workload === "string" ? workload : ""));

/** Every metric of every workload that two models have, and who is shown to be the best by it. */
export function findingsIn(
  metrics: Table,
  atMix?: TableAtMix,
  declared: readonly AssumptionId[] = [],
  pairs?: PairOf,
): Finding[] {
  const columns = columnsOf(metrics);
  // Calls that name no model are no rival of those that do.
  const isNamed = metrics.rows.some(({ model }) => typeof model === "string");
  const fields = [...workloadsOf(metrics)].flatMap(([workload, rows]) =>
    columns.flatMap((column) => {
      const of = metric(column);
      const rivals = rows.filter((row) => !isNamed || typeof row.model === "string");
      const known = rivals.flatMap((row) => {
        const estimate = row[column];
        return isEstimate(estimate) && Number.isFinite(estimate.value)
          ? [{ model: String(row.model ?? "model not known"), estimate, row }]
          : [];
      });
      const left = rivals
        .filter(({ [column]: cell }) => !isEstimate(cell) || Number.isNaN(cell.value))
        .map((row) => String(row.model ?? "model not known"));
      const sides = known.sort(
        (a, b) => (of.better === "lower" ? 1 : -1) * (rankedValue(a.estimate) - rankedValue(b.estimate)),
      );
      return sides.length < 2 ? [] : [{ workload, column, of, sides, left }];
    }),
  );
  const tested = fields.map(
    ({ column, of, sides, left }): Field => ({
      ...{ better: of.better, left },
      estimates: sides.map(({ estimate }) => estimate),
      atMix: estimatesIn(atMix, column, sides),
      paired: pairs && atMix === undefined ? (i, j) => pairs(column, sides[i].row, sides[j].row) : undefined,
    }),
  );
  return firsts(tested, fields[0]?.sides[0].estimate.level ?? 0.95, declared).map(({ near, claim }, at) => {
    const { workload, column, of, sides, left } = fields[at];
    const [best, ...others] = sides;
    return {
      ...{ column, label: of.label, workload, quality: !isCost(column) && tellsOfQuality(of) },
      ...{ best, others, near: near.map((place) => sides[place]), left, claim },
      pair: pairs && atMix === undefined ? pairs(column, best.row, others[0].row) : undefined,
      word: isCost(column) ? "dearer" : of.unit === "s" ? "slower" : "worse",
    };
  });
}
