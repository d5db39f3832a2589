// The API reference: what each entry of the package exports, from the docstrings.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Decision } from "../src/decide/define";
import type { FunctionOf } from "../src/measures/define";
import type { Measure, MeasureOption, OptionTable, Words } from "../src/measures/measure";
import { sharedNames } from "../src/measures/options";

const source = join(__dirname, "..", "src");

/** The pages of the reference, one for each entry of the package, and what it is about. */
const abouts: Record<string, string> = {
  fieldnotes:
    "what a first hour needs: stores, logs, the main measures and decisions, figures, reports, notebooks",
  measures: "the questions that a log answers, each a function of a store that returns a table",
  decide: "which model to take, whether a change changed anything, and what would settle it",
  charts: "estimates to figures",
  stats: "the estimators, on numbers of your own",
  explore: "the calls behind a row, one task step by step, what columns hold, danfo frames",
  evalset: "a private eval set, drawn from the logs",
  demo: "the made-up company whose truth is known",
  engines: "calls that stay on another engine",
};

/** The names of the pages. */
export const pages = Object.keys(abouts);

const entryOfPage = (page: string) =>
  page === "fieldnotes"
    ? { index: "index", from: page }
    : { index: `${page}/index`, from: `fieldnotes/${page}` };

interface Name {
  name: string;
  file: string;
  isType: boolean;
}

interface Section {
  title: string;
  names: Name[];
}

/** The page that tells about a name: its room's, where an index repeats one of a room. */
function pageOf({ file }: Name): string {
  const [room, ...path] = relative(source, file).split(sep);
  return path.join() === "index.ts" && pages.includes(room) ? `${room}.md` : "";
}

/** The page of one entry. */
export function apiDocument(page: string): string {
  const about = abouts[page];
  const { index, from } = entryOfPage(page);
  const lines = [
    `# ${from}`,
    "",
    `${about[0].toUpperCase()}${about.slice(1)}. Written by \`npm run docs\` from the docstrings; the examples are run by the tests. Options are checked: a`,
    "function refuses one that it does not have, and names those it has, so that a slip never goes unseen. What several",
    "functions are to share (`by`, `where`, `cluster`, `level`, `seed`) goes into one object, what is one function's own beside it:",
    "`consistency(store, { ...shared, k: [1, 4] })`.",
    "",
  ];
  for (const { title, names } of sectionsOf(index))
    lines.push(
      `- ${title}: ${names.map((one) => `[${one.name}](${pageOf(one)}#${one.name.toLowerCase()})`).join(", ")}`,
    );
  lines.push("");
  for (const { title, names } of sectionsOf(index)) {
    const own = names.filter((one) => pageOf(one) === "");
    if (own.length === 0) continue;
    const found = own.map((one) => ({ ...one, declared: declarationOf(one.name, one.file) }));
    lines.push(`## ${title}`, "");
    // Functions come before the types that they take and return.
    for (const { name, file, isType, declared } of [...found].sort(
      (a, b) => Number(a.isType) - Number(b.isType),
    ))
      lines.push(...entryOf(name, isType, asDefined(name, file, declared)));
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** An index's exports, under the comments that divide it. */
function sectionsOf(index: string): Section[] {
  const text = readFileSync(join(source, `${index}.ts`), "utf8");
  const folder = dirname(join(source, index));
  const sections: Section[] = [];
  const part = /^\/\/ ([a-z ]+): (.*)$|export (type )?\{([^}]*)\} from "([^"]+)"/gm;
  for (const [, word, said, allTypes, list, path] of text.matchAll(part)) {
    if (word !== undefined)
      sections.push({ title: `${word[0].toUpperCase()}${word.slice(1)}: ${said}`, names: [] });
    if (list === undefined) continue;
    if (sections.length === 0) sections.push({ title: "All of it", names: [] });
    const file = [join(folder, `${path}.ts`), join(folder, path, "index.ts")].find((one) =>
      existsSync(one),
    ) as string;
    for (const given of list
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean))
      sections.at(-1)?.names.push({
        name: given.replace(/^type /, ""),
        file,
        isType: allTypes !== undefined || given.startsWith("type "),
      });
  }
  return sections.filter(({ names }) => names.length > 0);
}

interface Declared {
  /** The docstring without its asterisks. */
  comment: string;
  /** The declaration without its body. */
  text: string;
}

