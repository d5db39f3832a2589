// Lists the licence of every package that an installation brings, and which of them run a script when installed.
// npm run licenses; test/licenses.test.ts holds both.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const lock = join(dirname(dirname(fileURLToPath(import.meta.url))), "package-lock.json");

/** The packages of an installation as { name, version, license, scripts }, without those of development. */
export function packages() {
  const all = Object.entries(JSON.parse(readFileSync(lock, "utf8")).packages);
  return all
    .filter(([path, one]) => path !== "" && !one.dev && !one.link)
    .map(([path, { version, license = "none", hasInstallScript = false }]) => ({
      name: path.replace(/^.*node_modules\//, ""),
      version,
      license,
      scripts: hasInstallScript,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = packages();
  for (const { name, version, license, scripts } of found)
    console.log(`${name} ${version}: ${license}${scripts ? " (runs a script when installed)" : ""}`);
  const withScripts = found.filter(({ scripts }) => scripts);
  console.log(`${found.length} packages, ${withScripts.length} of them run a script when installed`);
}
