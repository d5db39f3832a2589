import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { skipUnless } from "../dist";

/** Where npm's chdb is installed, outside the checkout. */
const folder = process.env.FIELDNOTES_CHDB ?? "";

/** Why tests on ClickHouse are skipped, or false. */
export const noClickhouse = skipUnless(
  "clickhouse",
  folder !== "" && existsSync(join(folder, "node_modules", "chdb")),
  "ClickHouse (npm install chdb in a folder that FIELDNOTES_CHDB names)",
);

/** Starts a ClickHouse; returns its URL, a function that runs statements there, and one that stops it. */
export async function startClickhouse() {
  const server = spawn(process.execPath, [join(__dirname, "clickhouseServer.mjs"), folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await portOf(server);
  const run = async (sql: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: sql });
    if (!response.ok) throw new Error(await response.text());
  };
  return { url: `clickhouse://127.0.0.1:${port}/default`, run, stop: () => server.kill() };
}

function portOf(server: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    server.stdout?.once("data", (said) => found(String(said).trim()));
    server.once("exit", (code) => failed(new Error(`ClickHouse ended with ${code}`)));
  });
}

/** A server before ClickHouse that counts the rows it answers with. */
export async function countingRows(url: string) {
  let rows = 0;
  const { hostname, port: behind } = new URL(url);
  const server = createServer((question, answer) => {
    const { url: path, method, headers } = question;
    const asked = request({ hostname, port: behind, path, method, headers }, async (found) => {
      const said = await text(found);
      answer.writeHead(found.statusCode ?? 500);
      answer.end(said);
      if (said.startsWith("{")) rows += JSON.parse(said).data.length;
    });
    question.pipe(asked);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `clickhouse://127.0.0.1:${port}/default`,
    /** The rows since it was last asked. */
    rows: () => {
      const all = rows;
      rows = 0;
      return all;
    },
    stop: () => server.close(),
  };
}
