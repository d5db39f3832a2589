"use strict";
// What the kernels, Jupyter's and the headless runner's, add to tslab: a notebook in any folder finds this library and
// what is installed with it, and a table, figure or estimate as a cell's last expression is shown as one. Plain
// JavaScript, since Jupyter starts it without a build.
const Module = require("node:module");
const { join } = require("node:path");

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

/** Prints the value of a cell's last expression as tslab does, or with show() if the library made it. */
function showLast(print, value) {
  // If nothing has loaded the library, the value isn't one of its own.
  const { isShowable, show } =
    Object.values(require.cache).find((one) => one?.filename.endsWith(join("dist", "notebook", "show.js")))
      ?.exports ?? {};
  if (isShowable?.(value)) show(value);
  else print(value);
}

/** Starts tslab's kernel, which keeps the console methods it finds now for printing the cells' values. */
function withShownValues(start) {
  const { log } = console;
  console.log = (...values) => (values.length === 1 ? showLast(log, values[0]) : log(...values));
  start();
  console.log = log;
}

module.exports = { declarationsOf, isPackageName, manifest, packageFolders: here.paths, withShownValues };
