import { commandOf, type Measure } from "./measure";
import { measures } from "./measures";

/** The table of measures in docs/measures.md. */
export function measuresDocument(all: readonly Measure[] = measures): string {
  const rows = all.map((one) => {
    const options = Object.keys(one.options ?? {}).map((name) => `\`--${name}\``);
    const command = `\`fieldnotes ${commandOf(one)}${one.of && one.value ? ` ${one.value}` : ""}\``;
    return `| ${[command, one.about, one.needs.join(", "), options.join(" ")].join(" | ")} |`;
  });
  return [
    "# Measures",
    "",
    "Written by `npm run docs` from the lists of measures in `src/measures/*/measures.ts`. Each command has `--help`, takes files",
    "instead of a store, and prints JSON with `--json`; in the library the measure is a function of the store and the same",
    "options. A measure needs columns of calls that are not empty (see [the tables](schema.md)), or a table; `fieldnotes doctor` says",
    "which of them a store has.",
    "",
    "| command | what it shows | needs | options of its own |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
