import { offline } from "./sandbox";

/** The environment variable that caps the engine's threads in this process and those that it starts. */
export const threadsVariable = "FIELDNOTES_THREADS";

/** The environment variable that caps the engine's memory in this process, and in those that it starts. */
export const memoryVariable = "FIELDNOTES_MEMORY";

/** The engine's settings for a store. */
export function engineSettings(readOnly: boolean, memory?: string): Record<string, string> {
  // A file that is written anew within a second would be read from the engine's copy of the old one.
  const settings: Record<string, string> = { ...offline, enable_external_file_cache: "false" };
  if (readOnly) settings.access_mode = "READ_ONLY";
  const threads = process.env[threadsVariable];
  if (threads !== undefined && !/^[1-9]\d{0,3}$/.test(threads))
    throw new RangeError(`open requires ${threadsVariable} to be a whole number from 1, got "${threads}"`);
  if (threads !== undefined) settings.threads = threads;
  const cap = memory ?? process.env[memoryVariable];
  if (cap !== undefined)
    settings.memory_limit = checkMemory(
      `open requires ${memory === undefined ? memoryVariable : "memory"} to be`,
      cap,
    );
  return settings;
}

/** Bytes by unit, as the engine reads them. */
const units: Record<string, number> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** The least memory that the engine does anything with. */
const least = 16e6;

/** A size of memory as given, such as "2GB"; throws a RangeError that begins with `rule` for what is none. */
export function checkMemory(rule: string, given: string): string {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([MGT]i?B)$/.exec(given) ?? [];
  if (unit === undefined || Number(number) * units[unit] < least)
    throw new RangeError(`${rule} a size such as 2GB or 500MB, at least 16MB, got "${given}"`);
  return given;
}

/** An equal share of a size of memory, in whole megabytes, at least the least there is. */
export function shareOfMemory(given: string, among: number): string {
  const [, number, unit] = /^([\d.]+) ?(\w+)$/.exec(given) ?? [];
  return `${Math.floor(Math.max(least, (Number(number) * units[unit]) / among) / 1e6)}MB`;
}
