import { groupsOf, select } from "../../facts/select";
import { type Estimate, withNotes } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { percent } from "../../stats/text";
import { nameList } from "../../store/nameList";
import type { Store } from "../../store/open";
import { run } from "../../store/run";
import type { MeasureRequest } from "../options";
import { rowKey } from "../rowKey";
import type { Row } from "../table";
import { type BalanceRow, balanceOf, heldFixed, itemBalance, mixInWords } from "./balance";
import { beyondChance, gapsOf, itemsBeyondChance } from "./imbalance";
import { mixMetric, moved } from "./mixShift";
import { besideAll, everyHour, inTerms, isByLength, levelsBeside, stratumSums, sum } from "./mixStrata";
import { atMix, prepareMix, readBy } from "./mixTables";
import { ownDays } from "./ownDays";
import { countsTokens, ownTokens } from "./ownTokens";

/** The numbers of several groups, brought to the mix of all of them together. */
export interface OneMix {
  /**
   * How far each group is from all groups together in what was fixed before the first answer: a is all, b the
   * group.
   */
  balance: BalanceRow[];
  /** What the mix is made of, in words: "workload, input length of the first turn and working hours". */
  of: string;
  /** True if some group differs, so that numbers are brought to one mix, whether or not chance explains it. */
  uneven: boolean;
  /** True if that is no more than what users bring to groups by chance: then nobody is said to have had other work. */
  byChance: boolean;
  /** How input lengths were compared between models. */
  notes: string[];
  /** True if they were left out, since each model counts tokens in its own way. */
  leftOut: boolean;
  /**
   * Then the same with tokens as each model counts them: what differs in one and not in the other may be the work. It can
   * cast doubt on a difference, never show one.
   */
  doubted?: OneMix;
  /** Groups that overlap too little with the others to be brought to one mix, and the share that overlaps. */
  apart: { by: Row; covered: number }[];
  /** Groups whose days are not those of all together. */
  ownDays: { by: Row; shared: number }[];
  /** True if a metric can be brought to one mix, or holds at any. */
  tells(metric: string): boolean;
  /**
   * The estimate at one mix: moved by as much as the group's number, and wider by as much as that is less
   * certain. If the group has days of its own, the estimate says so.
   */
  move(by: Row, metric: string, estimate: Estimate): Estimate;
}

/** How several groups are brought to one mix. */
export interface OneMixOptions {
  /** Columns of `by` whose values each have a mix of their own. */
  each?: readonly string[];
  /** True if groups are steps of time, which have days of their own. */
  inTime?: boolean;
  /** True to also take lengths as counted where they are left out of the mix. */
  doubting?: boolean;
}

/** Minimum share of the common mix that a group must cover. */
const enough = 0.8;
/** A larger difference, in standard deviations, moves numbers whatever the number of calls. */
const large = 0.1;

/**
 * Brings the numbers of several groups to one mix: of the prompts, where the groups were asked the same ones; else of
 * workload, prompt version, input length of the first turn and working hours. The mix is that of all their calls. Tokens of
 * different models are compared only once shared prompts show how finely each counts; else length is left out.
 *
 * @param names of metrics, as `metric` takes them, and limits such as "duration within 2"
 * @remarks Each group against all together by `standardise`; the estimate keeps its method and moves with the number.
 */
export async function oneMix(
  store: Store,
  names: readonly string[],
  request: MeasureRequest,
  options: OneMixOptions = {},
): Promise<OneMix> {
  const mix = await mixOf(store, names, request, options);
  if (!mix.leftOut || options.doubting !== true) return mix;
  return { ...mix, doubted: await mixOf(store, names, request, options, true) };
}

