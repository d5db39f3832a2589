import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
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
