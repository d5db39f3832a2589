import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { route } from "../../../src/decide/route/route";
import { parseFloors } from "../../../src/decide/route/routeFloor";
import { cost } from "../../../src/measures/cost/cost";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { type Call, withCalls } from "../../measures/calls";
import { thorough } from "../../property";
import { assertClose, near } from "../../same";

import { routes, tasks } from "./routeWork";

describe("where requests could go", () => {
  test("to the cheapest model whose resolve rate is shown to be within the margin of the flagship's", async () => {
    const { rows, flagship, margin, total, candidates, notes } = await routes(tasks(1, "w", 900), {
      margin: 0.1,
    });
    assert.equal(margin, 0.1);
    assert.equal(flagship, "grand", "the dearest a token");
    const [row] = rows;
    assert.deepEqual([row.workload, row.model, row.share, row.tasks], ["w", "mid", 1, 900]);
    assert.ok(row.resolve_difference.low < 0 && row.resolve_difference.high > 0);
    assert.ok(row.seconds_difference.high < 0);
    near(row.cost_flagship.value - row.cost.value, row.saving.value, "saving", 1e-9);
    near(total.saving_share.value, row.saving.value / row.cost_flagship.value, "share", 1e-9);
    assert.deepEqual(
      candidates.map(({ model, passes }) => [model, passes]),
      [
        ["grand", true],
        ["mid", true],
        ["tiny", false],
      ],
    );
    assert.match(
      candidates[2].fails,
      /^resolves \d+ points less than grand, beyond the margin of 10 points$/,
    );
    assert.ok(notes.some((note) => note.startsWith("Everything is compared with grand for every task")));
  });

  thorough(
    "few tasks move nothing: they do not show that a model is as good, and say how many would",
    async () => {
      const few = await routes(tasks(1, "w", 180), { margin: undefined });
      assert.deepEqual([few.margin, few.rows[0].model, few.rows[0].saving.value], [0.05, "grand", 0]);
      assert.match(few.verdict, /^No cheaper model is shown to resolve within 5 points of grand: all stays/);
      assert.match(
        few.candidates.find(({ model }) => model === "mid")?.fails as string,
        /^may resolve [\d.]+ points less than grand, beyond the margin of 5 points: it takes some [\d,]+ such tasks to tell$/,
      );
      const perfect = tasks(1, "w", 180).map((call) => ({ ...call, region: "yes" }));
      assert.equal((await routes(perfect, { margin: 0.05 })).rows[0].model, "grand", "though none failed");
      assert.equal((await routes(perfect, { margin: 0.3 })).rows[0].model, "tiny");
    },
  );

  thorough("of models that cost the same the luckiest is not said to save what it seems to", async () => {
    const same = tasks(21, "w", 900).map((call, at) => ({
      ...call,
      region: "yes",
      model: ["a", "b", "c", "d", "e", "f"][at % 6],
      cost: 0.01 * Math.exp(random(900 + at).normal()),
    }));
    const { rows, flagship, candidates } = await routes(same, { floor: "resolve_rate>=0.3" });
    const [{ model, saving, tasks: n, cost, cost_flagship }] = rows;
    const seems = (name: unknown) =>
      candidates.find((one) => one.model === name)?.cost_per_task_at_mix.value as number;
    const lucky = n * (seems(flagship) - seems(model));
    assert.ok(saving.value < 0.6 * lucky, `${saving.value} of ${lucky}`);
    assert.ok(saving.low < 0 && saving.high > 0);
    near(cost_flagship.value - cost.value, saving.value, "what is left", 1e-9);
  });

  test("a floor that only the flagship keeps leaves all with it, and nothing is saved", async () => {
    const calls = tasks(2, "w", 900).map((call) =>
      call.model === "grand" ? { ...call, region: "yes" } : call,
    );
    const { rows, candidates } = await routes(calls, { floor: "resolve_rate>=0.95" });
    assert.equal(rows[0].model, "grand");
    assert.deepEqual([rows[0].saving.value, rows[0].saving.low, rows[0].saving.high], [0, 0, 0]);
    assert.match(candidates[1].fails, /lower bound 8\d %, below 95 %/);
  });

  thorough("floors may be of any metric, and are read by their one-sided bound", async () => {
    const { rows, candidates } = await routes(tasks(3, "w", 900), {
      floor: ["resolve_rate>=0.3", "duration_p95<=3"],
    });
    assert.equal(rows[0].model, "grand", "no model keeps both, but the flagship is what there is");
    assert.ok(candidates.every(({ passes }) => !passes));
    const lenient = await routes(tasks(3, "w", 900), { floor: "resolve_rate>=0.3,duration_p95<=12" });
    assert.equal(lenient.rows[0].model, "tiny");
  });

  test("every type of request has its own, and the total is their sum", async () => {
    const { rows, total } = await routes([...tasks(4, "a", 500), ...tasks(5, "b", 700)]);
    assert.deepEqual(
      rows.map(({ workload, model }) => [workload, model]),
      [
        ["a", "mid"],
        ["b", "mid"],
      ],
    );
    near(total.saving.value, rows[0].saving.value + rows[1].saving.value, "total", 1e-9);
    near(rows[0].share, 500 / 1200, "share", 1e-12);
  });

  thorough("lengths may be types of their own", async () => {
    const { rows, by } = await routes(tasks(6, "w", 1500), { by: "workload,length" });
    assert.deepEqual(by, ["workload", "length"]);
    assert.deepEqual(
      rows.map(({ length }) => length),
      ["short", "middle", "long"],
    );
    assert.ok(rows[2].cost_flagship.value > 2 * rows[0].cost_flagship.value);
  });
});

