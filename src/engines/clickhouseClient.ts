import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { quoteName, quoteText } from "../store/quote";
import { type Address, EngineFailure, reached } from "./address";
import type { Client } from "./client";

/** ClickHouse's response. */
interface Found {
  meta: { name: string; type: string }[];
  data: unknown[][];
}

// Rows are streamed as they are found, since buffering all of them would use up the server's memory.
const asFile = {
  default_format: "Parquet",
  wait_end_of_query: "0",
  output_format_parquet_string_as_string: "1",
};

/** How long the server keeps temporary tables after the last statement that belongs to their session, in seconds. */
const sessionTimeout = 600;
const ofSession = (session: string) => ({ session_id: session, session_timeout: String(sessionTimeout) });

/** Sends statements over ClickHouse's HTTP interface. */
export function clickhouseClient(address: Address): Client {
  const { url, user, password, database } = address;
  const headers: Record<string, string> = { "X-ClickHouse-User": user ?? "default" };
  if (password !== undefined) headers["X-ClickHouse-Key"] = password;
  const settings = new URLSearchParams({
    default_format: "JSONCompact",
    // A statement that fails midway must not return half an answer.
    wait_end_of_query: "1",
    // Makes the server refuse writes and cancel statements whose client has gone.
    readonly: "2",
    cancel_http_readonly_queries_on_client_close: "1",
    ...(database === undefined ? {} : { database }),
  });
  const post = async (sql: string, signal: AbortSignal, also: Record<string, string> = {}) => {
    const parameters = new URLSearchParams({ ...Object.fromEntries(settings), ...also });
    const response = await reached(address, () =>
      fetch(`${url}/?${parameters}`, { method: "POST", body: sql, headers, signal }),
    );
    if (!response.ok) throw new EngineFailure(address, reasonOf(await response.text()));
    return response;
  };
  const all = async (sql: string, signal: AbortSignal, session?: string): Promise<Found> => {
    const response = await post(sql, signal, session === undefined ? {} : ofSession(session));
    return JSON.parse(await response.text()) as Found;
  };
  return {
    query: async (sql, signal, session) => (await all(sql, signal, session)).data,
    run: async (sql, signal, session) => {
      await (await post(sql, signal, ofSession(session))).text();
    },
    columns: async (sql, signal) => (await all(sql, signal)).meta.map(({ name, type }) => [name, type]),
    save: async (sql, file, signal) => {
      const { body } = await post(sql, signal, asFile);
      if (body === null) throw new EngineFailure(address, "it sent no rows");
      await reached(address, () => pipeline(body, createWriteStream(file)));
      return { from: `read_parquet(${quoteText(file)})`, column: quoteName };
    },
  };
}

/** The server's message without its version, the position in the statement and the scopes it searched. */
const reasonOf = (text: string) =>
  text
    .replace(/\s*\(version [^)]*\)\s*$/, "")
    .replace(/^Code: \d+\. DB::Exception: /, "")
    .replace(/ In scope [\s\S]*$/i, "")
    .replace(/: While (executing|processing)[\s\S]*$/, "")
    .slice(0, 500)
    .trim();
