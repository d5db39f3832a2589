import assert from "node:assert/strict";
import { test } from "node:test";
import { billOf, costMonthly } from "../../../src/measures/cost/monthlyBill";
import { tasksPerUserDay } from "../../../src/measures/cost/tasksPerUserDay";
import { requestOf } from "../../../src/measures/options";
import { random } from "../../../src/stats/random";
import { ratioInterval } from "../../../src/stats/ratioInterval";
import { open } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { near } from "../../same";

/** Thirty users: each of two models' tasks, three on each of two days and a retry of one; every tenth has a third day. */
async function someUsers() {
  const store = await open(":memory:");
  await run(
    store.connection,
    `insert into calls (call_id, task_id, model, workload, environment, user_id, started_at, duration, status, cost, attempt)
     select u || '-' || d || '-' || k || '-' || a, u || '-' || d || '-' || k, if(k = 0, 'elm', 'oak'), 'chat', 'production', 'u' || u,
       timestamp '2026-03-02' + to_days(d) + to_hours(k), 1, if(a = 1 and k = 2, 'error', 'ok'), 0.01 * (1 + u % 2), a
     from range(30) t(u), range(3) s(d), range(3) r(k), range(1, 3) q(a)
     where (d < 2 or u % 10 = 0) and (a = 1 or k = 2)`,
  );
  return store;
}

test("a user's tasks on a day with any count each task once, and the days of every user", async () => {
  const store = await someUsers();
  try {
    const of = await tasksPerUserDay(store, requestOf("cost", { where: "day <> '2026-03-04'" }), []);
    near(of({}, 0.95).value, 3, "three tasks on each day");
    const byWorkload = await tasksPerUserDay(store, requestOf("cost", {}), ["workload"]);
    const found = byWorkload({ workload: "chat" }, 0.95);
    assert.deepEqual([found.n, found.unit, found.clusterBy], [30, "tasks/user/day", "user_id"]);
    near(found.value, 3, "the mean over the days of all users");
  } finally {
    store.close();
  }
});

test("a month's bill of users is their tasks times the cost of one, whatever model answered", async () => {
  const store = await someUsers();
  try {
    const users = await costMonthly(store, { dailyUsers: 100 });
    const tasks = await costMonthly(store, { tasks: (100 * 3 * 365.25) / 12 });
    for (const [at, row] of users.rows.entries()) {
      near(row.monthly_bill.value, tasks.rows[at].monthly_bill.value, "the same number of tasks");
      assert.ok(row.monthly_bill.low <= tasks.rows[at].monthly_bill.low, "wider, since it has two unknowns");
      near(Number(row.tasks_per_user_day?.value), 3, String(row.model));
      assert.equal(row.monthly_bill.level, 0.95);
    }
    assert.match(users.notes[0], /^At 100 users a day, .* not how many users there will be\.$/);
    for (const [given, got] of [
      [{}, "neither"],
      [{ tasks: 1, dailyUsers: 1 }, "both"],
    ] as const)
      await assert.rejects(
        costMonthly(store, given),
        new RegExp(`^RangeError: costMonthly requires tasks or dailyUsers, got ${got}$`),
      );
    await assert.rejects(costMonthly(store, { dailyUsers: -1 }), /number of daily users >= 0, got -1/);
  } finally {
    store.close();
  }
});

test("its interval holds the truth where those with more tasks have dearer ones", () => {
  const [worlds, users] = [400, 120];
  let [missed, missedAlone] = [0, 0];
  const generator = random(7);
  // A user has few cheap tasks or many dear ones, a fifth of them the latter.
  const [many, dear] = [9, 3];
  const truth = 0.8 * 2 * 1 + 0.2 * many * dear;
  for (let world = 0; world < worlds; world++) {
    const drawn = Array.from({ length: users }, () => {
      const isHeavy = generator.uniform() < 0.2;
      const tasks = Math.max(1, Math.round((isHeavy ? many : 2) + 2 * (generator.uniform() - 0.5)));
      return { tasks, cost: tasks * (isHeavy ? dear : 1) };
    });
    const days = drawn.map(() => 1);
    const tasks = drawn.map((one) => one.tasks);
    const level = 0.975;
    const perTask = ratioInterval(
      drawn.map((one) => one.cost),
      tasks,
      { level },
    );
    const perDay = ratioInterval(tasks, days, { level });
    const holds = ({ low, high }: { low: number; high: number }) => low <= truth && truth <= high;
    if (!holds(billOf(perTask, perDay))) missed++;
    if (!holds(billOf(perTask, { value: perDay.value, low: perDay.value, high: perDay.value })))
      missedAlone++;
  }
  assert.ok(missed / worlds < 0.05, `${missed} of ${worlds} missed`);
  assert.ok(missedAlone / worlds > 0.1, `as if the tasks of a user were known: ${missedAlone} of ${worlds}`);
});
