import { readFileSync } from "node:fs";
import { writeWhole } from "../store/wholeFile";
import { jsonFaultText } from "../store/withoutText";
import { type Check, checkOf } from "./checks";

/** A source an answer may cite: its id, if any, and its text. */
export interface Source {
  id?: string;
  text: string;
}

/** One example of an eval set. */
export interface Item {
  item_id: string;
  prompt: string;
  /** The answer expected, "" until someone fills it in. */
  expected: string;
  /** The format expected: "json", "number", "exact", or your own words; "" until filled in. */
  format: string;
  /** Sources that may be cited. */
  sources: Source[];
  /** The workload of the calls it represents. */
  workload?: string;
  /** The stratum or the kind of edge case it was drawn from. */
  stratum: string;
  /** How many requests of the traffic it represents. */
  weight: number;
  /** Automatic checks of an answer. */
  checks: Check[];
  /** The call it was drawn from; null for an example written by hand. */
  call_id: string | null;
  /** A unique text: if it turns up elsewhere, the set has leaked. */
  canary?: string;
}

/**
 * Reads an eval set: JSON lines, one example per line.
 *
 * @throws TypeError with file and line if a line is not an example, or two share an id
 */
export function readSet(file: string): Item[] {
  const items: Item[] = [];
  const lines = new Map<string, number>();
  for (const [at, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const item = itemOf(line, `${file}:${at + 1}`);
    const before = lines.get(item.item_id);
    if (before !== undefined)
      throw new TypeError(
        `${file}:${at + 1} requires an item_id of its own, got "${item.item_id}" as in line ${before}`,
      );
    lines.set(item.item_id, at + 1);
    items.push(item);
  }
  if (items.length === 0) throw new TypeError(`${file} requires at least one example, got none`);
  return items;
}

/** Writes an eval set, one example per line; an earlier one is replaced, even if it was read or ingested. */
export function writeSet(file: string, items: readonly Item[]): void {
  writeWhole(file, items.map((item) => `${JSON.stringify(item)}\n`).join(""), {
    isOwn: isSet(file),
    isPrivate: true,
  });
}

function isSet(file: string): boolean {
  try {
    return readSet(file).length > 0;
  } catch {
    return false;
  }
}

/** What a line of a file holds. */
export function parsedLine(line: string, place: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new TypeError(`${place} requires a JSON object (${jsonFaultText(error)})`);
  }
}

function itemOf(line: string, place: string): Item {
  const given = parsedLine(line, place);
  const refuse = (rule: string, got: unknown) =>
    new TypeError(`${place} requires ${rule}, got ${JSON.stringify(got ?? null).slice(0, 100)}`);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw refuse("a JSON object", given);
  const { item_id, prompt, sources = [], checks = [], weight = 1, call_id = null } = given;
  if (typeof item_id !== "string" || item_id === "") throw refuse("an item_id, a text", item_id);
  if (typeof prompt !== "string") throw refuse("a prompt, a text", prompt);
  if (typeof weight !== "number" || !(weight >= 0)) throw refuse("a weight of 0 or more", weight);
  if (call_id !== null && typeof call_id !== "string") throw refuse("a call_id, a text or null", call_id);
  if (!Array.isArray(sources)) throw refuse("a list of sources", sources);
  if (!Array.isArray(checks)) throw refuse("a list of checks", checks);
  return {
    item_id,
    prompt,
    expected: textOf(given.expected),
    format: textOf(given.format),
    sources: sources.map((one: unknown) => sourceOf(one, refuse)),
    ...(typeof given.workload === "string" && given.workload !== "" ? { workload: given.workload } : {}),
    stratum: textOf(given.stratum),
    weight,
    checks: checks.map((one: unknown) => checkOf(one, place)),
    call_id,
    ...(typeof given.canary === "string" ? { canary: given.canary } : {}),
  };
}

function sourceOf(given: unknown, refuse: (rule: string, got: unknown) => TypeError): Source {
  if (typeof given === "string") return { text: given };
  const { id, text = "" } = (given ?? {}) as Record<string, unknown>;
  if (typeof text !== "string" || (id !== undefined && typeof id !== "string") || (text === "" && !id))
    throw refuse('sources that are texts or {"id", "text"}', given);
  return id === undefined ? { text } : { id, text };
}

/** An answer may be a number or an object, stored as JSON text. */
function textOf(given: unknown): string {
  if (given === undefined || given === null) return "";
  return typeof given === "string" ? given : JSON.stringify(given);
}
