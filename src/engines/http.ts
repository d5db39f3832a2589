import { Agent, type IncomingMessage, request } from "node:http";
import { Agent as SafeAgent, request as safeRequest } from "node:https";
import { text } from "node:stream/consumers";

const agent = new Agent({ keepAlive: true });
const safeAgent = new SafeAgent({ keepAlive: true });

/** An answer whose body is still to be read. */
export interface Response {
  ok: boolean;
  body: IncomingMessage;
  text(): Promise<string>;
}

/**
 * Posts a body. Waits for the answer as long as it takes: `fetch` gives up after five minutes, before a long statement
 * ends.
 */
export function post(
  url: string,
  { body, headers, signal }: { body: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  const isSafe = url.startsWith("https:");
  return new Promise((answered, failed) => {
    const sent = (isSafe ? safeRequest : request)(
      url,
      { method: "POST", headers, signal, agent: isSafe ? safeAgent : agent },
      (response) => answered({ ok: response.statusCode === 200, body: response, text: () => text(response) }),
    );
    sent.once("error", failed);
    // As bytes: a text would be sent in one piece with the headers, which then were UTF-8.
    sent.end(Buffer.from(body));
  });
}
