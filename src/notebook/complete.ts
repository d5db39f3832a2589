import { namesOf } from "../facts/names";
import { metricNames } from "../measures/metricNames";
import { metrics } from "../measures/metrics";
import { isUnchanging, openStores, type Store } from "../store/open";
import { columnsOf } from "../store/schema";

/** What a kernel answers to a request for completion, with places in the cell's text. */
export interface Completion {
  start: number;
  end: number;
  matches: string[];
}

type Kind = "columns" | "metrics";

/** An option that takes names, and its text up to the cursor: `by: "model,wo`, `by: ["model", "wo`. */
const option =
  /\b(by|where|candidate|cluster|metrics?)\s*:\s*(?:\[[^\]]*)?(?<quote>["'`])((?:(?!\k<quote>).)*)$/s;

/** The option that the cursor is in, and the part of its text that a name would replace; undefined elsewhere. */
function asked(before: string): { kind: Kind; begun: string } | undefined {
  const [, name = "", quote, text = ""] = option.exec(before) ?? [];
  if (quote === undefined) return undefined;
  // Within an SQL text are values, not names.
  if (name === "where" && quote !== "'" && (text.split("'").length - 1) % 2 === 1) return undefined;
  const begun = /[\w.:]*$/.exec(text)?.[0] ?? "";
  return { kind: name.startsWith("metric") ? "metrics" : "columns", begun };
}

const known = new WeakMap<Store, Map<Kind, Promise<string[]>>>();

async function namesIn(store: Store, kind: Kind): Promise<string[]> {
  if (kind === "metrics") return metricNames(store, { evaluation: true });
  const connection = await store.connect();
  try {
    return [...(await namesOf(connection, "UTC", [], new Map())).keys()];
  } finally {
    connection.closeSync();
  }
}

/** The names of a store: kept where it cannot change. */
function namesOnce(store: Store, kind: Kind): Promise<string[]> {
  if (!isUnchanging(store)) return namesIn(store, kind);
  const kinds = known.get(store) ?? new Map<Kind, Promise<string[]>>();
  known.set(store, kinds);
  const names = kinds.get(kind) ?? namesIn(store, kind);
  kinds.set(kind, names);
  // What was not to be had once, by a closed or busy store, may be the next time.
  names.catch(() => kinds.delete(kind));
  return names;
}

/** The names that any store has. */
const ofAll = (kind: Kind): string[] =>
  kind === "columns"
    ? Object.keys(columnsOf("calls"))
    : metrics.map((one) => ("family" in one ? `${one.family}:` : one.name));

async function namesFor(kind: Kind): Promise<string[]> {
  const store = [...(openStores() ?? [])].at(-1);
  return store === undefined ? ofAll(kind) : namesOnce(store, kind).catch(() => ofAll(kind));
}

/**
 * Completes the name of a column or metric in a cell's `by: "..."`, `where: "..."`, `candidate`, `cluster` or `metric`:
 * those of the store that was opened last, or of any store where none is open. Undefined elsewhere in a cell.
 *
 * @param offered the names that the option's type allows, if it lists them
 */
export async function completeName(
  code: string,
  cursor: number,
  offered: readonly string[] = [],
): Promise<Completion | undefined> {
  const found = asked(code.slice(0, cursor));
  if (found === undefined) return undefined;
  const { kind, begun } = found;
  const names = offered.length > 0 ? offered : await namesFor(kind);
  const sought = begun.toLowerCase();
  const starts = names.filter((name) => name.toLowerCase().startsWith(sought));
  // The last part of an attribute's name is enough to find it.
  const within = names.filter((name) => name.toLowerCase().includes(sought) && !starts.includes(name));
  return { start: cursor - begun.length, end: cursor, matches: [...starts, ...within] };
}
