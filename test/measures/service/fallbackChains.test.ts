import assert from "node:assert/strict";
import { test } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { type ChainRow, reliabilityFallbacks } from "../../../src/measures/service/fallbackChains";
import { trajectories } from "../../../src/measures/service/trajectories";
import { endsAtWorst } from "../../../src/stats/worstCase";
import { run } from "../../../src/store/run";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

const start = Date.UTC(2026, 2, 2, 9);
const at = (seconds: number) => new Date(start + 1000 * seconds).toISOString().slice(0, 23);

/** Forty tasks: twenty with one call, ten tried twice, eight handed to another model, two never answered. */
const calls: Call[] = Array.from({ length: 40 }, (_, i) => {
  const one = { task_id: `t${i}`, user_id: `u${i}`, cost: 1, model: "alder", role: "answer" };
  const first = { ...one, call_id: `${i}a`, attempt: 1, started_at: at(100 * i), duration: 2, status: "ok" };
  if (i < 20) return [first];
  const again = {
    ...one,
    call_id: `${i}b`,
    attempt: 2,
    started_at: at(100 * i + 5),
    duration: 3,
    status: "ok",
  };
  const failed = { ...first, status: "error" };
  const judge = {
    ...one,
    call_id: `${i}j`,
    role: "judge",
    model: "judge",
    started_at: at(100 * i + 50),
    duration: 9,
  };
  if (i < 30) return [failed, again, judge];
  return [failed, i < 38 ? { ...again, model: "birch", cost: 4 } : { ...again, status: "timeout" }];
}).flat();

const rowOf = (rows: ChainRow[], chain: string, served: string) =>
  rows.find((row) => row.chain === chain && row.served === served) as ChainRow;

test("each chain of calls has its share, its server, its cost and its wait", () =>
  withCalls(calls, async (store) => {
    const { rows } = await reliabilityFallbacks(store, { by: "model" });
    assert.deepEqual(
      rows.map(({ model, chain, served, tasks }) => [model, chain, served, tasks]),
      [
        ["alder", "one call", "alder", 20],
        ["alder", "retry", "alder", 10],
        ["alder", "retry", "nobody", 2],
        ["alder", "fallback", "birch", 8],
      ],
    );
    const one = rowOf(rows, "one call", "alder");
    const [retry, fallback] = [rowOf(rows, "retry", "alder"), rowOf(rows, "fallback", "birch")];
    near(one.share.value, 0.5, "share");
    assert.equal(one.share.n, 40);
    near(one.lost_share.value, 0, "lost");
    near(fallback.share.value, 0.2, "share");
    assert.ok(fallback.share.low > 0.08 && fallback.share.high < 0.4);
    near(retry.wait.value, 8, "wait: the judge is nobody's wait");
    near(retry.lost_share.value, 5 / 8, "lost");
    near(retry.cost_per_task.value, 3, "cost: the judge is paid for");
    near(fallback.cost_per_task.value, 5, "cost");
    near(fallback.attempts.value, 2, "attempts");
  }));

test("the steps of an agent, of which none failed or was made again, are no retries", () => {
  const steps = (at: number, ...more: Call[]) =>
    [{}, {}, ...more].map((own, step) => ({
      ...{ task_id: `t${at}`, call_id: `${at}-${step}`, model: "alder", cost: 1, status: "ok" },
      ...own,
    }));
  const failed = steps(3).map((call, step) => (step === 0 ? { ...call, status: "error" } : call));
  const handed = steps(4).map((call, step) =>
    step === 1 ? { ...call, model: "birch", fallback_from: "alder" } : call,
  );
  const mixed = steps(5, { model: "birch" });
  return withCalls([...steps(1), ...steps(2), ...failed, ...handed, ...mixed], async (store) => {
    const { rows } = await reliabilityFallbacks(store, { by: "" });
    assert.deepEqual(
      rows.map(({ chain, served, tasks }) => [chain, served, tasks]),
      [
        ["several calls", "alder", 2],
        ["several calls", "birch", 1],
        ["retry", "alder", 1],
        ["fallback", "birch", 1],
      ],
    );
  });
});

