/**
 * What an ingest may fill in for a call if its log does not give it, and the bit in the column `derived` that
 * marks this.
 */
const bits = {
  user_id: 1,
  conversation_id: 2,
  workload: 4,
  zero_cost: 8,
  attempt: 16,
  fallback_from: 32,
  operation: 64,
} as const;

type Derived = keyof typeof bits;

/** SQL: true if the column was filled in. */
export const isDerived = (name: Derived) => `coalesce(derived & ${bits[name]}, 0) > 0`;

/** SQL for `derived` with the bit set for each column whose condition holds. */
export const withDerived = (conditions: Partial<Record<Derived, string>>) =>
  `nullif(coalesce(calls.derived, 0)${Object.entries(conditions)
    .map(([name, holds]) => ` | case when ${holds} then ${bits[name as Derived]} else 0 end`)
    .join("")}, 0)`;

/** SQL for `derived` with the bits of some columns cleared. */
export const withoutDerived = (...names: Derived[]) =>
  `nullif(calls.derived & ~${names.reduce((sum, name) => sum | bits[name], 0)}, 0)`;
