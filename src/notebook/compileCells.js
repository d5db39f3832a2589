"use strict";
// The thread in which a run's cells are compiled: the kernels then need no TypeScript of their own, and the libraries'
// declarations are read once for all notebooks of a folder. Plain JavaScript, so that a thread starts it as it stands.
const { parentPort } = require("node:worker_threads");
const { ts } = require("./repair.js");
const { getCodeMetadata } = require("tslab/dist/metadata.js");
const { createConverter } = require("tslab/dist/converter.js");

// A run reads its files once: one that changes meanwhile would begin a rebuild for which tslab is not prepared.
ts.sys.watchFile = () => ({ close: () => {} });
ts.sys.watchDirectory = () => ({ close: () => {} });

/** Folders whose declarations are kept: each takes some 100 MB. */
const most = 2;
/** By the folder, and by the kernel too where its notebook declares modules. */
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
    // The code of the user's own files, which tslab gives out once.
    found = { converter: createConverter({ isJS: false, isBrowser: false }), own: new Map() };
    converters.set(key, found);
  }
  return found;
}

/** Kernels whose notebooks declare modules, which others must not see. */
const alone = new Set();

const tasks = {
  /** Reads the declarations while the kernel starts; files of the user's that changed since are read again. */
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
    // As JSON: what the compiler knows of a diagnostic can not all be sent.
    parentPort.postMessage({ id, result: JSON.stringify(tasks[task](given) ?? null) });
  } catch (error) {
    parentPort.postMessage({ id, failed: error?.stack ?? String(error) });
  }
});
