import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CostRow, cost } from "../../../src/measures/cost/cost";
import type { OptionsOf } from "../../../src/measures/define";
import type { Estimate } from "../../../src/stats/estimate";
import { powerSums } from "../../../src/stats/powerSums";
import { random } from "../../../src/stats/random";
import { rateInterval } from "../../../src/stats/rateInterval";
import { ratioInterval } from "../../../src/stats/ratioInterval";
import { widened } from "../../../src/stats/widened";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { some, thorough } from "../../property";
import { assertClose, near } from "../../same";
import { type Call, withCalls } from "../calls";
import { keyOf } from "../reference";

/** The outcome of a task: true, false, or null if unknown. */
type Outcomes = Record<string, boolean | null>;

async function settle(store: Store, outcomes: Outcomes): Promise<void> {
  const rows = Object.entries(outcomes).map(([task_id, resolved]) => ({ task_id, resolved }));
  await run(
    store.connection,
    `insert into tasks (task_id, resolved)
     select one.task_id, one.resolved from (select unnest(from_json($rows::json,
       '[{"task_id": "VARCHAR", "resolved": "BOOLEAN"}]')) as one)`,
    { rows: JSON.stringify(rows) },
  );
}

async function costOf(calls: readonly Call[], outcomes: Outcomes, options: OptionsOf<typeof cost> = {}) {
  return withCalls(calls, async (store) => {
    await settle(store, outcomes);
    return cost(store, options);
  });
}

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 9) + 1000 * seconds).toISOString().slice(0, 23);
const rowOf = (rows: CostRow[], model: string) => rows.find((row) => row.model === model) as CostRow;

/** A few models and users, tasks of one to four calls, fallbacks, judges, failures, unknown outcomes. */
function world(tasks: number, users: number, seed: number): { calls: Call[]; outcomes: Outcomes } {
  const r = random(seed);
  const calls: Call[] = [];
  const outcomes: Outcomes = {};
  for (let task = 0; task < tasks; task++) {
    const [model, user] = [r.integer(2), r.integer(users)];
    const task_id = `t${task}`;
    const tries = 1 + r.integer(3);
    for (let attempt = 1; attempt <= tries; attempt++) {
      const fallback = attempt > 1 && r.uniform() < 0.2;
      calls.push({
        call_id: `${task_id}-${attempt}`,
        task_id,
        attempt,
        user_id: `u${user}`,
        model: `m${fallback ? 1 - model : model}`,
        started_at: at(100 * task + attempt),
        status: "ok",
        cost: Math.exp(r.normal() + (user % 5) / 4) / 1000,
      });
    }
    if (r.uniform() < 0.2)
      calls.push({
        call_id: `${task_id}-j`,
        task_id,
        user_id: `u${user}`,
        model: "judge",
        role: "judge",
        started_at: at(100 * task),
        cost: 0.0001,
      });
    outcomes[task_id] = r.uniform() < 0.05 ? null : r.uniform() < 0.6;
  }
  return { calls, outcomes };
}

