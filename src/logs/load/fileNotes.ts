import { grouped } from "../../stats/text";
import { didYouMean } from "../../store/nearest";
import { quoteName } from "../../store/quote";
import type { FilledTable } from "../../store/schema";
import type { Identified } from "./identify";
import { type Earlier, toReadAgain } from "./ledger";
import type { BadRecords, RecordCounts } from "./number";
import type { Prepared } from "./prepare";

type Read = Prepared["reading"];

const rowOf: Record<FilledTable, string> = {
  calls: "a call to a model",
  tasks: "a task",
  scores: "a score",
  spans: "a span",
  texts: "a text",
  items: "an item",
  preferences: "a comparison of two models",
  sides: "one of two answers compared",
  benchmarks: "a model's score",
  prices: "a price",
};

/** Why a file gave no row. */
export function nothingCame(
  reading: Read,
  { records, rows }: Pick<RecordCounts, "records" | "rows">,
  bad: BadRecords,
  first?: string,
): string {
  if (records === 0) return "the file contains no records";
  if (reading.targets.length === 0)
    return "it contains only texts, which are stored only on request: --text keep";
  if (first === undefined || bad.count < records)
    return reading.nothing?.(rows) ?? `none of its ${rows} records is ${rowOf[reading.targets[0].table]}`;
  return `none of its ${records} records could be read: ${first}`;
}

/** What the store had from the same file, and what happened to it. */
export function againNote({ path, sha256, contained, beside }: Identified, rows: number): string {
  const named = (some: readonly Earlier[]) =>
    some
      .map((one) => `ingest ${one.id} (${one.path === path ? "" : `${one.path}, `}read as ${one.format})`)
      .join(", ");
  if (beside.length > 0)
    return `${named(beside)} has the same records and stays, as --also asks: where both fill a table, they count twice`;
  const what = `${grouped(rows)} ${rows === 1 ? "row" : "rows"}`;
  if (contained.some(({ options }) => options === toReadAgain))
    return `read again: a file that is forgotten had replaced rows of it (${named(contained)})`;
  if (contained.some((one) => !one.sameConfig || one.sha256 === sha256))
    return `read again differently: the ${what} of ${named(contained)} are gone (--also keeps both)`;
  return contained.length === 0
    ? ""
    : `the file grew: the ${what} that it gave before are read again with it`;
}

/** The fields of a mapping that the file lacks. */
export function missingNote({ missing = [] }: Read, known: readonly string[]): string {
  const names = missing.map((name) => name + (quotedIn(name, known) ?? didYouMean(name, known))).join(", ");
  return missing.length === 0 ? "" : `field not found: ${names}`;
}

/** How to write a field whose name is no plain word, if a missing name is the first part of one, as `Kd` is of `Kd-Nr`. */
function quotedIn(name: string, known: readonly string[]): string | undefined {
  const first = name.split(".")[0].toLowerCase();
  const whole = known.find(
    (one) =>
      /[^\p{L}\d_]/u.test(one) &&
      one
        .toLowerCase()
        .split(/[^\p{L}\d_]+/u)
        .includes(first),
  );
  return whole === undefined
    ? undefined
    : `; if you mean ${whole}, quote it in the mapping: ${JSON.stringify(quoteName(whole))}`;
}

/** The constants for which no table of the file has a column. */
export function unusedNote({ targets }: Read, unused: readonly string[]): string {
  const tables = [...new Set(targets.map(({ table }) => table))].join(", ");
  return unused.length === 0 ? "" : `--set ${unused.join(", ")}: no such column in ${tables}`;
}
