/**
 * SQL predicates that must all hold, as one; undefined if there are none.
 *
 * @example
 * allOf(["model = 'a'", undefined, "cost > 1 or failed"]) // "(model = 'a') and (cost > 1 or failed)"
 */
export function allOf(predicates: readonly (string | undefined)[]): string | undefined {
  const some = predicates.filter((one) => one !== undefined && one !== "");
  return some.length === 0 ? undefined : some.map((one) => `(${one})`).join(" and ");
}
