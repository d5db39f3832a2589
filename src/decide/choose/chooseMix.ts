import { type OneMix, oneMix } from "../../measures/mix/oneMix";
import type { MeasureRequest } from "../../measures/options";
import type { Row } from "../../measures/table";
import { percent } from "../../stats/text";
import type { Store } from "../../store/open";
import { type Criterion, labelOf } from "../profile/criterion";
import type { Measured } from "./chooseEstimates";
import { listed } from "./chooseText";

/** What a choice knows about which model got which work. */
export interface Work extends Pick<OneMix, "balance" | "uneven"> {
  measured: Measured;
  bounds: Measured;
  /** The numbers with tokens as each model counts them, where length had to be left out of the mix. */
  doubted?: Measured;
  /** Why the models cannot be adjusted to one mix; undefined if they can. */
  why?: string;
  notes: string[];
}

/** Below this share of its weight a criterion does not decide. */
const light = 0.05;

/**
 * The numbers of a choice at one mix of work, if the models' work differed by more than chance.
 *
 * @param name of a row
 */
export async function atOneMix(
  store: Store,
  given: { measured: Measured; bounds: Measured; criteria: readonly Criterion[]; name: (by: Row) => string },
  request: MeasureRequest,
): Promise<Work> {
  const { measured, bounds, criteria, name } = given;
  if (measured.rows.length < 2) return { measured, bounds, balance: [], uneven: false, notes: [] };
  const names = [
    ...new Set(
      [measured, bounds].flatMap(({ rows }) => rows.flatMap(({ estimates }) => Object.keys(estimates))),
    ),
  ];
  const mix = await oneMix(store, names, request, { doubting: true });
  const doubted = mix.doubted?.uneven ? movedBy(mix.doubted, measured) : undefined;
  // Even where the work was alike, numbers learn what their days and their tokens leave open.
  const own = movedBy(mix, measured);
  if (!mix.uneven)
    return { measured: own, bounds, balance: mix.balance, uneven: false, doubted, notes: mix.notes };
  const uncovered = mix.byChance
    ? []
    : criteria.filter(({ metric, weight }) => weight >= light && !mix.tells(metric));
  const alone = mix.apart.map(
    ({ by, covered }) => `${name(by)} had ${percent(covered)} of the work that all had together`,
  );
  const why = [
    ...(alone.length === 0 ? [] : [`${listed(alone)}, too little to bring them to one mix`]),
    ...(uncovered.length === 0
      ? []
      : [
          `the models had different work, and ${listed(uncovered.map(({ metric }) => `the ${labelOf({ metric })}`))} cannot be compared at one mix`,
        ]),
  ];
  const worst = [...mix.balance].sort((x, y) => Math.abs(y.apart) - Math.abs(x.apart))[0];
  return {
    measured: movedBy(mix, measured),
    bounds: movedBy(mix, bounds),
    balance: mix.balance,
    uneven: true,
    doubted,
    ...(why.length === 0 ? {} : { why: why.join("; ") }),
    notes: [
      `${mix.byChance ? "The models' work differed by no more than chance" : "The models had different work"} (${worst.what}: ${Math.abs(worst.apart).toFixed(2)} apart): numbers are those at one mix of ${mix.of}.`,
      ...mix.notes,
    ],
  };
}

const movedBy = (mix: OneMix, table: Measured): Measured => ({
  ...table,
  rows: table.rows.map(({ by, estimates, ...row }) => ({
    ...row,
    by,
    estimates: Object.fromEntries(
      Object.entries(estimates).map(([metric, one]) => [metric, mix.move(by, metric, one)]),
    ),
  })),
});
