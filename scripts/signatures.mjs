// Reads from the declarations of an entry what each function in it takes.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// The one TypeScript here whose compiler can be asked; it reads the same declarations in notebooks.
const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab");

/** For each entry, its functions with their signatures, as src/checkedCall.ts has them. */
export function signaturesOf(entries) {
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
  return entries.map((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
    const found = {};
    for (const exported of checker.getExportsOfModule(module)) {
      const { flags } = exported;
      const symbol = flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const [declaration] = symbol.declarations ?? [];
      if (!declaration) continue;
      if (ts.isFunctionDeclaration(declaration)) {
        const signature = checker.getSignatureFromDeclaration(declaration);
        found[exported.name] = signatureOf(checker, declaration.parameters, signature);
      } else if (
        ts.isVariableDeclaration(declaration) &&
        /\b(Measure|Decision)Function</.test(declaration.type?.getText())
      ) {
        // Its parameters are declared once for all of them; the types of their options are its own.
        const signature = checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures().at(-1);
        found[exported.name] = signatureOf(checker, signature.declaration.parameters, signature);
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
