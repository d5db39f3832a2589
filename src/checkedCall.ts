import { checkCount, checkLevel } from "./stats/checks";
import { didYouMean } from "./store/nearest";
import { checkStore, type Store } from "./store/open";

/** What a public function takes; the build reads it from the function's declaration. */
export interface Signature {
  /** The names of its parameters in order; the last is "options" where it takes options. */
  parameters: readonly string[];
  /** How many of them it cannot do without. */
  required: number;
  /** The options by name: the type that a value must be of, or "" where the function itself looks. */
  options?: Readonly<Record<string, "number" | "string" | "boolean" | "list" | "">>;
  /** True where it takes any number of arguments. */
  rest?: boolean;
  /** True where it returns a promise, which then is rejected. */
  promise?: boolean;
}

/**
 * A public function that refuses, by its own name, what it would not have looked at: arguments too many or too few,
 * something else in the place of the options, options that it does not have or of the wrong type.
 */
export function checkedCall<F extends (...given: never[]) => unknown>(
  name: string,
  signature: Signature,
  call: F,
): F {
  const checked = (...given: unknown[]) => {
    try {
      checkArguments(name, signature, given);
    } catch (error) {
      if (signature.promise) return Promise.reject(error);
      throw error;
    }
    return call(...(given as never[]));
  };
  return Object.defineProperty(checked, "name", { value: name }) as unknown as F;
}

function checkArguments(name: string, { parameters, required, options, rest }: Signature, given: unknown[]) {
  if ((given.length > parameters.length && !rest) || given.length < required)
    throw new TypeError(`${name} takes (${parameters.join(", ")}), got ${given.length} arguments`);
  if (parameters[0] === "store") checkStore(name, given[0] as Store);
  const at = parameters.length - 1;
  if (options === undefined || given[at] === undefined) return;
  checkOptions(name, options, given[at]);
}

function checkOptions(name: string, known: NonNullable<Signature["options"]>, given: unknown) {
  const names = Object.keys(known);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const hint = typeof given === "number" && "level" in known ? `; did you mean { level: ${given} }?` : "";
    throw new TypeError(
      `${name} requires options as an object of ${names.join(", ")}, got ${shown(given)}${hint}`,
    );
  }
  for (const [option, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, option))
      throw new RangeError(
        `${name} has no option "${option}"${didYouMean(option, names) || `; it has ${names.join(", ")}: leave out of shared options what is another function's`}`,
      );
    if (value === undefined) continue;
    const type = known[option];
    if (type !== "" && type !== (Array.isArray(value) ? "list" : typeof value))
      throw new TypeError(`${name} requires ${option} as a ${type}, got ${shown(value)}`);
    if (option === "level") checkLevel(name, value as number);
    if (option === "seed") checkCount(name, option, value as number);
  }
}

function shown(value: unknown): string {
  return typeof value === "string" || Array.isArray(value) ? JSON.stringify(value) : String(value);
}
