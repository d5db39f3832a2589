import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { quoteName, quoteText } from "../store/quote";
import { type Address, EngineFailure, reached } from "./address";
import type { Client } from "./client";
import { post, type Response } from "./http";
import { stoppable } from "./running";

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

/** How long a question about another statement may take, in ms. */
const asideWithin = 2000;

/** Sends statements over ClickHouse's HTTP interface. */
export function clickhouseClient(address: Address): Client {
  const { url, user, password, database } = address;
  const headers: Record<string, string> = { "X-ClickHouse-User": inHeader(user ?? "default") };
  if (password !== undefined) headers["X-ClickHouse-Key"] = inHeader(password);
  const settings = new URLSearchParams({
    default_format: "JSONCompact",
    // A statement that fails midway must not return half an answer.
    wait_end_of_query: "1",
    // Makes the server refuse writes and cancel statements whose client has gone.
    readonly: "2",
    cancel_http_readonly_queries_on_client_close: "1",
    ...(database === undefined ? {} : { database }),
  });
  const send = (sql: string, signal: AbortSignal, also: Record<string, string>) =>
    post(`${url}/?${new URLSearchParams({ ...Object.fromEntries(settings), ...also })}`, {
      body: sql,
      headers,
      signal,
    });
  const jsonOf = (text: string): Found => {
    try {
      return JSON.parse(text);
    } catch {
      throw new EngineFailure(address, "its answer is not JSON: is this ClickHouse's HTTP port?");
    }
  };
  /** Sends a statement; `read` reads the answer. */
  const sent = <T>(
    sql: string,
    given: AbortSignal,
    also: Record<string, string>,
    read: (response: Response) => Promise<T>,
  ): Promise<T> => {
    // The server refuses an id that is still in use, as it is where a statement is sent again.
    const ids: string[] = [];
    const aside = async (about: string) => {
      const response = await send(about, AbortSignal.timeout(asideWithin), {});
      const text = await response.text();
      if (!response.ok) throw new EngineFailure(address, reasonOf(text, user ?? "default"));
      return text;
    };
    return stoppable(given, {
      ask: async (signal) => {
        const response = await reached(address, () => {
          ids.push(`fieldnotes-${randomUUID()}`);
          return send(sql, signal, { ...also, query_id: ids[ids.length - 1] });
        });
        const said = async () => {
          if (response.ok) return read(response);
          throw new EngineFailure(address, reasonOf(await response.text(), user ?? "default"));
        };
        return reached(address, said);
      },
      // A server behind a proxy does not notice that the client has gone.
      cancel: () => aside(`KILL QUERY WHERE query_id IN (${ids.map((id) => `'${id}'`).join(", ")}) ASYNC`),
      reading: async () => {
        const found = await aside(
          `SELECT read_rows, total_rows_approx FROM system.processes WHERE query_id = '${ids[ids.length - 1]}' FORMAT JSONCompact`,
        );
        const [row] = jsonOf(found).data;
        if (row === undefined) return undefined;
        const [rows, of] = row.map(Number);
        return of >= rows ? { rows, of } : { rows };
      },
    });
  };
  const all = (sql: string, signal: AbortSignal, session?: string): Promise<Found> =>
    sent(sql, signal, session === undefined ? {} : ofSession(session), async (response) =>
      jsonOf(await response.text()),
    );
  return {
    query: async (sql, signal, session) => (await all(sql, signal, session)).data,
    run: (sql, signal, session) =>
      sent(sql, signal, ofSession(session), async (response) => {
        await response.text();
      }),
    columns: async (sql, signal) => (await all(sql, signal)).meta.map(({ name, type }) => [name, type]),
    save: (sql, file, signal) =>
      sent(sql, signal, asFile, async ({ body }) => {
        await pipeline(body, createWriteStream(file));
        return { from: `read_parquet(${quoteText(file)})`, column: quoteName };
      }),
  };
}

/** A header is sent as bytes of Latin-1; the server reads UTF-8. */
const inHeader = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/** The server's message without its version, the user, the position in the statement and the scopes it searched. */
function reasonOf(text: string, user: string): string {
  const said = text
    .replace(/\s*\(version [^)]*\)\s*$/, "")
    .replace(/^Code: \d+\. DB::Exception: /, "")
    .replace(/ In scope [\s\S]*$/i, "")
    .replace(/: While (executing|processing)[\s\S]*$/, "");
  const named = `${user}: `;
  return (said.startsWith(named) ? said.slice(named.length) : said).slice(0, 500).trim();
}
