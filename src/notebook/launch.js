"use strict";
// Runs tslab's kernel for the headless runner, as `node launch.js CONNECTION-FILE`.
// Plain JavaScript, so that node can start it from the sources as well as from the build.
const { rmSync } = require("node:fs");
const Module = require("node:module");
const { Socket } = require("node:net");
const { dirname } = require("node:path");
const { inspect } = require("node:util");
const vm = require("node:vm");
const { Worker, isMainThread, parentPort, workerData } = require("node:worker_threads");

/** The pipe to the runner. It closes when the runner ends, however it ends. */
const LIFELINE = 3;
/** A display of this type is an error of the cell; the runner records it as one. */
const ERROR_TYPE = "application/vnd.fieldnotes.error+json";

/** The cells the kernel ran, in order, and the prefix that names them in a stack trace, followed by their number. */
const ran = [];
const CELL = "fieldnotes-cell-";
const inCell = new RegExp(`${CELL}(\\d+):(\\d+)(?::\\d+)?`, "g");

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
  const stores = new Set();
  globalThis[Symbol.for("fieldnotes.closeAtExit")] = stores;
  process.on("exit", () => stores.forEach((close) => close()));
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
  const jupyter = require("tslab/dist/jupyter.js");
  const { handleExecute } = jupyter.JupyterHandlerImpl.prototype;
  jupyter.JupyterHandlerImpl.prototype.handleExecute = function (request, ...rest) {
    cell = request.compiled;
    ran.push({ source: request.code, compiled: cell.converted?.output ?? "" });
    return handleExecute.call(this, request, ...rest);
  };
  // tslab runs cells without a name: an error would then point to a line of a program that nobody wrote.
  const { runInThisContext } = vm;
  vm.runInThisContext = (code, options) =>
    runInThisContext(code, options?.breakOnSigint ? { ...options, filename: `${CELL}${ran.length}` } : options);
  const send = (error) => {
    const write = jupyter.lastWriteDisplayData;
    if (write) write({ data: { [ERROR_TYPE]: error }, metadata: {}, transient: {} }, false);
    else process.stderr.write(`${error.ename}: ${error.evalue}\n`);
  };

  // tslab prints why a cell failed through the console it takes at the start, and sends no error message.
  let compileErrors = [];
  const tellFailure = (first, ...rest) => {
    if (first !== "%s%d:%d - %s") return send(describe(first));
    const [file, line, column, message] = rest;
    if (compileErrors.length === 0) {
      queueMicrotask(() => {
        const lines = compileErrors;
        compileErrors = [];
        send({ ename: "CompileError", evalue: lines.join("\n"), traceback: lines });
      });
    }
    compileErrors.push(`${file}${line}:${column} - ${message}`);
  };
  const printError = console.error;
  console.error = tellFailure;
  const { withShownValues } = require("./kernelHelp.js");
  const { startKernel } = require("tslab/dist/main.js");
  withShownValues(() => startKernel({ configPath: connectionFile, enableFindLocal: false }));
  console.error = printError;

  // tslab only prints these two and goes on.
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (reason) => {
    send({ ...describe(reason), unhandled: "a promise was rejected and nobody awaited it" });
  });
  process.removeAllListeners("uncaughtException").on("uncaughtException", (error) => {
    send({ ...describe(error), unhandled: "an error was thrown after the cell had ended" });
  });
}

/** Replaces one of tslab's modules. */
function standIn(name, exports) {
  const file = require.resolve(`tslab/dist/${name}`);
  const module = new Module(file);
  require.cache[file] = Object.assign(module, { filename: file, loaded: true, exports });
}

/** Maps a line of a compiled cell to the user's cell: gives the line if exactly one source line matches. */
function placeOf(at, line) {
  const { source, compiled } = ran[at - 1];
  const which = at === ran.length ? "the cell" : "an earlier cell";
  const plain = (text) => text.replace(/\bexports\.(tsLastExpr\d* = )?/g, "").replace(/[\s;]/g, "");
  const sought = plain(compiled.split("\n")[line - 1] ?? "");
  const found = source.split("\n").flatMap((text, index) => (plain(text) === sought ? [index + 1] : []));
  return sought !== "" && found.length === 1 ? `line ${found[0]} of ${which}` : which;
}

/** The three fields of a notebook's error output. */
function describe(error) {
  const isError = error instanceof Error || Object.prototype.toString.call(error) === "[object Error]";
  const ename = isError ? String(error.name || "Error") : "Thrown";
  let text;
  try {
    text = inspect(error);
  } catch {
    text = ename;
  }
  const lines = text.split("\n");
  const frames = /^\s+at /;
  // Only the cell's own frames, if there are any: the library's internal frames help nobody.
  const ofCell = lines.some((line) => frames.test(line) && line.includes(CELL));
  const hidden = ofCell ? new RegExp(`^(?!.*${CELL})`) : /node:vm|node:internal|tslab.dist/;
  const traceback = lines
    .filter((line) => !frames.test(line) || !hidden.test(line))
    .map((line) => line.replace(inCell, (_, at, place) => placeOf(Number(at), Number(place))))
    // The call by which tslab runs the cell.
    .filter((line) => line.trim() !== "at the cell");
  return { ename, evalue: isError ? String(error.message) : text, traceback };
}
