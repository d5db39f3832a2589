import { open } from "node:fs/promises";
import { quoteText } from "../store/quote";
import { type Address, EngineFailure, reached } from "./address";
import type { Client } from "./client";
import { stoppable } from "./running";

/** One page of Trino's response, with part of the rows. */
interface Page {
  nextUri?: string;
  columns?: { name: string; type: string }[];
  data?: unknown[][];
  error?: { message: string; errorName: string };
}

// JSON numbers are parsed as doubles, so an integer that doesn't fit one is kept as a string of its digits. Strings are
// skipped.
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const inDigits = (one: string) => (/^-?\d{16,}$/.test(one) ? `"${one}"` : one);

/** Sends statements over Trino's HTTP interface. */
export function trinoClient(address: Address): Client {
  const { url, user, password, catalog, schema } = address;
  const headers: Record<string, string> = {
    "X-Trino-User": user ?? "fieldnotes",
    "X-Trino-Time-Zone": "UTC",
    // Without this, times are rounded to milliseconds.
    "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME",
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
  type Take = (rows: unknown[][]) => Promise<void> | void;
  const each = (sql: string, given: AbortSignal, take: Take) =>
    stoppable(given, { ask: (signal) => pages(sql, signal, take) });
  const ignored = () => {};
  const pages = async (sql: string, signal: AbortSignal, take: Take) => {
    let found = await page(`${url}/v1/statement`, { method: "POST", body: sql, signal });
    let columns = found.columns;
    for (;;) {
      if (found.error !== undefined) throw new EngineFailure(address, found.error.message.slice(0, 500));
      columns ??= found.columns;
      if (found.data !== undefined) await take(found.data);
      if (found.nextUri === undefined) return columns ?? [];
      const next = found.nextUri;
      try {
        found = await page(next, { signal });
      } catch (error) {
        // Cancels the statement on the server as well.
        if (signal.aborted) await fetch(next, { method: "DELETE", headers }).catch(() => undefined);
        throw error;
      }
    }
  };
  return {
    async query(sql, signal) {
      const all: unknown[][] = [];
      await each(sql, signal, (rows) => {
        for (const row of rows) all.push(row);
      });
      return all;
    },
    async run(sql, signal, _, drops = false) {
      await (drops ? pages(sql, signal, ignored) : each(sql, signal, ignored));
    },
    columns: async (sql, signal) => (await each(sql, signal, ignored)).map(({ name, type }) => [name, type]),
    async save(sql, file, signal) {
      const handle = await open(file, "w");
      try {
        await each(sql, signal, async (rows) => {
          await handle.write(rows.map((cells) => `${JSON.stringify({ cells })}\n`).join(""));
        });
      } finally {
        await handle.close();
      }
      return {
        from: `read_json(${quoteText(file)}, format = 'newline_delimited', columns = {cells: 'VARCHAR[]'})`,
        column: (_, at) => `cells[${at + 1}]`,
      };
    },
  };
}
