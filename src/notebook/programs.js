"use strict";
// Makes the programs with which tslab compiles cells, at a third of the cost of TypeScript's own watch mode.
//
// tslab makes two programs per cell: one only to list the names the cell declares, for which parsing is enough, and one
// to check and emit it. TypeScript's watch mode also tracks which of some 700 declaration files affect one another, and
// watches each of them; a cell needs only what it imports itself. Plain JavaScript, since Jupyter starts it without a
// build.
const { createRequire } = require("node:module");
const { statSync } = require("node:fs");
const { parse, relative } = require("node:path");
const { declarationsOf, isPackageName, manifest, packageFolders } = require("./kernelHelp.js");

const fromTslab = createRequire(require.resolve("tslab/package.json"));
const name = fromTslab.resolve("@tslab/typescript-for-tslab");
const ts = fromTslab("@tslab/typescript-for-tslab");

/** Paths are relative to the root of the file system, since a cell may be in any folder. */
function pathsOfPackages() {
  const { root } = parse(packageFolders[0]);
  const folders = packageFolders.map((folder) => relative(root, folder).replaceAll("\\", "/"));
  return { paths: { "*": folders.map((folder) => `${folder}/*`) }, pathsBasePath: root };
}

const isPackage = (file) => file.includes("/node_modules/");
/** Nobody cancels what is asked of the compiler. */
const patient = { isCancellationRequested: () => false, throwIfCancellationRequested: () => {} };
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/** The latest program, which tslab does not expose. */
let made;

/** Replaces ts.createWatchProgram, with the parts that tslab uses. */
function createWatchProgram(host) {
  const { options } = host;
  // Only for naming: the next cell's declarations refer to types of packages that came with this library by package
  // name.
  const named = { ...options, ...pathsOfPackages() };
  let { rootFiles } = host;
  // The names declared by earlier cells, and the cell.
  const [declarations, cell] = rootFiles;
  const compilerHost = ts.createCompilerHostFromProgramHost(host, () => named);
  const read = compilerHost.getSourceFile;
  const parsed = new Map();
  const watchers = new Map();
  /** Last write times of files outside packages. */
  const times = new Map();
  let program;
  let timer;

  const canonical = compilerHost.getCanonicalFileName;
  const modules = ts.createModuleResolutionCache(host.getCurrentDirectory(), canonical, options);
  const types = ts.createTypeReferenceDirectiveResolutionCache(
    ...[host.getCurrentDirectory(), canonical, options, modules.getPackageJsonInfoCache()],
  );
  compilerHost.getModuleResolutionCache = () => modules;
  compilerHost.resolveModuleNameLiterals = (names, file, redirected, _, source) => {
    const resolve = (cache) =>
      ts.loadWithModeAwareCache(
        ...[names, file, redirected, options, source, compilerHost, cache, ts.createModuleResolutionLoader],
      );
    const found = resolve(modules);
    if (isPackage(file) || found.every(({ resolvedModule }) => resolvedModule !== undefined)) return found;
    // What a cell imports may have been installed since; this library and its packages are found in any folder.
    return resolve(undefined).map((one, at) => (one.resolvedModule === undefined ? ofLibrary(names[at].text) : one));
  };
  function ofLibrary(request) {
    const own = declarationsOf(request);
    if (own !== undefined) return { resolvedModule: { resolvedFileName: own, extension: ".d.ts" } };
    if (!isPackageName(request)) return { resolvedModule: undefined };
    return ts.resolveModuleName(request, manifest, options, compilerHost);
  }
  compilerHost.resolveTypeReferenceDirectiveReferences = (names, file, ...rest) =>
    ts.loadWithModeAwareCache(
      ...[names, file, ...rest.slice(0, 3), compilerHost, types, ts.createTypeReferenceResolutionLoader],
    );
  compilerHost.hasChangedAutomaticTypeDirectiveNames = () => false;
  // What a user's file could not import may exist by now.
  compilerHost.hasInvalidatedResolutions = (path) => times.has(path);
  compilerHost.getSourceFile = (file, ...rest) => {
    if (parsed.has(file)) return parsed.get(file);
    const source = read(file, ...rest);
    parsed.set(file, source);
    if (source && !isPackage(file)) {
      if (!source.isDeclarationFile && file !== cell) times.set(file, changedAt(file));
      watch(file);
    }
    return source;
  };

  function watch(file) {
    if (!watchers.has(file)) watchers.set(file, host.watchFile(file, () => changed(file)));
  }
  function changed(file) {
    parsed.delete(file);
    schedule();
  }
  function schedule() {
    if (timer !== undefined) host.clearTimeout(timer);
    timer = host.setTimeout(update, 0);
  }
  function update() {
    timer = undefined;
    // Looks again for a file that was missing.
    for (const [file, source] of parsed) if (source === undefined) parsed.delete(file);
    current = builder();
    host.afterProgramCreate(current);
  }

  /** Parses at once, and makes the program only when more is needed. */
  function builder() {
    let own;
    const getProgram = () => {
      own ??= program = ts.createProgram({
        ...{ rootNames: rootFiles, options: named, host: compilerHost, oldProgram: program },
      });
      return own;
    };
    const getSourceFile = (file) => {
      if (file !== cell && file !== declarations) return getProgram().getSourceFile(file);
      const source = compilerHost.getSourceFile(file, { languageVersion: options.target });
      ts.bindSourceFile(source, options);
      return source;
    };
    const emit = (...given) => getProgram().emit(...given);
    return { getProgram, getSourceFile, emit, getAllDependencies: (file) => reached(getProgram(), file) };
  }

  for (const file of rootFiles) watch(file);
  let current = builder();
  host.afterProgramCreate(current);
  // Reads the libraries before the first cell comes.
  current.getProgram();
  made = {
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
    },
    updateRootFileNames: (files) => {
      rootFiles = files;
      schedule();
    },
    /** The signatures of the call around a place in the cell as it is compiled; undefined outside of calls. */
    signaturesAt: (position) =>
      ts.SignatureHelp.getSignatureHelpItems(
        ...[current.getProgram(), current.getSourceFile(cell), position, { kind: "invoked" }, patient],
      ),
    /** Whether a user's file was written since it was read. */
    isOutdated: () => [...times].some(([file, time]) => changedAt(file) !== time),
  };
  return made;
}

/** The names of a file and of the sources that it imports, directly or indirectly. */
function reached(program, file) {
  const names = new Set();
  const follow = (source) => {
    if (!source || names.has(source.fileName)) return;
    names.add(source.fileName);
    source.resolvedModules?.forEach(({ resolvedModule }) => {
      const found = resolvedModule?.resolvedFileName;
      if (found && !found.endsWith(".d.ts")) follow(program.getSourceFile(found));
    });
  };
  follow(file);
  return [...names];
}

// TypeScript's exports are read-only, so tslab gets a copy of them.
require.cache[name].exports = Object.defineProperties(
  {},
  {
    ...Object.getOwnPropertyDescriptors(ts),
    createWatchProgram: { value: createWatchProgram, enumerable: true, writable: true },
  },
);

module.exports = { latest: () => made, ts };
