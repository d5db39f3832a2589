import { differenceP } from "../../stats/differenceP";
import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { say } from "../../stats/sentences";
import { grouped } from "../../stats/text";
import { pricedAt } from "../../stats/worstCase";
import { rowKey } from "../rowKey";
import type { Row } from "../table";
import type { UnitNumber } from "./number";

type QuantileRow = Row & { quantiles: Record<string, Estimate> };

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Maximum number of pairs in the notes; if there are more, the figures show them. */
const mostSentences = 12;

/** How two models compare at the deciles: where the first is shown to be lower, and where higher. */
export interface Dominance {
  lower: number[];
  higher: number[];
}

/**
 * Compares pairs of rows decile by decile. The level holds for all pairs together: for "at every decile", and for all
 * that is said of single deciles.
 *
 * @remarks Methods: an intersection-union test per pair for "at every decile", Berger (1982),
 * doi:10.1080/00401706.1982.10487790, and Holm over the pairs; Holm over all deciles of all pairs for the rest.
 * @returns undefined for a pair in which a decile is not known
 */
export function dominance(
  pairs: readonly (readonly [QuantileRow, QuantileRow])[],
): (Dominance | undefined)[] {
  const tests = pairs.map(([a, b]) =>
    deciles.map((p) => {
      const [one, other] = [a.quantiles[String(p)], b.quantiles[String(p)]];
      const isKnown = Number.isFinite(one?.value) && Number.isFinite(other?.value);
      return isKnown ? { p, level: one.level, ...apart(one, other) } : undefined;
    }),
  );
  const known = tests.map((each) => (each.every((one) => one !== undefined) ? each : undefined));
  const chances = known.map((each) => each?.map(({ chance }) => chance) ?? []);
  const ofPairs = holm(chances.map((each) => Math.max(0, ...each)));
  const ofDeciles = holm(chances.flat());
  let at = 0;
  return known.map((each, pair) => {
    if (each === undefined) return undefined;
    const own = ofDeciles.slice(at, (at += each.length));
    const alpha = 1 - each[0].level;
    const isOneWay = new Set(each.map(({ by }) => Math.sign(by))).size === 1;
    const shown = isOneWay && ofPairs[pair] <= alpha ? each : each.filter((_, i) => own[i] <= alpha);
    return {
      lower: shown.filter(({ by }) => by < 0).map(({ p }) => p),
      higher: shown.filter(({ by }) => by > 0).map(({ p }) => p),
    };
  });
}

/** How far apart two quantiles are, and the probability of that between two equals, whatever unknown costs are. */
function apart(one: Estimate, other: Estimate): { by: number; chance: number } {
  const ends = (estimate: Estimate) =>
    estimate.unpriced === undefined ? [estimate] : [pricedAt(estimate, "low"), pricedAt(estimate, "high")];
  const each = ends(one).flatMap((a) => ends(other).map((b) => [a.value - b.value, differenceP(a, b)]));
  const isOneWay = new Set(each.map(([by]) => Math.sign(by))).size === 1;
  return { by: each[0][0], chance: isOneWay ? Math.max(...each.map(([, chance]) => chance)) : 1 };
}

/** A sentence for every pair of models that agree in the other columns of `by`. */
export function dominanceNotes(
  rows: readonly QuantileRow[],
  by: readonly string[],
  { counted, name }: UnitNumber,
  most = mostSentences,
): string[] {
  if (
    !by.includes("model") ||
    !deciles.every((p) => rows.every(({ quantiles }) => quantiles[p] !== undefined))
  )
    return [];
  const rest = by.filter((one) => one !== "model");
  const pairs = rows.flatMap((a, at) =>
    rows
      .slice(at + 1)
      .filter((b) => rowKey(rest, a) === rowKey(rest, b))
      .map((b) => [a, b] as const),
  );
  const sentences = dominance(pairs).flatMap((found, pair) => {
    if (found === undefined) return [];
    const [a, b] = pairs[pair];
    const place = rest.map((one) => String(a[one])).join(" · ");
    return [`${place === "" ? "" : `${place}: `}${sentence(a, b, found)}`];
  });
  if (sentences.length === 0) return [];
  const what = name.startsWith("attributes.")
    ? name
    : name.replace(/_per_(call|task)$/, "").replaceAll("_", " ");
  return [
    `By ${what} of ${counted}, decile by decile, at one level for all pairs; nothing is held equal: each side has its own users, work and hours.`,
    ...sentences.slice(0, most),
    ...(sentences.length > most ? [`and ${grouped(sentences.length - most)} more pairs.`] : []),
  ];
}

function sentence(one: Row, other: Row, { lower, higher }: Dominance): string {
  const [a, b] = [String(one.model), String(other.model)];
  if (lower.length === deciles.length) return say("deciles.every", { a, b });
  if (higher.length === deciles.length) return say("deciles.every", { a: b, b: a });
  const [below, above] = [placesOf(lower), placesOf(higher)];
  if (lower.length > 0 && higher.length > 0)
    return say("deciles.crossing", { a, b, lower: below, higher: above });
  if (lower.length > 0) return say("deciles.some", { a, b, places: below });
  if (higher.length > 0) return say("deciles.some", { a: b, b: a, places: above });
  return say("deciles.none", { a, b });
}

/** p10 to p30, p50 */
function placesOf(some: readonly number[]): string {
  const runs: number[][] = [];
  for (const p of some) {
    const at = deciles.indexOf(p);
    const last = runs.at(-1);
    if (last !== undefined && last[last.length - 1] === at - 1) last.push(at);
    else runs.push([at]);
  }
  const name = (at: number) => `p${10 * (at + 1)}`;
  return runs
    .map((run) => (run.length === 1 ? name(run[0]) : `${name(run[0])} to ${name(run[run.length - 1])}`))
    .join(", ");
}
