import type { Assumption } from "../decide/assumption";
import type { Choice } from "../decide/choose/chooseTable";
import { groupedBy } from "../measures/rowKey";
import type { AssumptionId } from "../stats/claim";
import { percent } from "../stats/text";
import type { Finding } from "./sideSentences";

const names: Record<AssumptionId, string> = {
  "outcomes-alike": "outcomes reported alike",
  "prices-known": "known prices",
  "same-work": "the same work",
  "same-users": "the same users",
  "same-days": "the same days",
  "random-escalation": "escalation at random",
  "nothing-unlogged": "nothing unlogged in favour of one side",
};
const states: Record<Assumption["state"], string> = {
  held: "checked",
  broken: "checked, does not hold",
  declared: "declared",
  "not checkable": "not checkable in this log",
};

/** "Rests on the same work (checked); outcomes reported alike (not checkable in this log: 14 % are unknown)." */
export const restsText = (
  assumptions: readonly (Pick<Assumption, "id" | "state"> & { about?: string })[],
): string =>
  `Rests on ${assumptions
    .map(
      ({ id, state, about }) => `${names[id]} (${states[state]}${about === undefined ? "" : `: ${about}`})`,
    )
    .join("; ")}.`;

/** What findings without a profile take for granted; undefined if none names a best. */
export function restsOn(
  findings: readonly Finding[],
  { isBrought, declared }: { isBrought: boolean; declared: readonly AssumptionId[] },
): string | undefined {
  const named = findings.filter(({ near, claim }) => near.length === 0 && claim.status !== "open");
  if (named.length === 0) return undefined;
  const sides = named.flatMap(({ best, others }) => [best, ...others]);
  const unknown = Math.max(0, ...sides.map(({ estimate }) => estimate.worst_case?.unknown ?? 0));
  const isDeclared = declared.includes("outcomes-alike");
  const outcomes =
    unknown === 0
      ? []
      : [
          {
            id: "outcomes-alike" as const,
            state: isDeclared ? ("declared" as const) : ("not checkable" as const),
            about: `up to ${percent(unknown)} of a model's are unknown`,
          },
        ];
  return restsText([
    {
      id: "same-work",
      state: "held",
      ...(isBrought ? { about: "models had other work, and are compared at one mix as well" } : {}),
    },
    ...outcomes,
    { id: "nothing-unlogged", state: "not checkable" },
  ]);
}

const worst: readonly Assumption["state"][] = ["held", "declared", "not checkable", "broken"];

/** What settled choices take for granted, each assumption in its worst state; undefined if none is settled. */
export function restsOfChoices(choices: readonly Choice[]): string | undefined {
  const settled = choices.filter(({ best }) => best !== null).flatMap(({ assumptions = [] }) => assumptions);
  if (settled.length === 0) return undefined;
  return restsText(
    [...groupedBy(settled, ({ id }) => id).values()].map((own) => ({
      id: own[0].id,
      state: worst[Math.max(...own.map(({ state }) => worst.indexOf(state)))],
    })),
  );
}
