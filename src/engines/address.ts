import { EngineError } from "../store/reason";

/** Where an engine is, and the user to log in as. */
export interface Address {
  /** The engine's address for display, without user and password. */
  shown: string;
  url: string;
  user?: string;
  password?: string;
  /** ClickHouse's database; Trino's catalog and schema. */
  database?: string;
  catalog?: string;
  schema?: string;
}

/** An error reported by an engine, or by the connection to it. */
export class EngineFailure extends EngineError {
  constructor({ shown, password }: Address, reason: string) {
    super(`${shown}: ${password ? reason.replaceAll(password, "…") : reason}`);
  }
}

/**
 * Reads an engine's URL. User and password come from the URL, else from FIELDNOTES_ENGINE_USER and
 * FIELDNOTES_ENGINE_PASSWORD; they are never shown.
 */
export function addressOf(given: string): { engine: string; address: Address } {
  let parsed: URL;
  try {
    parsed = new URL(given);
  } catch {
    throw new TypeError(
      "connect requires a URL, such as clickhouse://localhost:8123/default, got something else",
    );
  }
  const engine = parsed.protocol.replace(/:$/, "").replace(/s$/, "");
  const isSafe = parsed.protocol === `${engine}s:` || parsed.searchParams.get("secure") === "true";
  const parts = parsed.pathname
    .split("/")
    .filter((one) => one !== "")
    .map(decodeURIComponent);
  const preset: Record<string, number> = { clickhouse: isSafe ? 8443 : 8123, trino: isSafe ? 443 : 8080 };
  const host = `${parsed.hostname}:${parsed.port || preset[engine]}`;
  const own = (text: string, name: string) => (text === "" ? process.env[name] : decodeURIComponent(text));
  return {
    engine,
    address: {
      shown: `${engine}://${host}${parts.length === 0 ? "" : `/${parts.join("/")}`}`,
      url: `http${isSafe ? "s" : ""}://${host}`,
      user: own(parsed.username, "FIELDNOTES_ENGINE_USER"),
      password: own(parsed.password, "FIELDNOTES_ENGINE_PASSWORD"),
      database: parts[0],
      catalog: parts[0],
      schema: parts[1],
    },
  };
}

/** Sends a request over the network; if it fails, throws an error that says why in one sentence. */
export async function reached<T>(address: Address, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask().catch((error) => {
      // A server may close an idle connection just as it is used again. Reads can safely be sent twice.
      if (!/^(UND_ERR_SOCKET|ECONNRESET)$/.test(causeOf(error).code ?? "")) throw error;
      return ask();
    });
  } catch (error) {
    if (error instanceof EngineFailure) throw error;
    if (error instanceof Error && error.name === "AbortError")
      throw new EngineFailure(address, "it was stopped");
    const { code, message } = causeOf(error);
    if (code === undefined && message === undefined) throw error;
    throw new EngineFailure(address, `it does not answer (${code ?? message})`);
  }
}

/** What is behind a failed request: `fetch` wraps it. */
function causeOf(error: unknown): { code?: string; message?: string } {
  const { cause, code } = (error ?? {}) as { cause?: { code?: string; message?: string }; code?: string };
  return cause ?? { code };
}