describe("lengths of models that may count tokens differently", () => {
  /** Two equal models, one of which counts 1.3 times the tokens and costs accordingly more on long inputs. */
  const world = () =>
    tasks(8, "w", 1500, { only: ["grand", "mid"] }).map(({ prompt_id: _, ...call }) => ({
      ...call,
      cost: 0.001 * Number(call.input_tokens),
      input_tokens: Math.round(Number(call.input_tokens) * (call.model === "mid" ? 1.3 : 1)),
    }));

  thorough("are not held equal, and the answer says so", async () => {
    const { notes, candidates } = await routes(world());
    assert.match(notes.join(" "), /Nothing of the work is held equal, not even its input length/);
    for (const one of candidates)
      near(one.cost_per_task_at_mix.value, one.cost_per_task.value, `${one.model}: as measured`, 1e-9);
  });
  thorough("are refused as types of request", async () => {
    await assert.rejects(
      routes(world(), { by: "workload,length" }),
      /by length requires models that count tokens alike/,
    );
  });
  thorough("are divided by how finely each counts where prompts are shared", async () => {
    const shared = world().map((call: Call, at) => ({
      ...call,
      prompt_id: `p${Math.round(Number(call.input_tokens) / (call.model === "mid" ? 1.3 : 1))}`,
      task_id: `t${at}`,
    }));
    const { notes } = await routes(shared);
    assert.match(notes.join(" "), /Only the input length is held equal/);
  });
});

describe("what it would have cost", () => {
  thorough(
    "is held equal in length: a flagship that got the long tasks is not made dearer by them",
    async () => {
      const { rows, candidates } = await routes(tasks(7, "w", 3000, { confounded: true }));
      const ratio = rows[0].cost_flagship.value / rows[0].cost.value;
      near(ratio, 5, "of the prices", 0.12);
      const plain = await withCalls(tasks(7, "w", 3000, { confounded: true }), async (store) => {
        const table = await cost(store, { by: "model" });
        const of = (model: string) =>
          table.rows.find((row) => row.model === model)?.cost_per_task.value as number;
        return of("grand") / of("mid");
      });
      assert.ok(plain > 6, `without it ${plain}`);
      // What is not held equal has the plain names, and is what other tables say.
      const of = (model: string) =>
        candidates.find((one) => one.model === model) as (typeof candidates)[number];
      near(of("grand").cost_per_task.value / of("mid").cost_per_task.value, plain, "of its own tasks", 1e-9);
      assert.ok(of("grand").cost_per_task_at_mix.value < of("grand").cost_per_task.value);
      assert.notEqual(of("grand").resolve_rate.value, of("grand").resolve_rate_at_mix.value);
      assert.equal(candidates.length, 3);
    },
  );

  thorough("holds the truth about as often as it says", async () => {
    const names = Array.from({ length: 20 }, (_, at) => `w${at}`);
    const calls = names.flatMap((name, at) =>
      tasks(50 + at, name, 300).map((call) => ({ ...call, user_id: `${name}${call.user_id}` })),
    );
    const { rows } = await routes(calls, { floor: "resolve_rate>=0.6", flagship: "grand", by: "workload" });
    const rowsOfMid = rows.filter(({ model }) => model === "mid");
    assert.ok(rowsOfMid.length >= 16);
    // A task costs 0.001 x price x 2 (the mean length) x what users and chance make of it.
    const truth = 0.001 * 8 * 2 * Math.exp(0.045 + 0.045) * 300;
    const holds = rowsOfMid.filter(({ saving }) => saving.low <= truth && truth <= saving.high).length;
    assert.ok(holds >= rowsOfMid.length - 4, `${holds} of ${rowsOfMid.length}`);
  });
});

