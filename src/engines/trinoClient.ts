import { type Address, EngineFailure, reached } from "./address";
import type { Client } from "./session";

/** What Trino answers with, a part of the rows at a time. */
interface Page {
  nextUri?: string;
  columns?: { name: string; type: string }[];
  data?: unknown[][];
  error?: { message: string; errorName: string };
}

// JSON's numbers are doubles here: a whole number that does not fit one is kept as a string of its digits. Strings are skipped.
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const inDigits = (one: string) => (/^-?\d{16,}$/.test(one) ? `"${one}"` : one);

/** Sends statements over Trino's HTTP interface. */
export function trinoClient(address: Address): Client {
  const { url, user, password, catalog, schema } = address;
  const headers: Record<string, string> = {
    "X-Trino-User": user ?? "fieldnotes",
    "X-Trino-Time-Zone": "UTC",
  };
  if (password !== undefined)
    headers.Authorization = `Basic ${Buffer.from(`${user ?? ""}:${password}`).toString("base64")}`;
  if (catalog !== undefined) headers["X-Trino-Catalog"] = catalog;
  if (schema !== undefined) headers["X-Trino-Schema"] = schema;
  const page = async (to: string, init: RequestInit): Promise<Page> => {
    const response = await reached(address, () => fetch(to, { ...init, headers }));
    const text = await response.text();
    if (!response.ok) throw new EngineFailure(address, `${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text.replace(token, inDigits)) as Page;
  };
  const all = async (sql: string, signal: AbortSignal) => {
    let found = await page(`${url}/v1/statement`, { method: "POST", body: sql, signal });
    const rows: unknown[][] = [];
    let columns = found.columns;
    for (;;) {
      if (found.error !== undefined) throw new EngineFailure(address, found.error.message.slice(0, 500));
      columns ??= found.columns;
      for (const row of found.data ?? []) rows.push(row);
      if (found.nextUri === undefined) return { rows, columns: columns ?? [] };
      const next = found.nextUri;
      try {
        found = await page(next, { signal });
      } catch (error) {
        // A statement that nobody waits for is ended there as well.
        if (signal.aborted) await fetch(next, { method: "DELETE", headers }).catch(() => undefined);
        throw error;
      }
    }
  };
  return {
    query: async (sql, signal) => (await all(sql, signal)).rows,
    columns: async (sql, signal) => (await all(sql, signal)).columns.map(({ name, type }) => [name, type]),
  };
}