/** A name's docstring and declaration; for a re-export, from the file that declares it. */
function declarationOf(name: string, file: string): Declared {
  const text = readFileSync(file, "utf8");
  const found = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*)?^export (?:async )?(?:function\\*?|const|interface|type|class) ${name}\\b`,
    "m",
  ).exec(text);
  if (found === null) {
    const passed = [...text.matchAll(/export (?:type )?\{([^}]*)\} from "([^"]+)"/g)].find(([, list]) =>
      new RegExp(`\\b${name}\\b`).test(list),
    );
    if (passed === undefined) throw new Error(`no declaration of ${name} in ${file}`);
    return declarationOf(name, `${join(dirname(file), passed[2])}.ts`);
  }
  const at = found.index + found[0].lastIndexOf("export ");
  const comment = (found[1] ?? "").replace(/^\s*\* ?/gm, "").trim();
  return { comment, text: headOf(text.slice(at + "export ".length)) };
}

/** The declaration of a measure or a decision as that of the function it is, with its options as parameters. */
function asDefined(name: string, file: string, { comment, text }: Declared): Declared {
  const defined = new RegExp(`export const ${name}\\b[^;{]*= define(?:Measure|Decision)\\(\\{`);
  const rest = readFileSync(file, "utf8").split(defined)[1];
  if (rest === undefined) return { comment, text };
  const {
    options,
    command,
    entries: [entry] = [],
  } = require(file)[name] as FunctionOf<OptionTable, unknown> & {
    command?: Decision;
    entries?: readonly Measure[];
  };
  const words: Words = command?.words ?? entry?.words ?? {};
  const own = Object.entries(options);
  const fields = own.map(([option, { required }]) => `${option}${required ? "" : "?"}`).join(", ");
  const isNeeded = own.some(([, { required }]) => required);
  const without = sharedNames.filter((option) => words[option] === false);
  const kept = sharedNames.filter((option) => !without.includes(option));
  const named = (options: readonly string[]) => options.map((option) => `"${option}"`).join(" | ");
  const ofAll =
    without.length === 0
      ? "MeasureOptions"
      : without.length < kept.length
        ? `Omit<MeasureOptions, ${named(without)}>`
        : `Pick<MeasureOptions, ${named(kept)}>`;
  const type = own.length === 0 ? ofAll : `${ofAll} & { ${fields} }`;
  const row = /Promise<(?:Result|Table)<(\w+)/.exec(rest)?.[1] ?? "Row";
  const [whole] = rest.split(/^\}\);$/m);
  const returned = /\b(?:decide|compose)\([^)]*\): Promise<([^<>]+)>/.exec(whole)?.[1] ?? `Table<${row}>`;
  const shared = Object.entries(words)
    .filter(([, about]) => about !== false)
    .map(([option, about]) => [option, String(about).replace(/--(?=\w)/g, "")]);
  const params = [...own.map(([option, described]) => [option, describedAs(described)]), ...shared]
    .map(([option, about]) => `@param ${option} ${about}\n`)
    .join("");
  const tags = comment.search(/^@/m);
  return {
    comment: `${comment.slice(0, tags)}${params}${comment.slice(tags)}`,
    text: `function ${name}(store: Store, options${isNeeded ? "" : "?"}: ${type}): Promise<${returned}>`,
  };
}

/** What a caller may give for an option. */
function describedAs({ about, as, choices, value, check, default: preset }: MeasureOption): string {
  const types = {
    number: "a number",
    whole: "a whole number",
    numbers: "a list of numbers",
    names: "a text with commas or a list",
    cluster: "a unit",
  };
  const words =
    choices?.map((choice) => JSON.stringify(choice)).join(", ") ?? (value || check ? "" : "true or false");
  const shown = preset === undefined || /default/.test(about) ? "" : `default ${JSON.stringify(preset)}`;
  // The command line's dashes are no part of a name.
  return [about.replace(/--(?=\w)/g, ""), as ? types[as] : words, shown]
    .filter((part) => part !== "")
    .join("; ");
}

/** A declaration up to its body; for a type, all of it. */
function headOf(text: string): string {
  const isType = /^(interface|type)/.test(text);
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (
      one === "{" &&
      depth === 0 &&
      !isType &&
      /^(async )?function/.test(text) &&
      /[)>\w\]"}] $/.test(text.slice(0, at)) &&
      !/(: | \| |& |=> )$/.test(text.slice(0, at))
    )
      return text.slice(0, at).trim();
    if ("([{".includes(one)) depth++;
    if (")]}".includes(one)) {
      depth--;
      if (depth === 0 && one === "}" && /^interface/.test(text)) return text.slice(0, at + 1);
    }
    if (depth === 0 && one === ";") return text.slice(0, at);
    if (depth === 0 && /^const/.test(text) && text.startsWith(" =", at)) return text.slice(0, at);
  }
  return text;
}

function entryOf(name: string, isType: boolean, { comment, text }: Declared): string[] {
  const [about, ...tagged] = comment.split(/^(?=@\w)/m);
  const code = text.replace(/^(async )?function\*? /, "").replace(/\n{2,}/g, "\n");
  const lines = [
    `### ${name}`,
    "",
    ...(about.trim() === "" ? [] : [about.trim(), ""]),
    "```ts",
    code,
    "```",
    "",
  ];
  if (isType) return lines;
  const pieces = tagged.map((one) => /^@(\w+)\s?([\s\S]*)$/.exec(one) as RegExpExecArray);
  const said = (tag: string) => pieces.filter(([, name]) => name === tag).map(([, , one]) => one.trim());
  for (const one of said("param"))
    lines.push(`- \`${one.replace(/^(\S+)\s*-?\s*/, "$1`: ")}`.replace(/\s*\n\s*/g, " "));
  if (said("param").length > 0) lines.push("");
  for (const [tag, word] of [
    ["returns", "Returns"],
    ["throws", "Throws"],
    ["remarks", ""],
  ])
    for (const one of said(tag))
      lines.push(
        `${word === "" ? "" : `${word} `}${one.replace(/\s*\n\s*/g, " ")}${/[.!?]$/.test(one) ? "" : "."}`,
        "",
      );
  for (const one of said("example")) lines.push("```ts", one, "```", "");
  return lines;
}
