// The list of all measures, from the definitions in the rooms of src/measures.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const source = join(__dirname, "..", "src");

/** The rooms in the order in which the help shows their commands. */
const rooms = [
  "latency",
  "service",
  "trend",
  "cost",
  "quality",
  "causes",
  "consistency",
  "agreement",
  "preferences",
  "benchmark",
];

interface Place {
  /** The function. */
  name: string;
  /** Its module, from src. */
  module: string;
}

/** Every measure, room by room; first the one that the room is named after. */
export function measurePlaces(): Place[] {
  return rooms.flatMap((room) => {
    const files = readdirSync(join(source, "measures", room)).filter((file) => file.endsWith(".ts"));
    const inOrder = files.sort(
      (a, b) => Number(b === `${room}.ts`) - Number(a === `${room}.ts`) || (a < b ? -1 : 1),
    );
    return inOrder.flatMap((file) => {
      const text = readFileSync(join(source, "measures", room, file), "utf8");
      const module = `measures/${room}/${file.replace(/\.ts$/, "")}`;
      return [...text.matchAll(/^export const (\w+) = defineMeasure\(/gm)].map(([, name]) => ({
        name,
        module,
      }));
    });
  });
}

/** All files of src/measures as one text, in which the types of rows are found. */
const typed = () =>
  readdirSync(join(source, "measures"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(source, "measures", file), "utf8"))
    .join("\n");

/** The columns of a measure's table, from the type of its rows: they are what a person may look for in the help. */
function columnsOf({ name, module }: Place, types: string): string[] {
  const text = readFileSync(join(source, `${module}.ts`), "utf8");
  const own = text.slice(text.indexOf(`export const ${name} = defineMeasure(`));
  const row = /\b(?:Result|Table)<(\w+Row)\b/;
  const [, type] = row.exec(own.slice(0, own.indexOf("\n});"))) ?? row.exec(text) ?? [];
  const [, fields = ""] =
    new RegExp(`export (?:interface|type) ${type}\\b[^{;]*\\{\\n([\\s\\S]*?)\\n {0,4}\\}`).exec(types) ?? [];
  return [...fields.matchAll(/^ {2}(?: {2}){0,2}(\w+)\??:/gm)].map(([, column]) => column);
}

const written = "// Written by npm run docs.";

/** The text of src/measures/all.ts, which the command line, explain and doctor read. */
export function measuresList(): string {
  const places = measurePlaces();
  const types = typed();
  const imports = byModule(places).map(
    ([module, names]) => `import { ${names.join(", ")} } from "./${module.slice("measures/".length)}";`,
  );
  return [
    written,
    ...[...imports, 'import { withColumns } from "./measure";'].sort(byFile),
    "",
    "/** Every measure, room by room, with the columns of its table. */",
    "export const all = [",
    ...places.map((place) => `  ${called("withColumns", [place.name, textOf(columnsOf(place, types))])},`),
    "];",
    "",
  ].join("\n");
}

/** Lines of import in the order of their files. */
function byFile(a: string, b: string): number {
  const [one, other] = [a, b].map((line) => line.slice(line.indexOf("from")));
  return one < other ? -1 : 1;
}

const textOf = (names: readonly string[]) => JSON.stringify(names.join(" "));

/** A call as the formatter wants it: on one line, if it fits. */
function called(name: string, values: readonly string[], indent = "  "): string {
  const line = `${name}(${values.join(", ")})`;
  return line.length <= 107
    ? line
    : `${name}(\n${values.map((value) => `${indent}  ${value},`).join("\n")}\n${indent})`;
}

/** The names of each module, both in order, as the formatter wants them. */
function byModule(places: readonly Place[]): [string, string[]][] {
  const modules = [...new Set(places.map(({ module }) => module))].sort();
  return modules.map((wanted) => [
    wanted,
    places
      .filter(({ module }) => module === wanted)
      .map(({ name }) => name)
      .sort(),
  ]);
}
