/**
 * SQL predicates that must all hold, as one; undefined if there are none.
 *
 * @example
 * allOf(["model = 'a'", undefined, "cost > 1 or failed"]) // "(model = 'a') and (cost > 1 or failed)"
 */
export function allOf(predicates: readonly (string | undefined)[]): string | undefined {
  const some = predicates.filter((one): one is string => one !== undefined && one !== "");
  return some.length === 0 ? undefined : some.map((one) => inBrackets(one)).join(" and ");
}

/**
 * A predicate as one part of a larger one. A comment at its end does not swallow the bracket.
 *
 * @example
 * inBrackets("a or b") // "(a or b)"
 */
export const inBrackets = (predicate: string): string =>
  predicate.includes("--") ? `(${predicate}\n)` : `(${predicate})`;
