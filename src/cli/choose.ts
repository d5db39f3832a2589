import type { Command } from "commander";
import { strengthText } from "../decide/assumption";
import { choose } from "../decide/choose/choose";
import { type Choices, chooseAll } from "../decide/choose/chooseAll";
import { changeText } from "../decide/choose/chooseChange";
import { type Choice, choiceTable } from "../decide/choose/chooseTable";
import { nameList } from "../store/nameList";
import { balanceText } from "./balanceText";
import { addDecision } from "./decision";
import { tableText } from "./output";

/** `fieldnotes choose`: which model fits a profile best; several profiles give an answer each. */
export function addChoose(program: Command): void {
  addDecision(program, choose, {
    ask: (store, { profile, ...options }): Promise<Choice | Choices> => {
      const profiles = nameList(String(profile));
      return profiles.length === 1
        ? choose(store, { ...options, profile: profiles[0] })
        : chooseAll(store, { ...options, profiles });
    },
    text: (found) =>
      "choices" in found
        ? [...found.choices.flatMap(textsOf), found.verdict].join("\n\n")
        : textsOf(found).join("\n\n"),
  });
}

const textsOf = (choice: Choice) => [choice, ...(choice.sub_workloads ?? [])].map(textOf);

function textOf(choice: Choice): string {
  const table = choiceTable(choice);
  const strength = strengthText(choice.assumptions ?? [], { sides: "models", claim: "choice" });
  const parts = [
    tableText(table),
    ...(choice.rows.length > 0 ? [changeText(choice)] : []),
    ...(strength === undefined ? [] : [strength]),
  ];
  const check = choice.verification;
  return [
    parts.join("\n"),
    ...(choice.balance?.some(({ apart, apart_at_the_mix }) => apart !== apart_at_the_mix)
      ? balanceText({ balance: choice.balance, assumptions: choice.assumptions ?? [], by: choice.by })
      : []),
    ...(check === undefined ? [] : [tableText({ ...check, measure: "behind the check", notes: [] })]),
  ].join("\n\n");
}
