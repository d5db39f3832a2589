import type { Store } from "../../../src/store/open";
import { putInto } from "../agree/hostile";
import { type Call, withCalls } from "../calls";

/** A step of an agent: a call by what it cost, or a use of a tool. */
export type Step =
  | { cost: number | null; status?: string; role?: string }
  | { tool: string; with?: string; status?: string; timeless?: true };
export interface Task {
  steps: Step[];
  resolved?: boolean | null;
  model?: string;
}

const start = Date.UTC(2026, 2, 2, 9);
const at = (task: number, step: number) =>
  new Date(start + 1000 * (1000 * task + step)).toISOString().slice(0, 19);

/** Works on a store with the tasks: each step begins a second after the one before. */
export async function withTasks(
  tasks: readonly Task[],
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const calls: Call[] = [];
  const spans: Record<string, string | number | null>[] = [];
  for (const [number, { steps, model = "m" }] of tasks.entries())
    for (const [place, step] of steps.entries()) {
      const own = { task_id: `t${number}`, started_at: at(number, place) };
      if ("tool" in step)
        spans.push({
          ...{ span_id: `s${number}.${place}`, parent_id: null, stage: step.tool, ...own },
          started_at: step.timeless ? null : own.started_at,
          ...{ status: step.status ?? "ok", tool: step.tool, arguments_hash: step.with ?? null },
        });
      else
        calls.push({
          ...{ call_id: `c${number}.${place}`, ...own, model, user_id: `u${number}` },
          ...{ cost: step.cost, status: step.status ?? "ok", role: step.role, duration: 0.5 },
        });
    }
  await withCalls(calls, async (store) => {
    await putInto(store, "spans", spans);
    await putInto(
      store,
      "tasks",
      tasks.flatMap(({ resolved }, n) =>
        resolved === undefined ? [] : [{ task_id: `t${n}`, resolved, ingest_id: 1 }],
      ),
    );
    await work(store);
  });
}
