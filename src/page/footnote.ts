/** Merges the notes of a table's cells into few footnotes: notes that differ only in their numbers become one. */
export interface Footnotes {
  /** Takes a cell's note and returns the marks that stand for it: "a", or "a,c" for one of two clauses. */
  mark(note: string): string;
  /** The footnotes in the order of their marks, numbers that differ as "197 to 580". */
  list(): { mark: string; note: string }[];
}

// Whole numbers and decimals, but not those in names such as p99.9.
const number = /(?<![A-Za-z\d.,])\d[\d,]*(?:\.\d+)?/g;

interface Clause {
  /** The text between the numbers. */
  parts: string[];
  /** For each gap between the parts, the numbers seen there. */
  numbers: string[][];
}

/** Collects the notes of one table. */
export function footnotes(): Footnotes {
  const clauses = new Map<string, Clause>();
  return {
    mark: (note) =>
      note
        .split("; ")
        .map((clause) => letters(place(clauses, clause)))
        .join(","),
    list: () =>
      [...clauses.values()].map((clause, at) => ({
        mark: letters(at),
        note: clause.parts
          .map((part, i) => part + range(clause.numbers[i] ?? [], endOf(clause.parts, i)))
          .join(""),
      })),
  };
}

function place(clauses: Map<string, Clause>, text: string): number {
  const parts = text.split(number);
  const found = text.match(number) ?? [];
  const key = parts.join("#");
  let clause = clauses.get(key);
  if (clause === undefined) clauses.set(key, (clause = { parts, numbers: found.map(() => []) }));
  for (const [at, one] of found.entries()) clause.numbers[at].push(one);
  return [...clauses.keys()].indexOf(key);
}

// "3 to 5" and "4 to 9" merge into "3 to 9".
const between = /^( %)? to $/;
const endOf = (parts: string[], at: number): "low" | "high" | undefined =>
  between.test(parts[at + 1] ?? "") ? "low" : between.test(parts[at]) ? "high" : undefined;

function range(numbers: string[], end: "low" | "high" | undefined): string {
  if (numbers.length === 0) return "";
  const size = (text: string) => Number(text.replaceAll(",", ""));
  const ordered = [...numbers].sort((a, b) => size(a) - size(b));
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  if (end !== undefined) return end === "low" ? least : most;
  return least === most ? least : `${least} to ${most}`;
}

function letters(at: number): string {
  const last = String.fromCharCode(97 + (at % 26));
  return at < 26 ? last : letters(Math.floor(at / 26) - 1) + last;
}
