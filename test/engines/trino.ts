import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { trinoClient } from "../../src/engines/trinoClient";
import { columnsOf } from "../../src/store/schema";
import { skipUnless } from "../dist";

const script = join(__dirname, "trinoServer.sh");

/** Where trinoServer.sh put Trino, outside the checkout. */
const home = process.env.FIELDNOTES_TRINO ?? "";

/** Why tests on Trino are skipped, or false. */
export const noTrino = skipUnless(
  "trino",
  home !== "" && existsSync(join(home, "trino-server-476", "bin", "launcher")),
  "Trino (bash test/engines/trinoServer.sh fetch FOLDER, and FIELDNOTES_TRINO names the folder)",
);

const types: Record<string, string> = {
  VARCHAR: "varchar",
  DOUBLE: "double",
  BIGINT: "bigint",
  BOOLEAN: "boolean",
  TIMESTAMP: "timestamp(6)",
};

/**
 * Starts a coordinator and a worker, which share the work, over the Parquet files in `folder`/lake; returns its URL, a function that runs
 * statements, and one that stops it.
 */
export async function startTrino(folder: string) {
  const port = await freePort();
  const server = spawn("bash", [script, "start", home, folder, String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((ready, failed) => {
    server.stdout.once("data", () => ready());
    server.once("exit", (code) => failed(new Error(`Trino ended with ${code}`)));
  });
  const client = trinoClient({
    shown: "trino",
    url: `http://127.0.0.1:${port}`,
    catalog: "lake",
    schema: "logs",
  });
  const run = (sql: string) => client.query(sql, new AbortController().signal);
  await atWork(run);
  await run("create schema if not exists lake.logs");
  return {
    url: `trino://127.0.0.1:${port}/lake/logs`,
    run,
    /** One of our tables over the files in a folder of the lake. */
    async table(table: "calls" | "tasks" | "scores", within: string, name: string = table) {
      const columns = Object.entries(columnsOf(table)).map(([name, { type }]) => `"${name}" ${types[type]}`);
      await run(
        `create table ${name} (${columns.join(", ")}) with (external_location = 'local:///${within}', format = 'PARQUET')`,
      );
    },
    stop: () =>
      new Promise<void>((ended) => {
        server.once("exit", () => ended());
        server.stdin.end();
      }),
  };
}

/** Waits until both nodes take work: for a while after they are known the coordinator says that there are none. */
async function atWork(run: (sql: string) => Promise<readonly unknown[]>): Promise<void> {
  const work = async () => {
    const active = "select node_id from system.runtime.nodes where state = 'active'";
    if ((await run(active)).length < 2) throw new Error("a node is missing");
    await run("select sum(x) from unnest(sequence(1, 100)) as t (x)");
  };
  // Three times in a row, since they may be lost again while they start.
  for (let waited = 0, well = 0; well < 3; waited++) {
    try {
      await work();
      well++;
    } catch (error) {
      if (waited > 120) throw error;
      well = 0;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** A free port whose next is free as well. */
async function freePort(): Promise<number> {
  for (let port = 18_880; ; port += 10) {
    const free = await Promise.all([port, port + 1].map(isFree));
    if (free.every(Boolean)) return port;
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((answer) => {
    const server = createServer();
    server.once("error", () => answer(false));
    server.listen(port, "127.0.0.1", () => server.close(() => answer(true)));
  });
