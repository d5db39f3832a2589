import type { TierRow } from "../measures/benchmark/tiers";
import type { Figure } from "./figure";
import { forestFigure } from "./forest";
import { nameOf } from "./rows";

export interface TierFigureOptions {
  title?: string;
  /** What the scores are, as the axis title. Default "score". */
  quantity?: string;
  /** Maximum number of models drawn, best first. Default 40. */
  models?: number;
}

/**
 * A leaderboard in tiers: scores with their intervals, under a heading for each tier.
 *
 * @example
 * tierFigure(tierTable([{ model: "a", score: 90, error: 1 }, { model: "b", score: 80, error: 1 }])).description // "score: estimates with their intervals. Tier 1 · a 90.0 [88.0, 92.0]; Tier 2 · b 80.0 [78.0, 82.0]."
 */
export function tierFigure(table: { rows: readonly TierRow[] }, options: TierFigureOptions = {}): Figure {
  const { title, quantity = "score", models = 40 } = options;
  // If tiers overlap in score, the order of the tiers decides, so that each heading appears once.
  const rows = [...table.rows].sort((a, b) => (a.tier || 0) - (b.tier || 0)).slice(0, models);
  const lines = rows.map(({ model, score, tier }) => ({
    group: Number.isNaN(tier) ? "" : `Tier ${tier}`,
    name: nameOf(model),
    estimate: score,
  }));
  return forestFigure(lines, { quantity, title });
}
