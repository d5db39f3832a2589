import { verdictOfAll } from "../../src/decide/compare/compareVerdict";
import { comparedModels } from "./claimTally";
import type { ReportWorld } from "./reportTally";
import { counter, type SentenceRow, said } from "./sentenceTally";
import { sharedLogs } from "./sentenceWorlds";

/** Models of whose tasks some have no known outcome, whatever it is. */
export const outcomeWorlds: readonly ReportWorld[] = [
  {
    name: "two equal models, a third of the outcomes unknown at random",
    shared: { reported: [0.67, 0.67] },
  },
  {
    name: "two models, 90 and 70 % resolved, a third of the outcomes unknown at random",
    shared: { resolved: [0.9, 0.7], price: [1, 1.5], reported: [0.67, 0.67] },
  },
];

const statuses = { "compare.changed": "settled", "compare.outcomes": "leads if" } as const;

/** What `compare` says of two models, several logs in one store, each judged as its own family. */
export async function tallyOutcomes(
  { name, shared }: ReportWorld,
  logs: number,
  from: number,
): Promise<SentenceRow[]> {
  const found = counter(name, logs);
  const ids = Object.keys(statuses) as (keyof typeof statuses)[];
  for (const id of ids) found.never(id);
  const store = await sharedLogs(from, logs, shared);
  try {
    const all = await comparedModels(store, "resolve_rate,cost_per_resolved", shared, logs);
    for (const { rows } of all) {
      const text = verdictOfAll(
        rows.map(({ row }) => row),
        { by: [], level: 0.95, a: "elm", b: "ash" },
      );
      for (const id of ids.filter((one) => said(text).includes(one)))
        found.add(
          id,
          rows.some(({ row, isTrue }) => row.claim.status === statuses[id] && !isTrue),
        );
    }
    return found.rows();
  } finally {
    store.close();
  }
}
