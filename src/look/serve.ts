import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { formatEstimate } from "../charts/number";
import { toJson } from "../charts/text";
import type { Limits } from "../decide/check/limits";
import { isEstimate, type Table } from "../measures/table";
import { checkStore, type Store } from "../store/open";
import { messageOf } from "../store/reason";
import { type Answers, answersOf } from "./answers";
import { firstOf } from "./first";
import { lookPage } from "./page";
import { selectedOf } from "./selected";
import { Stopped, stoppable } from "./stoppable";
import type { SelectedPart } from "./views";

/** What a page begins with, and how it is served. */
export interface LookOptions {
  /** The calls that are selected at first: a predicate, as every measure takes it. Default: all. */
  where?: string;
  /** The column whose values stand side by side at first. Default: "model". */
  by?: string;
  /** The metric whose course is shown at first. Default: "duration_p95". */
  metric?: string;
  /** Limits that the verdict can check of what is selected: as `check` takes them, a file or the limits. Default: none. */
  limits?: string | Limits;
  /** True: prompts and outputs in traces, if they were kept on ingest. Default false. */
  withText?: boolean;
  /** The port of 127.0.0.1 to listen on. Default: any that is free. */
  port?: number;
}

/** What a page has come to show: which calls, and their groups side by side. */
export interface ShownView {
  head: SelectedPart;
  table: Table;
}

/** A page that is being served. */
export interface Served {
  /** Its address, with the token that it needs after `#`: whoever has it may ask. */
  url: string;
  port: number;
  /** Ends it, with all that it is answering. */
  close(): Promise<void>;
}

/** More than any question takes, in bytes. */
const longestQuestion = 64 * 1024;
const isUsers = (error: unknown) => error instanceof RangeError || error instanceof TypeError;

/**
 * Serves a page over an open store to browsers on this machine, until it is closed.
 *
 * It listens on 127.0.0.1 alone. Whoever asks needs the token of this start, which stands after the `#` of the address and is
 * sent as a header, so that no other page's request carries it. A request under another name than this machine's own, as after
 * DNS rebinding, is refused before anything else, and so is one that another page makes.
 */
export async function serveLook(
  store: Store,
  options: LookOptions = {},
  onView: (shown: ShownView) => void = () => {},
): Promise<Served> {
  checkStore("look", store);
  const { port = 0, withText, limits, ...begin } = options;
  // Who gives limits asks for them.
  const start = { ...selectedOf(begin), ...(limits === undefined ? {} : { judge: "check" }) };
  const token = randomBytes(16).toString("base64url");
  const answers = answersOf({ withText, limits });
  const first = firstOf(store);
  const server = createServer((request, response) => {
    void respond(request, response).catch((error) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, messageOf(error));
    });
  });
  const own = () => {
    const { port } = server.address() as AddressInfo;
    return ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host = "", origin, "sec-fetch-site": site } = request.headers;
    if (!own().includes(host)) return refuse(response, 403, "this host is not served here");
    if (origin !== undefined && origin !== `http://${host}`)
      return refuse(response, 403, "another page asks");
    const path = request.url ?? "";
    if (request.method === "GET") {
      if (path !== "/") return refuse(response, 404, "there is only the page");
      return page(response, lookPage());
    }
    if (request.method !== "POST") return refuse(response, 405, "a question is a POST");
    if (site !== undefined && site !== "same-origin") return refuse(response, 403, "another page asks");
    if (!isSame(String(request.headers["x-fieldnotes-token"] ?? ""), token))
      return refuse(response, 401, "the token of this start is missing: open the address that was printed");
    const question = path.slice(1);
    if (question !== "start" && !Object.hasOwn(answers, question))
      return refuse(response, 404, `there is no question "${question}"`);
    if (!/^application\/json(;|$)/.test(request.headers["content-type"] ?? ""))
      return refuse(response, 415, "a question is JSON");
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, 413, `a question has at most ${longestQuestion} bytes`);
    let asked: unknown;
    try {
      asked = JSON.parse(body);
    } catch {
      return refuse(response, 400, "a question is JSON");
    }
    if (question !== "start") return answer(response, question as keyof Answers, asked);
    // It is there, or on its way, when the views ask for it.
    void first.part().catch(() => {});
    json(response, 200, start);
  }

  /** Answers until nobody waits any more: a newer question ends the older one's connection. */
  async function answer(response: ServerResponse, question: keyof Answers, asked: unknown): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const part = stoppable(store, gone.signal);
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    try {
      if (question !== "views") {
        const found = await answers[question](part, asked);
        return json(response, 200, { ...found, seconds: seconds() });
      }
      let head: SelectedPart | undefined;
      const copy = await first.part();
      const ofShare = copy && { share: copy.share, store: stoppable(copy.store, gone.signal) };
      for await (const one of answers.views(part, asked, ofShare)) {
        if (gone.signal.aborted) return;
        if (one.part === "selected") head = one;
        if (one.part === "groups" && one.share === 1 && head !== undefined)
          onView({ head, table: one.table });
        if (!response.headersSent) response.writeHead(200, headers("application/x-ndjson"));
        response.write(`${toJson(told(one))}\n`);
      }
      response.end(`${toJson({ part: "done", seconds: seconds() })}\n`);
    } catch (error) {
      if (gone.signal.aborted || error instanceof Stopped) return void response.destroy();
      // What a person asked that cannot be answered is said to that person.
      if (response.headersSent) response.end(`${toJson({ part: "failed", error: messageOf(error) })}\n`);
      else refuse(response, isUsers(error) ? 422 : 500, messageOf(error));
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new RangeError(
              `look requires a free port, got ${port}, which is in use; leave it out to take any`,
            )
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/#${token}`,
    port: taken,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await first.close();
    },
  };
}

/** The same time for every wrong token. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

/** The body of a request; undefined, and the rest unread, if it is longer than a question. */
function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on("error", reject);
    request.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size <= longestQuestion) return void parts.push(part);
      request.pause();
      resolve(undefined);
    });
  });
}

/** A value with the text of each estimate in it, as the library writes it everywhere. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== "object" || value === null) return value;
  const own = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, told(one)]));
  return isEstimate(value) ? { ...own, text: formatEstimate(value) } : own;
}

const headers = (type: string) => ({
  "content-type": `${type}; charset=utf-8`,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
});

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, headers("application/json")).end(toJson(told(value)));
}

function refuse(response: ServerResponse, status: number, error: string): void {
  // The rest of a long question is not read.
  if (status === 413) response.setHeader("connection", "close");
  json(response, status, { error });
}

function page(response: ServerResponse, { html, policy }: { html: string; policy: string }): void {
  response.writeHead(200, { ...headers("text/html"), "content-security-policy": policy }).end(html);
}
