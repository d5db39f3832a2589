import { withoutIntervals } from "../facts/cluster";
import { type MeasuredSelection, type Selection, select } from "../facts/select";
import { checkStore, type Store } from "../store/open";
import { type Behind, withCalls } from "./behind";
import { type Given, type GivenTo, givenOf, type Required } from "./given";
import { camel, functionOf, type Measure, type OptionTable, titleOf, type Words } from "./measure";
import {
  checkOfConversations,
  type MeasureOptions,
  type MeasureRequest,
  refuseWithout,
  requestOf,
} from "./options";
import { shared } from "./shared";
import { estimatesIn, type Row, type Table } from "./table";
import { whyEmpty } from "./whyEmpty";

/** What a measure was asked. */
export interface Asked<O> {
  store: Store;
  /** The options of every measure, to pass on whole. */
  request: MeasureRequest;
  /** All options, the measure's own with their defaults. */
  options: MeasureOptions & Given<O>;
}

/** The same of a measure that makes its table. */
interface Titled<O> extends Asked<O> {
  /** What its table calls itself. */
  measure: string;
}

/** A selection, and what a measure opened with it. */
export interface Opened {
  selection: Selection;
}

/** What a measure found. */
export interface Result<R extends Row = Row, M = unknown> {
  rows: R[];
  /** The columns that identify a row. Default: those of the selection. */
  by?: string[];
  /** Whole sentences, after those of the selection. */
  notes?: readonly string[];
  /** Those that come before them. */
  lead?: readonly string[];
  /** The sentence that says why there is no row, if no better reason is found. */
  none?: string;
  /** The calls behind a row. */
  behind?: Behind<R>;
  /** What makes the views that `behind` reads. Default: the measure with the same options. */
  again?: (store: Store) => Promise<unknown>;
  /** What the table holds besides. */
  more?: M;
}

interface Described<O, W extends Words = Words>
  extends Omit<Measure, "run" | "options" | "uses" | "value" | "as" | "words" | "columns"> {
  options?: O;
  words?: W;
  /** The option that is given as the value of its name on the command line: `--worst 10`. */
  takes?: keyof O & string;
  /** True if a report computes it once for its page and its notebooks. */
  shares?: true;
}

interface Selecting<O, S extends Opened, R extends Row, M> extends Described<O> {
  /** What it selects, besides what it was asked. */
  selects?: MeasuredSelection | ((asked: Asked<O>) => MeasuredSelection);
  /** How it opens its selection, if that is more than to select. */
  open?: (asked: Asked<O>) => Promise<S>;
  /** Measures what is selected; the selection is closed afterwards. */
  table(measured: Asked<O> & S): Promise<Result<R, M>>;
}

interface Composing<O, W extends Words, T extends Table> extends Described<O, W> {
  /** Makes the table from other tables, or from several selections. */
  compose(asked: Titled<O>): Promise<T>;
}

/** A function of a store and options. */
export type FunctionOf<O, T, W = Record<never, never>> = (Record<never, never> extends Required<O>
  ? (store: Store, options?: GivenTo<O, W>) => Promise<T>
  : (store: Store, options: GivenTo<O, W>) => Promise<T>) & {
  /** Its own options. */
  readonly options: O;
};

/** A measure: such a function that knows what the command line and the documentation say of it. */
export type MeasureFunction<O, T, W = Record<never, never>> = FunctionOf<O, T, W> & {
  /** What the command line and the documentation know of it. */
  readonly entry: Measure;
};

/** The options that a measure takes: `OptionsOf<typeof throughputLoad>`. */
export type OptionsOf<M extends (store: Store, options: never) => unknown> = NonNullable<Parameters<M>[1]>;

/** The line of its table: `RowOf<typeof throughputLoad>`. */
export type RowOf<M extends (store: Store, options: never) => Promise<Table>> = Awaited<
  ReturnType<M>
>["rows"][number];

/**
 * Makes a measure from its definition: it checks and completes the options, selects the calls, closes the selection,
 * and gives the table its name, columns, notes and the calls behind its rows.
 */
