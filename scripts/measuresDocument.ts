import { commandOf, flagOf, type Measure } from "../src/measures/measure";
import { measures } from "../src/measures/measures";

/** The table of measures in docs/measures.md. */
export function measuresDocument(all: readonly Measure[] = measures): string {
  const rows = all.map((one) => {
    const options = Object.keys(one.options ?? {}).map((name) => `\`${flagOf(name)}\``);
    const command = `\`fieldnotes ${commandOf(one)}${one.of && one.value ? ` ${one.value}` : ""}\``;
    return `| ${[command, one.about, one.needs.join(", "), options.join(" "), (one.columns ?? []).join(" ")].join(" | ")} |`;
  });
  return [
    "# Measures",
    "",
    "Written by `npm run docs` from the definitions in `src/measures`; `fieldnotes help WORD` looks for any word of this page. A",
    "command, and each view of it (`latency --exposure`), has `--help`, takes files instead of a store, and prints JSON with",
    "`--json`. In the library it is a function of the store and the same options, in JSON a table, and both are called as the",
    "command is: `latency --by-outcome` is `latencyByOutcome` and `latency by outcome`. A measure needs columns of calls that are",
    "not empty (see [the tables](schema.md)), or a table; `fieldnotes doctor` says which of them a store has.",
    "",
    "In JSON a number has its `value`, the ends `low` and `high` at confidence `level`, `n` and `clusters`. What to know before you",
    "rely on it is its `note`, and the same as data in `reservations`: each has an `id` (`few.quantile`: too few values for this",
    "quantile), the `side` that it is about (`low`, `high` or `both`), `decides` (false if no verdict may rest on that side) and the",
    "`numbers` of its sentence. The ids begin with `none.` where there is no value or no end, `few.` for too few values, `left-out.`",
    "for what is not in the number, `method.` for how it was made.",
    "",
    "| command | what it shows | needs | options of its own | columns |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
