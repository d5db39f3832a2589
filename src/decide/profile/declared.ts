/**
 * Facts about a model that no log has and someone must state: privacy terms, a region, a policy, a licence, a
 * vendor.
 */
export interface Declared {
  name: string;
  /** Which models pass. */
  passes?: Readonly<Record<string, boolean>>;
  /** Instead, the value for each model, and the values that pass: { "quillon-7": "EU" }, ["EU", "UK"]. */
  values?: Readonly<Record<string, string>>;
  one_of?: readonly string[];
  /** Who stated it, and when: "2026-02-11". */
  by?: string;
  on?: string;
}

/** Why a model does not pass what is declared, in words; a model without a declaration does not pass. */
export function declaredFails(declared: readonly Declared[], names: readonly string[]): string[] {
  return declared.flatMap((one) => {
    const found = saidOf(one, names);
    if (found === undefined) return [`${one.name}: the profile does not say`];
    return found.passes ? [] : [`${one.name}: ${found.text}${source(one)}`];
  });
}

/** Models that the profile names and the logs do not have, with why they fail; a passing one is worth a trial. */
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

/** Who vouches for what, one sentence each. */
export function declaredNotes(declared: readonly Declared[]): string[] {
  return declared.map((one) => {
    const passing = Object.keys(one.passes ?? one.values ?? {}).filter((name) => saidOf(one, [name])?.passes);
    const rule = one.one_of === undefined ? "" : ` has to be ${one.one_of.join(" or ")}, and`;
    const who = source(one) || " (no source is given)";
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
