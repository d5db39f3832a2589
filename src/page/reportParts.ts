import { costQualityFront } from "../charts/costQualityFront";
import type { Figure } from "../charts/figure";
import type { Choice } from "../decide/choose/chooseTable";
import { mayBeBest } from "../decide/choose/mayBeBest";
import { labelOf } from "../decide/profile/criterion";
import type { Diagnosis } from "../measures/diagnosis";
import type { Warning } from "../measures/doctorWarnings";
import { cannotBy, wouldOpen } from "../measures/measurable";
import { commandOf } from "../measures/measure";
import { measures } from "../measures/measures";
import { metric } from "../measures/metric";
import { tellsOfQuality } from "../measures/metricKinds";
import { mergedNotes } from "../measures/notes";
import { isEstimate, type Row, type Table } from "../measures/table";
import { counted, levelText } from "../stats/text";
import { allChoices, nameOf } from "./choiceParts";
import { formatCount } from "./number";
import type { Part } from "./part";
import { byWorkload, inDollars } from "./reportTables";

/** The models' numbers: for each workload, a table below a figure of cost against quality. */
export function sidePart(metrics: Table): Part | undefined {
  if (metrics.rows.length === 0) return undefined;
  const tables = byWorkload(metrics).map(({ table, caption }) => {
    const rows = known(table).map(inDollars);
    const front = costQualityFront({ ...table, rows }, { cost: "cost_per_resolved", title: caption });
    return {
      table: { ...table, rows: rows.map((row) => labelled(row, table.by)) },
      ...(front.data.length > 2 ? { figure: front } : {}),
      caption: `${caption}: the numbers`,
    };
  });
  return {
    title: "The models side by side",
    fold: true,
    paragraphs: ["Each number stands above its interval; point at it to see how it was computed."],
    tables,
  };
}

/** Maximum number of figures in the verdict. */
const MOST_PICTURES = 3;

/**
 * Draws cost against quality for the first workloads, with a ring around the chosen model or the remaining candidates;
 * no figure if the log does not have both. `left` names the workloads without one.
 */
export function pictures(metrics: Table, choices: readonly Choice[]): { figures: Figure[]; left: string[] } {
  const names = Object.keys(metrics.rows[0] ?? {}).filter((name) => !metrics.by.includes(name));
  const cost = names.find((name) => name.startsWith("cost_"));
  const quality = names.find(
    (name) => name !== cost && !name.startsWith("cost_") && tellsOfQuality(metric(name)),
  );
  if (cost === undefined || quality === undefined) return { figures: [], left: [] };
  const drawn = byWorkload(metrics).map(({ table, caption }) => {
    const choice = choices.find(({ workload }) => workload === "" || workload === caption);
    const marked = choice === undefined ? [] : choice.best === null ? mayBeBest(choice.rows) : [choice.best];
    const title = choice === undefined ? caption : `${caption}: ${choice.best ?? "open"}`;
    const rows = table.rows.map(inDollars);
    const open = choice?.best === null;
    const figure = costQualityFront({ ...table, rows }, { cost, quality, title, small: true, marked, open });
    return {
      caption,
      figure,
      shows: rows.filter((row) => isPoint(row[cost]) && isPoint(row[quality])).length,
    };
  });
  const pictures = drawn.filter(({ shows }) => shows > 1).slice(0, MOST_PICTURES);
  return {
    figures: pictures.map(({ figure }) => figure),
    left:
      pictures.length === 0
        ? []
        : drawn.filter((one) => !pictures.includes(one)).map(({ caption }) => caption),
  };
}

const isPoint = (cell: unknown) => isEstimate(cell) && Number.isFinite(cell.value);

/** A row with the readable names of the metrics as column names. */
function labelled(row: Row, by: readonly string[]): Row {
  const cells = Object.entries(row).map(([name, cell]) => [
    by.includes(name) ? name : labelOf({ metric: name }),
    cell,
  ]);
  return Object.fromEntries(cells);
}

/** A table's rows without the columns in which nothing is known. */
function known({ rows }: Table): Row[] {
  const isKnown = (cell: unknown) => !isEstimate(cell) || !Number.isNaN(cell.value);
  const names = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => isKnown(row[name])));
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
}

