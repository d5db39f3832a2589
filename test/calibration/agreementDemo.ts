import { layLanes } from "../../src/demo/traffic/lane";
import type { Truth } from "../../src/demo/truth/truth";
import { publish } from "../../src/demo/world/benchmark";
import type { World } from "../../src/demo/world/world";
import { agreement } from "../../src/measures/agreement/agreement";
import { random } from "../../src/stats/random";
import { spearman } from "../../src/stats/spearman";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import type { Compared, Kind } from "./agreementTally";
import { week } from "./week";

/** The metrics to compare in each draw, their names in the truth, and which direction is better. */
const metrics = [
  { metric: "resolve_rate", known: "resolve_rate", sign: 1 },
  { metric: "cost_per_resolved", known: "cost_per_resolved", sign: -1 },
  { metric: "time_to_first_token_p95", known: "time_to_first_token.0.95", sign: -1 },
  { metric: "duration_p95", known: "duration.0.95", sign: -1 },
  { metric: "error_rate", known: "error_rate", sign: -1 },
];

/** Draws the demo's world many times: new logs, new benchmark publications, one truth. */
export async function demoKinds(
  world: World,
  truth: Truth,
  { draws, calls }: { draws: number; calls: number },
): Promise<Kind[]> {
  const lanes = layLanes(world);
  const kinds = new Map<string, Kind>();
  for (let seed = 1; seed <= draws; seed++) {
    const store = await week(world, seed, calls, lanes);
    try {
      await published(store, world, seed);
      const options = { metric: metrics.map(({ metric }) => metric), resamples: 999 };
      for (const row of (await agreement(store, options)).rows) {
        const one = comparedWith(truth, world, row as Row);
        if (one === undefined) continue;
        const name = `${row.workload}, ${row.metric}`;
        const kind = kinds.get(name) ?? { name, draws: Array.from({ length: draws }, () => []) };
        kinds.set(name, kind);
        kind.draws[seed - 1].push(one);
      }
    } finally {
      store.close();
    }
    if (seed % 20 === 0) console.error(`demo: ${seed} of ${draws} draws`);
  }
  return [...kinds.values()];
}

export type Row = Awaited<ReturnType<typeof agreement>>["rows"][number] & { workload: string };

/** Writes what a draw publishes of each benchmark. */
async function published({ connection }: Store, { benchmarks }: World, seed: number): Promise<void> {
  const rows = publish(benchmarks, random(seed, 6)).map(({ benchmark, model, score, of }) => ({
    benchmark,
    model,
    score,
    standard_error: of.standard_error,
    items: of.items,
  }));
  await run(
    connection,
    `insert into benchmarks by name select unnest(from_json($rows::json,
       '[{"benchmark": "VARCHAR", "model": "VARCHAR", "score": "DOUBLE", "standard_error": "DOUBLE", "items": "BIGINT"}]'),
       recursive := true)`,
    { rows: JSON.stringify(rows) },
  );
}

/** What a row says next to the truth; undefined if it says nothing about following the benchmark. */
export function comparedWith(truth: Truth, world: World, row: Row): Compared | undefined {
  const { known, sign } = metrics.find(({ metric }) => metric === row.metric)!;
  if (row.regret === undefined || row.p_first_is_best === undefined) return undefined;
  const values = truth.rows.flatMap(({ by, measures }): [string, number][] => {
    const value = measures[known]?.value;
    const isOwn = Object.keys(by).join() === "workload,model" && by.workload === row.workload;
    return isOwn && typeof value === "number" ? [[by.model, sign * value]] : [];
  });
  const { models } = world.benchmarks[row.benchmark];
  const both = values.filter(([model]) => Object.hasOwn(models, model));
  if (both.length !== row.models) return undefined;
  const rank = spearman(
    both.map(([model]) => models[model]),
    both.map(([, value]) => value),
  );
  const best = Math.max(...both.map(([, value]) => value));
  const first = both.find(([model]) => model === row.first)![1];
  const { low, high } = row.spearman;
  return {
    held: Number.isNaN(low) ? Number.NaN : +(low <= rank + 1e-9 && rank - 1e-9 <= high),
    stated: row.regret.value,
    real: best - first,
    chance: row.p_first_is_best,
    best: +(first === best),
  };
}
