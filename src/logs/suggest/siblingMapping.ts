import { lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Mapping, readMapping } from "../records/mapping";

const mostRead = 50;

/**
 * A mapping of another file in the same folder that reads the same fields: yesterday's, for a log of every day. It
 * counts as such if it has at least half of the expressions that the fields' names suggest.
 */
export function siblingMapping(file: string, suggested: readonly Mapping[]): string | undefined {
  const folder = dirname(file);
  return mappingsIn(folder).find((path) => {
    const own = mappingIn(path);
    return suggested.every(({ table, columns }) => {
      const same = own.find((one) => one.table === table)?.columns ?? {};
      const expressions = Object.values(columns);
      const shared = expressions.filter((one) => Object.values(same).includes(one)).length;
      return expressions.length > 1 && shared >= expressions.length / 2;
    });
  });
}

/** The newest names first: those of the latest days. */
function mappingsIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".mapping.json"));
    const paths = names.sort().reverse().slice(0, mostRead);
    return paths.map((name) => join(folder, name)).filter((path) => lstatSync(path).isFile());
  } catch {
    return [];
  }
}

function mappingIn(path: string): Mapping[] {
  try {
    return readMapping(path);
  } catch {
    return [];
  }
}
