import { checkChoice } from "../stats/checks";
import type { AssumptionId } from "../stats/claim";
import { nameList } from "../store/nameList";

/** The assumptions that someone can declare to hold: those that verdicts would otherwise wait for. */
type Declarable = Extract<
  AssumptionId,
  | "outcomes-alike"
  | "one-way-reporting"
  | "same-work"
  | "same-users"
  | "same-days"
  | "random-assignment"
  | "random-escalation"
>;

/** The option with which someone declares the assumptions that a command's verdicts would wait for. */
export const assumeOption = (...known: readonly Declarable[]) =>
  ({
    assume: {
      value: "<names>",
      about: `declare an assumption that the log cannot check, so that verdicts rest on it: ${known.join(", ")}`,
      as: "names",
      check(caller: string, value: string | readonly string[] | undefined) {
        for (const name of nameList(value) ?? []) checkChoice(caller, "assume", name, known);
      },
    },
  }) as const;

/** The declared assumptions, whose names are checked. */
export const declaredIn = (value: string | readonly string[] | undefined): AssumptionId[] =>
  (nameList(value) ?? []) as AssumptionId[];
