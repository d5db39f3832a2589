import { existsSync } from "node:fs";
import type { Command } from "commander";
import { rootOf } from "../logs/files/partition";
import { formats } from "../logs/formats";
import { emptiedText } from "../logs/load/emptied";
import { type Preview, type PreviewTable, preview } from "../logs/preview";
import { mostAttributes } from "../logs/records/attributes";
import { type Mapping, mappingFileOf } from "../logs/records/mapping";
import { isUsed } from "../logs/suggest/suggestion";
import { counted, grouped } from "../stats/text";
import { quotePath } from "../store/quote";
import { writeWhole } from "../store/wholeFile";
import { askAll, openText } from "./ask";
import { failed } from "./failure";
import { print, say, tableText } from "./output";
import { ingestOptions, type ReadFlags, withReadOptions } from "./readOptions";

/** What `fieldnotes ingest --preview` prints about files, and `fieldnotes map` about one. */
export async function printPreviews(paths: string[], flags: ReadFlags, json: boolean): Promise<void> {
  const seen: Preview[] = [];
  for (const path of paths) seen.push(await preview(path, ingestOptions(flags)));
  print(json, { preview: seen }, () => seen.map((one) => previewText(one)).join("\n\n"));
  if (seen.some(({ tables }) => tables.length === 0)) process.exitCode = failed;
}

/** `fieldnotes map`: writes the mappings suggested by the files' fields beside the files, and shows what they read. */
export function addMap(program: Command): void {
  withReadOptions(
    program
      .command("map")
      .description("write the mapping that a file's field names suggest beside it, and show what it reads")
      .argument("<file...>", "files in no known format")
      .option("--yes", "ask nothing: follow the field names, and list what they leave open"),
  ).action(async (paths: string[], flags: ReadFlags & { yes?: boolean }, command: Command) => {
    const { json } = command.optsWithGlobals<{ json?: boolean }>();
    const asks = !flags.yes && !json && process.stdin.isTTY === true;
    const seen: (Preview & { wrote: string | null })[] = [];
    for (const path of paths) {
      const guess = await preview(path, ingestOptions(flags));
      const one = asks ? await answered(guess, flags) : guess;
      seen.push({ ...one, wrote: written(one) });
    }
    print(json === true, { map: seen }, () =>
      seen.map((one) => previewText(one, whatNext(one))).join("\n\n"),
    );
    if (seen.some(({ tables }) => tables.length === 0)) process.exitCode = failed;
  });
}

/** A guess after its open questions were answered at the terminal. */
async function answered(guess: Preview, flags: ReadFlags): Promise<Preview> {
  const { path, mapping, questions } = guess;
  if (mapping === null || questions.length === 0 || existsSync(mappingFileOf(path))) return guess;
  say(`\n${path}: questions that its field names leave open. Enter takes the answer in brackets.`);
  const own = await askAll(mapping, questions, { input: process.stdin, output: process.stderr });
  const read = await preview(path, { ...ingestOptions(flags), mapping: own });
  const fields = guess.leftOut.filter((name) => !isUsed(name, own));
  return { ...read, isGuess: true, leftOut: fields, questions: [] };
}

/** The file that the mapping was written to; null if there was nothing to write, or the file exists. */
function written({ path, isGuess, mapping }: Preview): string | null {
  const file = mappingFileOf(path);
  if (!isGuess || mapping === null || existsSync(file)) return null;
  writeWhole(file, `${JSON.stringify(plain(mapping), null, 2)}\n`);
  return file;
}

function whatNext({ wrote, path, format, mapping, tables }: Preview & { wrote: string | null }): string {
  if (wrote !== null)
    return `wrote ${wrote}: correct it where it is wrong, then: fieldnotes ingest ${quotePath(rootOf(path) ?? path)}`;
  if (mapping !== null)
    return `${path} already has a mapping; nothing was written. To see what it reads after a change: fieldnotes ingest ${quotePath(path)} --preview`;
  return tables.length === 0
    ? "nothing was written"
    : `${path} needs no mapping: it is read as ${format ?? "nothing"}; nothing was written`;
}

const plain = (mapping: Mapping[]) => (mapping.length === 1 ? mapping[0] : mapping);

function previewText(seen: Preview, next = nextStep(seen)): string {
  const { path, format, mapping, isGuess, tables, rejected, emptied, reason } = seen;
  const how =
    tables.length === 0 && mapping === null
      ? "not read"
      : isGuess
        ? `${formats.some(({ name }) => name === format) ? `as ${format}` : "unknown format; read"} by the mapping that its field names suggest, to be checked`
        : `as ${format ?? "nothing"}`;
  const lines = [`${path}: ${how}`];
  for (const one of tables)
    lines.push("", tableLine(one), tableText(one.rows.map((row) => shown(one, row))), ...expressions(one));
  lines.push(...textsOf(mapping ?? []));
  if (emptied.length > 0) lines.push("", ...emptied.map((one) => `${emptiedText(one)}; ${one.first}`));
  if (reason !== null && !(isGuess && mapping === null && tables.length > 0)) lines.push("", reason);
  if (seen.questions.length > 0) lines.push("", "open:", ...openText(seen.questions));
  if (seen.leftOut.length > 0) lines.push("", leftOutText(seen.leftOut));
  if (rejected > 0 && reason === null) lines.push("", `${counted(rejected, "record")} cannot be read`);
  return [...lines, "", next].join("\n");
}

/** The most fields named that no column is made of. */
const mostNamed = 40;

function leftOutText(fields: readonly string[]): string {
  const few =
    fields.length > mostAttributes
      ? `the first ${mostAttributes} that do not hold text`
      : "unless they hold text";
  const rest = fields.length > mostNamed ? `, and ${grouped(fields.length - mostNamed)} more` : "";
  return `in no column; kept as attributes ${few}: ${fields.slice(0, mostNamed).join(", ")}${rest}`;
}

function nextStep({ path, isGuess, tables }: Preview): string {
  if (tables.length === 0) return "nothing was written";
  return isGuess
    ? `nothing was written; fieldnotes map ${quotePath(path)} writes this mapping beside the file for you to edit`
    : "nothing was written; without --preview it goes into the store";
}

const tableLine = ({ table, count, rows }: PreviewTable) =>
  `${grouped(count)} ${count === 1 ? "row" : "rows"} of ${table}${count > rows.length ? `, the first ${rows.length}` : ""}`;

const longest = 28;

function shown({ columns }: PreviewTable, row: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    columns.map(({ column, unit }) => {
      const value = row[column];
      const text =
        value === null || value === undefined
          ? ""
          : value instanceof Date
            ? value.toISOString()
            : String(typeof value === "number" ? Number(value.toPrecision(12)) : value);
      return [
        unit === null || column.endsWith(unit) ? column : `${column}, ${unit}`,
        text.length > longest ? `${text.slice(0, longest)}…` : text,
      ];
    }),
  );
}

/** What is read as texts, which no preview shows. */
function textsOf(mapping: readonly Mapping[]): string[] {
  const calls = mapping.filter(({ table }) => table === "calls");
  return ["prompt", "output"].flatMap((column) =>
    calls.flatMap(({ columns }) =>
      columns[column] === undefined
        ? []
        : [`  ${column} = ${columns[column]} (a text, which is stored only with --text keep)`],
    ),
  );
}

function expressions({ columns }: PreviewTable): string[] {
  const calculated = columns.filter(({ column, from }) => from !== null && from !== column);
  return calculated.map(
    ({ column, unit, from }) => `  ${column}${unit === null ? "" : ` (${unit})`} = ${from}`,
  );
}
