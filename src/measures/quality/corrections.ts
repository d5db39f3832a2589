import type { DuckDBConnection } from "@duckdb/node-api";
import { judgedBy } from "../../facts/judgements";
import type { Noted } from "../../facts/outcomes";
import type { Estimate } from "../../stats/estimate";
import { withUnit } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { GroupKey } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import { correctedByGroup, type VerdictCounts } from "./judged";

const sql = statements(__dirname, "corrections.sql");

type Settings = Pick<MeasureOptions, "level" | "seed"> & { clusterBy: string };

/** The key under which the rows of a measure are corrected together. */
const together = "";

/**
 * The judge's score of each row of a measure, corrected for the judge's errors as in `quality`; undefined if the score
 * is not a judge's or people labelled none of it. Reads the table `judged`.
 *
 * @param units a query of what a measure counts: g, the key of its row; unit, its id; subject and subject_id, what was
 * judged; and cluster
 */
export async function rowCorrections(
  connection: DuckDBConnection,
  units: string,
  settings: Settings,
): Promise<{ corrected: Map<GroupKey, Estimate>; notes: string[] } | undefined> {
  const found = await correctionsOf(connection, units, settings);
  if (found === undefined) return undefined;
  return { corrected: found.corrected, notes: [correctedNote("judge", found.moved)] };
}

const correctedNote = (whose: "judge" | "rule", moved: string) =>
  `\`corrected\` is without the ${whose}'s errors, which people's labels show: over all rows ${moved} (quality --judge says how good the ${whose} is).`;

/**
 * The share of conversations resolved by a declared rule, corrected as a judge's score is where people labelled some as
 * `resolved`; undefined without a rule or labels. Reads the table `conversation_facts`.
 */
export async function ruleCorrections(
  selection: Noted,
  settings: Settings,
): Promise<{ corrected: Map<GroupKey, Estimate>; notes: string[] } | undefined> {
  const { connection, outcomeRule } = selection;
  if (outcomeRule === undefined) return undefined;
  await judgedBy(selection, "resolved", { grain: "conversation" });
  await run(connection, "set variable rater = 'judge'");
  const found = await correctionsOf(connection, sql.conversations, settings);
  return found && { corrected: found.corrected, notes: [correctedNote("rule", found.moved)] };
}

/** The column `corrected` of a row, if there is one for it. */
export function correctedCell(
  corrected: ReadonlyMap<GroupKey, Estimate> | undefined,
  g: GroupKey,
): { corrected?: Estimate } {
  const cell = corrected?.get(g);
  return cell === undefined ? {} : { corrected: cell };
}

/** A score with what people's labels make of it. */
interface Scored {
  given: Estimate;
  corrected: Estimate | undefined;
}

const isCorrected = ({ corrected }: Scored) => corrected !== undefined && Number.isFinite(corrected.value);

/**
 * True if all scores are to be compared as corrected. Where only some can be, none is: a difference between them would be
 * that of the labels.
 */
export const areCorrected = (scores: readonly Scored[]): boolean =>
  scores.filter(({ given }) => given.n > 0).every(isCorrected);

/** The score to compare: corrected if all are. */
export const scoreOf = (score: Scored, isComparedCorrected: boolean): Estimate =>
  isComparedCorrected && isCorrected(score) ? (score.corrected as Estimate) : score.given;

/** That labels are there for some rows only. */
export function partlyCorrected(name: string, scores: readonly Scored[]): string[] {
  const some = scores.filter(isCorrected).length;
  if (some === 0 || areCorrected(scores)) return [];
  return [
    `${name} is as judged: people's labels could correct ${some} of ${scores.length} rows, and rows are compared alike (quality --judge corrects what can be).`,
  ];
}

/**
 * That a measure shows a judge's score as it is although people's labels would correct it, and by how much. Reads the
 * table `judged` and what the measure counts.
 *
 * @param units as for `rowCorrections`, all of one row ''; default the calls and tasks in the view `selected`
 */
export async function uncorrectedNotes(
  connection: DuckDBConnection,
  settings: Settings,
  units = sql.subjects,
): Promise<string[]> {
  const found = await correctionsOf(connection, units, settings);
  return found === undefined
    ? []
    : [
        `The judge's score is not corrected for the judge's errors here; by people's labels it is ${found.moved} over all rows: quality --judge corrects it.`,
      ];
}

async function correctionsOf(connection: DuckDBConnection, units: string, settings: Settings) {
  const [{ labelled }] = await rowsOf<{ labelled: boolean }>(connection, sql.labelled);
  if (!labelled) return undefined;
  await run(connection, `create or replace temp view units as ${units}`);
  await run(connection, sql.of_units);
  const sums = await rowsOf<VerdictCounts & { mean: number }>(connection, sql.unit_sums);
  const found = await correctedByGroup({ connection, clusterBy: settings.clusterBy }, sums, settings);
  const corrected = new Map([...found].map(([g, { rates }]) => [g, rates.corrected]));
  const raw = sums.find(({ g }) => g === together)?.mean;
  const value = corrected.get(together)?.value ?? Number.NaN;
  if (raw === undefined || Number.isNaN(value)) return undefined;
  return { corrected, moved: `${withUnit(value, "1", 3)} instead of ${withUnit(raw, "1", 3)}` };
}
