import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, parse, resolve, sep } from "node:path";
import { listed } from "../../stats/text";
import { standardInput, statOf } from "./stream";

// Rotated logs have a number or a day at their end: "calls.jsonl.1", "calls.jsonl-20260302.gz".
const logName =
  /\.(jsonl|ndjson|json|csv|tsv|parquet|arrow|arrows|feather|eval)([.-]\d[\dT_-]*)?(\.(gz|zst))?$/i;
const mayHoldCalls = /\.(log|txt|out|dat|xlsx?|avro|orc|zip|tar|tgz|bz2|xz|gz|zst)([.-]\d[\dT_-]*)?$/i;
const logNames = ".jsonl, .json, .csv, .parquet, .arrow";
const mappingName = /(\.mapping|\.manifest|\.models|(^|[\\/])(world|truth|causes(-[^\\/]*)?))\.json$/i;

/**
 * The files named by paths, folders and globs (`*`, `?`, `[ab]`, `**`), each once, sorted by name; "-" is the
 * standard input. A folder stands for the logs below it; mappings, manifests, tables of model names and causes are not
 * logs, unless one of them alone is named, nor are hidden files.
 *
 * @param links also enter folders outside the given ones that links point to
 * @param others files with another role, such as schemas: a folder or glob that contains them does not mean them
 */
export function filesOf(paths: readonly string[], others: readonly string[] = [], links = false): string[] {
  const files = new Map<string, string>();
  const apart = new Set(others.map((file) => resolve(file)));
  const aside = new Set(notLogs(paths));
  for (const path of paths)
    for (const file of aside.has(path) ? [] : named(path, links)) {
      const whole = resolve(file);
      if (!files.has(whole) && (file === path || !apart.has(whole))) files.set(whole, file);
    }
  return [...files.values()];
}

function named(path: string, links: boolean): string[] {
  if (path === standardInput) return [path];
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return [path];
    const found = filesBelow(path, links).filter(
      (file) => isFolder(file) || (logName.test(file) && !mappingName.test(file)),
    );
    if (found.length === 0) throw new Error(`no logs (${logNames}) in the folder ${path}`);
    return found;
  }
  if (!/[*?[]/.test(path)) {
    throw new Error(`no such file: ${path} (in ${resolve(".")})`);
  }
  const found = matching(path, links).filter((file) => !mappingName.test(file));
  if (found.length === 0) throw new Error(`no file matches ${path}`);
  return found;
}

/** Of several named files, those with the name of a mapping, a manifest or the like: a shell's "logs/*" names them too. */
function notLogs(paths: readonly string[]): string[] {
  const found = paths.filter((path) => mappingName.test(path) && existsSync(path));
  return found.length < paths.length ? found : [];
}

/** Which of the named files, and of those in named folders that may be logs by another name, are not read. */
export function leftOut(paths: readonly string[], links = false): string[] {
  const aside = notLogs(paths);
  const passed =
    aside.length === 0
      ? []
      : [`Not read, since their names are those of mappings and the like: ${listed(aside)}.`];
  const unknown = paths.flatMap((path) => {
    if (path === standardInput || !isFolder(path)) return [];
    const files = filesBelow(path, links).filter((file) => !logName.test(file) && mayHoldCalls.test(file));
    if (files.length === 0) return [];
    const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
    return `Not read from the folder ${path}, since their names end in none of ${logNames}: ${files.slice(0, 3).join(", ")}${more}; a file that is named itself is read.`;
  });
  return [...passed, ...unknown];
}

/** The content of a folder, sorted by name, without hidden files; nothing if it cannot be read. */
function inside(folder: string): string[] {
  try {
    const names = readdirSync(folder === "" ? "." : folder).filter((name) => !name.startsWith("."));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

// A path without a status is not a folder: it is a file that will fail and be reported.
const isFolder = (path: string) => statOf(path)?.isDirectory() ?? false;

const realOf = (path: string) => realpathSync(path === "" ? "." : path);

/** True if a path is in one of some folders, given by their real paths, or is one of them itself. */
export function isWithin(path: string, roots: readonly string[]): boolean {
  try {
    const real = realOf(path);
    return roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
  } catch {
    // A broken link points to nothing that could be read.
    return true;
  }
}

/** The named paths, folders and globs by their real paths: a link in them that points elsewhere was not meant. */
export function rootsOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path === standardInput) return [];
    const fixed = existsSync(path) ? path : path.split(/[\\/](?=[^\\/]*[*?[])/)[0];
    try {
      return [realOf(/[*?[]/.test(fixed) && !existsSync(fixed) ? "" : fixed)];
    } catch {
      return [];
    }
  });
}

/**
 * A folder and those below it, each entered once however many links point to it; links to the outside are not
 * followed.
 */
function foldersBelow(
  folder: string,
  links: boolean,
  root = realOf(folder),
  entered = new Set<string>(),
): string[] {
  const real = realOf(folder);
  if (entered.has(real)) return [];
  entered.add(real);
  const inner = inside(folder).filter(
    (path) => isFolder(path) && !holdsBodies(path) && (links || isWithin(path, [root])),
  );
  return [folder, ...inner.flatMap((path) => foldersBelow(path, links, root, entered))];
}

/** The files below a folder, and the folders outside it that links point to: these are not read, and reported. */
function filesBelow(folder: string, links: boolean): string[] {
  const root = realOf(folder);
  return foldersBelow(folder, links).flatMap((one) =>
    inside(one).filter((path) => !isFolder(path) || !(links || isWithin(path, [root]))),
  );
}

// Besides its invocation logs, Bedrock stores their large bodies, which are not calls.
function holdsBodies(folder: string): boolean {
  return /[\\/]BedrockModelInvocationLogs[\\/](.*[\\/])?data$/.test(folder);
}

function matching(pattern: string, links: boolean): string[] {
  const { root } = parse(pattern);
  const segments = pattern
    .slice(root.length)
    .split(/[\\/]/)
    .filter((part) => part !== "" && part !== ".");
  let paths = [root];
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    if (segment === "**") {
      paths = paths.flatMap((path) => (isLast ? filesBelow(path, links) : foldersBelow(path, links)));
    } else if (/[*?[]/.test(segment)) {
      const expression = globExpression(segment);
      paths = paths.flatMap((path) => inside(path).filter((one) => expression.test(basename(one))));
    } else paths = paths.map((path) => join(path, segment)).filter((path) => existsSync(path));
    paths = paths.filter((path) => isLast !== isFolder(path));
  }
  return [...new Set(paths)];
}

function globExpression(segment: string): RegExp {
  const parts = segment.match(/\*+|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];
  const source = parts.map((part) => {
    if (part.startsWith("*")) return ".*";
    if (part === "?") return ".";
    if (/^\[.+\]$/.test(part)) return part.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return part.replace(/[.+^${}()|\\[\]]/g, "\\$&");
  });
  try {
    return new RegExp(`^${source.join("")}$`, "su");
  } catch {
    // A range that ends before it begins, as in [z-a], matches nothing, as in a shell.
    return /(?!)/;
  }
}