async function mixOf(
  store: Store,
  names: readonly string[],
  request: MeasureRequest,
  { each = [], inTime = false }: OneMixOptions,
  asCounted = false,
): Promise<OneMix> {
  const { level = 0.95, cluster = "auto" } = request;
  const selection = await select(store, request, { population: "judged" });
  try {
    const { connection, by, clusterBy } = selection;
    await run(
      connection,
      "create or replace temp view sided as select *, case when production then true end as second from selected",
    );
    const groups = await groupsOf(selection);
    const wholes = new Map(groups.map(({ g, by: own }) => [g, rowKey(each, own)]));
    const limits = names.filter((name) => name.includes(" within "));
    // It isn't known yet which scores are rates, but that makes no difference to what is read.
    const only = readBy(names.flatMap((name) => mixMetric(name, new Set()) ?? []));
    const prepared = await prepareMix(selection, {
      weigh: async () => everyHour,
      returning: async () => false,
      ...{ limits, only },
      ...{
        wholeOf: wholes,
        together: true,
        candidates: request.candidate !== undefined,
        freely: cluster === "auto",
        asCounted,
      },
    });
    const { same } = prepared;
    const metrics = names.flatMap((name) => mixMetric(name, prepared.rates) ?? []);
    const levels = levelsBeside([...by, ...nameList(request.candidate ?? [])], same.byModel);
    const wholeOf = (g: string | number) => wholes.get(String(g)) ?? "";
    const settings = { levels, level, byHour: false, clusterBy, wholeOf };
    const at = await atMix(
      connection,
      prepared,
      metrics,
      groups.map(({ g }) => g),
      settings,
    );
    const known = groups.filter(({ g }) => prepared.strata.some((one) => String(one.g) === g));
    const metricNames = new Set(metrics.map(({ name }) => name));
    const key = new Map(groups.map(({ g, by: own }) => [rowKey(by, own), g]));
    const [alone, together] = [stratumSums(prepared.strata, String), stratumSums(prepared.strata, wholeOf)];
    const parts = known.map(({ g, by: own }) => {
      const [part, whole] = [alone.get(g) ?? [], together.get(wholeOf(g)) ?? []];
      const rows = [
        ...balanceOf(besideAll(whole, part), levels, levels[0]),
        ...itemBalance(same.items.get(g) ?? []),
      ];
      const least = Math.min(large, 2 * Math.sqrt(1 / sum(part) - 1 / sum(whole)));
      const differs = rows.some(({ apart }) => Math.abs(apart) > least);
      return { differs, rows: rows.map((row): BalanceRow => ({ ...own, ...row })) };
    });
    // Bringing numbers to one mix is right for differences by chance too: it takes their part out.
    const uneven = known.length > 1 && parts.some(({ differs }) => differs);
    const byChance =
      uneven &&
      !beyondChance(await gapsOf(connection), levels[0]) &&
      !itemsBeyondChance([...same.items.values()].flat());
    // Groups with the same prompts are paired by these, and steps of time have days of their own.
    const paired = (g: string) => same.items.has(g);
    const days = inTime ? [] : (await ownDays(connection, wholeOf)).filter(({ g }) => !paired(g));
    const sharedDays = new Map(days.map(({ g, shared }) => [g, shared]));
    const found = (own: Row, name: string) => at(key.get(rowKey(by, own)) ?? "", inTerms(name));
    return {
      of: mixInWords(heldFixed(levels[0], prepared)),
      balance: parts.flatMap(({ rows }) => rows),
      uneven,
      byChance,
      notes: same.notes,
      leftOut: same.leftOut,
      apart: uneven
        ? known.flatMap(({ by: own }) => {
            const covered = Math.min(
              ...metrics.flatMap(({ name }) => found(own, name)?.standard.covered ?? []),
            );
            return covered < enough ? [{ by: own, covered }] : [];
          })
        : [],
      ownDays: known.flatMap(({ g, by: own }) => {
        const shared = sharedDays.get(g);
        return shared === undefined ? [] : [{ by: own, shared }];
      }),
      tells: (name) => metricNames.has(inTerms(name)) || isByLength(name),
      move: (own, name, estimate) => {
        const one = uneven ? found(own, name) : undefined;
        const there = one === undefined || one.standard.covered < enough ? estimate : moved(estimate, one);
        const shared = sharedDays.get(key.get(rowKey(by, own)) ?? "");
        return withNotes(there, [
          ...(shared === undefined ? [] : [reserve("days.own", { share: percent(shared) })]),
          ...(same.tokensAlike || !countsTokens(name) ? [] : ownTokens(there)),
        ]);
      },
    };
  } finally {
    selection.close();
  }
}
