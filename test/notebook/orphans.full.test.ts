import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { notebookText } from "../../src/notebook/read";
import { checkout, notebookOf, temporaryFolder } from "./notebooks";

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that ended but was not yet reaped still answers.
    return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (condition()) return;
    await sleep(50);
  }
  assert.fail(`waited in vain until ${what}`);
}

test("a runner killed with -9 leaves no kernel, no process of a cell and no folder behind", async () => {
  const folder = temporaryFolder();
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const pids = join(folder, "pids.json");
  const cell = [
    'import { spawn, spawnSync } from "node:child_process";',
    'import { writeFileSync } from "node:fs";',
    'const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);',
    `writeFileSync(${JSON.stringify(pids)}, JSON.stringify([process.pid, child.pid]));`,
    "while (true) {}",
  ].join("\n");
  const path = join(folder, "endless.ipynb");
  writeFileSync(path, notebookText(notebookOf(cell)));
  const script = join(folder, "runner.ts");
  const source = join(checkout, "src", "notebook", "run");
  writeFileSync(
    script,
    `import { runNotebook } from ${JSON.stringify(source)};\nrunNotebook(${JSON.stringify(path)});`,
  );
  const runner = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: checkout,
    env: { ...process.env, TMPDIR: temporary },
    stdio: "ignore",
  });
  const isRunner = (name: string) => name.startsWith("fieldnotes-");
  let started: number[] = [];
  try {
    await until(() => existsSync(pids) && readFileSync(pids, "utf8") !== "", "the cell runs");
    started = JSON.parse(readFileSync(pids, "utf8"));
    assert.ok(started.every(alive));
    assert.equal(readdirSync(temporary).filter(isRunner).length, 1);
    runner.kill("SIGKILL");
    await until(() => !started.some(alive), "kernel and child are gone");
    await until(() => !readdirSync(temporary).some(isRunner), "the folder is gone");
  } finally {
    runner.kill("SIGKILL");
    for (const pid of started.filter(alive)) process.kill(pid, "SIGKILL");
  }
});

test("a runner ends with its run, though the compiler is kept for another notebook", () => {
  const folder = temporaryFolder();
  const script = join(folder, "runner.ts");
  const path = join(folder, "one.ipynb");
  writeFileSync(path, notebookText(notebookOf("6 * 7")));
  const source = join(checkout, "src", "notebook", "run");
  const lines = [
    `import { runNotebook } from ${JSON.stringify(source)};`,
    `runNotebook(${JSON.stringify(path)}).then(({ status }) => {`,
    "  const ended = Date.now();",
    '  process.once("exit", () => console.log(status, Date.now() - ended));',
    "});",
  ];
  writeFileSync(script, lines.join("\n"));
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", script], {
    cwd: checkout,
    encoding: "utf8",
  });
  const [status, milliseconds] = stdout.trim().split(" ");
  assert.equal(status, "ok");
  assert.ok(Number(milliseconds) < 8000, `${milliseconds} ms`);
});
