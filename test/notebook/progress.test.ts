import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { built } from "../dist";
import { thorough } from "../property";

const noTerminal = spawnSync("script", ["--version"]).status === 0 ? false : "script is not installed";

thorough("A bar on a terminal leaves Ctrl-C to the process, which ends", { skip: noTerminal }, async () => {
  const script = `const bar = require(${JSON.stringify(join(built(), "notebook", "progress.js"))}).progress("reading");
    let at = 0; setInterval(() => bar.update(++at, 1000), 50);`;
  const command = `${process.execPath} -e '${script}'`;
  const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  const isShown = new Promise<void>((resolve) =>
    child.stdout.on("data", (text) => {
      said += text;
      if (/reading \[[= ]{30}\] \d+ of 1,000/.test(said)) resolve();
    }),
  );
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await Promise.race([isShown, ended.then(() => assert.fail(`it ended: ${said}`))]);
  const late = setTimeout(() => child.kill("SIGKILL"), 5000);
  child.stdin.write("\u0003");
  assert.equal(await ended, 130);
  clearTimeout(late);
  // Neither the cursor nor the wrapping of lines was switched off.
  assert.doesNotMatch(said, /\[\?(7|25)l/);
});
