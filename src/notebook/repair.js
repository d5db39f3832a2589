"use strict";
// Rewrites cells into equivalent ones that tslab does not get wrong.
//
// tslab puts `exports.` before each name that an earlier cell declared: also before a property's name, so that `const {
// rows: r } = table` reads `{ exports, rows: r }`, but not before the one in `{ p95 }`, which is then not found. It
// leaves a property's name alone if it is a string, with the value beside it. Plain JavaScript, since Jupyter starts it
// without a build.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { latest, ts } = require("./programs.js");
const converter = require("tslab/dist/converter.js");

/** The cell with its properties' names as strings: `{ "rows": r }`, `{ "p95": p95 }`. */
function repaired(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const edits = [];
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node)) {
      edits.push({ at: node.name.getStart(), length: 0, text: `"${node.name.text}": ` });
    } else if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
      const { propertyName: name } = node;
      edits.push({ at: name.getStart(), length: name.getWidth(), text: `"${name.text}"` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  // From the end backwards, so that earlier positions stay valid.
  return edits
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, length, text: put }) => text.slice(0, at) + put + text.slice(at + length), source);
}

/** TypeScript's error for a module imported like this: its types cannot be declared for the next cell. */
const UNNAMED = 4023;
const imported = /\b(?:const|let|var)\s+(\w+)\s*=\s*await\s+import\((["'][^"']+["'])\)/;

/** TypeScript's error for a name that a module does not export. */
const NOT_EXPORTED = 2305;
const notExported = /"fieldnotes(?:\/\w+)?"' has no exported member '(\w+)'/;
const { exports: rooms } = require("../../package.json");

/** The diagnostic with the room of the package that exports the name, if one does. */
function withRoom(diagnostic) {
  const [, name] = (diagnostic.code === NOT_EXPORTED && notExported.exec(diagnostic.messageText)) || [];
  if (name === undefined) return diagnostic;
  const room = Object.entries(rooms).find(
    ([, { types }]) =>
      types !== undefined &&
      new RegExp(`\\b${name}\\b`).test(readFileSync(join(__dirname, "..", "..", types), "utf8")),
  );
  if (room === undefined) return diagnostic;
  const from = `fieldnotes${room[0].slice(1)}`;
  return { ...diagnostic, messageText: `${name} is in another module: import { ${name} } from "${from}"` };
}

/** Adds what to write instead, if the compiler only says what is wrong. */
function advised(found, source) {
  const converted = { ...found, diagnostics: found.diagnostics.map(withRoom) };
  const [, name, module] = imported.exec(source) ?? [];
  const at = converted.diagnostics.findIndex(({ code }) => code === UNNAMED);
  if (module === undefined || at < 0) return converted;
  const messageText = `a later cell could not know the types of ${name}; write: import * as ${name} from ${module}`;
  const others = converted.diagnostics.filter(({ code }) => code !== UNNAMED);
  return { ...converted, diagnostics: [{ ...converted.diagnostics[at], messageText }, ...others] };
}

/** What tslab puts before a cell to compile it. */
const PREFIX = "export {};\n".length;

/** The signature of the call that a place is in, in the form of what tslab tells of a name. */
function signatureInfo(position) {
  const found = latest()?.signaturesAt(position + PREFIX);
  if (found === undefined) return undefined;
  const { prefixDisplayParts, parameters, separatorDisplayParts, suffixDisplayParts, documentation, tags } =
    found.items[found.selectedItemIndex ?? 0];
  const displayParts = [
    ...prefixDisplayParts,
    ...parameters.flatMap((one, at) => [...(at > 0 ? separatorDisplayParts : []), ...one.displayParts]),
    ...suffixDisplayParts,
  ];
  return { displayParts, documentation, tags };
}

const { createConverter } = converter;
converter.createConverter = (options) => {
  const made = createConverter(options);
  // Undefined if tslab was loaded before this: it then compiles with TypeScript's own watch mode.
  const isOutdated = latest()?.isOutdated;
  const convert = (declarations, source) => {
    const converted = made.convert(declarations, repaired(source));
    // Errors are reported at their positions in the cell as written.
    return converted.diagnostics.length > 0 ? advised(made.convert(declarations, source), source) : converted;
  };
  const inspect = (declarations, source, position) =>
    made.inspect(declarations, source, position) ?? signatureInfo(position);
  return { ...made, convert, inspect, isOutdated };
};

module.exports = { ts };
