import type { Choice, ChoiceRow } from "../decide/choose/chooseTable";
import { chance } from "../decide/choose/chooseText";
import type { Figure } from "./figure";
import { forestFigure } from "./forest";
import { LONGEST_NAME } from "./lines";
import { formatEstimate } from "./number";
import { fitted, shorten } from "./text";

/**
 * A forest plot of a choice: the utility of each model that meets the floors, and for the others the floor they fail;
 * each name is followed by the chance of being best.
 *
 * @example
 * const store = await openDemo();
 * const choice = await choose(store, { profile: "chat" });
 * utilityForest(choice).description.split("; ")[0] // "Utility for chat, chat-assistant, from 0 to 1: tamarisk-mini 0.807 [0.748, 0.835], the best with a chance of 98 %"
 */
export function utilityForest(choice: Choice, options: { title?: string } = {}): Figure {
  const { profile, workload, rows } = choice;
  // A model has the same colour in all figures of one choice, wherever it ranks.
  const models = rows.map(({ name }) => name).sort();
  const open = rows.some((row) => !row.passes);
  const lines = rows.map(({ name, passes, fails, p_best, utility }) => ({
    group: open ? (passes ? "meets the floors" : "not shown to meet them") : "",
    name: withChance(name, Number.isNaN(p_best) ? "not compared" : `best: ${chance(p_best)}`),
    short: name,
    // The utility of a model that may not be picked would only mislead.
    ...(passes ? { estimate: utility } : { estimate: undefined, instead: fails[0] ?? "not known" }),
    series: models.indexOf(name),
  }));
  const title = options.title ?? `Utility for ${[profile, workload].filter(Boolean).join(", ")}`;
  const figure = forestFigure(lines, { quantity: "utility, from 0 to 1", also: [0, 1], title });
  return { ...figure, description: described(title, rows) };
}

/** A name and a remark on one line of a figure: a long name is cut in the middle, the remark stays whole. */
const withChance = (name: string, said: string) =>
  `${fitted(name, LONGEST_NAME - said.length - 3)} · ${said}`;

function described(title: string, rows: readonly ChoiceRow[]): string {
  const said = rows.map(({ name, utility, p_best, passes, fails }) => {
    const sure = Number.isNaN(p_best) ? "not compared" : `the best with a chance of ${chance(p_best)}`;
    const worth = passes ? formatEstimate(utility) : `out (${fails.join("; ") || "not known"})`;
    return `${shorten(name, 60)} ${worth}, ${sure}`;
  });
  return `${shorten(title, 120)}, from 0 to 1: ${said.join("; ") || "nothing to compare"}.`;
}
