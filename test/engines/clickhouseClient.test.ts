import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { clickhouseClient } from "../../src/engines/clickhouseClient";

describe("What ClickHouse is sent, and what is said of its answers", () => {
  let answered: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const server = createServer((request, response) => answered(request, response));
  const { signal } = new AbortController();
  const client = (user: string, password: string) =>
    clickhouseClient({
      shown: "clickhouse://there/logs",
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      user,
      password,
      database: "logs",
    });
  before(() => new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  test("a user and a password in any script arrive, and a refusal names neither", async () => {
    const seen: string[] = [];
    answered = ({ headers }, response) => {
      for (const name of ["x-clickhouse-user", "x-clickhouse-key"])
        seen.push(Buffer.from(String(headers[name]), "latin1").toString("utf8"));
      response.statusCode = 403;
      response.end(
        "Code: 516. DB::Exception: ann ü: Authentication failed: password gehéim-密 is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED) (version 26.7.1.1)",
      );
    };
    await assert.rejects(client("ann ü", "gehéim-密").query("select 1", signal), {
      message:
        "clickhouse://there/logs: Authentication failed: password … is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)",
    });
    assert.deepEqual(seen, ["ann ü", "gehéim-密"]);
  });

  test("an answer of something else is said to be that", async () => {
    answered = (_, response) => response.end("<html>Welcome</html>");
    await assert.rejects(client("ann", "x").query("select 1", signal), {
      message: "clickhouse://there/logs: its answer is not JSON: is this ClickHouse's HTTP port?",
    });
  });

  test("a statement whose connection breaks is sent once more, with an id of its own", async () => {
    const ids: (string | null)[] = [];
    answered = ({ url, socket }, response) => {
      ids.push(new URL(String(url), "http://here").searchParams.get("query_id"));
      if (ids.length === 1) socket.destroy();
      else response.end(JSON.stringify({ meta: [], data: [["1"]] }));
    };
    assert.deepEqual(await client("ann", "x").query("select 1", signal), [["1"]]);
    assert.equal(new Set(ids).size, 2);
    ids.length = 0;
    answered = ({ socket }) => socket.destroy();
    await assert.rejects(client("ann", "x").query("select 1", signal), {
      message: "clickhouse://there/logs: it does not answer (ECONNRESET)",
    });
  });

  test("a statement that its measure gives up is stopped on the server as well", async () => {
    const stopped = new AbortController();
    const asked: string[] = [];
    answered = (request, response) => {
      let sql = "";
      request
        .on("data", (text) => (sql += text))
        .on("end", () => {
          asked.push(sql);
          if (sql.startsWith("KILL")) response.end();
          else stopped.abort();
        });
    };
    await assert.rejects(client("ann", "x").query("select sleep(3)", stopped.signal), {
      message: "clickhouse://there/logs: it was stopped",
    });
    for (let waited = 0; asked.length < 2 && waited < 100; waited++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.match(String(asked[1]), /^KILL QUERY WHERE query_id IN \('fieldnotes-[0-9a-f-]{36}'\) ASYNC$/);
  });
});
