import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The service's response to a request, by how often this question has been asked: 1, 2, ... */
export type Behaviour = (requests: Request, times: number) => Answer;

/** A request as it arrived. */
export interface Request {
  model: string;
  prompt: string;
  // biome-ignore lint/suspicious/noExplicitAny: any setting
  body: any;
  headers: IncomingMessage["headers"];
  /** Milliseconds. */
  at: number;
}

export type Answer =
  | { say: string; words?: number; delay?: number; finish?: string; uncounted?: true }
  | { http: number; error?: object; headers?: Record<string, string> }
  | { stall: true }
  | { cut: string }
  | { close: true };

/** A local service that answers like OpenAI's chat completions, and fails as instructed. */
export async function endpoint(behave: Behaviour) {
  const requests: Request[] = [];
  let underWay = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++underWay);
    response.on("close", () => underWay--);
    let text = "";
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    const prompt = body.messages.at(-1).content;
    const one = { model: body.model, prompt, body, headers: request.headers, at: performance.now() };
    requests.push(one);
    const times = requests.filter((other) => other.model === one.model && other.prompt === prompt).length;
    await answer(response, behave(one, times), one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    questions: requests,
    most: () => most,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function answer(
  response: ServerResponse,
  given: Answer,
  { body, model, prompt }: Request,
): Promise<void> {
  if ("close" in given) return void response.destroy();
  if ("stall" in given) return;
  if ("http" in given) {
    response.writeHead(given.http, { "content-type": "application/json", ...given.headers });
    return void response.end(
      JSON.stringify(given.error ?? { error: { message: "no", type: "server_error" } }),
    );
  }
  const words = "cut" in given ? given.cut.split(" ") : given.say.split(" ");
  const usage = {
    prompt_tokens: prompt.length,
    completion_tokens: words.length,
    prompt_tokens_details: { cached_tokens: 2 },
  };
  const finish_reason = ("finish" in given && given.finish) || "stop";
  if ("delay" in given) await pause(given.delay ?? 0);
  if (!body.stream) {
    response.writeHead(200, { "content-type": "application/json" });
    const message = { role: "assistant", content: words.join(" ") };
    return void response.end(
      JSON.stringify({ id: "x", model, choices: [{ message, finish_reason }], usage }),
    );
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (data: object) => response.write(`data: ${JSON.stringify({ model, ...data })}\n\n`);
  event({ choices: [{ delta: { role: "assistant", content: "" } }] });
  for (const [at, word] of words.entries()) {
    event({ choices: [{ delta: { content: at === 0 ? word : ` ${word}` } }] });
    await pause(2);
  }
  if ("cut" in given) return void response.destroy();
  event({ choices: [{ delta: {}, finish_reason }] });
  if (body.stream_options?.include_usage && !("uncounted" in given)) event({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}
