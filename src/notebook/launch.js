"use strict";
// Runs tslab's kernel for the headless runner, as `node launch.js CONNECTION-FILE`.
// Plain JavaScript, so that node can start it from the sources as well as from the build.
const { rmSync } = require("node:fs");
const Module = require("node:module");
const { Socket } = require("node:net");
const { dirname } = require("node:path");
const { Worker, isMainThread, parentPort, workerData } = require("node:worker_threads");

/** The pipe to the runner. It closes when the runner ends, however it ends. */
const LIFELINE = 3;

if (isMainThread) main(process.argv[2]);
else watch(workerData);

/** Runs in its own thread, since a cell in an endless loop blocks the main thread. */
function watch(folder) {
  const lifeline = new Socket({ fd: LIFELINE, readable: true, writable: false });
  // The runner asks for an orderly shutdown, so that "exit" handlers run.
  lifeline.on("data", () => parentPort.postMessage("exit"));
  lifeline.on("error", () => {});
  lifeline.on("close", () => {
    rmSync(folder, { recursive: true, force: true });
    // The kernel leads a process group: what its cells started ends with it.
    process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
  });
}

function main(connectionFile) {
  const watcher = new Worker(__filename, { workerData: dirname(connectionFile) });
  watcher.on("message", () => process.exit(0));
  watcher.unref();

  // By default a publisher takes about 500 messages at once and drops the rest: thousands of printed lines.
  const zeromq = require(require.resolve("zeromq", { paths: [dirname(require.resolve("tslab/package.json"))] }));
  const { Publisher } = zeromq;
  zeromq.Publisher = class extends Publisher {
    constructor(options) {
      super({ ...options, sendHighWaterMark: 0, sendTimeout: 0 });
    }
  };

  // The runner sends each cell compiled: tslab's compiler, and TypeScript with it, is not loaded here.
  let cell;
  standIn("metadata.js", { getCodeMetadata: () => cell.meta });
  const convert = () => {
    if (cell.failed) throw new Error(cell.failed);
    return cell.converted;
  };
  const converter = { convert, addModule: () => cell.diagnostics, close: () => {} };
  standIn("converter.js", { createConverter: () => converter });
  const { prototype } = require("tslab/dist/jupyter.js").JupyterHandlerImpl;
  const { handleExecuteImpl } = prototype;
  prototype.handleExecuteImpl = function (request, ...rest) {
    cell = request.compiled;
    return handleExecuteImpl.call(this, request, ...rest);
  };
  const { withToldErrors } = require("./cellErrors.js");
  const { withShownValues } = require("./kernelHelp.js");
  const { startKernel } = require("tslab/dist/main.js");
  withToldErrors(() => withShownValues(() => startKernel({ configPath: connectionFile, enableFindLocal: false })));
}

/** Replaces one of tslab's modules. */
function standIn(name, exports) {
  const file = require.resolve(`tslab/dist/${name}`);
  const module = new Module(file);
  require.cache[file] = Object.assign(module, { filename: file, loaded: true, exports });
}
