import { type Address, EngineFailure, reached } from "./address";
import type { Client } from "./session";

/** What ClickHouse answers with. */
interface Found {
  meta: { name: string; type: string }[];
  data: unknown[][];
}

/** Sends statements over ClickHouse's HTTP interface. */
export function clickhouseClient(address: Address): Client {
  const { url, user, password, database } = address;
  const headers: Record<string, string> = { "X-ClickHouse-User": user ?? "default" };
  if (password !== undefined) headers["X-ClickHouse-Key"] = password;
  const asked = new URLSearchParams({
    default_format: "JSONCompact",
    // A statement that fails midway has no half of an answer.
    wait_end_of_query: "1",
    // The server itself refuses to write, and ends a statement that nobody waits for.
    readonly: "2",
    cancel_http_readonly_queries_on_client_close: "1",
    ...(database === undefined ? {} : { database }),
  });
  const all = async (sql: string, signal: AbortSignal): Promise<Found> => {
    const response = await reached(address, () =>
      fetch(`${url}/?${asked}`, { method: "POST", body: sql, headers, signal }),
    );
    const text = await response.text();
    if (!response.ok) throw new EngineFailure(address, reasonOf(text));
    return JSON.parse(text) as Found;
  };
  return {
    query: async (sql, signal) => (await all(sql, signal)).data,
    columns: async (sql, signal) => (await all(sql, signal)).meta.map(({ name, type }) => [name, type]),
  };
}

/** What the server says, without its version, the place in the statement and the scopes that it was looked up in. */
const reasonOf = (text: string) =>
  text
    .replace(/\s*\(version [^)]*\)\s*$/, "")
    .replace(/^Code: \d+\. DB::Exception: /, "")
    .replace(/ In scope [\s\S]*$/i, "")
    .replace(/: While (executing|processing)[\s\S]*$/, "")
    .slice(0, 500)
    .trim();
