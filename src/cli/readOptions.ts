import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { bytesIn } from "../logs/files/room";
import type { IngestOptions } from "../logs/ingest";
import { say } from "./output";
import { ownTitle } from "./topics";
import { readingTitle } from "./unusedOptions";

/** The options for reading files, as commander returns them. */
export interface ReadFlags {
  format?: string;
  mapping?: string;
  set?: Record<string, string>;
  text?: "none" | "keep";
  schema?: Record<string, string>;
  strict?: boolean;
  unpack?: number;
  links?: boolean;
}

/** Adds the options for reading files. */
export function withReadOptions(command: Command): Command {
  return (
    command
      // What ingest reads is its own matter.
      .optionsGroup(command.name() === "ingest" ? ownTitle : readingTitle)
      .option("--format <name>", "the files' format; default: recognised (see: fieldnotes formats)")
      .option("--mapping <file>", "a mapping of columns to SQL expressions over a record's fields")
      .addOption(
        new Option("--set <column=value>", "a constant for a column; repeatable")
          .argParser(constant)
          .default({}, "none"),
      )
      .addOption(
        new Option("--text <what>", "store prompts and outputs, or only their length, hash and form")
          .choices(["none", "keep"])
          .default("none")
          // If files are measured without a store, there is nowhere to keep texts.
          .hideHelp(command.name() !== "ingest"),
      )
      .addOption(
        new Option(
          "--schema <[workload=]file>",
          "a JSON Schema to check outputs against (schema_valid), for all or for one workload; repeatable",
        )
          .argParser(schema)
          .default({}, "none"),
      )
      .option(
        "--names <file>",
        "a table of model names of your own; default: the store's name with .models.json, if there is one",
      )
      .option(
        "--unpack <size>",
        "limit on the unpacked size of a file, such as 10GB (default: 100 times its size, at least 32MB)",
        size,
      )
      .option("--links", "follow links that lead out of a folder")
      .option("--strict", "refuse a file if any of its records cannot be read")
      .optionsGroup(ownTitle)
  );
}

/** Converts the flags to the library's options. */
export function ingestOptions({
  format,
  mapping,
  set,
  text,
  schema,
  strict,
  unpack,
  links,
}: ReadFlags): IngestOptions {
  const announced = new Set<string>();
  const onMapping: IngestOptions["onMapping"] = ({ file, mapping: found }) => {
    if (!announced.has(found)) say(`${file}: read by the mapping ${found}, found beside it`);
    announced.add(found);
  };
  return { format, mapping, set, text, schemas: schema, strict, unpack, links, onMapping };
}

function size(given: string): number {
  const bytes = bytesIn(given);
  if (!(bytes > 0)) throw new InvalidArgumentError(`expected a size such as 10GB, got "${given}"`);
  return bytes;
}

function constant(given: string, before: Record<string, string>): Record<string, string> {
  const equals = given.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError(`expected column=value, got "${given}"`);
  return { ...before, [given.slice(0, equals).trim()]: given.slice(equals + 1) };
}

// A file's own name may contain an equals sign.
function schema(given: string, before: Record<string, string>): Record<string, string> {
  const equals = given.indexOf("=");
  if (equals < 1 || existsSync(given)) return { ...before, "*": given };
  return { ...before, [given.slice(0, equals).trim()]: given.slice(equals + 1) };
}
