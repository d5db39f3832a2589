/**
 * The fields that have a value: one that is undefined stays out of the object, and so out of its keys and its JSON.
 *
 * @example
 * Object.keys(defined({ value: 2, unit: undefined })) // ["value"]
 */
export function defined<T extends object>(fields: T): T {
  const known = {} as T;
  for (const name in fields) if (fields[name] !== undefined) known[name] = fields[name];
  return known;
}
