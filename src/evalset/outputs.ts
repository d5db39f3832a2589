import { readFileSync } from "node:fs";
import { factsView } from "../facts/place";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { type Item, parsedLine } from "./item";

/** One answer to an item. */
export interface Output {
  /** The call that produced it; scores are stored under this id. */
  call_id: string;
  item_id: string;
  model: string;
  output: string;
}

/**
 * Returns the stored answers to the items: from calls whose prompt_id is an item's id, and from the calls the items
 * were drawn from.
 *
 * @returns answers in the order of their call ids; calls without a stored output are left out
 * @example
 * const store = await openDemo();
 * const { items } = await build(store, { size: 50 });
 * (await storedOutputs(store, items)).length // 46
 */
export async function storedOutputs(store: Store, items: readonly Item[]): Promise<Output[]> {
  const wanted = JSON.stringify(items.map(({ item_id, call_id }) => ({ item_id, call_id })));
  await factsView(store.connection);
  return rowsOf<Output>(
    store.connection,
    `with items as (
       select one.item_id, one.call_id as origin
       from (select unnest(from_json($wanted::json, '[{"item_id": "VARCHAR", "call_id": "VARCHAR"}]')) as one)
     ),
     answers as (
       select facts.call_id, item_id, model from facts join items on facts.prompt_id = items.item_id
       union
       select facts.call_id, item_id, model from facts join items on facts.call_id = items.origin
     )
     select call_id, item_id, coalesce(model, 'unknown') as model, output
     from answers join texts using (call_id)
     where output is not null
     order by call_id, item_id`,
    { wanted },
  );
}

/**
 * Reads answers from a file of JSON lines: {"item_id", "model", "output"}, with "call_id" if the log has one and
 * "repeat" if an item was asked several times. Attempts without an answer (a "status" that is not "ok") are left out.
 *
 * @throws TypeError with file and line if a line is not an answer, or two are the same; RangeError for an unknown item
 */
export function readOutputs(file: string, items: readonly Item[]): Output[] {
  const known = new Set(items.map(({ item_id }) => item_id));
  const outputs = new Map<string, Output>();
  for (const [at, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `${file}:${at + 1}`;
    const one = outputOf(line, place);
    if (one === undefined) continue;
    if (!known.has(one.item_id))
      throw new RangeError(`${place} requires an item of the set, got item_id "${one.item_id}"`);
    if (outputs.has(one.call_id))
      throw new TypeError(
        `${place} requires one answer for each item, model and repeat, got "${one.call_id}" again; number them with "repeat"`,
      );
    outputs.set(one.call_id, one);
  }
  return [...outputs.values()];
}

/** One line of a file of answers; undefined if it records an attempt without an answer. */
export function outputOf(line: string, place: string): Output | undefined {
  const { item_id, prompt_id, model, output, call_id, repeat, status } = parsedLine(line, place) ?? {};
  const item = item_id ?? prompt_id;
  if (output === null && typeof status === "string" && status !== "ok") return undefined;
  if (typeof item !== "string" || typeof model !== "string" || typeof output !== "string")
    throw new TypeError(
      `${place} requires {"item_id", "model", "output"} as texts, got ${line.trim().slice(0, 100)}`,
    );
  const made = `${item}/${model}${repeat === undefined || repeat === null ? "" : `/${String(repeat)}`}`;
  return { call_id: typeof call_id === "string" ? call_id : made, item_id: item, model, output };
}
