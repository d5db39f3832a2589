import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CauseDraw, TaskKind } from "../../src/measures/causes/causeFrame";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, put, storeOf } from "../measures/calls";

/** A store of tasks of users: every third is not resolved, of the others every fifth calls twice, some are dear. */
export async function tasksStore(count = 90): Promise<Store> {
  const calls: Call[] = [];
  for (let at = 0; at < count; at++) {
    const call: Call = {
      call_id: `c${at}`,
      task_id: `t${at}`,
      user_id: `u${at % 40}`,
      workload: "support",
      model: at % 2 === 0 ? "orrery-large" : "quillon-7",
      role: "answer",
      status: "ok",
      cost: at % 30 === 1 ? 5 : 0.01,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 600_000).toISOString(),
      duration: 2,
    };
    if (at % 5 === 2) calls.push({ ...call, call_id: `first${at}`, attempt: 1, status: "timeout" });
    calls.push(at % 5 === 2 ? { ...call, attempt: 2 } : call);
  }
  const store = await storeOf([]);
  await put(store, calls);
  await run(
    store.connection,
    `insert into tasks by name select 't' || i as task_id, i % 3 <> 0 as resolved from range(${count}) as r(i)`,
  );
  return store;
}

/** Writes what a page would save, with a cause for each task of a sheet. */
export function savedBy(
  folder: string,
  draw: CauseDraw,
  causeOf: (kind: TaskKind, at: number) => string | undefined,
  rater_id = "h1",
): string {
  const file = join(folder, `causes-${rater_id}.json`);
  const labels = draw.tasks.flatMap(({ id, kind }, at) => {
    const cause = causeOf(kind, at);
    return cause === undefined ? [] : [{ id, cause, note: "", step: "Call" }];
  });
  writeFileSync(file, JSON.stringify({ fieldnotes: "causes", draw, rater_id, labels }));
  return file;
}
