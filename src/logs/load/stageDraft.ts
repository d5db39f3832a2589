import { quoteName } from "../../store/quote";
import type { Column, FilledTable } from "../../store/schema";
import { attributeColumn } from "../records/attributes";
import { bit, type Leaf } from "../records/field";
import type { Target } from "../records/format";

/** True for a record that was read and lost nothing that decides what rows it gives. */
export const wholeRecord = '"record whole"';

/** The column of the stage that holds a target's canonical column. */
export const staged = (target: number, column: string) => quoteName(`${target}.${column}`);

/** A column besides the record's fields that says something about a target. */
export const flagOf = (what: string, target: number, column = "") =>
  quoteName(`record ${what} ${target} ${column}`.trim());

/** One thing that the stage computes and that may fail, so that it can be named. */
export interface StagedColumn extends Pick<Column, "type" | "bounds"> {
  table: FilledTable;
  /** The column, or "where". */
  column: string;
  expression: string;
  /** True if the value was read, and lies beyond the column's bounds. */
  isBeyond?: boolean;
}

/** The SELECT that turns records into the rows of all targets, side by side. */
export interface Stage {
  select: string;
  /** The meaning of the bits of lost_columns. */
  columns: StagedColumn[];
  /**
   * The meaning of the bits of lost_elements: a list, or a column of some of its elements, the rest of which is
   * kept.
   */
  elements: StagedColumn[];
  /** What is left empty if it cannot be read, by the target. */
  emptied: (StagedColumn & { target: number })[];
}

/** The SELECT lists of a stage, from the records to its columns: what one list computes, the next may use. */
interface Lists {
  /** Which records a target keeps. */
  keeps: string[];
  /** Each value that is used more than once, or tried. */
  steps: string[];
  /** What is wrong with it. */
  faults: string[];
  parts: string[];
}

/** The stage while it is built. */
export interface Draft extends Omit<Stage, "select">, Lists {
  bits: string[];
  elementBits: string[];
  /** Conditions that an attribute is not of its type. */
  odd: string[];
  leaves: readonly Leaf[];
}

/** Marks what rejects a row, by a bit of lost_columns. */
export function markColumn(draft: Draft, condition: string, column: StagedColumn): void {
  draft.bits.push(bit(condition, draft.columns.length));
  draft.columns.push(column);
}

/** The same of an element of a list, by a bit of lost_elements. */
export function markElement(draft: Draft, condition: string, column: StagedColumn): void {
  draft.elementBits.push(bit(condition, draft.elements.length));
  draft.elements.push(column);
}

/** The columns of a target's attributes, as they are. */
export const attributeParts = ({ beside }: Target, number: number) =>
  Object.entries(beside?.columns ?? {}).map(
    ([key, text]) => `${text} as ${staged(number, attributeColumn(key))}`,
  );
