import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { openDemo } from "../../src/demo";
import { type Served, serveLook } from "../../src/look/serve";
import type { Store } from "../../src/store/open";

let store: Store;
let served: Served;
let token: string;
before(async () => {
  store = await openDemo({ log: "cascade" });
  served = await serveLook(store);
  token = served.url.split("#")[1];
});
after(async () => {
  await served.close();
  store.close();
});

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
}

/** A request as any program can make it, with headers that a browser would not let a page set. */
function sent({ method = "POST", path = "/log", headers = {}, body = "{}" }: Sent = {}) {
  const all = { "content-type": "application/json", "x-fieldnotes-token": token, ...headers };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const asked = request(
        { host: "127.0.0.1", port: served.port, method, path, headers: given as never },
        (got) => {
          let text = "";
          got.on("data", (part) => {
            text += part;
          });
          got.on("end", () => resolve({ status: Number(got.statusCode), headers: got.headers, text }));
        },
      );
      // A server that has refused a long body need not read the rest.
      asked.on("error", reject);
      asked.end(["GET", "OPTIONS"].includes(method) ? undefined : body);
    },
  );
}

describe("a request is refused", () => {
  const refused: [what: string, of: Sent, status: number][] = [
    ["without the token", { headers: { "x-fieldnotes-token": undefined } }, 401],
    ["with another token", { headers: { "x-fieldnotes-token": "A".repeat(22) } }, 401],
    [
      "with the token in its address",
      { path: "/log?token=", headers: { "x-fieldnotes-token": undefined } },
      401,
    ],
    ["under another host", { headers: { host: "attacker.example" } }, 403],
    [
      "under another host, for the page",
      { method: "GET", path: "/", headers: { host: "attacker.example:80" } },
      403,
    ],
    ["under another port", { headers: { host: "127.0.0.1:1" } }, 403],
    ["of another page", { headers: { origin: "https://attacker.example" } }, 403],
    ["of a page without an origin", { headers: { origin: "null" } }, 403],
    ["of another page of this machine", { headers: { origin: "http://127.0.0.1:1" } }, 403],
    ["that the browser says is of another site", { headers: { "sec-fetch-site": "cross-site" } }, 403],
    ["that the browser says is of another port", { headers: { "sec-fetch-site": "same-site" } }, 403],
    ["that reads anything but the page", { method: "GET", path: "/log" }, 404],
    ["that reads a file", { method: "GET", path: "/../package.json" }, 404],
    ["that asks for leave to ask", { method: "OPTIONS" }, 405],
    ["that writes", { method: "PUT" }, 405],
    ["for no question", { path: "/nothing" }, 404],
    ["for a name that every object has", { path: "/constructor" }, 404],
    ["as a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
    ["as plain text", { headers: { "content-type": "text/plain" } }, 415],
    ["of no JSON", { body: "{" }, 400],
    ["that is too long", { body: JSON.stringify({ where: "x".repeat(70_000) }) }, 413],
  ];
  for (const [what, of, status] of refused)
    test(what, async () => {
      const found = await sent(of);
      assert.equal(found.status, status, found.text);
      assert.equal(found.headers["access-control-allow-origin"], undefined);
    });
});

describe("a question is answered", () => {
  test("with the token, by each name of this machine", async () => {
    for (const name of ["127.0.0.1", "localhost", "[::1]"]) {
      const host = `${name}:${served.port}`;
      const { status, text } = await sent({ headers: { host, origin: `http://${host}` } });
      assert.equal(status, 200, text);
      assert.equal(JSON.parse(text).store, store.path);
    }
  });

  test("or told why it cannot be", async () => {
    const cases: [path: string, body: unknown, status: number, said: RegExp][] = [
      ["/views", { where: "nothing = 1" }, 422, /where requires columns of calls, got "nothing"/],
      ["/views", { where: "read_text('/etc/passwd') is not null" }, 422, /read_text/],
      ["/views", { where: "true; drop table calls" }, 422, /where requires/],
      ["/views", { where: "(select count(*) from calls) > 1" }, 422, /where requires/],
      ["/views", { by: "nothing" }, 422, /by requires columns of calls/],
      ["/views", [], 422, /requires an object/],
      ["/views", { from: "yesterday' or true --" }, 422, /requires a time/],
      ["/views", { only: [{ name: "model", values: [{}] }] }, 422, /requires a number as values/],
      ["/verdict", { choose: "/etc/passwd" }, 422, /requires a profile of/],
      ["/verdict", { check: "/etc/passwd" }, 422, /no limits to check/],
      ["/trace", { id: "nothing" }, 422, /requires the id/],
      ["/difference", {}, 422, /all calls are selected/],
    ];
    for (const [path, body, status, said] of cases) {
      const found = await sent({ path, body: JSON.stringify(body) });
      assert.equal(found.status, status, found.text);
      assert.match(JSON.parse(found.text).error, said);
    }
  });
});

test("the page loads and asks nothing elsewhere, and only pages of this machine frame it", async () => {
  const one = await sent({ method: "GET", path: "/", headers: { "x-fieldnotes-token": undefined } });
  const two = await sent({ method: "GET", path: "/" });
  assert.equal(one.status, 200);
  const policy = String(one.headers["content-security-policy"]);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(policy, /frame-ancestors (https?:\/\/(127\.0\.0\.1|localhost):\* ?)+$/);
  const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
  assert.ok(one.text.includes(`<script nonce="${nonce}">`));
  assert.ok(!two.text.includes(nonce), "each page has a nonce of its own");
  assert.ok(!one.text.includes(token), "the page does not hold the token");
  assert.equal(one.headers["x-content-type-options"], "nosniff");
  assert.equal(one.headers["referrer-policy"], "no-referrer");
});

test("a second page takes a port of its own, and one that is in use is refused", async () => {
  const second = await serveLook(store);
  assert.notEqual(second.port, served.port);
  assert.notEqual(second.url.split("#")[1], token);
  await second.close();
  await assert.rejects(serveLook(store, { port: served.port }), /requires a free port, got/);
});

test("a question that nobody waits for any more stops", async () => {
  let running = 0;
  let most = 0;
  const slow: Store = {
    ...store,
    connection: store.connection,
    async connect() {
      const connection = await store.connect();
      running += 1;
      most = Math.max(most, running);
      const { closeSync } = connection;
      connection.closeSync = () => {
        running -= 1;
        closeSync.call(connection);
      };
      return connection;
    },
  };
  const own = await serveLook(slow);
  const stop = new AbortController();
  const asked = fetch(`http://127.0.0.1:${own.port}/verdict`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-fieldnotes-token": own.url.split("#")[1] },
    body: JSON.stringify({ compare: ["sorrel-mini", "sorrel-large"] }),
    signal: stop.signal,
  });
  while (running === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const begun = performance.now();
  stop.abort();
  await assert.rejects(asked);
  while (running > 0 && performance.now() - begun < 10_000)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(running, 0, "its connections are closed");
  assert.ok(most > 0);
  await own.close();
});
