// The manifest as it is packed: with the notebooks' kernel inside, where its TypeScript shadows no other, and without
// what only the clone needs. npm runs it before and, with --undo, after packing. (In the clone a manifest that bundles
// would keep npx from running the clone's own command.)
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = join(root, "package.json");
const kept = join(root, "node_modules", ".cache", "package.json");

if (process.argv.includes("--undo")) {
  copyFileSync(kept, manifest);
  rmSync(kept);
} else {
  mkdirSync(dirname(kept), { recursive: true });
  // One that a pack cut short left behind is the clone's own.
  if (!existsSync(kept)) copyFileSync(manifest, kept);
  const {
    scripts: _scripts,
    devDependencies: _dev,
    overrides: _over,
    ...own
  } = JSON.parse(readFileSync(kept, "utf8"));
  const packed = { ...own, bundleDependencies: ["tslab", "zeromq"] };
  writeFileSync(manifest, `${JSON.stringify(packed, null, 2)}\n`);
}
