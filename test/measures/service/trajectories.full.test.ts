import assert from "node:assert/strict";
import { test } from "node:test";
import { type TrajectoryRow, trajectories } from "../../../src/measures/service/trajectories";
import { type ToolRow, trajectoriesTools } from "../../../src/measures/service/trajectoryTools";
import { fc, runs } from "../../property";
import { near } from "../../same";
import { type Step, type Task, withTasks } from "./agents";

const by = { by: "model" };
const some = fc.constantFrom;
const steps = fc.oneof(
  fc.record({
    cost: some(null, 0.25, 1, 4),
    status: some("ok", "ok", "ok", "error", "timeout"),
    role: some("answer", "answer", "judge"),
  }),
  fc
    .record({
      tool: some("search", "book"),
      with: some("a", "b", undefined),
      status: some("ok", "ok", "error"),
    })
    .chain((one) => some(one, one, one, { ...one, timeless: true as const })),
);
const tasks = fc.array(
  fc.record({
    steps: fc.array(steps, { maxLength: 9 }).map((more): Step[] => [{ cost: 1, status: "ok" }, ...more]),
    resolved: some(true, false, null, undefined),
    model: some("m0", "m1"),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The totals of a row's tasks, step by step. */
function counted(own: readonly Task[]) {
  const sum = {
    steps: 0,
    uses: 0,
    failed: 0,
    told: 0,
    repeated: 0,
    withTold: 0,
    looped: 0,
    stopped: 0,
    later: 0,
  };
  for (const { steps } of own) {
    const seen = new Map<string, number>();
    let isOver = false;
    let later = 0;
    const uses = steps.filter((one) => "tool" in one);
    const isOrdered = uses.length === 0 || uses.every(({ timeless }) => !timeless);
    for (const one of steps) {
      if ("tool" in one) {
        sum.steps++;
        sum.uses++;
        if (one.with !== undefined)
          seen.set(`${one.tool} ${one.with}`, (seen.get(`${one.tool} ${one.with}`) ?? 0) + 1);
        isOver ||= one.status === "error";
      } else {
        if (one.role !== "judge") sum.steps++;
        if (isOver) later += one.cost ?? 0;
        isOver ||= one.role !== "judge" && one.status !== "ok";
      }
    }
    const same = [...seen.values()];
    sum.told += same.reduce((all, n) => all + n, 0);
    sum.repeated += same.reduce((all, n) => all + n - 1, 0);
    if (same.length > 0) sum.withTold++;
    if (same.some((n) => n >= 3)) sum.looped++;
    if (isOver) sum.failed++;
    if (isOver && isOrdered) {
      sum.stopped++;
      sum.later += later;
    }
  }
  return sum;
}

test("what rows say adds up to the steps of their tasks, counted one by one, and tools add up to all uses", () =>
  fc.assert(
    fc.asyncProperty(tasks, (all) =>
      withTasks(all, async (store) => {
        const { rows } = await trajectories(store, by);
        const outcomeOf = ({ resolved }: Task) =>
          resolved === true ? "resolved" : resolved === false ? "not resolved" : "not known";
        for (const row of rows)
          check(
            row,
            all.filter((one) => one.model === row.model && outcomeOf(one) === row.outcome),
          );
        assert.equal(
          rows.reduce((sum, { tasks }) => sum + tasks, 0),
          all.length,
        );
        const tools = (await trajectoriesTools(store, by)).rows;
        for (const model of ["m0", "m1"]) {
          const own = all.filter((one) => one.model === model);
          const of = tools.filter((row) => row.model === model);
          assert.equal(sumOf(of, "uses"), counted(own).uses);
          if (of.length > 0)
            near(
              of.reduce((sum, { share }) => sum + share.value, 0),
              1,
              "shares",
            );
          for (const row of of) {
            const uses = own.flatMap(({ steps }) =>
              steps.filter((one) => "tool" in one && one.tool === row.tool),
            );
            assert.equal(row.uses, uses.length);
            near(
              row.error_rate.value * uses.length,
              uses.filter(({ status }) => status === "error").length,
              "errors",
              0,
              1e-9,
            );
          }
        }
      }),
    ),
    { numRuns: runs(60) },
  ));

function check(row: TrajectoryRow, own: readonly Task[]): void {
  const is = counted(own);
  const times = (value: number, n: number) => (n === 0 ? 0 : value * n);
  assert.equal(row.tasks, own.length);
  near(row.steps.value * row.tasks, is.steps, "steps");
  near(times(row.with_failure.value, row.tasks), is.failed, "failed", 0, 1e-9);
  near(times(row.repeated.value, row.repeated.n), is.repeated, "repeated", 0, 1e-9);
  assert.deepEqual(
    [row.repeated.n, row.loops.n, row.cost_after_failure.n],
    [is.told, is.withTold, is.stopped],
  );
  near(times(row.loops.value, is.withTold), is.looped, "looped", 0, 1e-9);
  if (!row.cost_after_failure.note?.startsWith("no call has"))
    near(times(row.cost_after_failure.value, is.stopped), is.later, "later", 0, 1e-9);
}

const sumOf = (rows: readonly ToolRow[], name: "uses" | "tasks") =>
  rows.reduce((sum, row) => sum + row[name], 0);
