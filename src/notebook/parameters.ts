import type * as TypeScript from "@tslab/typescript-for-tslab";
import { type Declaration, declaredAhead } from "./ahead";
import type { Notebook, NotebookCell } from "./read";
import { kernelTypeScript, parseCell } from "./syntax";

/** What may be passed to a notebook: any JSON value. */
export type ParameterValue =
  | string
  | number
  | boolean
  | null
  | readonly ParameterValue[]
  | { readonly [key: string]: ParameterValue };

const tagsOf = (cell: NotebookCell): unknown[] =>
  Array.isArray(cell.metadata.tags) ? cell.metadata.tags : [];

/** Whether a cell holds values that a run put there, which are JSON. */
export const isInjected = (cell: NotebookCell): boolean => tagsOf(cell).includes("injected-parameters");

function kindOf(value: TypeScript.Expression | undefined, type: string): Declaration["kind"] {
  const ts = kernelTypeScript();
  if (type === "string" || type === "number" || type === "boolean") return type;
  if (value === undefined) return "other";
  if (ts.isAsExpression(value)) return kindOf(value.expression, "");
  if (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return "string";
  if (ts.isNumericLiteral(value)) return "number";
  if (ts.isPrefixUnaryExpression(value) && ts.isNumericLiteral(value.operand)) return "number";
  const isBoolean = value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword;
  return isBoolean ? "boolean" : "other";
}

function declarations(cell: NotebookCell): Map<string, Declaration> {
  return new Map(declaredAhead(cell.source) ?? declaredBy(cell));
}

/** What a cell tagged `parameters` declares. */
export function declaredBy(cell: NotebookCell): Map<string, Declaration> {
  const ts = kernelTypeScript();
  const found = new Map<string, Declaration>();
  for (const statement of parseCell(cell.source).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { flags, declarations: list } = statement.declarationList;
    const keyword = flags & ts.NodeFlags.Const ? "const" : flags & ts.NodeFlags.Let ? "let" : "var";
    for (const { name, type, initializer } of list) {
      if (!ts.isIdentifier(name)) continue;
      const cast =
        initializer && ts.isAsExpression(initializer) && !ts.isConstTypeReference(initializer.type)
          ? initializer.type
          : undefined;
      const written = (type ?? cast)?.getText() ?? "";
      found.set(name.text, { keyword, type: written, kind: kindOf(initializer, written) });
    }
  }
  return found;
}

/** The cell tagged `parameters`. */
export function parametersCell(notebook: Notebook): NotebookCell | undefined {
  return notebook.cells.find((cell) => cell.cell_type === "code" && tagsOf(cell).includes("parameters"));
}

/** Returns the names that a caller may set: those declared by the cell tagged `parameters`. */
export function parameterNames(notebook: Notebook): string[] {
  const cell = parametersCell(notebook);
  return cell ? [...declarations(cell).keys()] : [];
}

function checkKind(name: string, value: ParameterValue, kind: Declaration["kind"], given: string): void {
  if (kind === "other" || value === null || typeof value === kind) return;
  throw new TypeError(`runNotebook requires the parameter ${name} to be a ${kind}, got ${given}`);
}

function unknown(name: string, names: string[]): RangeError {
  const known = names.length === 0 ? "it has no cell tagged parameters" : `it has ${names.join(", ")}`;
  return new RangeError(
    `runNotebook requires parameters that the notebook declares, got ${JSON.stringify(name)}; ${known}`,
  );
}

/**
 * Reads parameters as typed on a command line, `name=value`, by the kind of the notebook's own default:
 * text stays as typed, a number or boolean must be valid, and anything else is read as JSON.
 *
 * Throws a RangeError for a name the notebook does not declare and a TypeError for a value of another kind.
 */
export function readParameters(notebook: Notebook, pairs: readonly string[]): Record<string, ParameterValue> {
  const cell = parametersCell(notebook);
  const known = cell ? declarations(cell) : new Map<string, Declaration>();
  const values: Record<string, ParameterValue> = {};
  for (const [name, text] of pairs.map(splitPair)) {
    const declaration = known.get(name);
    if (!declaration) throw unknown(name, [...known.keys()]);
    let value: ParameterValue = text;
    if (declaration.kind !== "string") {
      try {
        value = JSON.parse(text) as ParameterValue;
      } catch {
        // Not JSON, so it is meant as text.
      }
    }
    checkKind(name, value, declaration.kind, JSON.stringify(text));
    values[name] = value;
  }
  return values;
}

/** Splits `name=value` at its first equals sign; throws a RangeError if there is none. */
export function splitPair(pair: string): [name: string, value: string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new RangeError(`A parameter requires the form name=value, got ${JSON.stringify(pair)}`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function literal(name: string, value: ParameterValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined)
    throw new TypeError(
      `runNotebook requires parameters that JSON can hold, got a ${typeof value} for ${name}`,
    );
  return text;
}

/**
 * Replaces a notebook's defaults with values: a cell tagged `injected-parameters`
 * after the one tagged `parameters`, as papermill does. A cell injected before is replaced.
 *
 * Each value is declared again with the keyword and type of its default, so later cells compile as before.
 * Returns a new notebook. Throws a RangeError for a name the notebook does not declare.
 */
export function injectParameters(
  notebook: Notebook,
  parameters: Readonly<Record<string, ParameterValue>>,
): Notebook {
  const cells = notebook.cells.filter((cell) => !isInjected(cell));
  const names = Object.keys(parameters);
  const cell = parametersCell(notebook);
  if (names.length === 0) return { ...notebook, cells };
  const known = cell ? declarations(cell) : new Map<string, Declaration>();
  const lines = names.map((name) => {
    const declaration = known.get(name);
    if (!declaration) throw unknown(name, [...known.keys()]);
    const value = parameters[name]!;
    const text = literal(name, value);
    checkKind(name, value, declaration.kind, text);
    const type = declaration.type === "" ? "" : `: ${declaration.type}`;
    return `${declaration.keyword} ${name}${type} = ${text};`;
  });
  let id = "injected-parameters";
  while (cells.some((other) => other.id === id)) id += "-1";
  const injected: NotebookCell = {
    id,
    cell_type: "code",
    source: `// Parameters\n${lines.join("\n")}`,
    metadata: { tags: ["injected-parameters"] },
    outputs: [],
    execution_count: null,
  };
  cells.splice(cells.indexOf(cell!) + 1, 0, injected);
  return { ...notebook, cells };
}
