import { open, type Store } from "../../src/store/open";
import { quoteName } from "../../src/store/quote";
import { run } from "../../src/store/run";
import { columnsOf } from "../../src/store/schema";

/** One call in a test: any columns of calls; numbers may be infinite or NaN. */
export type Call = Record<string, string | number | boolean | null | undefined>;

/** An open store in memory with these calls. */
export async function storeOf(calls: readonly Call[]): Promise<Store> {
  const store = await open(":memory:");
  await put(store, calls);
  return store;
}

/** Adds calls; those without an id get one. */
export async function put(store: Store, calls: readonly Call[]): Promise<void> {
  const rows = calls.map((call, at) =>
    Object.fromEntries(
      Object.entries({ call_id: `c${at}`, ...call }).map(([name, value]) => [
        name,
        value === null || value === undefined ? null : String(value),
      ]),
    ),
  );
  const columns = columnsOf("calls");
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) return;
  // Everything as text and cast by the engine: JSON has no infinities.
  const shape = JSON.stringify([Object.fromEntries(names.map((name) => [name, "VARCHAR"]))]);
  const casts = names.map((name) => `one[${`'${name}'`}]::${columns[name].type} as ${quoteName(name)}`);
  await run(
    store.connection,
    `insert into calls by name
     select ${casts.join(", ")} from (select unnest(from_json($rows::json, '${shape}')) as one)`,
    { rows: JSON.stringify(rows) },
  );
}

/** Works on a store in memory with these calls, and closes it. */
export async function withCalls<T>(calls: readonly Call[], work: (store: Store) => Promise<T>): Promise<T> {
  const store = await storeOf(calls);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Calls in which models are asked the same eight prompts in evaluation, so that it is known how finely each counts tokens. */
export const sharedPrompts = (finer: Record<string, number>): Call[] =>
  Object.entries(finer).flatMap(([model, factor]) =>
    Array.from(
      { length: 8 },
      (_, prompt): Call => ({
        call_id: `shared ${model} ${prompt}`,
        model,
        environment: "evaluation",
        workload: "study",
        prompt_id: `shared ${prompt}`,
        input_tokens: Math.round((1000 + 321 * prompt) * factor),
        status: "ok",
        started_at: `2026-02-01 10:0${prompt}:00`,
      }),
    ),
  );
