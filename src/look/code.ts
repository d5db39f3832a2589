import { resolve } from "node:path";
import type { Store } from "../store/open";
import { type Selected, whereOf } from "./selected";

/** What makes a view again: a cell of a notebook, and a command. */
export interface LookCode {
  where: string | undefined;
  cell: string;
  command: string;
}

/** The cell and the command that show what is looked at. */
export function lookCode({ path, engine }: Store, asked: Selected): LookCode {
  const where = whereOf(asked);
  const { by, metric } = asked;
  const options = Object.entries({ where, by, metric }).filter(([, value]) => value !== undefined);
  const given = options.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
  const isFile = engine === undefined && path !== ":memory:";
  const opening = isFile
    ? `const store = await open(${JSON.stringify(resolve(path))}, { readOnly: true });\n`
    : "";
  const names = opening === "" ? "look" : "look, open";
  return {
    where,
    cell: `import { ${names} } from "fieldnotes";\n\n${opening}await look(store${given === "" ? "" : `, { ${given} }`});`,
    command: [
      "fieldnotes look",
      ...(isFile ? [`--db ${inShell(resolve(path))}`] : []),
      ...options.map(([name, value]) => `--${name} ${inShell(String(value))}`),
    ].join(" "),
  };
}

/** A text as one word of a shell. */
const inShell = (text: string): string =>
  /^[\w./@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
