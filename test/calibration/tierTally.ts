import { costTiers } from "../../src/measures/cost/costTiers";
import { counter, type SentenceRow, said } from "./sentenceTally";
import { modelNames, type Shared, sharedLogs } from "./sentenceWorlds";

/** Models that share the same work, each with its own share of resolved tasks and its own price. */
export interface TierWorld {
  name: string;
  shared: Shared;
}

export const tierWorlds: readonly TierWorld[] = [
  { name: "two equal models", shared: {} },
  { name: "six equal models", shared: { resolved: [0.8, 0.8, 0.8, 0.8, 0.8, 0.8], tasks: 900 } },
  { name: "two equal models, eight users", shared: { users: 8 } },
  { name: "two equal models, costs of heavy tails", shared: { spread: 1.6 } },
  {
    name: "the one at half the price resolves 5 points less",
    shared: { resolved: [0.85, 0.8], price: [1, 0.5] },
  },
  {
    name: "six models, the cheaper the worse, costs of heavy tails",
    shared: {
      resolved: [0.9, 0.88, 0.86, 0.84, 0.82, 0.8],
      price: [1, 0.98, 0.96, 0.94, 0.92, 0.9],
      spread: 1.6,
      tasks: 900,
    },
  },
];

/**
 * What `cost --tiers` states, for several logs in one store: that a model saves is false if it does not cost less
 * than the best by the log, or if it truly resolves less than another by more than is said.
 */
export async function tallyTiers(world: TierWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const { resolved = [0.8, 0.8], price } = world.shared;
  const found = counter(world.name, logs);
  for (const id of ["cost.notWorse", "cost.saves"] as const) found.never(id);
  const at = (model: string) => modelNames.indexOf(model);
  const paid = (model: string) => price?.[at(model)] ?? 1;
  const store = await sharedLogs(from, logs, world.shared);
  try {
    const { rows, notes } = await costTiers(store, { by: ["release", "model"] });
    for (let log = 0; log < logs; log++) {
      const own = rows.filter(({ release }) => release === `log ${log}`);
      const text = notes.find((note) => note.startsWith(`log ${log}: `)) ?? "";
      const ids = said(text);
      if (!ids.includes("cost.saves")) {
        if (ids.includes("cost.notWorse")) found.add("cost.notWorse", false);
        continue;
      }
      const best = own.find(({ tier }) => tier === "best");
      const equal = own.find(
        ({ tier, cost }) => tier === "not shown to be worse" && Number.isFinite(cost.value),
      );
      if (best === undefined || equal === undefined) throw new Error(`no tiers behind "${text}"`);
      const saves = !text.includes("not shown to be cheaper");
      const better = Math.max(...resolved.filter((_, other) => other !== at(equal.model)));
      const lost = better - resolved[at(equal.model)] > equal.worse_by_at_most;
      found.add("cost.saves", lost || (saves && paid(equal.model) >= paid(best.model)));
    }
    return found.rows();
  } finally {
    store.close();
  }
}
