"use strict";
// The thread that compiles a run's cells: the kernels then need no TypeScript of their own, and the libraries'
// declarations are read once for all notebooks in a folder. Plain JavaScript, so that a thread can start it without a
// build.
const { parentPort } = require("node:worker_threads");
const { ts } = require("./repair.js");
const { getCodeMetadata } = require("tslab/dist/metadata.js");
const { createConverter } = require("tslab/dist/converter.js");

// A run reads its files once: a file that changes meanwhile would start a rebuild that tslab is not prepared for.
ts.sys.watchFile = () => ({ close: () => {} });
ts.sys.watchDirectory = () => ({ close: () => {} });

/** Maximum number of folders whose declarations are kept: each takes about 100 MB. */
const most = 2;
/** Keyed by folder, and also by kernel if its notebook declares modules. */
const converters = new Map();

function converterOf(key, folder) {
  let found = converters.get(key);
  if (found === undefined) {
    for (const [oldest, { converter }] of converters) {
      if (converters.size < most) break;
      converter.close();
      converters.delete(oldest);
    }
    ts.sys.getCurrentDirectory = () => folder;
    // The code of the user's own files, which tslab emits only once.
    found = { converter: createConverter({ isJS: false, isBrowser: false }), own: new Map() };
    converters.set(key, found);
  }
  return found;
}

/** Kernels whose notebooks declare modules that others must not see. */
const alone = new Set();

const tasks = {
  /** Reads the declarations while the kernel starts; user files that changed since are read again. */
  open({ folder }) {
    const known = converters.get(folder);
    if (known?.converter.isOutdated()) {
      known.converter.close();
      converters.delete(folder);
    }
    converterOf(folder, folder).converter.convert("", 'import {} from "fieldnotes";');
  },
  compile({ folder, kernel, declared, code }) {
    const { mode, module } = getCodeMetadata(code);
    if (module) alone.add(kernel);
    const { converter, own } = converterOf(alone.has(kernel) ? `${folder}\n${kernel}` : folder, folder);
    const meta = { mode, module };
    if (module) return { meta, diagnostics: converter.addModule(module, code, { mode, module }) };
    if (mode === "browser") return { meta };
    const converted = converter.convert(declared, code);
    for (const { path, data } of converted.sideOutputs ?? []) own.set(path, data);
    const sideOutputs = [...own].map(([path, data]) => ({ path, data }));
    return { meta, converted: { ...converted, ...(sideOutputs.length > 0 ? { sideOutputs } : {}) } };
  },
};

parentPort.on("message", ({ id, task, ...given }) => {
  try {
    // As JSON, because not everything in a compiler diagnostic can be sent between threads.
    parentPort.postMessage({ id, result: JSON.stringify(tasks[task](given) ?? null) });
  } catch (error) {
    parentPort.postMessage({ id, failed: error?.stack ?? String(error) });
  }
});
