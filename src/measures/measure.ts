import type { SelectOptions } from "../facts/request";
import type { Store } from "../store/open";
import type { Table } from "./table";

/** One option of a measure: `consistencySingleShot` in the library is `--single-shot` on the command line. */
export interface MeasureOption {
  about: string;
  /** Its name on the command line, where that is another. */
  flag?: string;
  /** The placeholder for the value in the help: "<names>", or "[names]" where it may be left out. A flag has none. */
  value?: string;
  /** How the value is parsed; "names" are a text with commas, or a list in the library. Default: as text. */
  as?: "number" | "whole" | "numbers" | "names" | "cluster";
  choices?: readonly string[];
  default?: unknown;
  /** With `as: "whole"`: the least number that is allowed. Default 0. */
  least?: number;
  /** True if the measure cannot do without it. */
  required?: true;
  /** True for an option that the command line does not list: of the library alone, or of the command of a view. */
  hidden?: true;
  /** Refuses a value that is not allowed; its parameter says of which type values are. */
  check?: (caller: string, value: never) => void;
}

/** A measure's own options by name. */
export type OptionTable = Readonly<Record<string, MeasureOption>>;

/** Options that a view takes of its command, which lists them already. */
export const hidden = <const O extends OptionTable>(options: O): O =>
  Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { ...option, hidden: true }]),
  ) as O;

/** The option that says how many rows are listed, at most. */
export const mostOption = (what: string, of: string, usual: number) =>
  ({
    value: "<number>",
    about: `most ${what} ${of}`,
    as: "whole",
    default: usual,
    check: (caller: string, limit: number) => {
      if (Number.isSafeInteger(limit) && limit >= 1) return;
      throw new RangeError(`${caller} requires a whole number of ${what} >= 1, got ${String(limit)}`);
    },
  }) as const;

/** An option of the library whose value is no text, number or flag. */
export const valueOption = <T>(about: string) =>
  ({ about, hidden: true, check: (_caller: string, _value: T): void => undefined }) as const;

/** The option that names whose judgements count, of each measure of a score. */
export const raterOption = {
  value: "<kind>",
  about: "whose judgement: human, user, judge or rule (default: whoever judged most)",
} as const satisfies MeasureOption;

/** Own help texts for the options of every measure; false for one that a function does without. */
export type Words = Readonly<
  Partial<Record<keyof SelectOptions | "level" | "interval" | "seed" | "join", string | false>>
>;

/** What the command line, `explain`, `doctor` and the documentation know about a measure. */
export interface Measure extends Pick<MeasureOption, "value" | "as"> {
  /** Its command; with `of`, the option of that command that asks for this table instead. */
  name: string;
  of?: string;
  /** The command, or commands, that it was before, "error-bursts": still answered, with a line that names the new one. */
  was?: string | readonly string[];
  /** What it shows, in one line. */
  about: string;
  run: (store: Store, options: never) => Promise<Table>;
  /** Columns of calls, "tasks.resolved" or tables that must not be empty; "a or b" if either will do. */
  needs: readonly string[];
  /** The columns of its table. */
  columns?: readonly string[];
  /** What else it shows if the log has more, and what that needs. */
  parts?: Readonly<Record<string, readonly string[]>>;
  /** Its own options, in addition to those of every measure. */
  options?: OptionTable;
  /** With `of`: another of that command's tables that may be named too, since this one says more of the same. */
  beyond?: string;
  /** The names of all options that it takes, listed or not. With `of`, its command refuses any other of its own. */
  uses?: readonly string[];
  /** Options of every measure that would change nothing here, each with the reason. */
  fixed?: Readonly<Record<string, string>>;
  /** Its own help texts for the options of every measure; false for one that it does without. */
  words?: Words;
  /** True if its command is written by hand in src/cli, since it takes tables of scores as well. */
  ownCommand?: true;
  /** True for one that only the library has, without a command. */
  inLibrary?: true;
  /** The option whose value is the table's caption. */
  caption?: string;
}

/** A measure that knows the columns of its table, which are in the type of its rows. */
export function withColumns<M extends { entry: Measure }>(measure: M, columns: string): M {
  measure.entry.columns = columns.split(" ").filter((name) => name !== "");
  return measure;
}

/** An option as typed on the command line: `firstToken` is `--first-token`. */
export const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What a measure is called, and the command whose view it is. */
type Named = Pick<Measure, "name" | "of">;

/** A measure as typed on the command line: "latency", "latency --by-outcome". */
export function commandOf({ name, of }: Named): string {
  return of === undefined ? name : `${of} --${name}`;
}

/** The same words as a function of the library: latencyByOutcome. */
export const functionOf = (measure: Named): string => camel(titleOf(measure).replaceAll(" ", "-"));

/** The same words as its table calls itself: "latency by outcome". */
export const titleOf = ({ name, of }: Named): string =>
  [of ?? "", name].join(" ").trim().replaceAll("-", " ");

/** An option as a property: "by-outcome" is byOutcome. */
export const camel = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
