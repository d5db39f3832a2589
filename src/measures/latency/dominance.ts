import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { grouped } from "../../stats/text";
import { rowKey } from "../rowKey";
import type { Row } from "../table";
import type { UnitNumber } from "./number";

type QuantileRow = Row & { quantiles: Record<string, Estimate> };

const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Maximum number of pairs in the notes; if there are more, the figures show them. */
const mostSentences = 12;

/** How two models compare at the deciles: where the first is clearly lower, and where clearly higher. */
export interface Dominance {
  lower: number[];
  higher: number[];
}

/**
 * Compares two rows decile by decile, each at the level of its quantiles.
 *
 * @returns undefined if a decile of either is not known
 */
export function dominance(a: QuantileRow, b: QuantileRow): Dominance | undefined {
  const found: Dominance = { lower: [], higher: [] };
  for (const p of deciles) {
    const [one, other] = [a.quantiles[String(p)], b.quantiles[String(p)]];
    if (!Number.isFinite(one?.value) || !Number.isFinite(other?.value)) return undefined;
    const { low, high } = differenceOf(one, other);
    if (high < 0) found.lower.push(p);
    if (low > 0) found.higher.push(p);
  }
  return found;
}

/** A sentence for every pair of models that agree in the other columns of `by`. */
export function dominanceNotes(
  rows: readonly QuantileRow[],
  by: readonly string[],
  { counted, name }: UnitNumber,
): string[] {
  if (
    !by.includes("model") ||
    !deciles.every((p) => rows.every(({ quantiles }) => quantiles[p] !== undefined))
  )
    return [];
  const rest = by.filter((one) => one !== "model");
  const sentences = rows.flatMap((a, at) =>
    rows
      .slice(at + 1)
      .filter((b) => rowKey(rest, a) === rowKey(rest, b))
      .flatMap((b) => {
        const found = dominance(a, b);
        const place = rest.map((one) => String(a[one])).join(" · ");
        return found === undefined ? [] : [`${place === "" ? "" : `${place}: `}${sentence(a, b, found)}`];
      }),
  );
  if (sentences.length === 0) return [];
  const what = name.replace(/_per_(call|task)$/, "").replaceAll("_", " ");
  return [
    `By ${what} of ${counted}, decile by decile; nothing is held equal: each side has its own users, work and hours.`,
    ...sentences.slice(0, mostSentences),
    ...(sentences.length > mostSentences
      ? [`and ${grouped(sentences.length - mostSentences)} more pairs.`]
      : []),
  ];
}

function sentence(a: Row, b: Row, { lower, higher }: Dominance): string {
  const [one, other] = [String(a.model), String(b.model)];
  if (lower.length === deciles.length) return `${one} is lower than ${other} at every decile.`;
  if (higher.length === deciles.length) return `${other} is lower than ${one} at every decile.`;
  if (lower.length > 0 && higher.length > 0)
    return `${one} is lower than ${other} at ${placesOf(lower)}, and higher at ${placesOf(higher)}: neither is lower throughout.`;
  if (lower.length > 0) return `${one} is clearly lower than ${other} at ${placesOf(lower)} alone.`;
  if (higher.length > 0) return `${other} is clearly lower than ${one} at ${placesOf(higher)} alone.`;
  return `${one} and ${other} are not distinguishable at any decile.`;
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
