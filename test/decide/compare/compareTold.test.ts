import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../../src/decide/compare/compare";
import { run } from "../../../src/store/run";
import { storeOf } from "../../measures/calls";

/** Tasks of either side, one each of the same users: so many known to be resolved, known not to be, and unknown. */
async function told(sides: Record<"old" | "new", [number, number, number]>) {
  const tasks = Object.entries(sides).flatMap(([model, counts]) =>
    counts.flatMap((count, kind) =>
      Array.from({ length: count }, (_, i) => ({ model, kind, id: `${model}-${kind}-${i}` })),
    ),
  );
  const store = await storeOf(
    tasks.map(({ model, id }, i) => ({
      ...{
        call_id: id,
        task_id: id,
        user_id: `u${i % 1000}`,
        workload: "chat",
        model,
        status: "ok",
        duration: 1,
      },
      ...{ input_tokens: 100, output_tokens: 100, cost: 0.01 },
      started_at: new Date(Date.UTC(2026, 0, 5, i % 24)).toISOString().slice(0, 19),
    })),
  );
  const known = tasks.filter(({ kind }) => kind < 2).map(({ id, kind }) => `('${id}', ${kind === 0})`);
  await run(store.connection, `insert into tasks (task_id, resolved) values ${known.join(", ")}`);
  try {
    const options = {
      a: "model = 'old'",
      b: "model = 'new'",
      metrics: "resolve_rate",
      cluster: "user_id",
    } as const;
    return (await compare(store, options)).rows[0];
  } finally {
    store.close();
  }
}

test("a change of resolved tasks has Lee's bounds, and the share that either side reports", async () => {
  const row = await told({ old: [657, 133, 210], new: [657, 81, 262] });
  assert.deepEqual(
    [row.reported_a, row.reported_b].map((share) => share?.toFixed(3)),
    ["0.790", "0.738"],
  );
  const { low = 0, high = 0, value } = row.one_way ?? {};
  // The known failures fell by 52 in 1,000, and the known successes not at all: 0 to .0705 of the 738 that report.
  assert.ok(low < 0 && high > 0.0705, `${low} to ${high}`);
  assert.equal(value, row.within.value);
  assert.equal(row.claim.needs, "outcomes-alike");
});

test("it leads under one-way reporting once known successes rise and known failures fall", async () => {
  const row = await told({ old: [600, 250, 150], new: [680, 120, 200] });
  assert.ok(Number(row.one_way?.low) > 0, String(row.one_way?.low));
  assert.equal(row.verdict, "resolves more, if one side reports all that the other does");
});

test("where all outcomes are known there is nothing to bound", async () => {
  const row = await told({ old: [700, 300, 0], new: [800, 200, 0] });
  assert.deepEqual([row.one_way, row.reported_a, row.verdict], [undefined, undefined, "resolves more"]);
});
