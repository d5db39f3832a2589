// How large an expression's result may be relative to its input, judged from its text alone, since the engine does
// not count the texts that functions make and cannot be stopped while it makes them.

import { type Guard, ofFunction, pathsOf, textOf } from "./functionGrowth";
import { asText, asType, larger, type Node, nodes, none, type Size, scaled, small } from "./sizes";

/** The most that an expression may make per letter that it reads, and from what it says itself, which is shorter. */
const most = { record: 100, fixed: 20_000 };

// The engine's plan repeats an argument of these several times, so nesting them makes plans without end.
const written: Record<string, number> = {
  nullif: 2,
  fmod: 2,
  split_part: 2,
  array_to_string: 2,
  round_even: 4,
};
export const longestPlan = 20_000;

/** How many parts a plan of the expression has. */
function planOf(node: unknown): number {
  if (Array.isArray(node)) return node.reduce((sum, one) => sum + planOf(one), 0);
  if (node === null || typeof node !== "object") return 0;
  const { class: kind, function_name: name } = node as Node;
  const times = kind === "BETWEEN" ? 2 : kind === "FUNCTION" ? (written[String(name).toLowerCase()] ?? 1) : 1;
  return 1 + times * Object.values(node).reduce((sum: number, one) => sum + planOf(one), 0);
}

/**
 * Checks how much an expression may make out of how little; `refuse` is called with what makes too much.
 *
 * @param tree the expression as the engine parses it
 * @param structures the types that its functions read JSON as
 */
export function checkGrowth(
  tree: unknown,
  structures: ReadonlyMap<unknown, unknown>,
  refuse: (found: string) => never,
): void {
  if (planOf(tree) > longestPlan)
    refuse(
      `${Object.keys(written).join("(), ")}() or between nested in each other, which are planned again and again`,
    );
  guardOf(structures, refuse, new Map()).of(tree);
}

function guardOf(
  structures: Guard["structures"],
  refuse: Guard["refuse"],
  element: ReadonlyMap<string, Size>,
): Guard {
  const guard: Guard = {
    structures,
    element,
    refuse,
    of: (part) => sizeOf(part as Node, guard),
    within: (other) => guardOf(structures, refuse, other),
    made(name, size) {
      if (element.size > 0 && size.record > 0)
        refuse(`${name} of a field inside a lambda, which computes it again for each element`);
      if (size.record + size.element > most.record || size.fixed > most.fixed)
        refuse(`${name}, whose result may be more than ${most.record} times its input`);
      return size;
    },
  };
  return guard;
}

/** An upper bound on the size of what a part of an expression returns. */
function sizeOf(node: Node, guard: Guard): Size {
  const { element, of, made } = guard;
  switch (node.class) {
    case "COLUMN_REF": {
      const [first] = node.column_names as string[];
      return element.get(first) ?? { ...none, record: 1 };
    }
    case "CONSTANT":
      return { ...none, fixed: textOf(node)?.length ?? small.fixed };
    case "COMPARISON":
    case "CONJUNCTION":
    case "BETWEEN":
      for (const side of ["left", "right", "input", "lower", "upper"])
        if (node[side] !== undefined) of(node[side]);
      nodes(node.children).forEach(of);
      return small;
    case "COLLATE":
      return of(node.child);
    // Where no function takes a lambda, an arrow reads JSON.
    case "LAMBDA":
      return made("->", scaled(of(node.lhs), pathsOf("->", node.expr as Node, of(node.expr), guard)));
    case "CASE": {
      const checks = nodes(node.case_checks);
      for (const { when_expr } of checks) of(when_expr);
      return [...checks.map(({ then_expr }) => then_expr), node.else_expr].map(of).reduce(larger, none);
    }
    case "OPERATOR": {
      const sizes = nodes(node.children).map(of);
      const type = String(node.type);
      if (/EXTRACT|SLICE/.test(type)) return sizes[0];
      return /COALESCE|TRY/.test(type) ? sizes.reduce(larger, none) : small;
    }
    case "CAST":
      return ofCast(node, guard);
    case "FUNCTION":
      return ofFunction(node, guard);
    default:
      return none;
  }
}

function ofCast({ cast_type, child }: Node, { of, made }: Guard): Size {
  const { id } = cast_type as { id: string };
  const size = of(child);
  if (/LIST|MAP|STRUCT/.test(id)) return made("a cast to records", asType(size, cast_type));
  const isText = id === "VARCHAR" || /json/i.test(JSON.stringify(cast_type));
  return isText ? made("a cast to text", asText(size, 1)) : small;
}
