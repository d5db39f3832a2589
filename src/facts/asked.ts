import type { DuckDBConnection } from "@duckdb/node-api";
import type { Store } from "../store/open";
import { namesAttached, readAttached } from "./attach";
import { candidateSql, type Names, namesOf } from "./names";
import type { SelectOptions } from "./request";
import { checkTimezone, defaultBy, itemsOf, parseBy, parseWhere } from "./selectOptions";

/** What a request asks for, checked, as SQL. */
export type Asked = Awaited<ReturnType<typeof askedOf>>;

/** Checks the options of a request that name columns, and reads the tables attached for them. */
export async function askedOf(store: Store, connection: DuckDBConnection, request: SelectOptions) {
  const timezone = await checkTimezone(connection, request.timezone ?? "UTC");
  const parts = request.candidate === undefined ? [] : itemsOf("candidate", request.candidate);
  const requested =
    request.by === undefined ? await defaultBy(connection, parts.length > 0) : itemsOf("by", request.by);
  if (parts.length === 0 && typeof request.candidate === "string")
    throw new RangeError(`candidate requires columns of calls, such as "provider,model", got ""`);
  const texts = [...requested, ...parts, String(request.where ?? "")];
  await readAttached(store, connection, texts);
  const names: Names = await namesOf(connection, timezone, texts, namesAttached(store));
  const where = request.where === undefined ? undefined : await parseWhere(connection, request.where, names);
  const candidate = parts.length === 0 ? undefined : candidateSql(parts, names);
  const ofKeys = candidate === undefined ? names : new Map([...names, ["model", candidate]]);
  const keys = await parseBy(connection, requested, ofKeys);
  const named = new Set([...keys.flatMap(({ reads }) => reads), ...parts, ...(where?.reads ?? [])]);
  return { timezone, requested, names, where, candidate, keys, named };
}
