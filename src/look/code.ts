import { resolve } from "node:path";
import type { Limits } from "../decide/check/limits";
import type { Store } from "../store/open";
import { type Selected, whereOf } from "./selected";

/** What makes a view again: a cell of a notebook, and a command. */
export interface LookCode {
  where: string | undefined;
  cell: string;
  command: string;
}

/** The cell and the command that show what is looked at. */
export function lookCode({ path, engine }: Store, asked: Selected, given?: string | Limits): LookCode {
  const where = whereOf(asked);
  const { by, metric } = asked;
  const limits = typeof given === "string" ? resolve(given) : given;
  const options = Object.entries({ where, by, metric, limits }).filter(([, value]) => value !== undefined);
  const inCell = options.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
  const isFile = engine === undefined && path !== ":memory:";
  const opening = isFile
    ? `const store = await open(${JSON.stringify(resolve(path))}, { readOnly: true });\n`
    : "";
  const names = opening === "" ? "look" : "look, open";
  return {
    where,
    cell: `import { ${names} } from "fieldnotes";\n\n${opening}await look(store${inCell === "" ? "" : `, { ${inCell} }`});`,
    command: [
      "fieldnotes look",
      ...(isFile ? [`--db ${inShell(resolve(path))}`] : []),
      // Limits that are no file are for the cell alone.
      ...options
        .filter(([, value]) => typeof value === "string")
        .map(([name, value]) => `--${name} ${inShell(String(value))}`),
    ].join(" "),
  };
}

/** A text as one word of a shell. */
const inShell = (text: string): string =>
  /^[\w./@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
