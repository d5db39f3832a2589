/** What an ingest may fill of a call that its log does not tell, and the bit that says so in the column `derived`. */
const bits = {
  user_id: 1,
  conversation_id: 2,
  workload: 4,
  zero_cost: 8,
  attempt: 16,
  fallback_from: 32,
} as const;

type Derived = keyof typeof bits;

/** SQL: true if the column was filled so. */
export const isDerived = (name: Derived) => `coalesce(derived & ${bits[name]}, 0) > 0`;

/** SQL for `derived` with the bit of each column of which the condition holds. */
export const withDerived = (conditions: Partial<Record<Derived, string>>) =>
  `nullif(coalesce(calls.derived, 0)${Object.entries(conditions)
    .map(([name, holds]) => ` | case when ${holds} then ${bits[name as Derived]} else 0 end`)
    .join("")}, 0)`;

/** SQL for `derived` without the bits of some columns. */
export const withoutDerived = (...names: Derived[]) =>
  `nullif(calls.derived & ~${names.reduce((sum, name) => sum | bits[name], 0)}, 0)`;