describe("what cannot be told is said", () => {
  test("a type that the flagship never had has no counterfactual, and the total leaves it out", async () => {
    const calls = [...tasks(8, "a", 400), ...tasks(9, "b", 400, { only: ["mid", "tiny"] })];
    const { rows, total, notes } = await routes(calls);
    assert.deepEqual(
      rows.map(({ model }) => model),
      ["mid", null],
    );
    assert.match(rows[1].saving.note as string, /^grand has fewer than 30 such tasks with a cost/);
    near(total.covered, 0.5, "covered", 1e-12);
    near(total.saving.value, rows[0].saving.value, "total", 1e-12);
    assert.ok(notes.some((note) => note.startsWith("1 of 2 request types cannot be judged")));
  });

  test("a model with few tasks is sent nothing, however cheap", async () => {
    const cheap = tasks(10, "w", 20, { only: ["tiny"] }).map((call, at) => ({
      ...call,
      call_id: `n${at}`,
      task_id: `n${at}`,
      model: "new",
      cost: 1e-6,
      region: "yes",
    }));
    const { rows, candidates } = await routes([...tasks(11, "w", 600), ...cheap]);
    assert.equal(rows[0].model, "mid");
    assert.match(
      candidates.find(({ model }) => model === "new")?.fails as string,
      /^too few tasks: 30 with a cost/,
    );
  });

  thorough(
    "a model whose costs are not all known is the cheapest only by the most that it may have cost",
    async () => {
      const without = (share: number) =>
        tasks(11, "w", 900).map((call, at) =>
          call.model === "mid" && at % 100 < share ? { ...call, cost: null } : call,
        );
      const known = (await routes(without(0))).rows[0];
      assert.equal(known.model, "mid");
      // Half of its calls may each have cost as much as the dearest.
      assert.notEqual((await routes(without(50))).rows[0].model, "mid");
      const { rows, total, notes } = await routes(without(2));
      assert.equal(rows[0].model, "mid");
      for (const { cost, cost_flagship, saving } of [rows[0], total]) {
        assert.ok(cost.low < known.cost.value && known.cost.value < cost.high && Number.isFinite(cost.high));
        assert.ok(cost.high - cost.value > known.cost.high - known.cost.value);
        assert.ok(cost_flagship.note === undefined, "every call of the flagship has a cost");
        assert.ok(saving.low < known.saving.low && known.saving.value < saving.high);
      }
      assert.ok(notes.some((note) => /^\d+ tasks contain calls without a known cost: each costs/.test(note)));
    },
  );

  test("no model is taken for what the flagship may not have cost", async () => {
    const without = (share: number) =>
      tasks(11, "w", 600).map((call, at) =>
        call.model === "grand" && at % 100 < share ? { ...call, cost: null } : call,
      );
    const options = { flagship: "grand" };
    assert.equal((await routes(without(0), options)).rows[0].model, "mid");
    const { rows, verdict } = await routes(without(85), options);
    assert.equal(rows[0].model, "grand");
    assert.match(verdict, /^No cheaper model is shown/);
  });

  thorough("a log without outcomes keeps the flagship, and says why", () =>
    withCalls(tasks(12, "w", 600), async (store) => {
      const { rows, candidates, verdict } = await route(store);
      assert.equal(rows[0].model, "grand");
      assert.match(candidates[1].fails, /no task has a known outcome: ingest outcomes/);
      assert.match(verdict, /all stays with grand\. Of all others: no task has a known outcome/);
      assert.equal(rows[0].resolve_rate_at_mix.note, "no task has a known outcome");
      const floored = await route(store, { floor: "error_rate<=0.1" });
      assert.equal(floored.rows[0].model, "tiny");
      assert.match(
        floored.verdict,
        /^[\d.]+ USD \([\d.]+ to [\d.]+\) of [\d.]+ USD would have been saved in .* against grand for all: w to tiny\. It holds if /,
      );
    }),
  );

  thorough("a log without costs, and an empty one", async () => {
    const { flagship, rows, notes } = await routes(tasks(13, "w", 100).map(({ cost: _, ...call }) => call));
    assert.equal(flagship, null);
    assert.equal(rows[0].model, null);
    assert.ok(notes[0].startsWith("No model has 30 tasks with a cost"));
    // Failed calls without a cost say nothing about what a task costs.
    const failed = tasks(13, "w", 100).map((call, at) =>
      at % 10 === 0
        ? { ...call, status: "error", cost: null, input_tokens: null, output_tokens: null }
        : { ...call, cost: null },
    );
    const { candidates, verdict } = await routes(failed);
    assert.ok(candidates.every(({ cost_per_task }) => Number.isNaN(cost_per_task.value)));
    assert.match(candidates[0].cost_per_task.note as string, /^\d of \d+ tasks have a cost$/);
    assert.match(verdict, /^Nothing can be routed on this log: no model has enough tasks with a cost\.$/);
    assert.deepEqual((await routes([])).rows, []);
  });

  test("what is asked wrongly is refused", async () => {
    assert.throws(
      () => parseFloors("resolve_rate=0.8"),
      /floor to be like "resolve_rate>=0.8", got "resolve_rate=0.8"/,
    );
    assert.throws(() => parseFloors("p95<=3"), /metric requires a name/);
    await assert.rejects(
      routes(tasks(14, "w", 60), { flagship: "grant" }),
      /a flagship of the log's models, got "grant"; did you mean "grand"\?/,
    );
    await assert.rejects(
      routes(tasks(14, "w", 60), { margin: 5 }),
      /0 <= margin < 1, got 5; 0.05 is 5 points/,
    );
    await assert.rejects(
      routes(tasks(14, "w", 60), { level: 0.5 }),
      /route requires a level above 0.5, got 0.5/,
    );
    await assert.rejects(
      routes(tasks(14, "w", 60), { by: "wrkload" }),
      /by requires columns of calls, got "wrkload"/,
    );
  });
});

