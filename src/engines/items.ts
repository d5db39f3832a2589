import { Refused } from "./refused";
import { type Column, findColumn, type Item, keyOf, type Scope } from "./scope";
import { swapped, type Tree } from "./tree";

/** The items of a SELECT list, and into how many rows its unnest makes each. */
export function itemsOf(list: readonly Tree[], scope: Scope): { items: Item[]; repeats: number } {
  const items: Item[] = [];
  let repeats = 0;
  for (const expression of list) {
    const star = starOf(expression);
    if (star !== undefined) items.push(...starItems(expression, star, scope));
    else if (expression.class === "FUNCTION" && expression.function_name === "unnest") {
      const fields = fieldsOf(expression.children[0], scope);
      if (fields.length > 0) {
        items.push(...fields);
        continue;
      }
      const found = unnested(expression);
      repeats = found.repeats;
      items.push(...found.items);
    } else items.push({ name: nameOf(expression, items.length), expression });
  }
  return { items: withOwnNames(items), repeats };
}

/** As DuckDB names columns of one name: x, x_1, x_2. */
function withOwnNames(items: readonly Item[]): Item[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = seen.get(keyOf(item.name)) ?? 0;
    seen.set(keyOf(item.name), count + 1);
    return count === 0 ? item : { ...item, name: `${item.name}_${count}` };
  });
}

/** What is known of an expression's value: its type, the values of an enum, the fields of a struct. */
export function metaOf(expression: Tree, scope: Scope): Omit<Column, "name"> {
  if (expression.class === "COLUMN_REF") {
    const found = findColumn(expression.column_names, scope);
    if (found === undefined) return {};
    const { column, rest } = found;
    if (rest.length === 0) return { ...column, hidden: undefined };
    const place = (column.fields ?? []).findIndex((one) => keyOf(one) === keyOf(rest[0]));
    return { type: column.types?.[place], values: column.valuesOf?.[place] };
  }
  if (expression.class === "CAST") {
    const { id, type_info: info } = expression.cast_type;
    return info?.name === "ENUM"
      ? { type: "VARCHAR", values: info.user_type_modifiers.map(({ value }: Tree) => String(value)) }
      : { type: id };
  }
  if (
    expression.class === "FUNCTION" &&
    ["arg_min", "arg_max", "any_value"].includes(expression.function_name)
  )
    return metaOf(expression.children[0], scope);
  if (expression.class === "FUNCTION" && expression.function_name === "struct_pack")
    return {
      fields: (expression.children as Tree[]).map(nameOf),
      valuesOf: expression.children.map((one: Tree) => metaOf(one, scope).values),
    };
  return {};
}

/** The `*` of an expression, unless it belongs to a query inside it. */
function starOf(node: unknown): Tree | undefined {
  if (node === null || typeof node !== "object") return undefined;
  const one = node as Tree;
  if (one.class === "STAR") return one;
  const parts = one.class === "SUBQUERY" ? [one.child] : Object.values(one);
  for (const part of parts) {
    const found = starOf(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function starItems(expression: Tree, star: Tree, scope: Scope): Item[] {
  if (star.expr || star.rename_list?.length > 0) throw new Refused("COLUMNS with an expression");
  const excluded = new Set((star.exclude_list as string[]).map(keyOf));
  const replaced = new Map(
    (star.replace_list as { key: string; value: Tree }[]).map(({ key, value }) => [keyOf(key), value]),
  );
  const sources = scope.sources.filter(
    ({ name }) => !star.relation_name || name === keyOf(star.relation_name),
  );
  const items: Item[] = [];
  for (const source of sources)
    for (const { name, hidden } of source.columns) {
      const merged = scope.merged.get(keyOf(name));
      if (
        hidden ||
        excluded.has(keyOf(name)) ||
        (merged !== undefined && merged !== source && !star.relation_name)
      )
        continue;
      const own: Tree = { class: "COLUMN_REF", column_names: [source.name, name] };
      const value = replaced.get(keyOf(name)) ?? own;
      items.push({
        name,
        expression:
          expression === star ? value : swapped(expression, (node) => (node === star ? value : undefined)),
      });
    }
  return items;
}

/** An unnest in the select list, whose list becomes rows: one column, or for structs one per field. */
function unnested(expression: Tree): { items: Item[]; repeats: number } {
  const [list] = expression.children as Tree[];
  if (list.function_name !== "list_value") throw new Refused("unnest of anything but a literal list");
  const parts = list.children as Tree[];
  const pick = (values: readonly Tree[]): Tree => ({ class: "PICK", values });
  const isStructs = parts.every(({ function_name: name }) => name === "struct_pack");
  if (!isStructs)
    return { items: [{ name: nameOf(expression, 0), expression: pick(parts) }], repeats: parts.length };
  // Structs that stay in one column are also split into columns, named "column.field".
  const isOne = expression.children.length === 1;
  const fields = (parts[0].children as Tree[]).map(({ alias }) =>
    isOne ? `${nameOf(expression, 0)}.${alias}` : String(alias),
  );
  const items = fields.map((name, at) => ({
    name,
    expression: pick(parts.map(({ children }) => children[at])),
  }));
  return { items, repeats: parts.length };
}

/** A struct's fields as columns; empty if it isn't a struct. */
function fieldsOf(tree: Tree, scope: Scope): Item[] {
  if (tree.class !== "COLUMN_REF") return [];
  const found = findColumn(tree.column_names, scope);
  if (found === undefined || found.rest.length > 0) return [];
  return (found.column.fields ?? []).map((name) => ({
    name,
    expression: { ...tree, column_names: [...tree.column_names, name] },
  }));
}

function nameOf(expression: Tree, place: number): string {
  if (expression.alias) return expression.alias;
  return expression.class === "COLUMN_REF" ? expression.column_names.at(-1) : `unnamed_${place}`;
}
