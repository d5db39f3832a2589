import { choiceShares } from "../charts/choiceShares";
import { utilityForest } from "../charts/utilityForest";
import { changeText } from "../decide/choose/chooseChange";
import { type Choice, choiceTable } from "../decide/choose/chooseTable";
import { inUnits } from "../decide/choose/inUnits";
import { shortLogNotes } from "../decide/plan/planNotes";
import { labelOf } from "../decide/profile/criterion";
import { keysOf } from "../measures/rowKey";
import type { Table } from "../measures/table";
import type { Part } from "./part";
import { inDollars } from "./reportTables";
import { weighingOf } from "./weighing";

/** A profile and the workload it chooses for: "chat, for chat-assistant". */
export function nameOf({ profile, workload }: Choice): string {
  return workload === "" ? profile : `${profile}, for ${workload}`;
}

/** The choices, each followed by those of its sub-workloads. */
export function allChoices(choices: readonly Choice[]): Choice[] {
  return choices.flatMap((choice) => [choice, ...(choice.sub_workloads ?? [])]);
}

/** The model that each profile picks; null if undecided. */
export function picksOf(choices: readonly Choice[]): Record<string, string | null> {
  return Object.fromEntries(allChoices(choices).map((choice) => [nameOf(choice), choice.best]));
}

/** Why a model is chosen: the criteria, and how each model does on them. */
export function whyChosen(choices: readonly Choice[]): Part {
  return {
    title: "Why: the criteria, and how each model does on them",
    paragraphs: [
      "Each criterion counts by its weight. Utility is 1 when each is as good as it needs to be, 0 when none is of use. A model not shown to meet a floor is out.",
    ],
    points: choices.map((choice) => `${nameOf(choice)}: ${weightsText(choice)}`),
    tables: allChoices(choices)
      .filter(({ rows }) => rows.length > 0)
      .map((choice) => {
        const table = choiceTable(choice);
        const rows = table.rows.map(({ passes: _, ...row }, at) => ({
          ...keysOf(table.by, row),
          "keeps floors": choice.rows[at].passes ? "yes" : "not shown",
          ...inDollars(row),
        }));
        const notes = choice.rows
          .filter(({ fails }) => fails.length > 0)
          .map(({ name, fails }) => `${name}: ${fails.join("; ")}.`);
        return {
          table: { ...table, rows, notes },
          figure: utilityForest(choice),
          ...(choices.includes(choice)
            ? { caption: `${nameOf(choice)}: the numbers`, fold: "table" as const }
            : {
                caption: `${nameOf(choice)} (part of the workload)`,
                fold: "all" as const,
                text: weightsText(choice),
              }),
        };
      }),
  };
}

/** How much each criterion counts, and what a step of utility is worth in familiar units. */
function weightsText({ criteria, rows }: Choice): string {
  const weights = criteria.map((one) => `${labelOf(one)} ${percent(one.weight)}`).join(", ");
  const worth = rows[0] === undefined ? "" : inUnits(0.1, criteria, rows[0]);
  return worth === "" ? `${weights}.` : `${weights}. 0.1 of utility is worth ${worth}.`;
}

/** How sure a choice is: each model's chance of being the best. */
export function howSure(choices: readonly Choice[], level: number): Part {
  return {
    title: "How sure: each model's chance of being the best",
    paragraphs: [
      `A choice is settled when one model is the best with a chance of ${percent(level)} or more. The chances cover what is uncertain in these logs; what the logs cannot know, such as next month's traffic, is not in them.`,
    ],
    figures: [
      choiceShares(
        allChoices(choices).filter(({ rows }) => rows.length > 0),
        { of: "p_best" },
      ),
    ],
  };
}

/** What would change a choice: other weights, or more of the same traffic. */
export function whatWouldChange(
  choices: readonly Choice[],
  plan: Table & { log_days?: number },
): Part | undefined {
  const points = allChoices(choices)
    .filter(({ weights }) => Object.keys(weights).length > 0)
    .map((choice) => `${nameOf(choice)}: ${changeText(choice)}`);
  const planned = plan.rows.filter((row) => row.takes !== "");
  const left = plan.rows.length - planned.length;
  const rows = planned.map((row) => ({
    ...Object.fromEntries(
      plan.by.map((column) => [
        column,
        column === "metric" ? labelOf({ metric: String(row.metric) }) : row[column],
      ]),
    ),
    now: row.now,
    "relative difference detectable in a week":
      typeof row.mde_week_share === "number" ? weekText(row.mde_week_share) : null,
    "to detect 10 % takes": row.takes,
  }));
  if (points.length + rows.length === 0) return undefined;
  return {
    // Without a choice there is nothing to change.
    title: points.length === 0 ? "What a test on this traffic can show" : "What would change it",
    fold: points.length === 0,
    points,
    weighings: allChoices(choices).flatMap((choice) => weighingOf(choice, nameOf(choice)) ?? []),
    tables:
      rows.length === 0
        ? []
        : [
            {
              table: {
                ...plan,
                rows: rows.map(inDollars),
                notes: [
                  ...shortLogNotes(plan.log_days ?? Number.NaN),
                  ...(left === 0
                    ? []
                    : [
                        `${left === 1 ? "1 more workload metric has" : `${left} more workload metrics have`} too few calls, or no data, to plan with.`,
                      ]),
                ],
              },
              caption: "What a 50:50 test of two models on this traffic can show",
              ...(points.length === 0 ? {} : { fold: "table" as const }),
            },
          ],
  };
}

const weekText = (share: number) => (share > 1 ? "more than the whole" : percent(share));
const percent = (share: number) => `${Math.round(100 * share)}\u00a0%`;
