/** Reads one JSON value as T, or throws an error with the path, the rule and what was given. */
export type Check<T> = (value: unknown, path: string) => T;

function refuse(path: string, rule: string, value: unknown): never {
  const given = value === undefined ? "nothing" : JSON.stringify(value);
  throw new RangeError(`world requires ${path} to be ${rule}, got ${given.slice(0, 80)}`);
}

/** A finite number between the bounds; `above` excludes the lower bound itself. */
export function number(low: number, high: number, { above = false } = {}): Check<number> {
  const upper = high === Number.POSITIVE_INFINITY ? "" : ` and <= ${high}`;
  return (value, path) =>
    typeof value === "number" &&
    (above ? value > low : value >= low) &&
    value <= high &&
    Number.isFinite(value)
      ? value
      : refuse(path, `a number ${above ? ">" : ">="} ${low}${upper}`, value);
}

/** A whole number between the bounds. */
export function whole(low: number, high: number): Check<number> {
  return (value, path) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high
      ? value
      : refuse(path, `a whole number between ${low} and ${high}`, value);
}

/** A text that matches a pattern. */
export function text(pattern: RegExp, rule: string): Check<string> {
  return (value, path) =>
    typeof value === "string" && pattern.test(value) ? value : refuse(path, rule, value);
}

/** One of the given words. */
export function oneOf<const W extends string>(words: readonly W[]): Check<W> {
  return (value, path) =>
    words.includes(value as W) ? (value as W) : refuse(path, `one of ${words.join(", ")}`, value);
}

export const flag: Check<boolean> = (value, path) =>
  typeof value === "boolean" ? value : refuse(path, "true or false", value);

/** The value itself or null. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null ? null : check(value, path));
}

/** The value, or a default if the field is missing. */
export function optional<T>(check: Check<T>, otherwise: T): Check<T> {
  return (value, path) => (value === undefined ? otherwise : check(value, path));
}

/** A list whose entries all pass the same check. */
export function list<T>(check: Check<T>, { length }: { length?: number } = {}): Check<T[]> {
  return (value, path) =>
    Array.isArray(value) && (length === undefined || value.length === length)
      ? value.map((entry, index) => check(entry, `${path}[${index}]`))
      : refuse(path, length === undefined ? "a list" : `a list of ${length}`, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Names go into file fields and ids, so they are kept plain; "__proto__" and the like cannot occur.
const plainName = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** An object from names to values of one kind. */
export function record<T>(check: Check<T>, { least = 0 } = {}): Check<Record<string, T>> {
  return (value, path) => {
    if (!isRecord(value) || Object.keys(value).length < least)
      return refuse(path, least > 0 ? `an object with at least ${least} entry` : "an object", value);
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => {
        if (!plainName.test(name))
          refuse(path, "named in lower-case letters, digits, dots and hyphens (1 to 64)", name);
        return [name, check(entry, `${path}.${name}`)];
      }),
    );
  };
}

/** An object with exactly the given fields. */
export function object<T>(fields: { [K in keyof T]-?: Check<T[K]> }): Check<T> {
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, "an object", value);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined)
      throw new RangeError(
        `world knows no ${path}.${unknown}; it may hold ${Object.keys(fields).sort().join(", ")}`,
      );
    const names = Object.keys(fields) as (keyof T & string)[];
    return Object.fromEntries(names.map((name) => [name, fields[name](value[name], `${path}.${name}`)])) as T;
  };
}
