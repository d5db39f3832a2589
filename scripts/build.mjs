// Compiles src to dist and copies the .sql files beside the modules that read them.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

if (process.argv.includes("--clean")) rmSync(join(root, "dist"), { recursive: true, force: true });
// By path: another TypeScript, tslab's own, may hold node_modules/.bin/tsc.
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
for (const entry of readdirSync(join(root, "src"), { recursive: true })) {
  if (!/\.(sql|css|js)$/.test(entry)) continue;
  const twin = entry.replace(/\.js$/, ".ts");
  if (twin !== entry && existsSync(join(root, "src", twin)))
    throw new Error(`${entry} would replace a module`);
  cpSync(join(root, "src", entry), join(root, "dist", entry));
}
const command = join(root, "dist", "cli", "main.js");
if (existsSync(command)) chmodSync(command, 0o755);
