// npm run release: whether the version of package.json can be released, and if not, why. With -- --go it makes the package
// and the tag. It publishes and pushes nothing: that is for whoever holds the rights, and its last line says how.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What keeps a version from being released, each in a line. */
export function obstacles({ version, locked, changelog, tags, changed }) {
  const [heading] = /^## .*$/m.exec(changelog) ?? [""];
  const dated = new RegExp(`^## ${version.replaceAll(".", "\\.")} \\(\\d{4}-\\d{2}-\\d{2}\\)$`);
  return [
    ...(locked === version ? [] : [`package-lock.json has ${locked}: npm install --package-lock-only`]),
    ...(dated.test(heading)
      ? []
      : [`CHANGELOG.md begins with "${heading}": give it the day, "## ${version} (2026-03-02)"`]),
    ...(tags.includes(`v${version}`)
      ? [`the tag v${version} is there: raise the version in package.json`]
      : []),
    ...(changed.length === 0 ? [] : [`not committed: ${changed.join(", ")}`]),
  ];
}

function main() {
  const read = (name) => readFileSync(join(root, name), "utf8");
  const lines = (...words) =>
    execFileSync("git", words, { cwd: root, encoding: "utf8" })
      .split("\n")
      .filter((line) => line !== "");
  const { version } = JSON.parse(read("package.json"));
  const found = obstacles({
    version,
    locked: JSON.parse(read("package-lock.json")).version,
    changelog: read("CHANGELOG.md"),
    tags: lines("tag", "--list"),
    changed: lines("status", "--porcelain").map((line) => line.slice(3)),
  });
  for (const line of found) console.error(line);
  if (found.length > 0) {
    process.exitCode = 1;
    return;
  }
  const tag = `v${version}`;
  if (!process.argv.includes("--go")) {
    console.log(
      `${tag} can be released, once all tests pass on this commit (.ci/run): npm run release -- --go`,
    );
    return;
  }
  execFileSync("npm", ["pack"], { cwd: root, stdio: "inherit" });
  execFileSync("git", ["tag", "--annotate", tag, "--message", tag], { cwd: root });
  console.log(
    `The package is made and ${tag} set. Try the package, then: git push REMOTE ${tag}, npm publish fieldnotes-${version}.tgz`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
