import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

// A demo's parameters and its known truth lie beside its logs.
const noLog = /(\.mapping|^world|^truth)\.json$/i;
const logName = /\.(jsonl|ndjson|json|csv|tsv|parquet)(\.(gz|zst))?$/i;

/**
 * The files that paths, folders and globs (`*`, `?`, `[ab]`, `**`) name, each once, in order of their names.
 * A folder gives the logs below it: not the mappings, not a demo's world and truth, and nothing hidden.
 */
export function filesOf(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (existsSync(path)) return statSync(path).isDirectory() ? below(path) : [path];
    if (!/[*?[]/.test(path)) {
      throw new Error(`ingest requires files that are there, got "${path}"; seen from ${resolve(".")}`);
    }
    const found = matching(path);
    if (found.length === 0) throw new Error(`ingest requires files, and none matches "${path}"`);
    return found;
  });
  return [...new Set(files)];
}

function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".")) return [];
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(path).isDirectory());
      if (isFolder) return entry.isSymbolicLink() ? [] : below(path);
      return logName.test(entry.name) && !noLog.test(entry.name) ? [path] : [];
    });
}

function matching(pattern: string): string[] {
  // The part before the first wildcard is a folder; only what lies below it is looked at.
  const fixed = pattern.slice(0, pattern.search(/[*?[]/));
  const root = fixed.endsWith("/") ? fixed : fixed === "" ? "." : dirname(`${fixed}x`);
  const expression = globExpression(pattern.replace(/^\.\//, ""));
  return everything(root)
    .filter((file) => expression.test(file.replaceAll("\\", "/").replace(/^\.\//, "")))
    .filter((file) => !noLog.test(basename(file)));
}

function everything(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? everything(path) : [path];
    });
}

function globExpression(pattern: string): RegExp {
  const parts = pattern.match(/\*\*\/?|\*|\?|\[[^\]]*\]|[^*?[]+|\[/g) ?? [];
  const source = parts.map((part) => {
    if (part.startsWith("**")) return part.endsWith("/") ? "(?:.*/)?" : ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (/^\[.+\]$/.test(part)) return part.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return part.replace(/[.+^${}()|\\[\]]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`);
}
