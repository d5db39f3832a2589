import { route } from "../../src/decide/route/route";
import { type CascadeWorld, cascadeLog, cascadeTruth } from "./cascadeWorld";

/** How the thresholds picked on many logs of a world compare with its truth. */
export interface CascadeTally {
  logs: number;
  /** Logs on which the whole band of the difference holds the truth. */
  band: number;
  taken: number;
  /** Picked, and worse than the expensive model by more than the margin. */
  wrong: number;
  /** Of those picked, intervals that hold the truth. */
  saving: number;
  difference: number;
  /** Mean saving missed, as a share of the expensive model's cost. */
  regret: number;
  /** How much too good the values at the picked threshold are on average. */
  luck: { saving: number; difference: number };
}

export const margin = 0.05;
const holds = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

/** Replays the cascade on many logs of a world. */
export async function cascadeTally(
  world: CascadeWorld,
  logs: number,
  { seed = 1, isDeclared = false }: { seed?: number; isDeclared?: boolean } = {},
): Promise<CascadeTally> {
  const truthAt = cascadeTruth(world);
  const tally = { logs, band: 0, taken: 0, wrong: 0, saving: 0, difference: 0, regret: 0 };
  const luck = { saving: 0, difference: 0 };
  for (let at = 0; at < logs; at++) {
    const store = await cascadeLog(world, 1000 * seed + at);
    try {
      const assume = isDeclared ? ["random-escalation"] : [];
      const asked = { cascade: ["cheap", "dear"], validator: "confidence", assume };
      const { rows, curve } = await route(store, asked);
      const [row] = rows;
      if (
        curve.every(
          ({ threshold, quality_difference: one }) =>
            Number.isNaN(one.value) || holds(one, truthAt(threshold).difference),
        )
      )
        tally.band++;
      const fine = curve
        .map(({ threshold }) => truthAt(threshold))
        .filter(({ difference }) => difference >= -margin);
      const best = Math.max(0, ...fine.map(({ saving }) => saving));
      if (row.threshold === null) {
        tally.regret += best / truthAt(0).dearCost / logs;
        continue;
      }
      const truth = truthAt(row.threshold);
      tally.taken++;
      if (truth.difference < -margin) tally.wrong++;
      else tally.regret += (best - truth.saving) / truth.dearCost / logs;
      if (holds(row.saving, truth.saving)) tally.saving++;
      if (holds(row.quality_difference, truth.difference)) tally.difference++;
      luck.saving += (row.saving.value - truth.saving) / truth.dearCost;
      luck.difference += row.quality_difference.value - truth.difference;
    } finally {
      store.close();
    }
  }
  const each = (sum: number) => sum / Math.max(1, tally.taken);
  return { ...tally, luck: { saving: each(luck.saving), difference: each(luck.difference) } };
}
