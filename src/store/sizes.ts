// How much an expression may make, as the sums that growth.ts checks.

/**
 * An upper bound on size: a fixed number of letters, and letters per letter of the record and of a list's element.
 */
export interface Size {
  fixed: number;
  record: number;
  element: number;
  /** Letters of field names, which a record repeats for each value once it becomes a text. */
  names: number;
}

export type Node = Record<string, unknown>;

export const nodes = (value: unknown) => (Array.isArray(value) ? value : []) as Node[];

export const none: Size = { fixed: 0, record: 0, element: 0, names: 0 };
// A number takes no more room than the shortest element of a list.
export const small: Size = { ...none, fixed: 4 };

export const added = (a: Size, b: Size): Size => ({
  fixed: a.fixed + b.fixed,
  record: a.record + b.record,
  element: a.element + b.element,
  names: a.names + b.names,
});

export const larger = (a: Size, b: Size): Size => ({
  fixed: Math.max(a.fixed, b.fixed),
  record: Math.max(a.record, b.record),
  element: Math.max(a.element, b.element),
  names: Math.max(a.names, b.names),
});

export const scaled = (a: Size, by: number): Size => ({
  ...a,
  fixed: a.fixed * by,
  record: a.record * by,
  element: a.element * by,
});

// Each value of a list may take three letters of JSON and carry the names of all fields.
export const asText = (a: Size, by: number): Size => ({
  ...scaled(a, by * Math.max(1, a.names / 3)),
  names: 0,
});

/** What is read as a type: each element of a list has room for all fields of its record. */
export function asType(a: Size, type: unknown): Size {
  const { fields, ofElements } = fieldsOf(type);
  const size = scaled(a, Math.max(1, ofElements / 3));
  return { ...size, fixed: size.fixed + fields, names: a.names + namesOf(type) };
}

/** A type's values: those of one record, and those of each element of the lists in it. */
function fieldsOf(type: unknown): { fields: number; ofElements: number } {
  const { id, type_info } = (type ?? {}) as Node;
  const { child_type, child_types } = (type_info ?? {}) as Node;
  const parts = [child_type, ...nodes(child_types).map((one) => one.second)].filter(Boolean).map(fieldsOf);
  const sum = (of: "fields" | "ofElements") => parts.reduce((all, one) => all + one[of], 0);
  if (id === "STRUCT") return { fields: sum("fields"), ofElements: sum("ofElements") };
  return { fields: 1, ofElements: sum("fields") + sum("ofElements") };
}

function namesOf(type: unknown): number {
  if (type === null || typeof type !== "object") return 0;
  if (Array.isArray(type)) return type.reduce((sum, one) => sum + namesOf(one), 0);
  const { first, ...rest } = type as Node;
  // An absent field becomes a text as "name":null, and takes that much room.
  const own = typeof first === "string" ? first.length + 8 : 0;
  return Object.values(rest).reduce((sum: number, one) => sum + namesOf(one), own);
}
