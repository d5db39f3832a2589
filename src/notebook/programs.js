"use strict";
// The programs that tslab compiles cells with, made at a third of the cost of TypeScript's own watch mode.
//
// tslab makes two programs a cell: one only to read which names the cell declares, which a parsed file tells, and one
// to check and emit it. TypeScript's watch mode further tracks which of some 700 files of declarations another affects,
// and watches each of them; a cell only asks for what it imports itself.
// Plain JavaScript, since Jupyter starts it as it stands.
const { createRequire } = require("node:module");
const { statSync } = require("node:fs");
const { parse, relative } = require("node:path");
const { declarationsOf, isPackageName, manifest, packageFolders } = require("./kernelHelp.js");

const fromTslab = createRequire(require.resolve("tslab/package.json"));
const name = fromTslab.resolve("@tslab/typescript-for-tslab");
const ts = fromTslab("@tslab/typescript-for-tslab");

/** Paths are told from the root of the file system, since a cell may lie in any folder. */
function pathsOfPackages() {
  const { root } = parse(packageFolders[0]);
  const folders = packageFolders.map((folder) => relative(root, folder).replaceAll("\\", "/"));
  return { paths: { "*": folders.map((folder) => `${folder}/*`) }, pathsBasePath: root };
}

const isPackage = (file) => file.includes("/node_modules/");
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/** What was made last: tslab keeps it to itself. */
let made;

/** As ts.createWatchProgram, as far as tslab uses it. */
function createWatchProgram(host) {
  const { options } = host;
  // For names alone: a type of a package that came with this library is declared by the package's name for the next cell.
  const named = { ...options, ...pathsOfPackages() };
  let { rootFiles } = host;
  // The names declared by earlier cells, and the cell.
  const [declarations, cell] = rootFiles;
  const compilerHost = ts.createCompilerHostFromProgramHost(host, () => named);
  const read = compilerHost.getSourceFile;
  const parsed = new Map();
  const watchers = new Map();
  /** When files outside of packages were last written. */
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
    // What a cell imports may have been installed since; this library and what came with it is there in any folder.
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
  // What a file of the user's could not import may be there by now.
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
    // A file that was not there is looked for again.
    for (const [file, source] of parsed) if (source === undefined) parsed.delete(file);
    host.afterProgramCreate(builder());
  }

  /** Parses at once, and makes the program when more is asked for. */
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
  const first = builder();
  host.afterProgramCreate(first);
  // Reads the libraries before the first cell comes.
  first.getProgram();
  made = {
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
    },
    updateRootFileNames: (files) => {
      rootFiles = files;
      schedule();
    },
    /** Whether a file of the user's was written since it was read. */
    isOutdated: () => [...times].some(([file, time]) => changedAt(file) !== time),
  };
  return made;
}

/** The names of a file and of the sources that it imports, directly or not. */
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

// TypeScript's exports can not be set: tslab is given a copy of them.
require.cache[name].exports = Object.defineProperties(
  {},
  {
    ...Object.getOwnPropertyDescriptors(ts),
    createWatchProgram: { value: createWatchProgram, enumerable: true, writable: true },
  },
);

module.exports = { latest: () => made, ts };
