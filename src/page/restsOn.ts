import type { Assumption } from "../decide/assumption";
import type { Choice } from "../decide/choose/chooseTable";
import { listed } from "../decide/choose/chooseText";
import { groupedBy } from "../measures/rowKey";
import type { AssumptionId } from "../stats/claim";
import { percent } from "../stats/text";
import { type Finding, isOpen, tellsNothing } from "./sideSentences";

const names: Record<AssumptionId, string> = {
  "outcomes-alike": "outcomes reported alike",
  "outcome-rule": "the declared rule of what is resolved",
  "one-way-reporting": "reporting that changed one way only",
  "prices-known": "known prices",
  "same-work": "the same work",
  "same-users": "the same users",
  "same-days": "days that are alike",
  "random-assignment": "tasks given to models at random",
  "random-escalation": "answers sent on at random",
  "raters-alike": "raters who judge alike",
  "runs-alike": "models of one run that vary as the others do",
  "no-circle": "preferences that do not go round in a circle",
  "length-or-difficulty": "a judge swayed by length or hard prompts with long answers, not both",
  "no-ceiling": "a scale without a ceiling",
  "gaps-alike": "clean models of which none is far out by chance",
  "scores-exact": "scores without an error",
  "calls-independent": "calls that are independent of each other",
  "comparisons-independent": "comparisons of unknown raters or prompts that are independent of each other",
  "nothing-unlogged": "nothing unlogged in favour of one side",
};
const stateTexts: Record<Assumption["state"], string> = {
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
      ({ id, state, about }) =>
        `${names[id]} (${stateTexts[state]}${about === undefined ? "" : `: ${about}`})`,
    )
    .join("; ")}.`;

/** What findings without a profile take for granted; undefined if none names a best, or a model that is worse. */
export function restsOn(
  findings: readonly Finding[],
  {
    isBrought,
    declared,
    work = true,
  }: { isBrought: boolean; declared: readonly AssumptionId[]; work?: boolean },
): string | undefined {
  const named = findings.filter((one) => !isOpen(one) || !tellsNothing(one));
  if (named.length === 0) return undefined;
  const sides = named.flatMap(({ best, others }) => [best, ...others]);
  const unknown = Math.max(0, ...sides.map(({ estimate }) => estimate.worst_case?.unknown ?? 0));
  const hangsOn = (id: AssumptionId) =>
    named.some(({ claim }) => claim.needs === id || claim.declared?.includes(id));
  const stateOf = (id: AssumptionId) =>
    declared.includes(id) ? ("declared" as const) : ("not checkable" as const);
  const hangs = hangsOn("outcomes-alike");
  const rests = restsText([
    {
      id: "same-work",
      state: work ? "held" : "not checkable",
      ...(isBrought ? { about: "compared at one mix of it as well" } : {}),
    },
    ...(hangs
      ? [
          {
            id: "outcomes-alike" as const,
            state: stateOf("outcomes-alike"),
            about: `up to ${percent(unknown)} of a model's are unknown`,
          },
        ]
      : []),
    ...(hangsOn("same-days")
      ? [
          {
            id: "same-days" as const,
            state: stateOf("same-days"),
            about: "some models ran on days of their own",
          },
        ]
      : []),
    { id: "nothing-unlogged", state: "not checkable" },
  ]);
  return unknown > 0 && !hangs ? `${rests} It holds whatever the unknown outcomes are.` : rests;
}

/** From best to worst. */
const states: readonly Assumption["state"][] = ["held", "declared", "not checkable", "broken"];

/** What settled choices take for granted, each assumption in its worst state; undefined if none is settled. */
export function restsOfChoices(choices: readonly Choice[]): string | undefined {
  const settled = choices.filter(({ best }) => best !== null).flatMap(({ assumptions = [] }) => assumptions);
  if (settled.length === 0) return undefined;
  const isBound = ({ id }: Assumption) => id === "outcomes-alike" || id === "prices-known";
  const whatever = settled.filter((one) => isBound(one) && !one.flips && one.state !== "held");
  const rests = settled.filter((one) => !isBound(one) || one.state === "declared");
  const text = restsText(
    [...groupedBy(rests, ({ id }) => id).values()].map((own) => ({
      id: own[0].id,
      state: states[Math.max(...own.map(({ state }) => states.indexOf(state)))],
    })),
  );
  const kinds = [...new Set(whatever.map(({ id }) => (id === "prices-known" ? "prices" : "outcomes")))];
  return kinds.length === 0 ? text : `${text} It holds whatever the unknown ${listed(kinds)} are.`;
}
