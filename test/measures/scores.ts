import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";

/** One judgement in a test; of a call unless `task` is given. */
export interface Judgement {
  call?: string;
  task?: string;
  name?: string;
  value: number | null;
  label?: string;
  rater?: string | null;
  id?: string;
  /** When, UTC. */
  at?: string;
}

/** Adds judgements; by default of the score "good", by a human. */
export async function putScores(store: Store, scores: readonly Judgement[]): Promise<void> {
  const rows = scores.map(({ call, task, name = "good", value, label, rater = "human", id, at }) => ({
    subject: task === undefined ? "call" : "task",
    subject_id: task ?? call,
    name,
    value,
    label,
    rater,
    rater_id: id,
    at,
  }));
  const shape = `[{"subject":"VARCHAR","subject_id":"VARCHAR","name":"VARCHAR","value":"DOUBLE","label":"VARCHAR","rater":"VARCHAR","rater_id":"VARCHAR","at":"TIMESTAMP"}]`;
  await run(
    store.connection,
    `insert into scores by name select one.* from (select unnest(from_json($rows::json, '${shape}')) as one)`,
    { rows: JSON.stringify(rows) },
  );
}

/** One task in a test. */
export interface Task {
  task: string;
  prompt?: string;
  trial?: number;
  resolved?: boolean;
}

/** Adds tasks. */
export async function putTasks(store: Store, tasks: readonly Task[]): Promise<void> {
  await run(
    store.connection,
    `insert into tasks by name
     select one.task as task_id, one.prompt as prompt_id, one.trial, one.resolved
     from (select unnest(from_json($rows::json,
       '[{"task":"VARCHAR","prompt":"VARCHAR","trial":"BIGINT","resolved":"BOOLEAN"}]')) as one)`,
    { rows: JSON.stringify(tasks) },
  );
}
