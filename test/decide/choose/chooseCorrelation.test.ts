import assert from "node:assert/strict";
import { correlationOf } from "../../../src/decide/choose/chooseCorrelation";
import type { SelectOptions } from "../../../src/facts/request";
import { everything } from "../../../src/facts/request";
import { select } from "../../../src/facts/select";
import { metricTable } from "../../../src/measures/metricTable";
import type { Store } from "../../../src/store/open";
import { query } from "../../../src/store/query";
import { thorough } from "../../property";
import { worldOf } from "../world";

const metrics = [
  "duration_mean",
  "time_to_first_token_p95",
  "cost_per_task",
  "cost_per_resolved",
  "resolve_rate",
  "error_rate",
  "hallucination",
  "cost_per_conversation",
  "consistency:same_output",
];

interface CallRow {
  model: string;
  user_id: string;
  task_id: string;
  duration: number;
  time_to_first_token: number | null;
  cost: number;
  status: string;
  resolved: boolean;
  hallucinated: number | null;
}

/** Each user's influence on a model's ratio: its numerator minus the ratio times its denominator. */
function pulls(calls: CallRow[], model: string, c: (one: CallRow) => number, r: (one: CallRow) => number) {
  const own = calls.filter((one) => one.model === model);
  const sum = (some: CallRow[], of: (one: CallRow) => number) => some.reduce((all, one) => all + of(one), 0);
  const ratio = sum(own, c) / sum(own, r);
  const users = new Map<string, number>();
  for (const one of own) users.set(one.user_id, (users.get(one.user_id) ?? 0) + c(one) - ratio * r(one));
  return users;
}

function correlation(a: Map<string, number>, b: Map<string, number>): number {
  const product = (x: Map<string, number>, y: Map<string, number>) =>
    [...x].reduce((sum, [user, one]) => sum + one * (y.get(user) ?? 0), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

async function found(store: Store, options: SelectOptions) {
  const table = await metricTable(store, { ...options, metrics });
  const selection = await select(store, everything, { ...options, population: "tasks" });
  try {
    return { table, correlations: await correlationOf(selection, table.rows, metrics) };
  } finally {
    selection.close();
  }
}

thorough("estimates hang together as the sums over users say", async () => {
  const store = await worldOf(
    { a: { hallucinates: 0.1, errors: 0.05 }, b: { first: 0.9, hallucinates: 0.2 } },
    { users: 60, spread: 0.8 },
  );
  try {
    const { table, correlations } = await found(store, { by: "model", cluster: "user_id" });
    const calls = (await query(
      store,
      `select calls.model, calls.user_id, calls.task_id, duration, time_to_first_token, cost, status, resolved,
         value as hallucinated
       from calls join tasks using (task_id) left join scores on subject_id = call_id`,
    )) as unknown as CallRow[];
    const one = () => 1;
    const ok = ({ status }: CallRow) => (status === "ok" ? 1 : 0);
    const p95 = table.rows.map((row) => (row.time_to_first_token_p95 as { value: number }).value);
    const of: Record<string, [(c: CallRow) => number, (c: CallRow) => number]> = {
      duration_mean: [(call) => ok(call) * call.duration, ok],
      cost_per_task: [({ cost }) => cost, one],
      cost_per_resolved: [({ cost }) => cost, ({ resolved }) => Number(resolved)],
      resolve_rate: [({ resolved }) => Number(resolved), one],
      error_rate: [({ status }) => Number(status === "error"), one],
      hallucination: [
        ({ hallucinated }) => hallucinated ?? 0,
        ({ hallucinated }) => (hallucinated === null ? 0 : 1),
      ],
    };
    const names = Object.keys(of);
    for (const [i, model] of ["a", "b"].entries()) {
      const late = pulls(
        calls,
        model,
        (call) => -Number(call.time_to_first_token !== null && call.time_to_first_token <= p95[i]),
        ok,
      );
      for (const name of names) {
        const own = pulls(calls, model, ...of[name]);
        const wanted = correlation(late, own);
        assert.ok(Math.abs(correlations([i, "time_to_first_token_p95"], [i, name]) - wanted) < 1e-3, name);
        for (const other of names) {
          const across = correlation(own, pulls(calls, "b", ...of[other]));
          assert.ok(
            Math.abs(correlations([i, name], [1, other]) - across) < 1e-3,
            `${model} ${name} ${other}`,
          );
        }
      }
    }
    assert.ok(
      correlations([0, "duration_mean"], [1, "cost_per_task"]) > 0.05,
      "users are slow and dear at both",
    );
    assert.equal(correlations([0, "cost_per_task"], [0, "cost_per_task"]), 1);
    assert.ok(correlations([0, "cost_per_conversation"], [0, "cost_per_task"]) > 0.2);
    assert.equal(
      correlations([0, "consistency:same_output"], [0, "cost_per_task"]),
      0,
      "not known, so independent",
    );
  } finally {
    store.close();
  }
});

thorough(
  "models that share no user are independent, and calls without ids hang together by task",
  async () => {
    const store = await worldOf({ a: {}, b: {} }, { tasks: 400 });
    try {
      const { correlations } = await found(store, { by: "model", cluster: "call_id" });
      assert.equal(correlations([0, "duration_mean"], [1, "duration_mean"]), 0);
      assert.ok(correlations([0, "duration_mean"], [0, "cost_per_task"]) > 0.5, "a slow task is a dear one");
    } finally {
      store.close();
    }
  },
);
