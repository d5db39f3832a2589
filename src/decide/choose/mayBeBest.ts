import type { ChoiceRow } from "./chooseTable";

/**
 * The models that a choice does not exclude, most likely first: the fewest whose probabilities of being the best
 * add up to the level, plus those that could not be compared and may be better than all that were.
 *
 * @example
 * mayBeBest([]) // []
 */
export function mayBeBest(rows: readonly ChoiceRow[]): string[] {
  const compared = rows.filter(({ p_best }) => p_best > 0).sort((a, b) => b.p_best - a.p_best);
  const level = rows[0]?.utility.level ?? 0.95;
  const all = compared.reduce((sum, { p_best }) => sum + p_best, 0);
  const named: string[] = [];
  let held = 0;
  for (const { name, p_best } of compared) {
    if (held >= level * all) break;
    named.push(name);
    held += p_best;
  }
  const most = Math.max(...compared.map(({ utility }) => utility.value));
  const open = rows.filter(({ p_best, utility }) => Number.isNaN(p_best) && !(utility.high <= most));
  return [...named, ...open.map(({ name }) => name)];
}
