// How large an expression's result may be relative to its input, judged from its text alone, since the engine does
// not count the texts that functions make and cannot be stopped while it makes them.

import { added, asText, asType, larger, type Node, nodes, none, type Size, scaled, small } from "./sizes";

/** The most that an expression may make per letter that it reads, and from what it says itself, which is shorter. */
const most = { record: 100, fixed: 20_000 };

const lambdas = /^((list|array)_)?(transform|apply|filter)$/;
const filters = /filter$/;

// What returns a number, a time or a boolean, however long its input is. A plus also joins lists.
const ofFixedSize =
  /^((?!\+|\|\||->>?$)\W{1,3}|abs|ceil.*|floor|round.*|even|trunc|sign|sqrt|cbrt|exp|ln|log\d*|pow|power|f?mod|fdiv|divide|is(nan|inf|finite)|(bit|list|array)_(count|bool_and|bool_or|avg|unique|position|indexof|length|contains|has.*)|array_has.*|list_has.*|xor|radians|degrees|pi|a?(sin|cos|tan)|atan2|len|strlen|(char|character|octet)?_?length|instr|strpos|position|contains|starts_with|ends_with|prefix|suffix|regexp_(matches|full_match)|ascii|chr|unicode|ord|.*like_escape|md5|sha\d+|hash|typeof|date_?(part|trunc|diff|sub|add)|age|last_day|year|month|day|hour|minute|(milli|micro|nano)?second|quarter|week.*|yearweek|iso.*|day(of.*|name)|monthname|century|decade|era|epoch.*|make_.*|to_(timestamp|(micro|milli)?seconds|minutes|hours|days|weeks|months|quarters|years)|timezone|(try_)?strptime|time_bucket|json_(contains|valid)|struct_contains|map_contains|cardinality)$/;
