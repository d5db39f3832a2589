import { verdictOfAll } from "../../src/decide/compare/compareVerdict";
import type { AssumptionId } from "../../src/stats/claim";
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

/** A world in which an assumption is false, so that nothing is said falsely of what holds if it were true. */
interface HeldWorld extends ReportWorld {
  broken?: AssumptionId;
}

/** Those of which one side reports more than the other, or counts more tokens for the same text. */
export const heldWorlds: readonly HeldWorld[] = [
  {
    name: "two equal models, failures told to .5 by the first and .3 by the second",
    broken: "outcomes-alike",
    shared: {
      reportedBy: [
        [1, 0.5],
        [1, 0.3],
      ],
      tasks: 2000,
    },
  },
  {
    name: "two models, the second 1.2 times as dear, counting as many more tokens, with more long work",
    shared: { price: [1, 1.2], counts: [1, 1.2], long: [0.4, 0.7], tasks: 2000 },
  },
];

const statuses = {
  "compare.changed": "settled",
  "compare.outcomes": "leads if",
  "compare.oneWay": "leads if",
  "compare.work": "leads if",
  "compare.control": "leads if",
  "compare.disowned": "open",
  "compare.otherWay": "open",
} as const;
const needs: Partial<Record<keyof typeof statuses, AssumptionId>> = {
  "compare.outcomes": "outcomes-alike",
  "compare.oneWay": "one-way-reporting",
  "compare.work": "same-work",
  "compare.control": "nothing-unlogged",
};

/** What `compare` says of two models, several logs in one store, each judged as its own family. */
export async function tallyOutcomes(
  { name, shared, broken }: HeldWorld,
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
          (broken === undefined || needs[id] !== broken) &&
            rows.some(
              ({ row: { claim }, isTrue }) =>
                claim.status === statuses[id] && claim.needs === needs[id] && !isTrue,
            ),
        );
    }
    return found.rows();
  } finally {
    store.close();
  }
}
