import { type Bound, type Claim, claim, isSettled } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, renoted } from "../../stats/estimate";
import { differenceOf, ratioOf } from "../../stats/mover";
import { say } from "../../stats/sentences";
import { levelText, percent } from "../../stats/text";
import { rankedValue } from "../../stats/worstCase";
import type { Keyed, Row } from "../table";

/** One model, compared with the others of its workload. */
export type CostTierRow = Keyed<{
  model: string;
  quality: Estimate;
  cost: Estimate;
  /**
   * The most by which it may be worse than the best of the others, in the metric's unit; 0 if it is shown to
   * be the best.
   */
  worse_by_at_most: number;
  /** "best" by its value, "not shown to be worse" than any other, or "worse" than some other. */
  tier: "best" | "not shown to be worse" | "worse" | "cannot tell";
  /** Its cost over that of the best. */
  cost_ratio: Estimate;
  /** That it is worse than some other, and how far that stands. */
  claim: Claim;
  /** Of one that is not shown to be worse: that it costs less than the best, and how far that stands. */
  saves?: Claim;
}>;

export interface Judged {
  row: Row;
  quality: Estimate;
  cost: Estimate;
  /** The same with tokens as each model counts them, where they were left out of the mix: what differs may be the work. */
  asCounted?: Pick<Judged, "quality" | "cost">;
}

/** By how much a model's quality is below another's. */
const gapOf = (judged: Pick<Judged, "quality">, other: Pick<Judged, "quality">, sign: 1 | -1): Estimate =>
  sign > 0 ? differenceOf(other.quality, judged.quality) : differenceOf(judged.quality, other.quality);

/** What two models must keep, at one mix and, where that may not be one, with tokens as each counts them. */
function bounds(
  judged: Judged,
  other: Judged,
  boundOf: (own: Pick<Judged, "quality" | "cost">, against: Pick<Judged, "quality" | "cost">) => Bound,
): Bound[] {
  const { asCounted } = judged;
  const counted = asCounted && other.asCounted ? [boundOf(asCounted, other.asCounted)] : [];
  return [boundOf(judged, other), ...counted];
}

/** The most that a gap may be, whatever the unknown outcomes are. */
const mostOf = ({ high, worst_case }: Estimate) => Math.max(high, worst_case?.high ?? high);

const isKnown = ({ quality }: Judged) => Number.isFinite(quality.low) && Number.isFinite(quality.high);

/** Compares the models of one workload, cheapest first. */
export function tiersOf(models: readonly Judged[], sign: 1 | -1): CostTierRow[] {
  const known = models.filter(isKnown);
  const best = known.reduce<Judged | undefined>(
    (top, judged) =>
      top === undefined || sign * (judged.quality.value - top.quality.value) > 0 ? judged : top,
    undefined,
  );
  const rows = models.map((judged): CostTierRow => {
    const others = known.filter((other) => other !== judged);
    const gaps = others.map((other) => gapOf(judged, other, sign));
    const claims = others.map((other) =>
      claim(
        "tiers.worse",
        "differs",
        bounds(judged, other, (own, against) => ({
          ...{ estimate: gapOf(own, against, sign), end: "low", holds: (x) => x > 0 },
        })),
      ),
    );
    const worse = claims.find(isSettled);
    const isWorse = worse !== undefined;
    const tier =
      !isKnown(judged) || best === undefined || (known.length < 2 && models.length > 1)
        ? "cannot tell"
        : judged === best
          ? "best"
          : isWorse
            ? "worse"
            : "not shown to be worse";
    return defined({
      ...judged.row,
      model: String(judged.row.model),
      quality: judged.quality,
      cost: judged.cost,
      worse_by_at_most: tier === "cannot tell" ? Number.NaN : Math.max(0, ...gaps.map(mostOf)),
      tier,
      claim: worse ?? claims[0] ?? { id: "tiers.worse", kind: "differs", status: "not to be decided" },
      cost_ratio:
        best === judged && Number.isFinite(judged.cost.value)
          ? { ...judged.cost, value: 1, low: 1, high: 1, unit: "1" }
          : overBest(judged, best),
      saves: tier === "not shown to be worse" && best !== undefined ? savesClaim(judged, best) : undefined,
    });
  });
  return rows.sort((a, b) => order(rankedValue(a.cost)) - order(rankedValue(b.cost)));
}

/** That a model costs less than the best. */
const savesClaim = (judged: Judged, best: Judged): Claim =>
  claim(
    "tiers.saves",
    "saves",
    bounds(judged, best, (own, against) => ({
      ...{ estimate: ratioOf(own.cost, against.cost), end: "high", holds: (x) => x < 1 },
    })),
  );

// Warnings about the costs are with the costs.
function overBest(judged: Judged, best: Judged | undefined): Estimate {
  return renoted(ratioOf(judged.cost, best?.cost ?? { ...judged.cost, value: Number.NaN }), []);
}

const order = (cost: number) => (Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost);

export function sentence(
  rows: readonly CostTierRow[],
  { label, level, unit, cost }: { label: string; level: number; unit: string; cost: string },
): string[] {
  const lead = label === "" ? "" : `${label}: `;
  const best = rows.find(({ tier }) => tier === "best");
  if (best === undefined || rows.length < 2) return [`${lead}quality is known for fewer than two models.`];
  const alike = rows.filter(({ tier }) => tier === "not shown to be worse");
  const equal = alike.filter(({ cost }) => Number.isFinite(cost.value));
  const unpriced = alike.filter((row) => !equal.includes(row)).map(({ model }) => model);
  const others = rows.filter(({ tier }) => tier !== "cannot tell").length - 1;
  const open = rows.length - 1 - others;
  const about = {
    some: `${alike.length} of ${others} other models ${alike.length === 1 ? "is" : "are"}`,
    best: best.model,
    level: [
      levelText(level),
      ...(unpriced.length === 0 ? [] : [`no cost of ${unpriced.join(", ")} is known`]),
      ...(open === 0 ? [] : [`of ${open} more the quality is not known`]),
    ].join("; "),
  };
  const [cheapest] = equal;
  if (cheapest === undefined || !(rankedValue(cheapest.cost) < best.cost.value)) {
    const cheaper =
      cheapest === undefined
        ? ""
        : Number.isFinite(best.cost.value)
          ? ", and none of these measured cheaper"
          : `, and whether one of these is cheaper cannot be told: no cost of ${best.model} is known`;
    return [`${lead}${say("cost.notWorse", { ...about, cheaper })}`];
  }
  const { value, low, high } = cheapest.cost_ratio;
  const share = (ratio: number) => percent(1 - ratio, 2);
  const loss =
    unit === "1"
      ? `${(100 * cheapest.worse_by_at_most).toFixed(1)} points`
      : cheapest.worse_by_at_most.toPrecision(2);
  const saves =
    cheapest.saves !== undefined && isSettled(cheapest.saves)
      ? `saves ${share(value)} [${share(high)}, ${share(low)}] of the ${cost}`
      : `is not shown to be cheaper`;
  return [`${lead}${say("cost.saves", { ...about, model: cheapest.model, saves, loss })}`];
}
