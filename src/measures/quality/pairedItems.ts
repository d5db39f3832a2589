import { withoutIntervals } from "../../facts/cluster";
import { checkRater, kindsNote, ratersInOrder } from "../../facts/raters";
import { derived } from "../../facts/request";
import type { Selection } from "../../facts/select";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, worstFirst } from "../behind";
import type { Asked } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { hidden, type OptionTable, raterOption } from "../measure";
import { metric } from "../metric";
import { keysOf, rowKey } from "../rowKey";
import type { Row } from "../table";
import { type Judged, judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements(__dirname, "paired.sql");

/** What is compared on the same items. */
export const pairedOptions = {
  compare: {
    value: "<column>",
    about:
      "what is compared, within each group of the other columns of by: prompt_version for wordings of the same items, clean against messy",
    default: "model",
  },
  ...hidden({
    ...judgedOptions,
    rater: raterOption,
    a: { value: "<name>", about: "one of the two values to compare (default: every two)" },
    b: { value: "<name>", about: "the other one" },
  }),
} as const satisfies OptionTable;

type PairedAsked = Asked<typeof pairedOptions>;

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

/** Selects the judged runs of all sides. The note on their intervals is left out: those are over the items. */
export async function selectPaired(caller: string, asked: PairedAsked): Promise<Judged> {
  const { compare, a, b, by } = asked.options;
  if ((a === undefined) !== (b === undefined))
    throw new RangeError(`${caller} requires both a and b or neither, got ${JSON.stringify(a ?? b)} alone`);
  if (compare.trim() === "")
    throw new RangeError(`${caller} requires compare to be a column of calls, such as "model", got ""`);
  const request = derived(asked.request, {
    by: by ?? (compare === "model" ? undefined : `model,${compare}`),
  });
  const judged = await selectJudged(caller, { ...asked, request });
  return { ...judged, notes: withoutIntervals(judged) };
}

/** Finds the two sides of each pair. */
export async function pairedSides(
  caller: string,
  selection: Judged,
  { compare, a, b, rater: given }: PairedAsked["options"],
): Promise<Sides> {
  const { score } = selection;
  if (!selection.by.includes(compare) && selection.by.length > 0)
    throw new RangeError(`${caller} requires by to include "${compare}", got "${selection.by.join(",")}"`);
  const scope = selection.by.filter((name) => name !== compare);
  const { rater, notes } = await raterOf(caller, selection, given);
  const scopes = new Map<string, { by: Row; sides: Side[] }>();
  for (const { by, items } of await sidesOf(selection, rater)) {
    const key = rowKey(scope, by);
    const sides = [...(scopes.get(key)?.sides ?? []), { name: String(by[compare] ?? "not given"), items }];
    scopes.set(key, { by: keysOf(scope, by), sides });
  }
  const known = [...new Set([...scopes.values()].flatMap(({ sides }) => sides.map(({ name }) => name)))];
  for (const name of [a, b])
    if (name !== undefined && known.length > 0 && !known.includes(name))
      throw new RangeError(
        `${caller} requires a ${compare} with the score, one of ${known.join(", ")}, got "${name}"`,
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
    return sides.flatMap((first, at) => sides.slice(at + 1).map((second): [Side, Side] => [first, second]));
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

/** The one kind of rater whose scores are paired: the one given, else the one that scored most here. */
async function raterOf(caller: string, { connection }: Selection, given?: string) {
  const kinds = ratersInOrder(await rowsOf<{ rater: string; n: number }>(connection, sql.kinds));
  const names = kinds.map(({ rater }) => rater);
  if (given !== undefined && names.length > 0) checkRater(caller, names, given);
  const rater = given ?? names[0] ?? "";
  const judged = kinds.map(({ rater, n }) => ({ rater, subjects: n }));
  return {
    rater,
    notes: [
      ...(given === undefined ? kindsNote(judged, `the scores are those of ${rater}`) : []),
      ...(rater === "judge" && names.includes("human")
        ? [
            "The judge's scores are not corrected for the judge's errors here, which people's labels show: quality --judge.",
          ]
        : []),
    ],
  };
}
