import { latencyDistribution } from "../../src/measures/latency/distribution";
import { dominanceNotes } from "../../src/measures/latency/dominance";
import { numberNamed } from "../../src/measures/latency/number";
import { holdingBack, type SentenceId, sentences } from "../../src/stats/sentences";
import { counter, type SentenceRow, said } from "./sentenceTally";
import { alike, type Shared, sharedLogs, workOf } from "./sentenceWorlds";

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
  { name: "two models, one even and one uneven, as fast in the middle", shared: { uneven: [0.1, 1.3] } },
];

/** Tasks and users of the log that stands for the truth, and how far its deciles lie apart to count as different. */
const large = { tasks: 400_000, users: 20_000 };
const apart = 1.01;

/** The true deciles of each model's durations. */
function trueDeciles(shared: Shared): Map<string, number[]> {
  const durations = new Map<string, number[]>();
  for (const { model, duration } of workOf(1, { ...shared, ...large }).calls) {
    const own = durations.get(String(model)) ?? [];
    own.push(Number(duration));
    durations.set(String(model), own);
  }
  return new Map(
    [...durations].map(([model, own]) => {
      own.sort((a, b) => a - b);
      return [model, Array.from({ length: 9 }, (_, at) => own[Math.floor(((at + 1) / 10) * own.length)])];
    }),
  );
}

/** The deciles in "p10 to p30, p50", counted from 0. */
const placesIn = (text: string): number[] =>
  text.split(", ").flatMap((part) => {
    const [from, to = from] = [...part.matchAll(/p(\d)0/g)].map(([, digit]) => Number(digit) - 1);
    return from === undefined ? [] : Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });

/** Whether something that a sentence says of two models' deciles is not so. */
function isWrong(note: string, truth: ReadonlyMap<string, readonly number[]>): boolean {
  const found = note.match(
    /(\w+) is (?:clearly )?lower than (\w+) at (every decile|[^:]*?)(?:, and higher at ([^:]*))?(?:: | alone|\.|$)/,
  );
  if (found === null) throw new Error(`no sentence about deciles: ${note}`);
  const [, one, other, lower, higher = ""] = found;
  const [a, b] = [one, other].map((model) => truth.get(model) ?? []);
  const below = lower === "every decile" ? a.map((_, at) => at) : placesIn(lower);
  return below.some((at) => a[at] * apart >= b[at]) || placesIn(higher).some((at) => b[at] * apart >= a[at]);
}

/** What `distribution` says of the models' durations; false where any such sentence of a log is. */
export async function tallyDeciles(world: DecileWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const found = counter(world.name, logs);
  const ids = (Object.keys(sentences) as SentenceId[]).filter((id) => id.startsWith("deciles."));
  for (const id of ids) found.never(id);
  const truth = trueDeciles(world.shared);
  const store = await sharedLogs(from, logs, world.shared);
  try {
    const { rows } = await latencyDistribution(store, { by: ["release", "model"] });
    for (let log = 0; log < logs; log++) {
      const own = rows.filter(({ release }) => release === `log ${log}`);
      const notes = dominanceNotes(own, ["model"], numberNamed("latencyDistribution", "duration"), Infinity);
      for (const id of ids) {
        const those = notes.filter((note) => said(note).includes(id));
        if (those.length > 0)
          found.add(id, !holdingBack.includes(id) && those.some((note) => isWrong(note, truth)));
      }
    }
    return found.rows();
  } finally {
    store.close();
  }
}
