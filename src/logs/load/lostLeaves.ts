import { bit, type Leaf, mask } from "../records/field";
import type { Reading } from "../records/format";

// The names in an expression, in lower case: the engine finds fields like this too.
function namesIn(expression: string): Set<string> {
  const parts = expression.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_]*/gu);
  return new Set([...parts].map(([part, quoted]) => (quoted?.replaceAll('""', '"') ?? part).toLowerCase()));
}

const maskOf = (leaves: readonly Leaf[], isIn: (leaf: Leaf) => boolean) =>
  mask(leaves.flatMap((leaf, at) => (isIn(leaf) ? [bit("true", at)] : [])));

/** SQL for whether a record has lost a leaf that an expression reads; undefined if it reads none that can be lost. */
export function anyLeafLost(lost: string, expression: string, leaves: readonly Leaf[]): string | undefined {
  const names = namesIn(expression);
  const isRead = ({ path }: Leaf) => path.every((part) => names.has(part.toLowerCase()));
  return leaves.some(isRead) ? `(${lost} & (${maskOf(leaves, isRead)})) <> 0` : undefined;
}

/**
 * The leaves whose loss leaves nothing of a record: those that decide what rows it gives, and those that no column
 * names, since then nobody knows what they decide. Any other loss only leaves the columns empty that read the leaf.
 *
 * @returns the mask of these, and of these with the leaves that a predicate reads, which decides about one table
 */
export function decisiveLeaves(
  { unnest = "", derived = {}, targets }: Reading,
  leaves: readonly Leaf[],
): { fatal: string; decisive: string } {
  const splitting = [unnest, ...Object.values(derived)];
  const plain: string[] = [];
  for (const { where = "", each, columns, beside } of targets) {
    (each === undefined ? plain : splitting).push(...Object.values(columns), each ?? "");
    plain.push(where, ...Object.values(beside?.columns ?? {}));
  }
  const readBy = (expressions: readonly string[]) => {
    const names = namesIn(expressions.join(" "));
    return ({ path }: Leaf) => path.every((part) => names.has(part.toLowerCase()));
  };
  const [isSplitting, isPlain] = [readBy(splitting), readBy(plain)];
  const isPredicate = readBy(targets.map(({ where = "" }) => where));
  const isFatal = (leaf: Leaf) => isSplitting(leaf) || !isPlain(leaf);
  return {
    fatal: maskOf(leaves, isFatal),
    decisive: maskOf(leaves, (leaf) => isFatal(leaf) || isPredicate(leaf)),
  };
}
