import { random } from "../../../src/stats/random";
import type { Call } from "../calls";

export interface Log {
  days: number;
  /** The factor on a call's wait on a day, and the share of long inputs. */
  slower?: (day: number) => number;
  long?: (day: number) => number;
  more?: (day: number, at: number) => Call;
}

/** A log of two workloads, 30 calls a day each; only the first changes. */
export function log({ days, slower = () => 1, long = () => 0.3, more = () => ({}) }: Log): Call[] {
  const source = random(2);
  return Array.from({ length: days }, (_, day) =>
    ["chat", "review"].flatMap((workload) =>
      Array.from({ length: 30 }, (_, at): Call => {
        const isLong = source.uniform() < (workload === "chat" ? long(day) : 0.3);
        const wait = 2 * (isLong ? 4 : 1) * Math.exp(0.4 * source.normal());
        return {
          call_id: `${workload}${day}-${at}`,
          user_id: `u${source.integer(50)}`,
          workload,
          model: "alder",
          release: "1",
          status: source.uniform() < 0.1 ? "error" : "ok",
          started_at: new Date(Date.UTC(2026, 2, 2 + day, 9) + 600_000 * at).toISOString().slice(0, 19),
          duration: wait * (workload === "chat" ? slower(day) : 1),
          input_tokens: isLong ? 4000 + source.integer(200) : 500 + source.integer(50),
          ...(workload === "chat" ? more(day, at) : {}),
        };
      }),
    ),
  ).flat();
}

/** The date of a day, from 0. */
export const after = (day: number) => new Date(Date.UTC(2026, 2, 2 + day)).toISOString().slice(0, 10);
