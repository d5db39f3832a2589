import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The checkout. */
export const root = join(__dirname, "..");
/** The package's entries: the name that each adds to the package's, and its index in src. */
export const entries = Object.entries<{ types?: string }>(
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports,
).flatMap(([path, { types }]) =>
  types === undefined ? [] : [{ room: path.slice(2), index: types.replace(/^\.\/dist\/|\.d\.ts$/g, "") }],
);
const lock = join(root, "node_modules", ".building");

/** The folder of the built package, rebuilt if the sources are newer. */
export function built(): string {
  const dist = join(root, "dist");
  // Test files run in parallel: one builds, the others wait.
  for (let waited = 0; waited < 600 && !taken(); waited++)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    if (isStale(dist)) {
      const run = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { encoding: "utf8" });
      if (run.status !== 0) process.stderr.write(run.stdout + run.stderr);
    }
  } finally {
    if (existsSync(lock)) rmdirSync(lock);
  }
  return dist;
}

function taken(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function isStale(dist: string): boolean {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const newest = Math.max(...sources.map((file) => statSync(join(root, "src", file)).mtimeMs));
  const entry = join(dist, "index.js");
  return !existsSync(entry) || statSync(entry).mtimeMs < newest;
}

/**
 * Why a test that needs something on this machine is skipped, or false if that is present. If FIELDNOTES_REQUIRE names
 * it, its absence is a failure.
 */
export function skipUnless(name: string, there: boolean, what: string): string | false {
  if (there) return false;
  if ((process.env.FIELDNOTES_REQUIRE ?? "").split(",").includes(name))
    throw new Error(`${what} is required`);
  return `${what} is not there`;
}

/** Real files of other projects, next to the checkout. */
export const cases = join(root, "..", "shared", "cases");
