import { valueAt } from "../files/shape";
import type { Field } from "./fields";

/** The messages of one conversation. */
export type Messages = Record<string, unknown>[];

const enough = 2_000;

/** The messages in a field's value: a list of records, or a text of one. */
export function asList(value: unknown): [Messages] | undefined {
  const list = typeof value === "string" && value.trimStart().startsWith("[") ? parsed(value) : value;
  const isOfRecords = (one: unknown) => one !== null && typeof one === "object" && !Array.isArray(one);
  return Array.isArray(list) && list.length > 0 && list.every(isOfRecords) ? [list as Messages] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True if conversations have several records that mostly do not repeat what an earlier one has. */
export function areParts(field: Field, session: Field, records: readonly unknown[]): boolean {
  const of = new Map<string, string[]>();
  for (const record of records.slice(0, enough)) {
    const turns = asList(valueAt(record, field.path))?.[0].map((turn) => JSON.stringify(turn));
    const id = String(valueAt(record, session.path) ?? "");
    if (turns !== undefined && id !== "") of.set(id, [...(of.get(id) ?? []), turns.join("\n")]);
  }
  const pairs = [...of.values()].flatMap((texts) => {
    const sorted = texts.sort((one, other) => one.length - other.length);
    return sorted.slice(1).map((text, at) => text.startsWith(`${sorted[at]}\n`));
  });
  return 2 * pairs.filter(Boolean).length < pairs.length;
}
