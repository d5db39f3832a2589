import assert from "node:assert/strict";
import type { Estimate } from "../../../src/stats/estimate";
import { isNear } from "../../same";

/** The parts that a measure gives for one quantity. */
export type Parts = Partial<Pick<Estimate, "value" | "low" | "high" | "n">>;

/** One measure's numbers by group, then by metric. A missing group counts as n = 0. */
export interface Said {
  /** The call as a reader would name it: "metricTable", "compare, side a". */
  measure: string;
  groups: Map<string, Map<string, Parts>>;
}

/** A measure's numbers, to be filled in. */
export class Saying implements Said {
  groups = new Map<string, Map<string, Parts>>();
  constructor(readonly measure: string) {}

  /** Adds a number for a group, unless undefined. */
  say(group: string, metric: string, parts: Parts | undefined): void {
    if (parts === undefined) return;
    const own = this.groups.get(group) ?? new Map<string, Parts>();
    own.set(metric, parts);
    this.groups.set(group, own);
  }

  get(group: string, metric: string): Parts | undefined {
    return this.groups.get(group)?.get(metric);
  }
}

const order = ["n", "value", "low", "high"] as const;

/**
 * Where two measures disagree: a sentence for each number.
 *
 * @param parts the parts to compare; estimates by different methods agree only in value and n
 */
export function disagreements(one: Said, other: Said, parts: readonly (keyof Parts)[] = order): string[] {
  const found: string[] = [];
  const metrics = new Set<string>();
  for (const { groups } of [one, other])
    for (const own of groups.values()) for (const metric of own.keys()) metrics.add(metric);
  for (const group of new Set([...one.groups.keys(), ...other.groups.keys()]))
    for (const metric of metrics) {
      const [a, b] = [one, other].map(({ groups }) => groups.get(group)?.get(metric) ?? { n: 0 });
      // If both have n = 0 there is nothing to compare.
      const shownParts = a.n === 0 && b.n === 0 ? [] : order.filter((part) => parts.includes(part));
      const wrong = shownParts.filter((part) => {
        const [x, y] = [a[part], b[part]];
        return x !== undefined && y !== undefined && !isNear(x, y, 1e-9, 1e-12);
      });
      if (wrong.length === 0) continue;
      const said = (of: Parts) => wrong.map((part) => `${part} ${of[part]}`).join(", ");
      found.push(`${metric} of ${group}: ${one.measure} says ${said(a)}; ${other.measure} says ${said(b)}`);
    }
  return found;
}

/** Fails with a message that says which measures disagree on which metrics and groups, and on what log. */
export function disagree(found: readonly string[], shownParts: unknown, log: string): never {
  const rest = found.length > 8 ? `\n  and ${found.length - 8} more` : "";
  assert.fail(
    `measures disagree, asked for ${JSON.stringify(shownParts)}:\n  ${found.slice(0, 8).join("\n  ")}${rest}\n${log}`,
  );
}
