import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The statements of one .sql file by name. A line `-- name: word` opens a statement; anything before the first is
 * commentary. The files are static: they read the temporary views and bound parameters, nothing else.
 *
 * @throws RangeError for a name that the file does not have
 */
export function statements<Name extends string = string>(...path: string[]): Record<Name, string> {
  const file = join(...path);
  const parts = readFileSync(file, "utf8").split(/^-- name: (\w+)$/m);
  const found: Record<string, string> = {};
  for (let at = 1; at < parts.length; at += 2) found[parts[at]] = parts[at + 1].trim().replace(/;$/, "");
  return new Proxy(found as Record<Name, string>, {
    get(target, name) {
      if (typeof name === "string" && !Object.hasOwn(target, name))
        throw new RangeError(`${file} has no statement "${name}": it has ${Object.keys(target).join(", ")}`);
      return Reflect.get(target, name);
    },
  });
}
