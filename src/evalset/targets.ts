/** What examples are drawn from: a kind of edge case, or a stratum of all other requests. */
export interface Cell {
  cell: string;
  edge: boolean;
  requests: number;
}

/**
 * Returns how many examples each cell should give: edge cases get their share of the set, split equally between kinds
 * as far as they have enough; strata in proportion to their requests, so their targets need not be whole.
 */
export function targetsOf(
  cells: readonly Cell[],
  { size, edge }: { size: number; edge: number },
): (Cell & { target: number })[] {
  const requests = cells.reduce((sum, one) => sum + one.requests, 0);
  const kinds = cells.filter((one) => one.edge);
  const strata = cells.filter((one) => !one.edge);
  const ordinary = strata.reduce((sum, one) => sum + one.requests, 0);
  const wanted = Math.min(size, requests);
  const quota = Math.max(Math.round(edge * wanted), wanted - ordinary);
  const targets = new Map(kinds.map((one) => [one, 0]));
  // One at a time to the kind that has the fewest and can give more; ties go by name.
  for (let given = 0; given < quota; given++) {
    const open = kinds.filter((one) => targets.get(one)! < one.requests);
    if (open.length === 0) break;
    const next = open.reduce((least, one) => (targets.get(one)! < targets.get(least)! ? one : least));
    targets.set(next, targets.get(next)! + 1);
  }
  const edges = [...targets.values()].reduce((sum, one) => sum + one, 0);
  const left = Math.max(0, wanted - edges);
  return [
    ...[...targets].map(([cell, target]) => ({ ...cell, target })),
    ...strata.map((cell) => ({ ...cell, target: (left * cell.requests) / ordinary })),
  ];
}
