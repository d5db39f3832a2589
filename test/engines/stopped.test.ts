import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { built } from "../dist";
import { thorough } from "../property";

const dist = built();
const noTerminal = spawnSync("script", ["--version"]).status === 0 ? false : "script is not installed";

describe("A command that has made tables on Trino", () => {
  const asked: string[] = [];
  let busy: () => void = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk) => chunks.push(chunk))
      .on("end", () => {
        const sql = Buffer.concat(chunks).toString().replace(/\s+/g, " ");
        asked.push(`${request.method} ${sql}`);
        const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}/next`;
        const isSlow = request.method === "GET" || /^SELECT|^WITH/.test(sql);
        if (request.url === "/next" && request.method === "GET") return busy();
        const columns = ["model", "status"].map((name) => ({ name, type: "varchar" }));
        const isNamed = /LIMIT 0$/.test(sql);
        if (/FROM (tasks|scores) AS source LIMIT 0$/.test(sql))
          return response.end(JSON.stringify({ error: { message: "no such table" } }));
        return response.end(JSON.stringify(isSlow && !isNamed ? { nextUri: here } : { columns, data: [] }));
      });
  });
  before(() => new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  thorough("has the statement stopped and drops the tables when Ctrl-C ends it", async () => {
    const [engines, interrupt] = ["engines/index", "cli/interrupt"].map((file) =>
      JSON.stringify(join(dist, `${file}.js`)),
    );
    const url = `trino://127.0.0.1:${(server.address() as AddressInfo).port}/lake/logs`;
    const script = `
      const { connect } = require(${engines});
      const { onEngine } = require(${interrupt});
      onEngine(async () => {
        const store = await connect(${JSON.stringify(url)}, { scratch: "lake.mine" });
        await store.connection.run("create temp table kept as select model from calls");
        await store.connection.run("select * from kept");
      }).catch(() => {});`;
    const isBusy = new Promise<void>((resolve) => {
      busy = resolve;
    });
    const child = spawn(process.execPath, ["-e", script]);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    await Promise.race([isBusy, ended.then(() => assert.fail(`it ended before it was stopped: ${said}`))]);
    child.kill("SIGINT");
    assert.deepEqual([await ended, said], [130, "fieldnotes: stopped, on the engine as well\n"]);
    const [, table] = /POST CREATE TABLE ("lake"."mine"."\w+")/.exec(asked.join("\n")) ?? [];
    assert.deepEqual(asked.slice(-2), ["DELETE ", `POST DROP TABLE IF EXISTS ${table}`]);
  });
});