/** A ratio over clusters in the engine's order; n counts the rows. */
function ratioOver(tops: number[], bottoms: number[], labels: string[]): Estimate {
  const sums = new Map<string, [number, number]>();
  for (const [i, label] of labels.entries()) {
    const [c, r] = sums.get(label) ?? [0, 0];
    sums.set(label, [c + tops[i], r + bottoms[i]]);
  }
  const clusters = [...sums.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const columns = [clusters.map(([c]) => c), clusters.map(([, r]) => r)] as const;
  const estimate = ratioInterval(...columns);
  const nested = sums.size < tops.length;
  return { ...widened(estimate, powerSums(...columns), { even: !nested }), n: tops.length };
}

/** The same table from plain arrays. */
function plain(
  calls: readonly Call[],
  outcomes: Outcomes,
  cluster: string,
  credit: "first" | "last" = "first",
) {
  const tasks = new Map<
    string,
    { model: string; user: string; cost: number; attempts: number; resolved: boolean | null }
  >();
  for (const task_id of new Set(calls.map((call) => String(call.task_id)))) {
    const own = calls.filter((call) => call.task_id === task_id);
    const answers = own
      .filter(({ role }) => role !== "judge")
      .sort((a, b) => (String(a.started_at) < String(b.started_at) ? -1 : 1));
    const named = credit === "first" ? answers[0] : answers[answers.length - 1];
    tasks.set(task_id, {
      model: String(named.model),
      user: cluster === "task_id" ? task_id : String(named.user_id),
      cost: own.reduce((sum, one) => sum + Number(one.cost), 0),
      attempts: answers.length,
      resolved: outcomes[task_id],
    });
  }
  return (model: string) => {
    const own = [...tasks.values()].filter((task) => task.model === model);
    const settled = own.filter(({ resolved }) => resolved !== null);
    const ratio = (
      some: typeof own,
      top: (t: (typeof own)[0]) => number,
      bottom: (t: (typeof own)[0]) => number,
    ) =>
      ratioOver(
        some.map(top),
        some.map(bottom),
        some.map(({ user }) => user),
      );
    const calling = calls.filter((call) => call.model === model);
    return {
      tasks: own.length,
      resolved: own.filter(({ resolved }) => resolved).length,
      total: own.reduce((sum, task) => sum + task.cost, 0),
      cost_per_call: ratioOver(
        calling.map((call) => Number(call.cost)),
        calling.map(() => 1),
        calling.map((call) => String(cluster === "task_id" ? call.task_id : call.user_id)),
      ),
      cost_per_task: ratio(
        own,
        (task) => task.cost,
        () => 1,
      ),
      cost_per_resolved: ratio(
        settled,
        (task) => task.cost,
        (task) => (task.resolved ? 1 : 0),
      ),
      attempts_per_task: ratio(
        own,
        (task) => task.attempts,
        () => 1,
      ),
      resolve_rate: rateInterval(
        settled.map(({ resolved }) => resolved === true),
        { clusters: settled.map(({ user }) => user), counted: "tasks whose outcome is known" },
      ),
    };
  };
}

describe("cost says what the ratios of plain arrays say", () => {
  for (const [cluster, tasks, users, judged] of some([
    ["user_id", 900, 150, true],
    ["user_id", 300, 12, true],
    ["task_id", 500, 40, true],
    ["task_id", 60, 40, true],
    // If every call answers and has a cost, fewer columns are read.
    ["user_id", 300, 80, false],
    ["task_id", 500, 40, false],
  ] as const)) {
    for (const credit of ["first", "last"] as const) {
      const what = judged ? "with judges" : "of answers alone";
      test(`${tasks} tasks ${what} clustered by ${cluster} of ${users}, credit ${credit}`, async () => {
        const { calls: all, outcomes } = world(tasks, users, 7);
        const calls = judged ? all : all.filter(({ role }) => role !== "judge");
        const { rows } = await withCalls(calls, async (store) => {
          await settle(store, outcomes);
          if (!judged) await run(store.connection, "update tasks set ingest_id = 1");
          return cost(store, { by: "model", cluster, credit });
        });
        const wanted = plain(calls, outcomes, cluster, credit);
        for (const model of ["m0", "m1"]) {
          const [row, own] = [rowOf(rows, model), wanted(model)];
          assert.deepEqual([row.tasks, row.resolved], [own.tasks, own.resolved]);
          near(row.total_cost, own.total, "total");
          for (const name of [
            "cost_per_call",
            "cost_per_task",
            "cost_per_resolved",
            "attempts_per_task",
            "resolve_rate",
          ] as const) {
            const [found, same] = [row[name] as Estimate, own[name] as Estimate];
            for (const end of ["value", "low", "high"] as const)
              near(found[end], same[end], `${model} ${name} ${end}`, 1e-6);
            assert.deepEqual(
              [found.method, found.n, found.clusters, found.clusterBy],
              [same.method, same.n, same.clusters, cluster],
              name,
            );
          }
        }
        if (!judged) return;
        const judge = rowOf(rows, "judge");
        assert.deepEqual([judge.tasks, judge.total_cost], [0, 0], "judges count with the tasks they served");
        assert.ok(judge.calls > 0 && judge.cost_per_call.value > 0);
      });
    }
  }

  thorough("the same whatever the order of the rows and the number of threads", async () => {
    const { calls, outcomes } = world(400, 50, 3);
    const turned = [...calls].reverse();
    const options = { by: "model", cluster: "user_id" };
    const [one, other] = [await costOf(calls, outcomes, options), await costOf(turned, outcomes, options)];
    assertClose(other.rows, one.rows);
    const spread = await withCalls(calls, async (store) => {
      await settle(store, outcomes);
      await run(store.connection, "set threads = 4");
      return cost(store, options);
    });
    assertClose(spread.rows, one.rows);
  });
});

thorough("judges and embeddings that are logged without a user are in their task's cluster", async () => {
  const { calls, outcomes } = world(400, 40, 11);
  const judged = calls.flatMap((call) =>
    call.role === "judge"
      ? [
          { ...call, user_id: null },
          { ...call, call_id: `${call.call_id}e`, user_id: null, role: null, operation: "embeddings" },
        ]
      : [call],
  );
  const options = { by: "", cluster: "user_id" };
  const [given, left] = [await costOf(calls, outcomes, options), await costOf(judged, outcomes, options)];
  for (const name of ["cost_per_task", "cost_per_resolved", "resolve_rate"] as const)
    assert.equal(left.rows[0][name].clusters, given.rows[0][name].clusters, name);
  assertClose(left.rows[0].resolve_rate, given.rows[0].resolve_rate);
  // Two of three calls have no user here, and all answers have one.
  const many = calls.flatMap((call) => [
    call,
    ...["x", "y"].map((id) => ({ ...call, role: "judge", user_id: null, call_id: `${call.call_id}${id}` })),
  ]);
  assert.match((await costOf(many, outcomes)).rows[0].cost_per_task.clusterBy, /^user_id/);
});

const chain: Call[] = [
  { call_id: "a1", task_id: "a", model: "small", attempt: 1, started_at: at(0), status: "error", cost: 1 },
  {
    call_id: "a2",
    task_id: "a",
    model: "large",
    attempt: 2,
    started_at: at(1),
    status: "ok",
    cost: 3,
    fallback_from: "small",
  },
  { call_id: "a3", task_id: "a", model: "grader", role: "judge", started_at: at(2), status: "ok", cost: 0.5 },
  { call_id: "b1", task_id: "b", model: "small", attempt: 1, started_at: at(3), status: "ok", cost: 1 },
  { call_id: "c1", task_id: "c", model: "large", attempt: 1, started_at: at(4), status: "ok", cost: 3 },
];

describe("a task counts whole, for its first or last answering call", () => {
  const resolved = { a: true, b: false, c: true };
  test("first: the model that began it bears the fallback and the judge", async () => {
    const { rows, notes } = await costOf(chain, resolved, { by: "model" });
    assert.equal(rowOf(rows, "small").cost_per_resolved.value, 5.5);
    assert.equal(rowOf(rows, "small").attempts_per_task.value, 1.5);
    assert.equal(rowOf(rows, "large").cost_per_resolved.value, 3);
    assert.equal(rowOf(rows, "large").calls, 2, "calls are those of the model itself");
    assert.ok(
      notes.includes(
        "Rows without tasks (grader) made calls for tasks of other rows, whose costs include them.",
      ),
    );
    assert.ok(
      notes.some((note) => note.startsWith("1 of 3 tasks (33 %) were answered by calls of several rows")),
    );
  });

  test("last: the model that ended it does", async () => {
    const { rows } = await costOf(chain, resolved, { by: "model", credit: "last" });
    assert.equal(rowOf(rows, "large").cost_per_resolved.value, 3.75);
    assert.deepEqual([rowOf(rows, "small").tasks, rowOf(rows, "small").resolved], [1, 0]);
  });

  thorough("where chooses tasks by the call they count for, and keeps them whole", async () => {
    const all = await costOf(chain, resolved, { by: "model" });
    const one = await costOf(chain, resolved, { by: "model", where: "model = 'small'" });
    assertClose(one.rows, [rowOf(all.rows, "small")]);
  });

  thorough("attempts tell the order where the times are alike or missing", async () => {
    for (const started_at of [at(0), null]) {
      const { rows } = await costOf(
        chain.map((call) => ({ ...call, started_at })),
        resolved,
        { by: "model" },
      );
      assert.equal(rowOf(rows, "small").cost_per_resolved.value, 5.5);
    }
  });

  test("evaluation runs are left out", async () => {
    const more = [
      ...chain,
      { call_id: "e", task_id: "e", model: "small", environment: "evaluation", cost: 100 },
    ];
    const { rows } = await costOf(more, { ...resolved, e: true }, { by: "model" });
    assert.equal(rowOf(rows, "small").cost_per_resolved.value, 5.5);
    const byEnvironment = await costOf(
      more,
      { e: true },
      { by: "model", where: "environment = 'evaluation'" },
    );
    assert.equal(byEnvironment.rows[0].cost_per_resolved.value, 100);
  });

  test("another credit is refused", () =>
    assert.rejects(
      costOf([], {}, { credit: "both" as "first" }),
      /credit "first" or "last" or "all", got "both"/,
    ));
});

thorough("a sum of which nothing is known is not 0", async () => {
  const call = { call_id: "a", task_id: "t", model: "m", status: "ok", input_tokens: 5 };
  const { rows } = await costOf([call], { t: true }, { by: "model" });
  assert.deepEqual([rows[0].total_cost, rows[0].unpriced_calls], [Number.NaN, 1]);
  const failed = { ...call, status: "error", input_tokens: null };
  assert.equal((await costOf([failed], { t: false }, { by: "model" })).rows[0].total_cost, 0);
  const both = [call, { ...failed, call_id: "b" }];
  const { cost_per_call } = (await costOf(both, { t: true }, { by: "model" })).rows[0];
  assert.deepEqual([cost_per_call.value, cost_per_call.note], [Number.NaN, "no call has a known cost"]);
});

describe("what is not known is said", () => {
  const many = (count: number, call: (at: number) => Call): Call[] =>
    Array.from({ length: count }, (_, i) => ({
      call_id: `c${i}`,
      task_id: `t${i}`,
      model: "m",
      started_at: at(3600 * i),
      cost: 1,
      status: "ok",
      ...call(i),
    }));
  const outcomes = (count: number, of: (at: number) => boolean | null): Outcomes =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, of(i)]));

  test("none resolved gives a lower bound, not Infinity and not 0", async () => {
    const { rows } = await costOf(
      many(50, () => ({})),
      outcomes(50, () => false),
      { cluster: "task_id" },
    );
    const { value, low, high, note, n } = rows[0].cost_per_resolved;
    assert.ok(Number.isNaN(value));
    near(low, 1 / (1 - 0.05 ** (1 / 50)), "cost over the one-sided upper bound of the number resolved");
    assert.equal(high, Number.POSITIVE_INFINITY);
    assert.equal(n, 50);
    assert.match(note as string, /lower bound only/);
  });

  test("no outcome at all gives no number", async () => {
    const { rows, notes } = await costOf(
      many(50, () => ({})),
      {},
    );
    assert.ok(Number.isNaN(rows[0].cost_per_resolved.value) && Number.isNaN(rows[0].cost_per_resolved.low));
    assert.equal(rows[0].cost_per_task.value, 1);
    assert.ok(notes.includes("No task is known to be resolved or not: ingest outcomes into tasks."));
  });

  test("tasks of no known outcome are left out, and those under way at the log's end are told apart", async () => {
    const { rows, notes } = await costOf(
      many(40, () => ({ duration: 60 })),
      outcomes(40, (i) => (i < 4 || i === 39 ? null : i % 2 === 0)),
    );
    assert.equal(rows[0].cost_per_resolved.n, 35);
    near(rows[0].cost_per_resolved.value, 35 / 18, "settled tasks alone");
    assert.equal(rows[0].cost_per_task.n, 40);
    const note = notes.find((one) => one.startsWith("5 of 40 tasks have no known outcome")) as string;
    assert.match(
      note,
      /1 of them may have been under way when the log ends, 4 have no outcome for another reason/,
    );
    assert.match(note, /if unresolved, they would raise it by 14 %/);
  });

  thorough("a single call without a cost among many is counted as well", async () => {
    const calls = many(40, (i) => ({
      task_id: `t${i % 20}`,
      user_id: `u${i % 5}`,
      cost: i === 3 ? null : 1,
    }));
    for (const cluster of ["user_id", "task_id", "call_id"]) {
      const { rows } = await costOf(
        calls,
        outcomes(20, () => true),
        { cluster },
      );
      const [{ unpriced_calls, cost_per_call, cost_per_task }] = rows;
      assert.deepEqual([unpriced_calls, cost_per_call.n, cost_per_call.value], [1, 40, 39 / 40]);
      assert.match(cost_per_task.note as string, /^at least this: 1 of 40 calls have no known cost/);
    }
  });

  thorough("a task under way that two models answered is told apart as well", async () => {
    const calls = many(40, (i) => ({ duration: 60, user_id: `u${i % 8}`, model: i < 38 ? "m" : "other" }));
    const both = [...calls, { ...calls[39], call_id: "again", model: "m" }];
    for (const cluster of ["user_id", "task_id"]) {
      const { notes } = await costOf(
        both,
        outcomes(40, (i) => (i < 4 || i === 39 ? null : i % 2 === 0)),
        { cluster },
      );
      assert.ok(
        notes.some((one) => /^5 of 40 tasks .* \(1 of them may have been under way/.test(one)),
        notes.join("\n"),
      );
    }
  });

  test("calls without a cost are counted, not priced at 0", async () => {
    const { rows, notes } = await costOf(
      many(40, (i) => ({ cost: i < 4 ? null : i === 5 ? 9 : 1 })),
      outcomes(40, () => true),
    );
    const [row] = rows;
    assert.equal(row.unpriced_calls, 4);
    for (const cell of [row.cost_per_call, row.cost_per_task, row.cost_per_resolved]) {
      assert.equal(cell.n, 40);
      near(cell.value, 44 / 40, "what is known to be spent, over all");
      assert.match(cell.note as string, /^at least this: 4 of 40 calls have no known cost/);
      near(cell.unpriced?.at_most as number, (44 + 4 * 9) / 40, "each at the dearest of the log");
      assert.ok(cell.high > (44 + 4 * 9) / 40, "the upper end prices each at the dearest of the log");
    }
    assert.ok(notes.some((note) => note.startsWith("4 of 40 calls have no known cost")));
  });

  test("nothing has a cost: no number at all", async () => {
    const { rows, notes } = await costOf(
      many(40, () => ({ cost: null })),
      outcomes(40, () => true),
    );
    for (const name of ["cost_per_call", "cost_per_task", "cost_per_resolved"] as const)
      assert.ok(Number.isNaN(rows[0][name].value) && Number.isNaN(rows[0][name].high), name);
    assert.ok(notes.includes("No call has a cost: ingest prices, or map cost."));
  });

  test("a call that failed before it read a token is free", async () => {
    const { rows, notes } = await costOf(
      many(40, (i) => (i < 4 ? { cost: null, status: "rate_limited" } : {})),
      outcomes(40, () => true),
    );
    assert.deepEqual([rows[0].unpriced_calls, rows[0].cost_per_call.value], [0, 0.9]);
    assert.doesNotMatch(rows[0].cost_per_task.note ?? "", /cost/);
    assert.ok(notes.some((note) => note.startsWith("4 of 40 calls failed before a token was read")));
  });

  test("calls without a task count in the cost per call and the total only", async () => {
    const { rows, notes } = await costOf(
      many(40, (i) => ({ task_id: i < 10 ? null : `t${i}` })),
      outcomes(40, () => true),
    );
    assert.deepEqual(
      [rows[0].calls, rows[0].tasks, rows[0].total_cost, rows[0].cost_per_call.n],
      [40, 30, 40, 40],
    );
    assert.ok(
      notes.some((note) =>
        note.startsWith(
          "10 of 40 calls belong to no task: they count in the total cost and the cost per call",
        ),
      ),
    );
    const alone = await costOf(
      many(40, () => ({ task_id: null })),
      {},
    );
    assert.ok(alone.notes.some((note) => note.startsWith("No call has a task")));
    assert.ok(Number.isNaN(alone.rows[0].cost_per_task.value));
  });

  test("no task tried twice in forty does not make it certain that none is", async () => {
    const { attempts_per_task } = (
      await costOf(
        many(40, () => ({})),
        {},
      )
    ).rows[0];
    assert.equal(attempts_per_task.value, 1);
    assert.ok(attempts_per_task.high > 1.05 && attempts_per_task.high < 1.2);
  });

  test("an outcome that several exports tell counts once", () =>
    withCalls(chain, async (store) => {
      await settle(store, { a: true, b: false, c: true });
      await settle(store, { a: true, c: true });
      const { rows } = await cost(store, { by: "model" });
      assert.equal(rowOf(rows, "small").total_cost, 5.5);
      assert.equal(rowOf(rows, "small").cost_per_resolved.value, 5.5);
    }));

  test("an empty store gives an empty table that says so", async () => {
    const table = await costOf([], {});
    assert.deepEqual([table.rows, table.notes], [[], ["No call is selected."]]);
  });
});

thorough("rows are told apart by any column, or not at all", async () => {
  const { calls, outcomes } = world(200, 30, 5);
  const whole = (await costOf(calls, outcomes, { by: "" })).rows[0];
  assert.equal(whole.calls, calls.length);
  assert.equal(whole.tasks, 200);
  const { rows } = await costOf(calls, outcomes, { by: "user_id", cluster: "task_id" });
  assert.equal(new Set(rows.map((row) => keyOf(["user_id"], row))).size, 30);
  near(
    rows.reduce((sum, row) => sum + row.total_cost, 0),
    whole.total_cost,
    "the bill is the same",
  );
});
