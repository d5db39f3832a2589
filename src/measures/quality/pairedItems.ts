import { join } from "node:path";
import { checkScore } from "../../facts/judgements";
import { derived } from "../../facts/request";
import type { Selection } from "../../facts/select";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, worstFirst } from "../behind";
import type { GroupKey } from "../estimate/ratios";
import { metric } from "../metric";
import { type MeasureOptions, requestOf } from "../options";
import { rowKey } from "../rowKey";
import type { Row } from "../table";
import { selectJudged } from "./qualitySubjects";

const sql = statements<"items" | "kinds" | "names">(join(__dirname, "paired.sql"));

/** What to compare on the same items. */
export interface PairedOptions extends MeasureOptions {
  /** The name of the score; "resolved" is the outcome of tasks. */
  score: string;
  /** The kind of rater. Default: the kind that judged most. */
  rater?: string;
  /**
   * The column whose values are compared, within each group of the other columns of `by`. Default "model";
   * "prompt_version" compares wordings of the same items, clean against messy.
   */
  compare?: string;
  /** The two values to compare. Default: every two. */
  a?: string;
  b?: string;
}

/** The scores of one side on its items, averaged over runs. */
export interface Side {
  name: string;
  items: Map<string, { mean: number; runs: number }>;
}

/** The sides of every scope, and notes. */
export interface Sides {
  scopes: { by: Row; pairs: [Side, Side][] }[];
  scope: string[];
  score: string;
  /** The kind of rater whose scores these are. */
  rater: string;
  compare: string;
  /** True if lower scores are better. */
  down: boolean;
  notes: string[];
}

/** Finds the two sides of each pair. */
export async function pairedSides(measure: string, store: Store, options: PairedOptions): Promise<Sides> {
  const request = requestOf(measure, options);
  const { compare = "model", a, b } = options;
  if ((a === undefined) !== (b === undefined))
    throw new RangeError(`${measure} requires both a and b or neither, got ${JSON.stringify(a ?? b)} alone`);
  const score = await checkScore(measure, store, options.score);
  if (compare.trim() === "")
    throw new RangeError(`${measure} requires compare to be a column of calls, such as "model", got ""`);
  const by = options.by ?? (compare === "model" ? undefined : `model,${compare}`);
  const selection = await selectJudged(measure, store, score, derived(request, { by }), options);
  try {
    if (!selection.by.includes(compare) && selection.by.length > 0)
      throw new RangeError(`${measure} requires by to include "${compare}", got "${selection.by.join(",")}"`);
    const scope = selection.by.filter((name) => name !== compare);
    const { rater, notes } = await raterOf(measure, selection, options.rater);
    const sides = await sidesOf(selection, rater);
    const scopes = new Map<string, { by: Row; sides: Side[] }>();
    for (const { by, items } of sides) {
      const key = rowKey(scope, by);
      const one = scopes.get(key) ?? {
        by: Object.fromEntries(scope.map((name) => [name, by[name]])),
        sides: [],
      };
      one.sides.push({ name: String(by[compare] ?? "not given"), items });
      scopes.set(key, one);
    }
    const known = [...new Set([...scopes.values()].flatMap(({ sides }) => sides.map(({ name }) => name)))];
    for (const name of [a, b])
      if (name !== undefined && known.length > 0 && !known.includes(name))
        throw new RangeError(
          `${measure} requires a ${compare} with the score, one of ${known.join(", ")}, got "${name}"`,
        );
    return {
      scopes: [...scopes.values()].map(({ by, sides }) => ({ by, pairs: pairsOf(sides, a, b) })),
      scope,
      score,
      rater,
      compare,
      down: metric(`score:${score}`).better === "lower",
      notes,
    };
  } finally {
    selection.close();
  }
}

/** The judged runs of both sides of a pair: those of every prompt, or only of the row's own prompt. */
export function behindPairs<R extends Row & { a: string; b: string }>(
  { scope, score, rater, compare }: Sides,
  more: Pick<Behind<R>, "n" | "total"> & { by?: readonly string[] } = {},
): Behind<R> {
  const { by = [], ...sums } = more;
  return {
    from: `select g, at_row, value as amount, subject || ' ' || subject_id as unit, prompt_id from rated where prompt_id is not null and rater = ${quoteText(rater)}`,
    amount: worstFirst(score),
    counted: "judged runs",
    keys: (row) => ({
      by: [...scope, compare, ...by],
      // A side without a name is shown as "not given".
      rows: [row.a, row.b]
        .flatMap((side) => (side === "not given" ? [null, side] : [side]))
        .map((side) => ({ ...row, [compare]: side })),
    }),
    ...sums,
  };
}

function pairsOf(sides: Side[], a?: string, b?: string): [Side, Side][] {
  if (a === undefined)
    return sides.flatMap((one, at) => sides.slice(at + 1).map((other): [Side, Side] => [one, other]));
  const [first, second] = [a, b].map((name) => sides.find((side) => side.name === name));
  return first === undefined || second === undefined ? [] : [[first, second]];
}

async function sidesOf(
  { connection }: Selection,
  rater: string,
): Promise<{ by: Row; items: Side["items"] }[]> {
  const groups = await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.names);
  const sides = new Map(groups.map(({ g, by }) => [g, { by, items: new Map() as Side["items"] }]));
  const items = await rowsOf<{ g: GroupKey; item: string; runs: number; mean: number }>(
    connection,
    sql.items,
    { rater },
  );
  for (const { g, item, runs, mean } of items) sides.get(g)?.items.set(item, { mean, runs });
  return [...sides.values()].filter(({ items }) => items.size > 0);
}

async function raterOf(measure: string, { connection }: Selection, given?: string) {
  const kinds = await rowsOf<{ rater: string; n: number }>(connection, sql.kinds);
  const names = kinds.map(({ rater }) => rater);
  if (given !== undefined && names.length > 0 && !names.includes(given))
    throw new RangeError(
      `${measure} requires a rater that gave the score, one of ${names.join(", ")}, got "${given}"`,
    );
  const described = kinds.map(({ rater, n }) => `${rater} (${grouped(n)})`).join(", ");
  const notes =
    given === undefined && names.length > 1
      ? [`Judged by ${described}: the scores are those of ${names[0]}.`]
      : [];
  return { rater: given ?? names[0] ?? "", notes };
}
