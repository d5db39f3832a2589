/** What no log tells of a model and someone has to say: terms of privacy, a region, a policy, a licence, a vendor. */
export interface Declared {
  name: string;
  /** Which models pass. */
  passes?: Readonly<Record<string, boolean>>;
  /** Instead, what is so of each model, and of which values one has to be: { "quillon-7": "EU" }, ["EU", "UK"]. */
  values?: Readonly<Record<string, string>>;
  one_of?: readonly string[];
  /** Who said so, and when: "2026-02-11". */
  by?: string;
  on?: string;
}

/** Why a model does not pass what is declared, in words; a model of which nothing is said does not pass. */
export function declaredFails(declared: readonly Declared[], names: readonly string[]): string[] {
  return declared.flatMap((one) => {
    const found = saidOf(one, names);
    if (found === undefined) return [`${one.name}: the profile does not say`];
    return found.passes ? [] : [`${one.name}: ${found.text}${source(one)}`];
  });
}

/** Models that the profile speaks of and the logs do not have, with why they are out; whoever passes is to be tried. */
export function declaredBeside(declared: readonly Declared[], measured: ReadonlySet<string>): string[] {
  const names = new Set(declared.flatMap(({ passes, values }) => Object.keys(passes ?? values ?? {})));
  return [...names]
    .filter((name) => !measured.has(name))
    .map((name) => {
      const fails = declaredFails(declared, [name]);
      return fails.length === 0
        ? `${name} is not in these logs and passes all that is declared: it can be tried.`
        : `${name} is not in these logs, and is out: ${fails.join("; ")}.`;
    });
}

/** Who vouches for what, a sentence for each. */
export function declaredNotes(declared: readonly Declared[]): string[] {
  return declared.map((one) => {
    const passing = Object.keys(one.passes ?? one.values ?? {}).filter((name) => saidOf(one, [name])?.passes);
    const rule = one.one_of === undefined ? "" : ` has to be ${one.one_of.join(" or ")}, and`;
    const who = source(one) || " (who said so is not told)";
    return `${one.name}${rule} is declared, not measured${who}: ${passing.length === 0 ? "no model passes" : `${passing.join(", ")} ${passing.length === 1 ? "passes" : "pass"}`}.`;
  });
}

function saidOf(
  { passes, values, one_of = [] }: Declared,
  names: readonly string[],
): { passes: boolean; text: string } | undefined {
  const name = names.find((one) => Object.hasOwn(passes ?? values ?? {}, one));
  if (name === undefined) return undefined;
  if (values !== undefined)
    return { passes: one_of.includes(values[name]), text: `${values[name]}, not ${one_of.join(" or ")}` };
  return { passes: passes?.[name] === true, text: "does not pass" };
}

function source({ by, on }: Declared): string {
  if (by === undefined) return on === undefined ? "" : ` (said on ${on})`;
  return ` (said by ${by}${on === undefined ? "" : `, ${on}`})`;
}
