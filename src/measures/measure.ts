import type { Store } from "../store/open";
import type { Table } from "./table";

/** One option of a measure: `singleShot` in the library is `--single-shot` on the command line. */
export interface MeasureOption {
  about: string;
  /** What stands for the value in the help: "<names>". A flag has none. */
  value?: string;
  /** How the value is read. Default: as it is written. */
  as?: "number" | "whole" | "numbers";
  choices?: readonly string[];
  default?: unknown;
}

/** What the command line, `explain`, `doctor` and the documentation know of a measure. */
export interface Measure extends Pick<MeasureOption, "value" | "as"> {
  /** Its command; with `of` the option of that command which asks for this table instead. */
  name: string;
  of?: string;
  /** What it tells, in a line. */
  about: string;
  run: (store: Store, options: never) => Promise<Table>;
  /** Columns of calls, "tasks.resolved" or tables that must not be empty; "a or b" where one will do. */
  needs: readonly string[];
  /** What it tells besides, where the log has more. */
  parts?: Readonly<Record<string, readonly string[]>>;
  /** Its own options, besides those of every measure. */
  options?: Readonly<Record<string, MeasureOption>>;
  /** How it words options of every measure that mean something else here. */
  words?: { by?: string; where?: string };
  /** Its command is written by hand in src/cli, since it takes tables of scores as well. */
  ownCommand?: true;
  /** The option whose value is the table's caption. */
  caption?: string;
}

/** A measure as a person asks for it: "latency", "quality --judge". */
export function commandOf({ name, of }: Measure): string {
  return of === undefined ? name : `${of} --${name}`;
}
