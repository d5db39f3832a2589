import { checkChoice, checkCount } from "../stats/checks";
import type { MeasureOption, OptionTable } from "./measure";
import type { MeasureOptions } from "./options";

/** The value of an option, by its description. */
type ValueOf<T> = T extends { check: (caller: string, value: infer V) => unknown }
  ? V
  : T extends { choices: readonly (infer C)[] }
    ? C
    : T extends { as: "number" | "whole" }
      ? number
      : T extends { as: "numbers" }
        ? readonly number[]
        : T extends { as: "names" }
          ? string | readonly string[]
          : T extends { value: string }
            ? string
            : boolean;

export type Required<O> = { [K in keyof O as O[K] extends { required: true } ? K : never]: ValueOf<O[K]> };
type Optional<O> = { [K in keyof O as O[K] extends { required: true } ? never : K]?: ValueOf<O[K]> };

/** The options of every measure but for those whose words are false. */
type Shared<W> = Omit<MeasureOptions, { [K in keyof W]: W[K] extends false ? K : never }[keyof W]>;

/** A measure's own options and those of every measure, as callers give them; spelled out, for editors. */
export type GivenTo<O, W = Record<never, never>> = Spelled<Required<O> & Optional<O> & Shared<W>>;
type Spelled<T> = T extends infer U ? { [K in keyof U]: U[K] } : never;

/** The same with the defaults filled in. */
export type Given<O> = {
  [K in keyof O]: O[K] extends { default: unknown } | { required: true }
    ? ValueOf<O[K]>
    : ValueOf<O[K]> | undefined;
};

/** All options as they were given, a function's own checked and with their defaults. */
export function givenOf<O extends OptionTable>(
  caller: string,
  known: O,
  options: MeasureOptions,
): MeasureOptions & Given<O> {
  const own = Object.entries(known).map(([name, option]) => {
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined || option.required) checkOption(caller, name, option, value);
    return [name, value ?? option.default];
  });
  return { ...options, ...Object.fromEntries(own) };
}

function checkOption(
  caller: string,
  name: string,
  { as, choices, least, check }: MeasureOption,
  value: unknown,
): void {
  if (check !== undefined) check(caller, value as never);
  else if (choices !== undefined) checkChoice(caller, name, value as string, choices);
  else if (as === "whole") checkCount(caller, name, value as number, least);
}
