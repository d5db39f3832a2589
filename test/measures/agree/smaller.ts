import type { Log } from "./hostile";

/** Shrinks a failing log to as few calls, outcomes, scores and columns as a limited search finds. */
export async function smaller(log: Log, fails: (log: Log) => Promise<boolean>, tries: number): Promise<Log> {
  let left = tries;
  let best = log;
  const keep = async (next: Log): Promise<boolean> => {
    if (left-- <= 0) return false;
    if (!(await fails(next).catch(() => false))) return false;
    best = next;
    return true;
  };
  // Halves first, then quarters, and finally row by row.
  const fewer = async (name: keyof Log) => {
    for (let size = best[name].length; size >= 1; size = Math.floor(size / 2))
      for (let at = 0; at < best[name].length && left > 0; ) {
        const rows = [...best[name].slice(0, at), ...best[name].slice(at + size)];
        if (!(await keep({ ...best, [name]: rows }))) at += size;
      }
  };
  for (const name of ["scores", "tasks", "calls", "tasks"] as const) await fewer(name);
  for (const column of new Set(best.calls.flatMap(Object.keys))) {
    if (column === "call_id") continue;
    const without = best.calls.map(({ [column]: _, ...call }) => call);
    await keep({ ...best, calls: without });
  }
  return best;
}

/** A failing log as text, one row per line. */
export function printed(log: Log): string {
  return Object.entries(log)
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => {
      const lines = rows.slice(0, 20).map((row: object) => `  ${JSON.stringify(row)}`);
      const rest = rows.length > 20 ? [`  and ${rows.length - 20} more`] : [];
      return [`${name}:`, ...lines, ...rest].join("\n");
    })
    .join("\n");
}
