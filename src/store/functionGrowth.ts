// How large the result of a function may be relative to its arguments.

import { added, asText, asType, type Node, nodes, none, type Size, scaled, small } from "./sizes";

/** What the parts of an expression are judged by. */
export interface Guard {
  /** The types that functions read JSON as. */
  structures: ReadonlyMap<unknown, unknown>;
  /** What the parameters of the lambda stand for that the part is in; empty outside of one. */
  element: ReadonlyMap<string, Size>;
  of(part: unknown): Size;
  within(element: ReadonlyMap<string, Size>): Guard;
  /** The size, unless what makes it makes too much. */
  made(name: string, size: Size): Size;
  refuse(found: string): never;
}

const lambdas = /^((list|array)_)?(transform|apply|filter)$/;
const filters = /filter$/;

// Functions that return a number, a time or a boolean, however long their input is. A plus also joins lists.
const ofFixedSize: Record<string, RegExp> = {
  operators: /^(?!\+|\|\||->>?$)\W{1,3}$/,
  calculations:
    /^(abs|ceil.*|floor|round.*|even|trunc|sign|sqrt|cbrt|exp|ln|log\d*|pow|power|f?mod|fdiv|divide|is(nan|inf|finite))$/,
  angles: /^(xor|radians|degrees|pi|a?(sin|cos|tan)|atan2)$/,
  lists:
    /^((bit|list|array)_(count|bool_and|bool_or|avg|unique|position|indexof|length|contains|has.*)|array_has.*|list_has.*|struct_contains|map_contains|cardinality)$/,
  positions: /^(len|strlen|(char|character|octet)?_?length|instr|strpos|position)$/,
  tests:
    /^(contains|starts_with|ends_with|prefix|suffix|regexp_(matches|full_match)|.*like_escape|json_(contains|valid))$/,
  letters: /^(ascii|chr|unicode|ord|md5|sha\d+|hash|typeof)$/,
  parts_of_dates:
    /^(date_?(part|trunc|diff|sub|add)|age|last_day|year|month|day|hour|minute|(milli|micro|nano)?second|quarter|week.*|yearweek|iso.*|day(of.*|name)|monthname|century|decade|era|epoch.*)$/,
  made_times:
    /^(make_.*|to_(timestamp|(micro|milli)?seconds|minutes|hours|days|weeks|months|quarters|years)|timezone|(try_)?strptime|time_bucket)$/,
};

/** True for a function whose result is of one size, however long its input is. */
export const isOfFixedSize = (name: string): boolean =>
  Object.values(ofFixedSize).some((kind) => kind.test(name));

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

/** The size of what a function returns. */
export function ofFunction(node: Node, guard: Guard): Size {
  const { made } = guard;
  const name = String(node.function_name).toLowerCase();
  const children = nodes(node.children);
  if (lambdas.test(name)) return ofLambda(name, children, guard);
  const sizes = children.map(guard.of);
  if (isOfFixedSize(name)) return small;
  const [first = none, second = none] = sizes;
  const shown = /^\W/.test(name) ? name : `${name}()`;
  if (name === "regexp_extract") return made(shown, ofGroups(children[2], sizes));
  if (/_(extract|element|value)$|^element_at$/.test(name) && !/^json|^list_value/.test(name)) return first;
  const all = sizes.reduce(added, none);
  if (name === "struct_pack" || name === "struct_insert" || name === "map") {
    const own = children.reduce((sum, { alias }) => sum + String(alias ?? "").length, 0);
    return made(shown, { ...all, names: all.names + own });
  }
  const joined = ofJoined(name, children, sizes);
  if (joined !== undefined) return made(shown, joined);
  if (/^json_(extract.*|keys|value|array_length|exists|type)$|^->>?$/.test(name)) {
    const paths = pathsOf(shown, children[1], second, guard);
    if (paths === 1 && /_(array_length|exists|type)$/.test(name)) return small;
    return made(shown, scaled(first, paths));
  }
  if (guard.structures.has(node)) return made(shown, asType(first, guard.structures.get(node)));
  return made(shown, keepsNames.test(name) ? all : asText(all, writes[name] ?? 1));
}

/** The size of a list that a lambda makes or filters. */
function ofLambda(name: string, [list, lambda]: Node[], { element, of, within, made, refuse }: Guard): Size {
  const elements = of(list);
  if (lambda?.class !== "LAMBDA") return elements;
  if (element.size > 0) refuse("a lambda inside another");
  const [first, ...rest] = parametersOf(lambda.lhs as Node);
  const parameters = new Map([[first, { ...none, element: 1 }], ...rest.map((one) => [one, small] as const)]);
  const body = within(parameters).of(lambda.expr);
  if (filters.test(name)) return elements;
  if (body.record > 0) refuse("a field as a lambda's result, which copies it for each element");
  const longer = Math.max(1, body.element + body.fixed);
  return made(`${name}()`, { ...scaled(elements, longer), names: body.names + elements.names });
}

/** The size of what a pattern's groups find, each of which may be all of the text. */
function ofGroups(groups: Node | undefined, [text = none, pattern = none, third = none]: Size[]): Size {
  const count = isListed(groups) ? nodes(groups.children).length : third.fixed;
  return scaled(added(text, pattern), groups?.class === "CONSTANT" ? 1 : Math.max(1, count));
}

/** The size of texts that are replaced in, or joined by, another text; undefined for other functions. */
function ofJoined(name: string, children: Node[], sizes: Size[]): Size | undefined {
  const [first = none, second = none, third = none] = sizes;
  switch (name) {
    case "replace":
      return times(first, third, textOf(children[1])?.length);
    case "regexp_replace": {
      const text = textOf(children[2]);
      if (children.length > 3 || text === undefined) return times(first, third);
      const again = Math.max(1, text.split("\\").length - 1);
      return added(scaled(first, again), third);
    }
    case "array_to_string":
    case "list_string_agg":
      return added(asText(first, 1), times(first, second));
    case "concat_ws": {
      const texts = sizes.slice(1).map((one) => asText(one, 1));
      return added(texts.reduce(added, none), scaled(first, Math.max(1, texts.length)));
    }
    default:
      return undefined;
  }
}

/** How many paths a function of JSON gets: one that is not written out may match at every level. */
export function pathsOf(shown: string, path: Node | undefined, size: Size, { refuse }: Guard): number {
  const isNumber = size === small && /^(CAST|FUNCTION)$/.test(String(path?.class));
  if (path === undefined || isNumber) return 1;
  const paths = isListed(path) ? nodes(path.children) : [path];
  for (const one of paths) {
    if (one.class !== "CONSTANT")
      refuse(`${shown} of a path that is calculated, which may match at every level`);
    if (textOf(one)?.includes("..")) refuse(`${shown} of a path with "..", which matches at every level`);
  }
  return Math.max(1, paths.length);
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

export function textOf(node: Node | undefined): string | undefined {
  if (node?.class !== "CONSTANT") return undefined;
  const { value } = node.value as { value: unknown };
  return typeof value === "string" ? value : undefined;
}

function parametersOf(left: Node): string[] {
  const list = left.class === "COLUMN_REF" ? [left] : nodes(left.children);
  return list.map(({ column_names }) => (column_names as string[])[0]);
}
