import { commandOf, type Measure } from "../../src/measures/measure";
import { random as randomOf } from "../../src/stats/random";
import { hostileLog } from "./hostileLog";

/** Columns that a log may lack. */
const optional =
  "user_id conversation_id workload provider started_at time_to_first_token input_tokens output_tokens cost status attempt stream role operation environment".split(
    " ",
  );

/** A small log that may lack columns, and what to ask of it: measures take turns, so that each meets some log. */
export async function randomLog(seed: number, there: readonly Measure[]) {
  const { uniform: random } = randomOf(seed);
  const among = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
  const calls = 1 + Math.floor(120 * random() ** 2);
  const empty = new Set(optional.filter(() => random() < 0.15));
  const measure = there[seed % there.length];
  const options = {
    by: among([[], ["model"], ["workload", "model"], ["provider"]]),
    ...among([{}, { cluster: "call_id" }]),
  };
  const store = await hostileLog(calls, seed, empty);
  return {
    store,
    about: `log ${seed}: ${commandOf(measure)} ${JSON.stringify(options)}, ${calls} calls without ${[...empty].join(", ")}`,
    ask: (one: typeof store) =>
      measure.run(one, options as never).catch((error: Error) => ({ refused: error.message })),
  };
}
