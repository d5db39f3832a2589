import { ratersOfLog } from "../../facts/judgements";
import { checkRater, kindsNote, ratersInOrder, withoutKindNote } from "../../facts/raters";
import { type Reservation, reserve } from "../../stats/reservation";
import type { Store } from "../../store/open";
import { groupedBy } from "../rowKey";
import type { ScoreSums } from "./qualityMean";

/**
 * Picks one kind of rater for all rows: the one given, else the one that judged most in the whole log, so that parts of
 * the log use the same kind. A row without judgements by that kind gets the next one, or is `other` where rows are `alike`:
 * it has no number that those of its workload compare with.
 */
export async function chosenRater(
  caller: string,
  store: Store,
  sums: ScoreSums[],
  { score, rater: given, alike = false }: { score: string; rater: string | undefined; alike?: boolean },
): Promise<{ rows: ScoreSums[]; notes: string[]; other: ReadonlyMap<ScoreSums, Reservation> }> {
  const inLog: Readonly<Record<string, number>> = await ratersOfLog(store, score);
  if (given !== undefined) {
    checkRater(caller, Object.keys(inLog), given);
    return { rows: sums.filter(({ rater }) => rater === given), notes: [], other: new Map() };
  }
  const counts = new Map<string, number>();
  for (const { rater, n } of sums) counts.set(rater, (counts.get(rater) ?? 0) + n);
  const kinds = ratersInOrder([...counts].map(([rater, n]) => ({ rater, n: inLog[rater] ?? n }))).map(
    ({ rater }) => rater,
  );
  const groups = new Map<unknown, ScoreSums>();
  for (const kind of kinds)
    for (const group of sums) if (group.rater === kind && !groups.has(group.g)) groups.set(group.g, group);
  const rows = sums.filter((group) => groups.get(group.g) === group);
  const judged = kinds.map((rater) => ({ rater, subjects: counts.get(rater) ?? 0 }));
  if (alike) return { rows, ...alikeOf(rows, kinds, judged) };
  const which =
    new Set(rows.map(({ rater }) => rater)).size === 1
      ? `the rows are about ${kinds[0]}`
      : "the column rater says whose judgement a row is";
  return { rows, notes: kindsNote(judged, which), other: new Map() };
}

/** The rows that are not by the kind of rater that leads among those of their workload, and what to say of them. */
function alikeOf(
  rows: readonly ScoreSums[],
  kinds: readonly string[],
  judged: Parameters<typeof kindsNote>[0],
): { notes: string[]; other: Map<ScoreSums, Reservation> } {
  const other = new Map<ScoreSums, Reservation>();
  const without = new Map<string, string[]>();
  for (const inWorkload of groupedBy(rows, ({ by }) => String(by?.workload)).values()) {
    const kind = kinds.find((one) => inWorkload.some(({ rater }) => rater === one)) as string;
    const others = inWorkload.filter(({ rater }) => rater !== kind);
    for (const row of others) other.set(row, reserve("raters.other", { own: row.rater, kind }));
    const names = others.map(({ by }) => Object.values(by).join(" "));
    without.set(kind, [...(without.get(kind) ?? []), ...names]);
  }
  const some = without.size > 1 ? ", one kind for each workload" : "";
  const which = `compared are the scores by ${[...without.keys()].join(" or ")}${some}`;
  const left = [...without].flatMap(([kind, names]) => withoutKindNote(kind, names));
  return { notes: [...kindsNote(judged, which), ...left], other };
}
