// Compiles src to dist, copies the .sql files beside the modules that read them, and writes the package's entries; where
// nothing that it reads has changed since, it leaves dist as it is. With --ahead it also compiles the cells of the
// notebooks, which takes longer than all the rest.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAhead } from "./ahead.mjs";
import { loadLate } from "./lazyImports.mjs";
import { signaturesOf } from "./signatures.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

if (process.argv.includes("--clean")) rmSync(join(root, "dist"), { recursive: true, force: true });
const cache = join(root, "node_modules", ".cache");
const stamp = join(cache, "built");
// Each entry's file, the declarations of its index, and that index from src or dist.
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.values(manifest.exports)
  .filter((to) => to.types !== undefined)
  .map((to) => ({
    file: join(root, to.default),
    types: join(root, to.types),
    index: to.types.replace(/^\.\/dist\/|\.d\.ts$/g, ""),
  }));
const read = digest(["tsconfig.json", "package-lock.json", ...within("scripts"), ...within("src")]);
if (
  !existsSync(stamp) ||
  entries.some(({ file }) => !existsSync(file)) ||
  readFileSync(stamp, "utf8") !== read
)
  build();

const typesAndCells = digest([
  ...["package-lock.json", ...within("notebooks")],
  ...within("dist").filter((file) => file.endsWith(".d.ts")),
  ...within("src/notebook").filter((file) => file.endsWith(".js")),
]);
await compileAhead(typesAndCells, process.argv.includes("--ahead"));

function build() {
  rmSync(stamp, { force: true });
  // By path: another TypeScript, tslab's own, may hold node_modules/.bin/tsc.
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
  for (const entry of readdirSync(join(root, "src"), { recursive: true })) {
    if (!/\.(sql|css|js)$/.test(entry)) continue;
    const twin = entry.replace(/\.js$/, ".ts");
    if (twin !== entry && existsSync(join(root, "src", twin)))
      throw new Error(`${entry} would replace a module`);
    cpSync(join(root, "src", entry), join(root, "dist", entry));
  }
  loadLate(join(root, "dist"));
  for (const room of ["measures", "decide"]) documentOptions(join(root, "dist", room));
  const command = join(root, "dist", "cli", "main.js");
  if (existsSync(command)) chmodSync(command, 0o755);

  // An entry holds what its index exports; its functions check their arguments by the declarations they were built from.
  const signatures = signaturesOf(entries.map(({ types }) => types));
  mkdirSync(join(root, "dist", "entries"), { recursive: true });
  for (const [at, { file, index }] of entries.entries()) {
    const lines = Object.keys(createRequire(import.meta.url)(join(root, "dist", index))).map((name) => {
      const signature = signatures[at][name];
      const value = `all.${name}`;
      // Its name stands before, where an import statement looks for it.
      return `exports.${name} = undefined; late("${name}", () => ${signature ? `checkedCall("${name}", ${JSON.stringify(signature)}, ${value})` : value});`;
    });
    // Each export is loaded when it is first asked for.
    const text = `"use strict";
const { checkedCall } = require("../checkedCall");
const all = require("../${index}");
const late = (name, load) => Object.defineProperty(exports, name, {
  ...{ enumerable: true, configurable: true },
  get() {
    const value = load();
    Object.defineProperty(exports, name, { enumerable: true, value });
    return value;
  },
});
${lines.join("\n")}
`;
    writeFileSync(file, text);
  }
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, read);
}

/** Editors show what an option is about: its line in the definition becomes its comment. */
function documentOptions(folder) {
  const option = /^( +)readonly (\w+): \{\n((?:\1 {4}.*\n)*?)\1 {4}readonly about: (["`])(.*)\4;/gm;
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    const documented = text.replace(
      option,
      (whole, indent, _name, _above, _quote, about) =>
        `${indent}/** ${about.replace(/\\(.)/g, "$1")} */\n${whole}`,
    );
    if (documented !== text) writeFileSync(join(folder, file), documented);
  }
}

/** The files in a folder, by their paths from the root. */
function within(folder) {
  return readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file));
}

/** The names and contents of files; the lock file tells the compiler. */
function digest(files) {
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    if (statSync(join(root, file)).isDirectory()) continue;
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}