/** The notes of all tables; notes of choices, which use only part of the calls, carry the choice's name. */
export function leftOutPart(tables: readonly Table[], choices: readonly Choice[]): Part {
  const general = new Set(mergedNotes(tables.flatMap(({ notes }) => notes)));
  const own = allChoices(choices).flatMap((choice) =>
    mergedNotes([...choice.notes, ...general])
      .filter((note) => !general.has(note))
      .map((note) => `${nameOf(choice)}: ${note}`),
  );
  return {
    title: "How it was computed, and what was left out",
    fold: true,
    points: [...general, ...new Set(own)],
  };
}

/** Characters of a cell; a table shortens longer ones. */
const longestCell = 200;

/** Texts side by side in as few cells as hold them whole. */
function cells(texts: readonly string[]): string[] {
  const all: string[] = [];
  for (const text of texts) {
    const joined = all.length === 0 ? text : `${all.at(-1)}; ${text}`;
    if (all.length > 0 && joined.length <= longestCell) all[all.length - 1] = joined;
    else all.push(text);
  }
  return all;
}

/**
 * What is in the logs, and what looks wrong in them: always in all that the store holds, also if the report `isOfSome`
 * of it.
 */
export function dataPart({ warnings, cannot, calls, columns, models }: Diagnosis, isOfSome = false): Part {
  const missing = cannotBy({ cannot }).flatMap(({ why, measures: names }) =>
    cells(names.map(inWords)).map((text) => ({ why, "not known": text })),
  );
  const opens = wouldOpen({ cannot, calls, models });
  const partly = columns.filter(({ share }) => share > 0 && share < 0.98).length;
  return {
    title: "Data quality",
    paragraphs: [
      calls === 0
        ? "No call is here: what was asked of models, when, and what came of it is not known."
        : `${isOfSome ? "All that the store holds, whatever was chosen for this report: " : ""}${counted(calls, "call")}; of the columns a log can fill, ${columns.filter(({ filled }) => filled > 0).length} of ${columns.length} are filled${partly === 0 ? "" : `, ${partly} of them only partly`}.`,
      ...(opens === "" ? [] : [`What would tell most: ${opens}.`]),
    ],
    // Of a store without calls the first line says that.
    points: warnings.filter(({ id }) => id !== "no_calls").map((one) => forReader(one, calls)),
    tables:
      missing.length === 0
        ? []
        : [{ table: missing, caption: "What this log cannot tell, and why", fold: "all" }],
  };
}

/** A warning for a reader who has the page alone, in place of what to type. */
function forReader({ id, rows = 0, text }: Warning, calls: number): string {
  if (id === "unpriced")
    return rows === calls
      ? "Costs: no call has a price, so costs are not shown."
      : `Costs: ${formatCount(rows)} of ${formatCount(calls)} calls have no known cost: they count at 0 at the lower end of a cost, and at a bound at its upper end.`;
  if (id === "unnamed") return "Models: no call names its model.";
  if (id === "evaluation")
    return "Evaluation: all calls are runs of an evaluation; none is traffic of users.";
  return `Looks wrong: ${text}`;
}

/** What a measure shows, for a reader who does not use the command line. */
function inWords(command: string): string {
  const found = measures.find((one) => commandOf(one) === command);
  return found?.about ?? command.replace(/ --[\w-]+/g, ":").replaceAll("_", " ");
}

/** How to reproduce the report. */
export function againPart(
  about: {
    seed: number;
    level: number;
    scope?: string;
    version?: string;
    engine?: string;
    from: string | null;
    to: string | null;
  },
  files: Table,
): Part {
  const { seed, level, scope, version, engine, from, to } = about;
  return {
    title: "How to reproduce the numbers",
    fold: true,
    points: [
      ...(version === undefined ? [] : [`fieldnotes ${version}`]),
      `seed ${seed}, intervals at ${levelText(level)}`,
      ...(scope === undefined ? [] : [scope]),
      ...(from === null ? [] : [`calls from ${from} to ${to}`]),
      engine === undefined
        ? "Files with the same hashes, ingested in any order, give the same numbers."
        : `The same calls give the same numbers: ${engine}, whose tables may have changed since.`,
    ],
    tables: engine === undefined ? [{ table: files, caption: "Files" }] : [],
  };
}
