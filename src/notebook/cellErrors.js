"use strict";
// Tells why a cell failed as an error of the cell: its message, and its lines instead of those of the kernel. tslab only
// prints them, with the kernel's own stack, and then refuses for a fifth of a second whatever is sent next. Plain
// JavaScript, since Jupyter starts it without a build.
const { join, sep } = require("node:path");
const { inspect } = require("node:util");
const vm = require("node:vm");

/** The cells the kernel ran, in order, and the prefix that names them in a stack trace, followed by their number. */
const ran = [];
const CELL = "fieldnotes-cell-";
const inCell = new RegExp(`${CELL}(\\d+):(\\d+)(?::\\d+)?`, "g");
/** Tells the front end of an error of the cell that runs, or ran last; undefined before the first. */
let tell;
/** The latest error of the cell that runs. */
let told;
/** What names a frame of a stack that is not the user's. */
const root = join(__dirname, "..", "..");
const HIDDEN = ["node:", "<anonymous>", `${sep}node_modules${sep}`, join(root, "dist") + sep, join(root, "src") + sep];
/** Between a cell and where this library throws are more calls than the 10 that Node tells. */
const FRAMES = 50;
/** How long the cells that were sent together with a failed one take to arrive, in milliseconds. */
const ARRIVAL = 50;

function send(error) {
  told = error;
  try {
    if (tell) return tell(error);
  } catch {
    // The kernel ends, and its front end listens no more.
  }
  process.stderr.write(`${error.ename}: ${error.evalue}\n`);
}

/** What is compared of a line: tslab and the compiler put `exports.`, `(0, module.name)` and semicolons around names. */
const plain = (text) =>
  text.replace(/\(0, \w+\.(\w+)\)/g, "$1").replace(/\bexports\.(tsLastExpr\d* = )?|\b\w+_\d+\.|[\s;]/g, "");
const words = (text) => new Set(text.match(/\w+/g));

/** How alike two lines are: the share of their words that both have. */
function likeness(a, b) {
  const [ours, theirs] = [words(a), words(b)];
  const both = [...ours].filter((word) => theirs.has(word)).length;
  return both / (ours.size + theirs.size - both || 1);
}

/** Maximum number of lines of a cell that the compiler may have joined into one. */
const JOINED = 20;

/** Maps a line of a compiled cell to the user's cell: gives the line if one, or one and those below it, is most like it. */
function placeOf(at, line) {
  const { source, compiled } = ran[at - 1];
  const which = at === ran.length ? "the cell" : "an earlier cell";
  const sought = plain(compiled.split("\n")[line - 1] ?? "");
  const lines = source.split("\n");
  const exact = lines.flatMap((text, index) => (plain(text) === sought ? [index] : []));
  if (sought === "" || exact.length > 1) return which;
  const spans = lines.flatMap((_, from) =>
    lines.slice(from, from + JOINED).map((_, more) => ({
      from,
      mark: likeness(plain(lines.slice(from, from + more + 1).join(" ")), sought),
    })),
  );
  const best = Math.max(...spans.map(({ mark }) => mark));
  // Lines without words, such as comments' ends, may stand above the one that is like it.
  const found = exact[0] ?? spans.findLast(({ mark }) => mark === best && mark >= 0.6)?.from;
  return found === undefined ? which : `line ${found + 1} of ${which}: ${lines[found].trim()}`;
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
  let lines = text.split("\n");
  // Node writes the compiled line above an error that a cell throws itself.
  if (lines[0].startsWith(CELL)) lines = lines.slice(lines.indexOf("") + 1);
  // Only frames of the user's own code: those of Node, of packages and of this library help nobody.
  const traceback = lines
    .filter((line) => !/^\s+at /.test(line) || !HIDDEN.some((part) => line.includes(part)))
    .map((line) => line.replace(inCell, (_, at, place) => placeOf(Number(at), Number(place))))
    // The call by which tslab runs the cell.
    .filter((line) => !/^\s+at (async )?the cell$/.test(line));
  return { ename, evalue: isError ? String(error.message) : text, traceback };
}

/** Takes what tslab prints of a failed cell; the compiler's errors come one by one, some of them twice. */
function printer() {
  let compileErrors = [];
  return (first, ...rest) => {
    if (first !== "%s%d:%d - %s") return send(describe(first));
    const [file, line, column, message] = rest;
    if (compileErrors.length === 0) {
      queueMicrotask(() => {
        const lines = [...new Set(compileErrors)];
        compileErrors = [];
        send({ ename: "CompileError", evalue: lines.join("\n"), traceback: lines });
      });
    }
    compileErrors.push(`${file}${line}:${column} - ${message}`);
  };
}

/** Changes how tslab runs a cell, before it starts. */
function wrapRun({ JupyterHandlerImpl, ZmqServer }) {
  const { handleExecute: receive } = ZmqServer.prototype;
  ZmqServer.prototype.handleExecute = function (socket, message) {
    message.content.tell = (error) => {
      const reply = message.createReply();
      reply.header.msg_type = "error";
      reply.content = error;
      reply.signAndSend(this.connInfo.key, this.iopub);
    };
    return receive.call(this, socket, message);
  };
  const { handleExecute, handleExecuteImpl } = JupyterHandlerImpl.prototype;
  JupyterHandlerImpl.prototype.handleExecuteImpl = function (request, ...rest) {
    tell = request.tell;
    told = undefined;
    ran.push({ source: request.code, compiled: "" });
    return handleExecuteImpl.call(this, request, ...rest);
  };
  JupyterHandlerImpl.prototype.handleExecute = async function (request, ...rest) {
    // A failed cell cancels those that were sent with it, and no later one.
    this.execQueue.reset = () => {};
    const reply = await handleExecute.call(this, request, ...rest);
    if (reply.status !== "error") return reply;
    const { ename, evalue, traceback } = told ?? describe(new Error("the cell failed"));
    await new Promise((resolve) => setTimeout(resolve, ARRIVAL));
    this.execQueue.prev = Promise.resolve();
    return { ...reply, ename, evalue, traceback };
  };
  // tslab runs cells without a name: an error would then point to a line of a program that nobody wrote.
  const { runInThisContext } = vm;
  vm.runInThisContext = (code, options) => {
    if (!options?.breakOnSigint) return runInThisContext(code, options);
    // Code that is no cell, such as a front end's own, has no lines to tell.
    if (ran.length === 0) return runInThisContext(code, options);
    ran[ran.length - 1].compiled = code;
    return runInThisContext(code, { ...options, filename: `${CELL}${ran.length}` });
  };
}

/** Starts tslab's kernel, which keeps the console methods it finds now for telling why a cell failed. */
function withToldErrors(start) {
  wrapRun(require("tslab/dist/jupyter.js"));
  Error.stackTraceLimit = FRAMES;
  const { error } = console;
  console.error = printer();
  start();
  console.error = error;
  // tslab only prints these two and goes on.
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (reason) => {
    send({ ...describe(reason), unhandled: "a promise was rejected and nobody awaited it" });
  });
  process.removeAllListeners("uncaughtException").on("uncaughtException", (thrown) => {
    send({ ...describe(thrown), unhandled: "an error was thrown after the cell had ended" });
  });
}

module.exports = { withToldErrors };