describe("A command whose engine takes long", () => {
  /** What is asked of the server, and the ids of statements whose connection was closed unanswered. */
  let asked: { sql: string; id: string; user: string }[] = [];
  let closed: string[] = [];
  let refuses = false;
  let busy: (count: number) => void = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk) => chunks.push(chunk))
      .on("end", () => {
        const sql = Buffer.concat(chunks).toString();
        const id = new URL(String(request.url), "http://here").searchParams.get("query_id") ?? "";
        asked.push({ sql, id, user: String(request.headers["x-clickhouse-user"]) });
        if (/^SELECT \* FROM calls AS source LIMIT 0/.test(sql)) {
          const meta = ["model", "status"].map((name) => ({ name, type: "Nullable(String)" }));
          return response.end(JSON.stringify({ meta, data: [] }));
        }
        if (/LIMIT 0$/.test(sql)) {
          response.statusCode = 404;
          return response.end("Code: 60. DB::Exception: no such table");
        }
        if (sql.startsWith("KILL") && refuses) {
          response.statusCode = 403;
          return response.end("Code: 497. DB::Exception: ann: Not enough privileges");
        }
        if (sql.startsWith("KILL")) return setTimeout(() => response.end(), 300);
        if (/FROM system.processes/.test(sql))
          return response.end(JSON.stringify({ meta: [], data: [["1200000", "5000000"]] }));
        response.once("close", () => closed.push(id));
        return busy(asked.filter((one) => one.id !== "" && !/LIMIT 0$/.test(one.sql)).length);
      });
  });
  let url: string;
  before(async () => {
    await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
    url = `clickhouse://ann:secret-word@127.0.0.1:${(server.address() as AddressInfo).port}/logs`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Runs a program until the server is busy with some statements, and then for a while; then sends Ctrl-C. */
  async function interrupted(args: string[], statements: number, wait = 0) {
    [asked, closed] = [[], []];
    const child = spawn(process.execPath, args);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const isBusy = new Promise<void>((resolve) => {
      busy = (count) => (count === statements ? resolve() : undefined);
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    await Promise.race([isBusy, ended.then(() => assert.fail(`it ended before it was stopped: ${said}`))]);
    await new Promise((resolve) => setTimeout(resolve, wait));
    child.kill("SIGINT");
    return { code: await ended, said };
  }

  thorough(
    "ends at Ctrl-C with 130 and a line, and the server is told to stop the statement; a pipe gets no progress",
    async () => {
      const { code, said } = await interrupted(
        [join(dist, "cli", "main.js"), "reliability", "--engine", url],
        1,
        2500,
      );
      assert.deepEqual([code, said], [130, "fieldnotes: stopped, on the engine as well\n"]);
      const last = asked.at(-1)?.sql ?? "";
      const [{ id }] = asked.filter((one) => closed.includes(one.id));
      assert.match(id, /^fieldnotes-[0-9a-f-]{36}$/);
      assert.equal(last, `KILL QUERY WHERE query_id IN ('${id}') ASYNC`);
      assert.ok(asked.every(({ sql, user }) => user === "ann" && !sql.includes("system.processes")));
      assert.equal(new Set(asked.map((one) => one.id)).size, asked.length);
    },
  );

  thorough("does not say that the server stopped what it refused to stop", async () => {
    refuses = true;
    const { code, said } = await interrupted(
      [join(dist, "cli", "main.js"), "reliability", "--engine", url],
      1,
    ).finally(() => {
      refuses = false;
    });
    assert.equal(code, 130);
    assert.match(
      said,
      /^fieldnotes: stopped here; the engine did not confirm it, so a statement may still run there\n$/,
    );
  });

  thorough("has the server stop the statements of all sessions, and sends no more", async () => {
    const [engines, interrupt, latency] = ["engines/index", "cli/interrupt", "measures/latency/latency"].map(
      (file) => JSON.stringify(join(dist, `${file}.js`)),
    );
    const script = `
      const { connect } = require(${engines});
      const { onEngine } = require(${interrupt});
      const { latency } = require(${latency});
      onEngine(async () => {
        const store = await connect(${JSON.stringify(url)});
        await Promise.allSettled([latency(store, { by: "model" }), latency(store, {}), latency(store, {})]);
        await latency(store, {});
      }).catch(() => {});`;
    const { code, said } = await interrupted(["-e", script], 3);
    assert.deepEqual([code, said], [130, "fieldnotes: stopped, on the engine as well\n"]);
    const killed = asked
      .filter(({ sql }) => sql.startsWith("KILL"))
      .map(({ sql }) => /'(.*)'/.exec(sql)?.[1]);
    assert.equal(killed.length, 3);
    assert.deepEqual(killed.sort(), [...closed].sort());
    assert.ok(asked.slice(-3).every(({ sql }) => sql.startsWith("KILL")));
  });

  thorough("shows on a terminal how much the engine has read", { skip: noTerminal }, async () => {
    const command = `${process.execPath} ${join(dist, "cli", "main.js")} reliability --engine ${url}`;
    const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    const isShown = new Promise<void>((resolve) =>
      child.stdout.on("data", (text) => {
        said += text;
        if (/rows read \[={7} {23}\] 1,200,000 of 5,000,000/.test(said)) resolve();
      }),
    );
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    await Promise.race([isShown, ended.then(() => assert.fail(`it ended: ${said}`))]);
    // Ctrl-C as a terminal sends it: the bar does not keep it for itself.
    child.stdin.write("\u0003");
    assert.equal(await ended, 130);
    assert.match(said, /fieldnotes: stopped, on the engine as well\r\n$/);
  });
});
