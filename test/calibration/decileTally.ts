import { distribution } from "../../src/measures/latency/distribution";
import { dominanceNotes } from "../../src/measures/latency/dominance";
import { numberNamed } from "../../src/measures/latency/number";
import { holdingBack, type SentenceId, sentences } from "../../src/stats/sentences";
import { counter, type SentenceRow, said } from "./sentenceTally";
import { alike, modelNames, type Shared, sharedLogs } from "./sentenceWorlds";

/** Models whose durations are compared decile by decile; `slower` says what is true. */
export interface DecileWorld {
  name: string;
  shared: Shared;
}

export const decileWorlds: readonly DecileWorld[] = [
  { name: "two equal models", shared: {} },
  { name: "six equal models", shared: { resolved: alike(6), tasks: 900 } },
  { name: "two equal models, eight users", shared: { users: 8 } },
  { name: "two models, one 1.5 times as slow", shared: { slower: [1, 1.5] } },
  {
    name: "six models, half of them 1.5 times as slow",
    shared: { slower: [1, 1, 1, 1.5, 1.5, 1.5], resolved: alike(6), tasks: 900 },
  },
];

/** What `distribution` says of the models' durations; false where any such sentence of a log is. */
export async function tallyDeciles(world: DecileWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const found = counter(world.name, logs);
  const ids = (Object.keys(sentences) as SentenceId[]).filter((id) => id.startsWith("deciles."));
  for (const id of ids) found.never(id);
  const slower = (model: string) => world.shared.slower?.[modelNames.indexOf(model)] ?? 1;
  const store = await sharedLogs(from, logs, world.shared);
  try {
    const { rows } = await distribution(store, { by: ["release", "model"] });
    for (let log = 0; log < logs; log++) {
      const own = rows.filter(({ release }) => release === `log ${log}`);
      const notes = dominanceNotes(own, ["model"], numberNamed("distribution", "duration"), Infinity);
      for (const id of ids) {
        const those = notes.filter((note) => said(note).includes(id));
        const isWrong = (note: string) => {
          const [one, other] = note.match(/^(\w+) is (?:clearly )?lower than (\w+)/)?.slice(1) ?? [];
          return id === "deciles.crossing" || !(slower(one) < slower(other));
        };
        if (those.length > 0) found.add(id, !holdingBack.includes(id) && those.some(isWrong));
      }
    }
    return found.rows();
  } finally {
    store.close();
  }
}
