import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, storeOf } from "../measures/calls";

/** How an artificial model behaves: seconds, US dollars, shares. */
export interface Behaviour {
  first?: number;
  cost?: number;
  resolved?: number;
  errors?: number;
  hallucinates?: number;
  /** Output tokens per answer. */
  words?: number;
}

export interface WorldOptions {
  tasks?: number;
  users?: number;
  seed?: number;
  workload?: string;
  /** Standard deviation between users in log duration and log cost. */
  spread?: number;
}

/**
 * A store of tasks with one call each, assigned to models at random; a user's effect on time and cost is the same for
 * every model.
 */
export async function worldOf(
  models: Record<string, Behaviour>,
  { tasks = 1500, users = 100, seed = 1, workload = "chat", spread = 0.3 }: WorldOptions = {},
): Promise<Store> {
  const source = random(seed);
  const names = Object.keys(models);
  const sizes = Array.from({ length: users }, () => Math.exp(spread * source.normal()));
  const calls: Call[] = [];
  const outcomes: object[] = [];
  const scores: object[] = [];
  for (let at = 0; at < tasks; at++) {
    const user = source.integer(users);
    const model = names[source.integer(names.length)];
    const {
      first = 0.5,
      cost = 0.01,
      resolved = 0.8,
      errors = 0.01,
      hallucinates,
      words = 200,
    } = models[model];
    const size = sizes[user] * Math.exp(0.3 * source.normal());
    const failed = source.uniform() < errors;
    const good = !failed && source.uniform() < resolved;
    calls.push({
      call_id: `c${at}`,
      task_id: `t${at}`,
      conversation_id: `v${at >> 1}`,
      user_id: `u${user}`,
      workload,
      model,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 180_000).toISOString().slice(0, 23),
      time_to_first_token: failed ? null : first * size,
      duration: 4 * first * size,
      input_tokens: Math.round(2000 * size),
      output_tokens: failed ? 0 : words,
      cost: failed ? 0 : cost * size,
      status: failed ? "error" : "ok",
    });
    outcomes.push({ task_id: `t${at}`, resolved: good });
    if (hallucinates !== undefined && !failed)
      scores.push({ subject_id: `c${at}`, value: source.uniform() < hallucinates ? 1 : 0 });
  }
  const store = await storeOf(calls);
  await run(
    store.connection,
    `insert into tasks (task_id, resolved) select one.task_id, one.resolved from (
       select unnest(from_json($rows::json, '[{"task_id": "VARCHAR", "resolved": "BOOLEAN"}]')) as one)`,
    { rows: JSON.stringify(outcomes) },
  );
  if (scores.length > 0)
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value, rater)
       select 'call', one.subject_id, 'hallucination', one.value, 'human' from (
         select unnest(from_json($rows::json, '[{"subject_id": "VARCHAR", "value": "DOUBLE"}]')) as one)`,
      { rows: JSON.stringify(scores) },
    );
  return store;
}
