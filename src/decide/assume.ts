import { checkChoice } from "../stats/checks";
import type { AssumptionId } from "../stats/claim";
import { nameList } from "../store/nameList";

/** The assumptions that a caller can declare to hold: those that verdicts would otherwise wait for. */
export const declarable = ["outcomes-alike", "same-users"] as const satisfies readonly AssumptionId[];

/** The option with which someone declares assumptions. */
export const assumeOption = {
  assume: {
    value: "<names>",
    about: `declare an assumption that the log cannot check, so that verdicts rest on it: ${declarable.join(", ")}`,
    as: "names",
    check(caller: string, value: string | readonly string[] | undefined) {
      declaredIn(caller, value);
    },
  },
} as const;

/** The declared assumptions. */
export function declaredIn(caller: string, value: string | readonly string[] | undefined): AssumptionId[] {
  const names = nameList(value) ?? [];
  for (const name of names) checkChoice(caller, "assume", name, declarable);
  return names as AssumptionId[];
}
