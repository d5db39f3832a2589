// Reads from the declarations of the entries what each function in them takes, and which types they name.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// The one TypeScript here whose compiler can be asked; it reads the same declarations in notebooks.
const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab");

/** A compiler's checker, and the symbols that each entry exports. */
function exportsOf(entries) {
  const options = { noLib: false, lib: ["lib.es2020.d.ts"], types: [], skipLibCheck: true, strict: true };
  const host = ts.createCompilerHost(options);
  // Types of other packages are no options: what is relative is enough, and read in a tenth of the time.
  host.resolveModuleNames = (names, from) =>
    names.map((name) => {
      if (!name.startsWith(".")) return undefined;
      const path = join(dirname(from), name);
      const resolvedFileName = [`${path}.d.ts`, join(path, "index.d.ts")].find((one) =>
        ts.sys.fileExists(one),
      );
      return resolvedFileName && { resolvedFileName, extension: ".d.ts" };
    });
  const program = ts.createProgram(entries, options, host);
  const checker = program.getTypeChecker();
  const exported = entries.map((entry) =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))
      .map((one) => ({ name: one.name, symbol: declared(checker, one) })),
  );
  return { checker, exported };
}

/** The symbol behind an import or a re-export. */
const declared = (checker, symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** The types of measures and decisions, and that of their options, which the compiler spells out. */
const defined = /^(MeasureFunction|DecisionFunction|GivenTo)$/;

/**
 * The types that public declarations name although no entry exports them, each as "module: type, named by function".
 * A type that its own module keeps for itself is a part of what that module exports.
 */
export function hiddenTypes(entries) {
  const { checker, exported } = exportsOf(entries);
  const all = exported.flat();
  const known = new Set(all.map(({ symbol }) => symbol));
  const hidden = new Map();
  const visit = (node, by) => {
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node) || ts.isImportTypeNode(node)) {
      const name = node.typeName ?? node.expression ?? node.qualifier;
      // A measure or a decision is a function to its callers, whom only what it returns concerns.
      if (defined.test(name?.getText())) {
        for (const one of node.typeArguments.slice(1)) visit(one, by);
        return;
      }
      const given = name && checker.getSymbolAtLocation(name);
      const symbol = given && declared(checker, given);
      const { fileName } = symbol?.declarations?.[0]?.getSourceFile() ?? {};
      if (fileName?.endsWith(".d.ts") && isOfModule(checker, symbol) && !known.has(symbol)) {
        known.add(symbol);
        hidden.set(symbol, `${fileName}: ${symbol.name}, named by ${by}`);
      }
    }
    ts.forEachChild(node, (child) => visit(child, by));
  };
  for (const { name, symbol } of all) for (const one of symbol.declarations ?? []) visit(one, name);
  return [...hidden.values()].sort();
}

/** Whether a symbol is exported by its module of this package. */
function isOfModule(checker, { name, declarations: [first] }) {
  const module = checker.getSymbolAtLocation(first.getSourceFile());
  return module !== undefined && checker.tryGetMemberInModuleExports(name, module) !== undefined;
}

/** For each entry, its functions with their signatures, as src/checkedCall.ts has them. */
export function signaturesOf(entries) {
  const { checker, exported } = exportsOf(entries);
  return exported.map((names) => {
    const found = {};
    for (const { name, symbol } of names) {
      const [declaration] = symbol.declarations ?? [];
      if (!declaration) continue;
      if (ts.isFunctionDeclaration(declaration)) {
        const signature = checker.getSignatureFromDeclaration(declaration);
        found[name] = signatureOf(checker, declaration.parameters, signature);
      } else if (
        ts.isVariableDeclaration(declaration) &&
        /\b(Measure|Decision)Function<|Measure$/.test(declaration.type?.getText())
      ) {
        // Its parameters are declared once for all of them; the types of their options are its own.
        const signature = checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures().at(-1);
        found[name] = signatureOf(checker, signature.declaration.parameters, signature);
      }
    }
    return found;
  });
}

function signatureOf(checker, parameters, signature) {
  const last = parameters.at(-1);
  const type = last && checker.getTypeOfSymbolAtLocation(signature.parameters.at(-1), last);
  const options = last && optionsOf(checker, last, type, parameters.length - 1);
  const returned = checker.getReturnTypeOfSignature(signature);
  return {
    parameters: parameters.map((one, at) => {
      if (options && one === last) return "options";
      return ts.isIdentifier(one.name) ? one.name.text : lowered(one.type?.getText() ?? `argument${at + 1}`);
    }),
    required: parameters.filter((one) => !one.questionToken && !one.dotDotDotToken).length,
    ...(options && { options }),
    ...(last?.dotDotDotToken && { rest: true }),
    ...(returned.symbol?.name === "Promise" && { promise: true }),
  };
}

const lowered = (type) => type.replace(/^\w/, (letter) => letter.toLowerCase()).replace(/\W.*$/s, "");

/** The options of a last parameter, or nothing where that is data. */
function optionsOf(checker, parameter, given, at) {
  const type = checker.getNonNullableType(given);
  const named = ts.isIdentifier(parameter.name) && parameter.name.text === "options";
  // What comes first is what a function is about, even where it is taken apart.
  const apart = at > 0 && ts.isObjectBindingPattern(parameter.name);
  const parts = type.isUnion() ? type.types : [type];
  const isObject = parts.every(
    (one) =>
      one.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) &&
      one.getCallSignatures().length === 0 &&
      !checker.isArrayLikeType(one) &&
      !checker.getIndexInfoOfType(one, ts.IndexKind.String),
  );
  if (!isObject || parameter.dotDotDotToken || !(named || apart || parameter.questionToken)) return;
  const properties = parts.flatMap((one) => one.getProperties());
  if (properties.length === 0) return;
  return Object.fromEntries(
    properties.map((one) => [one.name, kindOf(checker, checker.getTypeOfSymbolAtLocation(one, parameter))]),
  );
}

function kindOf(checker, given) {
  const type = checker.getNonNullableType(given);
  const parts = type.isUnion() ? type.types : [type];
  for (const [kind, flag] of [
    ["number", ts.TypeFlags.NumberLike],
    ["string", ts.TypeFlags.StringLike],
    ["boolean", ts.TypeFlags.BooleanLike],
  ])
    if (parts.every((one) => one.flags & flag)) return kind;
  return parts.every((one) => checker.isArrayType(one)) ? "list" : "";
}
