import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { trinoClient } from "../../src/engines/trinoClient";

test("Trino's answer is put together from its pages, and its failure is said without the password", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["x-trino-catalog"]}`);
    const next = (to: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${to}`;
    const columns = [{ name: "n", type: "bigint" }];
    const pages: Record<string, object> = {
      "/v1/statement": { nextUri: next("2") },
      "/2": { nextUri: next("3"), columns, data: [[1]] },
      "/3": asked.length > 3 ? { error: { message: "no word for secret" } } : { columns, data: [[2], [3]] },
    };
    response.end(
      JSON.stringify(pages[String(request.url)]).replace("[3]", '[9007199254740993,"1234567890123456789"]'),
    );
  });
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = trinoClient({
      shown: "trino://there",
      url,
      user: "ann",
      password: "secret",
      catalog: "lake",
    });
    const { signal } = new AbortController();
    assert.deepEqual(await client.query("select n", signal), [
      [1],
      [2],
      ["9007199254740993", "1234567890123456789"],
    ]);
    assert.deepEqual(asked, ["POST /v1/statement lake", "GET /2 lake", "GET /3 lake"]);
    await assert.rejects(client.query("select n", signal), { message: "trino://there: no word for …" });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
