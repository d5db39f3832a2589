import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { test } from "node:test";
import { installKernel, jupyterDataFolder } from "../../src/notebook/install";
import { jupyterFolder, lab } from "../../src/notebook/lab";
import { temporaryFolder } from "./notebooks";

test("the user's Jupyter data folder is found by Jupyter's rules", () => {
  assert.equal(jupyterDataFolder({ JUPYTER_DATA_DIR: "/data" }, "darwin", "/home/a"), "/data");
  assert.equal(jupyterDataFolder({}, "darwin", "/Users/a"), join("/Users/a", "Library", "Jupyter"));
  assert.equal(jupyterDataFolder({ APPDATA: "/roaming" }, "win32", "/a"), join("/roaming", "jupyter"));
  assert.equal(jupyterDataFolder({ XDG_DATA_HOME: "/xdg" }, "linux", "/home/a"), join("/xdg", "jupyter"));
  assert.equal(jupyterDataFolder({}, "linux", "/home/a"), join("/home/a", ".local", "share", "jupyter"));
});

test("the installed kernel names files that are there, by absolute paths", () => {
  const folder = temporaryFolder();
  const target = installKernel({ folder });
  assert.equal(target, join(folder, "kernels", "fieldnotes"));
  const { argv, language, interrupt_mode } = JSON.parse(readFileSync(join(target, "kernel.json"), "utf8"));
  assert.ok(isAbsolute(argv[0]) && isAbsolute(argv[1]));
  assert.match(readFileSync(argv[1], "utf8"), /main/);
  assert.deepEqual([argv.at(-1), language, interrupt_mode], ["{connection_file}", "typescript", "signal"]);
  writeFileSync(join(folder, "file"), "");
  assert.throws(
    () => installKernel({ folder: join(folder, "file") }),
    /a folder it can write to, got .*file/,
  );
});

test("the kernel kept in the project needs no absolute path", () => {
  const folder = join(jupyterFolder(), "kernels", "fieldnotes");
  const { argv } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  assert.deepEqual(argv.slice(0, 2), ["node", "{resource_dir}/start.js"]);
  assert.match(readFileSync(join(folder, "start.js"), "utf8"), /tslab/);
});

test("without Jupyter lab says what to install, and its exit code is Jupyter's", async () => {
  await assert.rejects(
    lab({ command: "no-such-jupyter" }),
    /no-such-jupyter was not found; install it with "pip/,
  );
  const folder = temporaryFolder();
  const command = join(folder, "jupyter");
  writeFileSync(
    command,
    '#!/bin/sh\ntest "$1" = lab && test -d "$JUPYTER_PATH/kernels/fieldnotes" && exit 3\n',
    {
      mode: 0o755,
    },
  );
  const before = process.env.JUPYTER_PATH;
  delete process.env.JUPYTER_PATH;
  try {
    assert.equal(await lab({ command, cwd: folder }), 3);
  } finally {
    if (before !== undefined) process.env.JUPYTER_PATH = before;
  }
});
