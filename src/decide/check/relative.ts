import { derived } from "../../facts/request";
import { checkPredicate, groupsOf, select } from "../../facts/select";
import type { MeasureRequest } from "../../measures/options";
import { keysOf, rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import { type Estimate, renoted, toldBy } from "../../stats/estimate";
import { marginalOf } from "../../stats/marginal";
import { ratioOf } from "../../stats/mover";
import { normalQuantile } from "../../stats/normal";
import { atEnd } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { compare } from "../compare/compare";
import { comparedMetric } from "../compare/compareMetrics";
import type { Limit } from "./limits";

/** Numbers as a multiple of those of other calls of the log, at the same mix of work and hours. */
export async function ratiosInLog(
  store: Store,
  limits: readonly Limit[],
  sides: { against: string; a: string; b: string },
  request: MeasureRequest,
): Promise<{
  by: string[];
  rows: { limit: Limit; by: Row; ratio: Estimate; own: Estimate }[];
  notes: string[];
}> {
  const { against, a, b } = sides;
  await checkPredicate(store, "against", against, request);
  const metrics = [...new Set(limits.map(({ metric }) => comparedMetric(metric).name))];
  // Of a comparison the interval is given; --interval is about limits on numbers of their own.
  const { interval: _, ...asked } = derived(request, { where: undefined });
  const found = await compare(store, { ...asked, a, b, metrics });
  const by = found.by.slice(0, -1);
  const rows = limits.flatMap((limit) =>
    found.rows
      .filter((row) => row.metric === comparedMetric(limit.metric).name)
      .map((row) => ({
        limit,
        by: keysOf(by, row),
        ratio: row.within_ratio,
        own: row.b,
      })),
  );
  return { by, rows, notes: found.notes };
}

/** The groups of the calls checked that have no ratio to the baseline, and why. */
export async function withoutBaseline(
  store: Store,
  found: readonly { by: Row }[],
  { against, a, b }: { against: string; a: string; b: string },
  request: MeasureRequest,
): Promise<{ by: Row; note: string }[]> {
  const groups = async (where: string) => {
    const selection = await select(store, request, { where });
    try {
      const own = await groupsOf(selection);
      return new Map(own.map(({ by }) => [rowKey(selection.by, by), by]));
    } finally {
      selection.close();
    }
  };
  const [checked, baseline] = [await groups(b), await groups(a)];
  if (checked.size === 0) return [{ by: {}, note: "no call is left beside those of the baseline" }];
  if (baseline.size === 0) return [{ by: {}, note: `no call is in the baseline (${against})` }];
  const has = new Set(found.map(({ by }) => rowKey(Object.keys(by), by)));
  return [...checked].flatMap(([key, by]) =>
    has.has(key)
      ? []
      : [
          {
            by,
            note: baseline.has(key)
              ? "these calls and those of the baseline have nothing in common to compare"
              : "no call of the baseline is of this group",
          },
        ],
  );
}

/**
 * A number over a saved one: both have an error, and with unknown outcomes the ratio holds whatever they are on
 * either side.
 */
export function ratioToSaved(own: Estimate, saved: Estimate): Estimate {
  const at = (end: "low" | "high", other: "low" | "high") =>
    overSaved(atEnd(own, end), atLevel(atEnd(saved, other), own.level));
  const ratio = overSaved(own, atLevel(saved, own.level));
  // What the file lacks is the reason, whatever the number itself is.
  if (Number.isNaN(saved.value) && saved.note !== undefined) return renoted(ratio, toldBy(saved));
  const unknown = Math.max(own.worst_case?.unknown ?? 0, saved.worst_case?.unknown ?? 0);
  if (unknown === 0) return ratio;
  const [least, most] = [at("low", "high"), at("high", "low")];
  const values: [number, number] = [least.value, most.value];
  return { ...ratio, worst_case: { unknown, values, low: least.low, high: most.high } };
}

function overSaved(own: Estimate, saved: Estimate): Estimate {
  // The unit of a column in another log is another one.
  const ratio = ratioOf(
    own,
    renoted(
      saved,
      toldBy(saved).map(({ unit: _, ...one }) => one),
    ),
  );
  // None of the events so far: the logarithm has no margin, and the two bounds together hold more often than asked.
  if (own.value === 0 && saved.value > 0)
    return renoted({ ...ratio, value: 0, low: 0, high: own.high / saved.low }, []);
  return ratio;
}

/** An estimate with its interval at another level, as skewed as it is. */
export function atLevel(estimate: Estimate, level: number): Estimate {
  if (Math.abs(estimate.level - level) < 1e-12) return { ...estimate, level };
  const at = marginalOf(estimate, true) ?? marginalOf(estimate, false);
  const z = normalQuantile(0.5 + level / 2);
  return at === undefined ? { ...estimate, level } : { ...estimate, level, low: at(-z), high: at(z) };
}

/**
 * How many times the traffic of the number decides a limit on its ratio to a saved one, if the ratio stays where it
 * is; NaN if none does, since the saved number's own error remains; infinite if its own interval is open.
 */
export function timesOverSaved(ratio: Estimate, own: Estimate, end: number, keepsLow: boolean): number {
  const log = (x: number) => Math.log(x / ratio.value);
  const margin = Math.abs(keepsLow ? log(ratio.high) : log(ratio.low));
  const ofOwn = Math.abs(Math.log((keepsLow ? own.high : own.low) / own.value));
  if (ofOwn === Number.POSITIVE_INFINITY) return ofOwn;
  const room = log(end) ** 2 - (margin ** 2 - ofOwn ** 2);
  return room > 0 ? ofOwn ** 2 / room : Number.NaN;
}
