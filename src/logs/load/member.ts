import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { makeReady } from "../files/ready";
import { scan } from "../files/scan";
import { withConstants } from "../records/constants";
import type { Reading } from "../records/format";
import { withTexts } from "../records/texts";
import { askedOf, choose, type FileOptions, noRecords, toldByFolders, wayOf } from "./ingestFile";
import type { Way } from "./ledger";

/** A small file that can be read together with others that are read alike. */
export interface Member {
  path: string;
  /** Its records as JSON lines, each line ended. */
  bytes: Buffer;
  lines: number;
  /** Lines that hold nothing, from 1. */
  blank: number[];
  longest: number;
  size: number;
  sha256: string;
  reading: Reading;
  way: Way;
  asked: string | null;
  unused: string[];
  /** What its source and its reading have in common with those it can be read with. */
  key: string;
}

/** A larger file is worth the engine's time of its own. */
export const smallFile = 1 << 18;

/**
 * Makes a small file ready to be read with others; undefined where it has to be read on its own: it is no JSON, nests
 * deep, has something wrong that only shows, or takes columns from its folders.
 */
export async function memberOf(
  connection: DuckDBConnection,
  path: string,
  folder: string,
  options: FileOptions,
): Promise<Member | undefined> {
  if (statSync(path).size === 0) return undefined;
  const ready = await makeReady(connection, path, folder);
  const { sample, own } = ready;
  if (sample.container !== "lines" || sample.dialect !== undefined || own !== undefined || sample.blank)
    return undefined;
  if (noRecords(ready) !== undefined) return undefined;
  const chosen = await choose(connection, path, ready, options);
  if (chosen === undefined || chosen.whole || chosen.missing?.length) return undefined;
  const constant = withConstants(chosen, options.set ?? {});
  const reading = withTexts(constant.reading, {
    keep: options.text === "keep",
    judge: options.schemas !== undefined,
  });
  if (reading.targets.length === 0 || Object.keys(toldByFolders(reading, ready)).length > 0) return undefined;
  const seen = scan(ready.file, "lines");
  if (seen.deep || seen.noRecord || seen.size > 4 * smallFile) return undefined;
  const bytes = readFileSync(ready.file);
  const { fields, unnest, derived, targets } = reading;
  const way = wayOf(reading, options);
  return {
    path,
    bytes: bytes.at(-1) === 10 ? bytes : Buffer.concat([bytes, Buffer.from("\n")]),
    lines: seen.lines,
    blank: seen.skipped,
    longest: seen.longest,
    size: seen.size,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    reading,
    way,
    asked: askedOf(options),
    unused: constant.unused,
    key: createHash("md5")
      .update(JSON.stringify([way, fields, unnest, derived, targets]))
      .digest("hex"),
  };
}

/** True where a file can be read with one before it: read alike, not the same content, and not the same log grown. */
export function goesWith(before: Member, next: Member): boolean {
  if (before.key !== next.key || before.sha256 === next.sha256) return false;
  if (basename(before.path) !== basename(next.path) || before.size > next.size) return true;
  return !next.bytes.subarray(0, before.size).equals(before.bytes.subarray(0, before.size));
}
