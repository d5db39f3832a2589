"use strict";
// What the kernels, Jupyter's and the headless runner's, do beyond tslab: a notebook in any folder finds this library,
// and a table, figure or estimate as a cell's last expression is shown as one.
// Plain JavaScript, since Jupyter starts it as it stands.
const Module = require("node:module");
const { join } = require("node:path");

const built = join(__dirname, "..", "..", "dist");
const library = join(built, "index.js");

const { _resolveFilename } = Module;
Module._resolveFilename = function (request, ...rest) {
  try {
    return _resolveFilename.call(this, request, ...rest);
  } catch (error) {
    if (request !== "fieldnotes" || error.code !== "MODULE_NOT_FOUND") throw error;
    return library;
  }
};

/** As tslab prints the value of a cell's last expression, or the way show() does what the library made. */
function showLast(print, value) {
  // Where nothing has loaded the library, nothing is of its making.
  const { isShowable, show } =
    Object.values(require.cache).find((one) => one?.filename.endsWith(join("dist", "notebook", "show.js")))
      ?.exports ?? {};
  if (isShowable?.(value)) show(value);
  else print(value);
}

/** Starts tslab's kernel; it keeps the console's methods of this moment for what cells give. */
function withShownValues(start) {
  const { log } = console;
  console.log = (...values) => (values.length === 1 ? showLast(log, values[0]) : log(...values));
  start();
  console.log = log;
}

module.exports = { declarations: join(built, "index.d.ts"), withShownValues };