test("a model's own cost and resolve rate are those of cost, clustered by users and the hours they share", () => {
  const r = random(4);
  const calls = Array.from({ length: 400 }, (_, at) => ({
    ...{ call_id: `c${at}`, task_id: `t${at}`, user_id: `u${r.integer(40)}`, status: "ok" },
    model: at % 2 === 0 ? "grand" : "tiny",
    started_at: new Date(Date.UTC(2026, 2, 2) + 3e6 * at).toISOString().slice(0, 19),
    ...{ input_tokens: 1e5, output_tokens: 1e4, cost: (2 - (at % 2)) * (1 + r.uniform()) },
  }));
  return withCalls(calls, async (store) => {
    await run(
      store.connection,
      "insert into tasks (task_id, resolved) select task_id, hash(task_id) % 10 < 7 from calls",
    );
    const { candidates } = await route(store, { by: "" });
    const { rows } = await cost(store, { by: "model" });
    for (const [at, { cost_per_task, resolve_rate }] of rows.entries()) {
      assert.equal(resolve_rate.clusterBy, "user_id and hour");
      // The engine adds in any order: the last digit may differ.
      assertClose(candidates[at].cost_per_task, cost_per_task);
      assertClose(candidates[at].resolve_rate, resolve_rate);
    }
  });
});
