"use strict";
// What the kernels, Jupyter's and the headless runner's, add to tslab: a notebook in any folder finds this library and
// what is installed with it, and a table, figure or estimate as a cell's last expression is shown as one. Plain
// JavaScript, since Jupyter starts it without a build.
const Module = require("node:module");
const { join } = require("node:path");
const { isPromise } = require("node:util").types;

const root = join(__dirname, "..", "..");
const manifest = join(root, "package.json");
const { name, exports: entries } = require(manifest);
const here = Object.assign(new Module(manifest), { filename: manifest, paths: Module._nodeModulePaths(root) });

/** Whether a name is a package or a subpath of one, not a file path. */
const isPackageName = (request) => !/^(\.|\/|node:|[A-Za-z]:[\\/])/.test(request);

const { _resolveFilename } = Module;
Module._resolveFilename = function (request, ...rest) {
  try {
    return _resolveFilename.call(this, request, ...rest);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" || !isPackageName(request)) throw error;
    try {
      return _resolveFilename.call(this, request, here);
    } catch {
      throw error;
    }
  }
};

/** The path of the declarations of this library or one of its subpaths: "fieldnotes", "fieldnotes/stats". */
function declarationsOf(request) {
  const [own, ...part] = request.split("/");
  const types = own === name ? entries[[".", ...part].join("/")]?.types : undefined;
  return types === undefined ? undefined : join(root, types);
}

/** A module of this library: the one that a cell loaded, or the one of this file's build. */
function ofLibrary(module) {
  const file = join("dist", "notebook", `${module}.js`);
  const loaded = Object.values(require.cache).find((one) => one?.filename.endsWith(file));
  return loaded?.exports ?? require(join(root, file));
}

/** What the promises of the running cell's last expression come to. */
const awaited = [];

/** Shows the value of a cell's last expression: data, tables and figures as such, a promise by what it comes to. */
function showValue(print, value) {
  // Not whatever has a `then`: a query that runs when it is awaited is not run by being shown.
  if (isPromise(value)) {
    // Its rejection is told once the cell has ended, and is not unhandled until then.
    const settled = Promise.resolve(value).then((result) => {
      if (result !== undefined && result !== null) showValue(print, result);
    });
    settled.catch(() => {});
    awaited.push(settled);
    return;
  }
  // A timer's internals tell nobody anything.
  if (/^(Timeout|Immediate)$/.test(value?.constructor?.name)) return;
  if (typeof value !== "object" || !ofLibrary("show").showLast?.(value)) print(value);
}

/** What a cell says whose last expression is a promise that has come to nothing for a while. */
const PENDING =
  "Still waiting for the promise that this cell ends with; the next cell runs after it. Interrupt the kernel to go on without it.";

/** Waits for the promises of the cell's last expression, or for the user's interruption; after a while it tells. */
async function waitForValues(tell, patience) {
  if (awaited.length === 0) return;
  let interrupt;
  const interrupted = new Promise((_, reject) => {
    interrupt = () => reject(new Error("Interrupted asynchronously"));
  });
  process.on("SIGINT", interrupt);
  const told = patience === undefined ? undefined : setTimeout(() => tell(PENDING), patience);
  try {
    await Promise.race([Promise.all(awaited.splice(0)), interrupted]);
  } finally {
    clearTimeout(told);
    process.off("SIGINT", interrupt);
  }
}

/** The library keeps the stores that cells open here: names in them are completed, and they are closed at the end. */
function keepStores() {
  const stores = new Set();
  globalThis[Symbol.for("fieldnotes.openStores")] = stores;
  process.on("exit", () => stores.forEach((store) => store.close()));
}

/** Completes names of columns and metrics in a cell's texts, and leaves the rest to tslab. */
function completeNames({ prototype }) {
  prototype.handleComplete = async function (socket, message) {
    const { code, cursor_pos: cursor } = message.content;
    const typed = this.handler.handleComplete(message.content);
    const found = await ofLibrary("complete").completeName(code, cursor, typed.matches);
    const reply = message.createReply();
    reply.header.msg_type = "complete_reply";
    reply.content =
      found === undefined
        ? typed
        : { status: "ok", matches: found.matches, cursor_start: found.start, cursor_end: found.end, metadata: {} };
    reply.signAndSend(this.connInfo.key, socket);
  };
}

/**
 * Starts tslab's kernel, which keeps the console methods it finds now for printing the cells' values. `patience` is how
 * many milliseconds a cell waits for its value before it says so; without it, for a run that nobody watches, it does not.
 */
function withShownValues(start, patience) {
  const { JupyterHandlerImpl, ZmqServer } = require("tslab/dist/jupyter.js");
  keepStores();
  completeNames(ZmqServer);
  const { log, error: printError } = console;
  console.log = (...values) => (values.length === 1 ? showValue(log, values[0]) : log(...values));
  const { prototype } = JupyterHandlerImpl;
  const { handleExecuteImpl } = prototype;
  prototype.handleExecuteImpl = async function (...given) {
    const count = await handleExecuteImpl.apply(this, given);
    try {
      await waitForValues(log, patience);
    } catch (error) {
      printError(error);
      // tslab's way of saying that the cell failed.
      throw count;
    }
    return count;
  };
  start();
  console.log = log;
}

module.exports = { declarationsOf, isPackageName, manifest, packageFolders: here.paths, withShownValues };
