import type { SelectOptions } from "../../facts/request";
import { select } from "../../facts/select";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { requestOf } from "../options";

/** One release, prompt version or model that took the place of another in a workload. */
export interface Replaced {
  workload: string | null;
  kind: "release" | "prompt_version" | "model";
  before: string | null;
  after: string | null;
  /** When the first call of `after` began, in the time zone asked for: "2026-03-05 09:00". */
  at: string;
  /** The calls of the one that has fewer. */
  calls: number;
}

const kinds = ["release", "prompt_version", "model"];

/**
 * Where a release, prompt version or model takes the place of another for good: no call of the earlier one begins
 * after the first of the later one. The pair with the most calls on its smaller side comes first.
 *
 * @param options which calls, as of every measure
 * @returns the pairs of a workload, without those that overlap in time; empty if there are none
 * @throws as `latency` for an invalid `where` or time zone
 * @example
 * const store = await openDemo();
 * const [first] = await replaced(store);
 * `${first.workload}: ${first.kind} ${first.after}, ${first.calls} calls` // "chat-assistant: release 4.3.0, 1131 calls"
 */
export async function replaced(
  store: Store,
  options: Pick<SelectOptions, "where" | "timezone"> = {},
): Promise<Replaced[]> {
  const { connection, close } = await select(store, requestOf("replaced", options), { by: [] });
  try {
    const used = kinds.map(
      (kind) =>
        `select workload, '${kind}' as kind, ${kind} as value, min(started_at) as first, max(started_at) as last, count(*)::double as n
         from selected group by workload, ${kind}`,
    );
    return await rowsOf<Replaced>(
      connection,
      `with used as (${used.join(" union all ")})
       select a.workload, a.kind, a.value as before, b.value as after,
         strftime(timezone($timezone, timezone('UTC', b.first)), '%Y-%m-%d %H:%M') as at, least(a.n, b.n) as calls
       from used a join used b
         on a.workload is not distinct from b.workload and a.kind = b.kind and a.last <= b.first
       order by calls desc, b.first, a.kind, a.workload, a.value`,
      { timezone: options.timezone ?? "UTC" },
    );
  } finally {
    close();
  }
}
