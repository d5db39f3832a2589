import { type RouteOptions, route } from "../../../src/decide/route/route";
import { random } from "../../../src/stats/random";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { type Call, withCalls } from "../../measures/calls";

const models = {
  grand: { price: 10, resolves: 0.85, seconds: 8 },
  mid: { price: 2, resolves: 0.85, seconds: 4 },
  tiny: { price: 0.5, resolves: 0.4, seconds: 1 },
} as const;
type Model = keyof typeof models;

/** Tasks of one workload, in three lengths; long ones cost more, and go to "grand" more often if `confounded`. */
export function tasks(
  seed: number,
  workload: string,
  count: number,
  { confounded = false, only = Object.keys(models) } = {},
): Call[] {
  const r = random(seed);
  const ofUser = Array.from({ length: 50 }, () => Math.exp(0.3 * r.normal()));
  return Array.from({ length: count }, (_, at): Call => {
    const length = 1 + r.integer(3);
    const grand = confounded ? [0.15, 0.35, 0.6][length - 1] : 1 / 3;
    const drawn = r.uniform();
    const picked: Model = drawn < grand ? "grand" : drawn < grand + (1 - grand) / 2 ? "mid" : "tiny";
    const model = only.includes(picked) ? picked : (only[0] as Model);
    const { price, resolves, seconds } = models[model];
    const user = r.integer(50);
    const input = 1000 * length + r.integer(500);
    return {
      call_id: `${workload}-${at}`,
      task_id: `${workload}-t${at}`,
      user_id: `u${user}`,
      workload,
      model,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e4).toISOString().slice(0, 19),
      status: "ok",
      // The outcome of the task is kept in the column region until `settle` reads it.
      region: r.uniform() < resolves ? "yes" : "no",
      input_tokens: input,
      // Prompts of one length that models share show that they count alike.
      prompt_id: `p${input}`,
      output_tokens: 100,
      duration: seconds * length * Math.exp(0.3 * r.normal()),
      cost: 0.001 * price * length * ofUser[user] * Math.exp(0.3 * r.normal()),
    };
  });
}

/** Reads the outcomes; of a call without a region it is unknown. */
const settle = (store: Store) =>
  run(
    store.connection,
    "insert into tasks (task_id, workload, resolved) select task_id, workload, region = 'yes' from calls where region is not null",
  );
/** With a margin that a few hundred tasks can show, unless given. */
export const routes = (calls: readonly Call[], options: RouteOptions = {}) =>
  withCalls(calls, async (store) => {
    await settle(store);
    return route(store, { margin: 0.15, ...options });
  });
