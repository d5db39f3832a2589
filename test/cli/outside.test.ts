import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { built } from "../dist";
import { thorough } from "../property";

const main = join(built(), "cli", "main.js");
const hasTrace = spawnSync("strace", ["-V"]).status === 0;

describe("texts from outside", { skip: !hasTrace && "strace is not there" }, () => {
  let requests = 0;
  let folder = "";
  const server = createServer((socket) => {
    requests += 1;
    socket.destroy();
  });
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fieldnotes-outside-"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  thorough(
    "open no file and ask nothing of the network, in mappings, --where, --by, --set and profiles",
    () => {
      const { port } = server.address() as { port: number };
      const url = `http://127.0.0.1:${port}/x.csv`;
      const secret = join(folder, "secret.csv");
      const write = (name: string, value: unknown) => {
        writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));
        return join(folder, name);
      };
      write("secret.csv", "a\n1\n");
      const attacks = (target: string) => [
        `json_serialize_plan('select * from read_csv(''${target}'')')`,
        `(select count(*) from '${target}')`,
        `read_text('${target}')`,
        `'10.0.0.1'::inet`,
        "host('10.0.0.1')",
        "st_point(1, 2)",
      ];
      const texts = [...attacks(secret), ...attacks(url)];
      for (const [at, expression] of texts.entries()) {
        write(`log${at}.jsonl`, '{"m": "x", "ms": 1}\n');
        write(`log${at}.mapping.json`, { table: "calls", columns: { model: "m", duration: expression } });
      }
      const log = write("plain.jsonl", '{"model": "x", "duration": 1, "workload": "a"}\n');
      const trace = join(folder, "trace.txt");
      // The engine checks whether paths exist before it opens them, so a check counts as well.
      const traced = (...args: string[]) => {
        const run = spawnSync(
          "strace",
          [
            ...[
              "-f",
              "-qq",
              "-s",
              "300",
              "-e",
              "trace=open,openat,stat,lstat,newfstatat,access,connect",
              "-A",
              "-o",
              trace,
            ],
            ...[process.execPath, main, "--db", join(folder, "store.duckdb"), ...args],
          ],
          { encoding: "utf8", cwd: folder },
        );
        return run.stderr;
      };
      const result = traced("ingest", ...texts.map((_, at) => join(folder, `log${at}.jsonl`)));
      for (const at of texts.keys())
        assert.match(
          result,
          new RegExp(`log${at}\\.jsonl: read by the mapping \\S*log${at}\\.mapping\\.json`),
        );
      traced("ingest", log, "--set", `provider=${secret}`, "--set", `region=read_text('${url}')`);
      traced("latency", log, "--where", texts.map((text) => `(${text}) is null`).join(" or "));
      traced("latency", log, "--where", `workload = (select a from '${secret}')`);
      traced("latency", log, "--by", `read_text('${secret}')`);
      const profile = write("profile.json", {
        name: "p",
        where: `json_serialize_plan('from ''${url}''') is not null`,
        criteria: [{ metric: "duration_p95", good: 1, bad: 10 }],
      });
      traced("choose", "--profile", profile);
      const { stdout } = spawnSync("grep", ["-nE", `${secret}|AF_INET|extensions`, trace], {
        encoding: "utf8",
      });
      assert.equal(stdout, "");
      assert.equal(requests, 0);
    },
  );
});