test("the outcome of each chain stands beside it, where it is known", () =>
  withCalls(calls, async (store) => {
    await run(
      store.connection,
      "insert into tasks (task_id, resolved) select 't' || i, i % 2 = 0 from range(30, 40) r(i)",
    );
    const { rows } = await reliabilityFallbacks(store, { by: "model" });
    near(rowOf(rows, "fallback", "birch").resolve_rate.value, 0.5, "rate");
    const { value, note } = rowOf(rows, "one call", "alder").resolve_rate;
    assert.ok(Number.isNaN(value));
    assert.equal(note, "no tasks whose outcome is known");
  }));

test("a resolve rate has bounds that hold whatever the unknown outcomes are, and says so from 5 % of them on", () =>
  withCalls(calls, async (store) => {
    // Of the 20 tasks with one call: 9 resolved, 6 not, 5 unknown.
    await run(
      store.connection,
      "insert into tasks (task_id, resolved) select 't' || i, i < 9 from range(0, 15) r(i)",
    );
    const chain = async () =>
      rowOf((await reliabilityFallbacks(store, { by: "model" })).rows, "one call", "alder").resolve_rate;
    const many = await chain();
    near(many.value, 9 / 15, "rate of the known");
    assert.deepEqual(
      many.worst_case?.values.map((x) => Math.round(1000 * x)),
      [450, 700],
    );
    const ends = endsAtWorst(many, 0.25);
    near(many.worst_case?.low ?? Number.NaN, ends.low, "low");
    near(many.worst_case?.high ?? Number.NaN, ends.high, "high");
    assert.ok(ends.low < 0.75 * many.low && ends.high > 0.75 * many.high + 0.25);
    assert.match(many.note ?? "", /25 % of the outcomes are unknown: .* whatever they are/);
    await run(
      store.connection,
      "insert into tasks (task_id, resolved) select 't' || i, true from range(15, 19) r(i)",
    );
    const few = await chain();
    assert.equal(few.note?.includes("are unknown") ?? false, false);
    near(few.worst_case?.values[0] ?? Number.NaN, 0.65, "a few are no note, but verdicts read them");
  }));

test("calls without times have no wait, and are counted all the same", () =>
  withCalls(
    calls.map(({ started_at, ...call }) => call),
    async (store) => {
      const { rows } = await reliabilityFallbacks(store, { by: "model" });
      const { tasks, wait } = rowOf(rows, "fallback", "birch");
      assert.equal(tasks, 8);
      assert.equal(wait.note, "no tasks with times");
    },
  ));

test("a log without tasks says that it has none", () =>
  withCalls([{ model: "alder", cost: 1 }], async (store) => {
    const { rows, notes } = await reliabilityFallbacks(store);
    assert.equal(rows.length, 0);
    assert.match(notes.join(" "), /No task belongs/);
  }));

test("chains and trajectories of a model none of whose own costs is known have no cost, as in cost", () =>
  withCalls(
    [
      { task_id: "t", model: "alder", input_tokens: 5, output_tokens: 5, started_at: "2026-03-02 10:00:00" },
      { task_id: "t", model: "birch", status: "ok", cost: 2, started_at: "2026-03-02 10:00:01" },
    ],
    async (store) => {
      const options = { by: "model", cluster: "task" };
      for (const { rows } of [
        await cost(store, { ...options, where: "model = 'alder'" }),
        await reliabilityFallbacks(store, options),
        await trajectories(store, options),
      ]) {
        assert.deepEqual(
          rows.map((row) => [row.model, row.cost_per_task.value, row.cost_per_task.note]),
          [["alder", Number.NaN, "no call has a known cost"]],
        );
      }
    },
  ));
