import { quoteName } from "./quote";

type Node = Record<string, unknown>;

/**
 * The functions that read JSON by a structure, written as JSON, each with the SQL type that its structure stands for.
 *
 * @param tree the expression as the engine parses it
 * @param refuse called with what a structure may not be
 */
export function structuresOf(tree: unknown, refuse: (found: string) => never): Map<Node, string> {
  const found = new Map<Node, string>();
  const search = (node: unknown) => {
    if (node === null || typeof node !== "object") return;
    for (const child of Object.values(node)) search(child);
    const { class: kind, function_name, children } = node as Node;
    if (kind !== "FUNCTION" || !/^(from_json|json_transform)/i.test(String(function_name))) return;
    const [, structure] = (children ?? []) as Node[];
    const { value } = (structure?.value ?? {}) as { value?: unknown };
    if (structure?.class !== "CONSTANT" || typeof value !== "string")
      refuse(`${function_name}() of a structure that is not written out as a text`);
    found.set(node as Node, typeOf(parsed(value as string, String(function_name), refuse)));
  };
  search(tree);
  return found;
}

function parsed(text: string, name: string, refuse: (found: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(`${name}() of a structure that is not JSON`);
  }
}

function typeOf(structure: unknown): string {
  if (typeof structure === "string") return structure;
  if (Array.isArray(structure)) return `${structure.length === 1 ? typeOf(structure[0]) : "json"}[]`;
  if (structure === null || typeof structure !== "object") return "json";
  const fields = Object.entries(structure).map(([name, type]) => `${quoteName(name)} ${typeOf(type)}`);
  return fields.length === 0 ? "json" : `struct(${fields.join(", ")})`;
}