export function defineMeasure<
  const O extends OptionTable = Record<never, never>,
  S extends Opened = Opened,
  R extends Row = Row,
  M = unknown,
>(definition: Selecting<O, S, R, M>): MeasureFunction<O, Table<R> & M>;
export function defineMeasure<
  const O extends OptionTable = Record<never, never>,
  const W extends Words = Record<never, never>,
  T extends Table = Table,
>(definition: Composing<O, W, T>): MeasureFunction<O, T, W>;
export function defineMeasure<O extends OptionTable>(
  definition: Selecting<O, Opened, Row, unknown> | Composing<O, Words, Table>,
): unknown {
  const { shares, options: known = {} as O, words } = definition;
  const [caller, title] = [functionOf(definition), titleOf(definition)];
  const measure = async (store: Store, options: MeasureOptions = {}): Promise<Table> => {
    checkStore(caller, store);
    refuseWithout(caller, words, options);
    const request = requestOf(caller, options);
    const asked = { store, measure: title, request, options: givenOf(caller, known, options) };
    checkOfConversations(caller, asked.options as { grain?: unknown; score?: unknown }, options);
    const measured = () => ("compose" in definition ? definition.compose(asked) : tableOf(definition, asked));
    return shares ? shared(store, caller, asked.options, measured) : measured();
  };
  Object.defineProperty(measure, "name", { value: caller });
  return Object.assign(measure, { options: known, entry: entryOf(definition, known, measure) });
}

/** Makes the table of a selection, which is closed afterwards: of a measure, or of what is no command. */
export async function tableOf<O>(
  definition: Pick<Selecting<O, Opened, Row, unknown>, "selects" | "open" | "table">,
  asked: Titled<O>,
): Promise<Table> {
  const { selects = {}, open, table } = definition;
  const needs = typeof selects === "function" ? selects(asked) : selects;
  const opened = await (open?.(asked) ??
    select(asked.store, asked.request, needs).then((selection) => ({ selection })));
  const { selection } = opened;
  try {
    const {
      rows,
      by = selection.by,
      notes = [],
      lead = [],
      none,
      behind,
      again = (store: Store) => tableOf(definition, { ...asked, store }),
      more,
    } = await table({ ...asked, ...opened });
    const empty = rows.length === 0 && none !== undefined ? [await whyEmpty(selection, none)] : [];
    const ofSelection = isUnknown(rows) ? withoutIntervals(selection) : selection.notes;
    const result = {
      measure: asked.measure,
      by,
      rows,
      ...(more as object),
      notes: [...lead, ...ofSelection, ...notes, ...empty],
    };
    return behind === undefined ? result : withCalls(result, again, behind);
  } finally {
    selection.close();
  }
}

/** True of rows without a number that an interval could be about. */
function isUnknown(rows: readonly Row[]): boolean {
  const estimates = rows.flatMap((row) => Object.values(row).flatMap(estimatesIn));
  return rows.length === 0 || (estimates.length > 0 && estimates.every(({ value }) => Number.isNaN(value)));
}

/** What the command line and the documentation know of it. */
function entryOf<O extends OptionTable>(
  definition: Described<O>,
  known: O,
  measure: (store: Store, options: MeasureOptions) => Promise<Table>,
): Measure {
  const { name, of, was, about, needs, parts, beyond, fixed, words, ownCommand, inLibrary, caption, takes } =
    definition;
  const own = { name, of, was, about, needs, parts, beyond, fixed, words, ownCommand, inLibrary, caption };
  const knows = Object.entries(known).filter(([option, { hidden }]) => option !== takes && !hidden);
  const described = {
    ...own,
    uses: Object.keys(known),
    ...(knows.length === 0 ? {} : { options: Object.fromEntries(knows) }),
  };
  if (takes === undefined) return { ...described, run: measure };
  const given = camel(name);
  const run = (store: Store, { [given]: taken, ...others }: Record<string, unknown>) =>
    // An option whose value may be left out is true without one.
    measure(store, { ...others, [takes]: taken === true ? undefined : taken });
  return { ...described, value: known[takes].value, as: known[takes].as, run };
}
