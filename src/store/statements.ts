import { readFileSync } from "node:fs";

/**
 * The statements of one .sql file by name. A line `-- name: word` opens a statement; anything before the first is
 * commentary. The files are static: they read the temporary views and bound parameters, nothing else.
 */
export function statements<Name extends string>(file: string): Record<Name, string> {
  const parts = readFileSync(file, "utf8").split(/^-- name: (\w+)$/m);
  const found: Record<string, string> = {};
  for (let at = 1; at < parts.length; at += 2) found[parts[at]] = parts[at + 1].trim().replace(/;$/, "");
  return found as Record<Name, string>;
}