// What writes one character as several: a byte as two digits, a control character in JSON as six.
const writes: Record<string, number> = {
  hex: 2,
  encode: 4,
  unhex: 4,
  from_base64: 4,
  url_encode: 3,
  json_structure: 9,
  strip_accents: 3,
  base64: 2,
  to_base64: 2,
  regexp_escape: 2,
  nfc_normalize: 3,
  lower: 3,
  upper: 3,
  lcase: 3,
  ucase: 3,
  translate: 4,
  strftime: 15,
  json_quote: 6,
  to_json: 6,
  json_object: 6,
  json_array: 6,
  array_to_json: 6,
  row_to_json: 6,
};
const keepsNames =
  /^((list|array|struct|map)_(?!to_string|string_agg).*|row|map|flatten|element_at|json_transform.*|from_json.*|filter|apply)$/;

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
  const sizeOf = (node: Node, element: ReadonlyMap<string, Size>): Size => {
    const inLambda = element.size > 0;
    const of = (child: unknown) => sizeOf(child as Node, element);
    const made = (name: string, size: Size): Size => {
      if (inLambda && size.record > 0)
        refuse(`${name} of a field inside a lambda, which computes it again for each element`);
      if (size.record + size.element > most.record || size.fixed > most.fixed)
        refuse(`${name}, whose result may be more than ${most.record} times its input`);
      return size;
    };
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
        for (const child of [
          node.left,
          node.right,
          node.input,
          node.lower,
          node.upper,
          ...nodes(node.children),
        ])
          if (child !== undefined) of(child);
        return small;
      case "COLLATE":
        return of(node.child);
      // Where no function takes a lambda, an arrow reads JSON.
      case "LAMBDA":
        return made("->", scaled(of(node.lhs), pathsOf("->", node.expr as Node, of(node.expr))));
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
      case "CAST": {
        const { id } = node.cast_type as { id: string };
        const child = of(node.child);
        if (/LIST|MAP|STRUCT/.test(id)) return made("a cast to records", asType(child, node.cast_type));
        const isText = id === "VARCHAR" || /json/i.test(JSON.stringify(node.cast_type));
        return isText ? made("a cast to text", asText(child, 1)) : small;
      }
      case "FUNCTION":
        return ofFunction(node, of, made, element);
      default:
        return none;
    }
  };

  const ofFunction = (
    node: Node,
    of: (child: unknown) => Size,
    made: (name: string, size: Size) => Size,
    element: ReadonlyMap<string, Size>,
  ): Size => {
    const name = String(node.function_name).toLowerCase();
    const children = nodes(node.children);
    if (lambdas.test(name)) {
      const [list, lambda] = children;
      const elements = of(list);
      if (lambda?.class !== "LAMBDA") return elements;
      if (element.size > 0) refuse("a lambda inside another");
      const [first, ...rest] = parametersOf(lambda.lhs as Node);
      const own = new Map([[first, { ...none, element: 1 }], ...rest.map((one) => [one, small] as const)]);
      const body = sizeOf(lambda.expr as Node, own);
      if (filters.test(name)) return elements;
      if (body.record > 0) refuse("a field as a lambda's result, which copies it for each element");
      const times = body.element + body.fixed;
      const names = body.names + elements.names;
      return made(`${name}()`, { ...scaled(elements, Math.max(1, times)), names });
    }
    const sizes = children.map(of);
    if (ofFixedSize.test(name)) return small;
    const [first = none, second = none, third = none] = sizes;
    const shown = /^\W/.test(name) ? name : `${name}()`;
    if (name === "regexp_extract") {
      const groups = isListed(children[2]) ? nodes(children[2].children).length : third.fixed;
      return made(
        shown,
        scaled(added(first, second), children[2]?.class === "CONSTANT" ? 1 : Math.max(1, groups)),
      );
    }
    if (/_(extract|element|value)$|^element_at$/.test(name) && !/^json|^list_value/.test(name)) return first;
    if (name === "struct_pack" || name === "struct_insert" || name === "map") {
      const own = children.reduce((sum, { alias }) => sum + String(alias ?? "").length, 0);
      const both = sizes.reduce(added, none);
      return made(shown, { ...both, names: both.names + own });
    }
    if (name === "replace") return made(shown, times(first, third, textOf(children[1])?.length));
    if (name === "regexp_replace") {
      const text = textOf(children[2]);
      if (children.length > 3 || text === undefined) return made(shown, times(first, third));
      const again = Math.max(1, text.split("\\").length - 1);
      return made(shown, added(scaled(first, again), third));
    }
    if (name === "array_to_string" || name === "list_string_agg")
      return made(shown, added(asText(first, 1), times(first, second)));
    if (name === "concat_ws") {
      const all = sizes.slice(1).map((one) => asText(one, 1));
      return made(shown, added(all.reduce(added, none), scaled(first, Math.max(1, sizes.length - 1))));
    }
    if (/^json_(extract.*|keys|value|array_length|exists|type)$|^->>?$/.test(name)) {
      const paths = pathsOf(shown, children[1], second);
      if (paths === 1 && /_(array_length|exists|type)$/.test(name)) return small;
      return made(shown, scaled(first, paths));
    }
    if (structures.has(node)) return made(shown, asType(first, structures.get(node)));
    const all = sizes.reduce(added, none);
    if (keepsNames.test(name)) return made(shown, all);
    return made(shown, asText(all, writes[name] ?? 1));
  };
  /** How many paths a function of JSON gets: one that is not written out may match at every level. */
  const pathsOf = (shown: string, path: Node | undefined, size: Size): number => {
    const isNumber = size === small && /^(CAST|FUNCTION)$/.test(String(path?.class));
    if (path === undefined || isNumber) return 1;
    const paths = isListed(path) ? nodes(path.children) : [path];
    for (const one of paths) {
      if (one.class !== "CONSTANT")
        refuse(`${shown} of a path that is calculated, which may match at every level`);
      if (textOf(one)?.includes("..")) refuse(`${shown} of a path with "..", which matches at every level`);
    }
    return Math.max(1, paths.length);
  };
  sizeOf(tree as Node, new Map());
}

/** True for a list whose elements are written out. */
const isListed = (node: Node | undefined): node is Node =>
  /^list_(value|pack)$/i.test(String(node?.function_name));

// A text with each match replaced by another text: as long as the product of both, unless one is a constant.
function times(text: Size, by: Size, length = 1): Size {
  const isConstant = by.record === 0 && by.element === 0;
  return isConstant
    ? added(scaled(text, Math.max(1, by.fixed / Math.max(1, length))), { ...none, fixed: by.fixed })
    : { ...none, record: text.record + text.element > 0 ? Number.POSITIVE_INFINITY : by.record * text.fixed };
}

function textOf(node: Node | undefined): string | undefined {
  if (node?.class !== "CONSTANT") return undefined;
  const { value } = node.value as { value: unknown };
  return typeof value === "string" ? value : undefined;
}

function parametersOf(left: Node): string[] {
  const list = left.class === "COLUMN_REF" ? [left] : nodes(left.children);
  return list.map(({ column_names }) => (column_names as string[])[0]);
}
