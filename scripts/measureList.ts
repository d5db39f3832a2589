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

const written = "// Written by npm run docs.";

/** The text of src/measures/all.ts, which the command line, explain and doctor read. */
export function measuresList(): string {
  const places = measurePlaces();
  const imports = byModule(places).map(
    ([module, names]) => `import { ${names.join(", ")} } from "./${module.slice("measures/".length)}";`,
  );
  return [
    written,
    ...imports,
    "",
    "/** Every measure, room by room. */",
    "export const all = [",
    ...places.map(({ name }) => `  ${name},`),
    "];",
    "",
  ].join("\n");
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
