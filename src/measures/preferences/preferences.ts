import { hadOfAll } from "../../facts/names";
import { modelName } from "../../logs/models/modelName";
import { parseExpression } from "../../store/expression";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import { rowsOf, run } from "../../store/run";
import { columnsOf } from "../../store/schema";
import { statements } from "../../store/statements";
import { defineMeasure, type OptionsOf } from "../define";
import { notOfCalls } from "../options";
import type { Table } from "../table";
import { type Group, type PreferenceRow, rowsOfGroup } from "./preferenceGroup";
import { type Style, styles } from "./styles";

export type { PreferenceRow } from "./preferenceGroup";

const sql = statements(__dirname, "preferences.sql");

/**
 * Which model raters prefer, from comparisons of two answers to the same prompt: win rates, ratings and ranks.
 *
 * The strengths of all models are fitted together with the advantage of the answer shown first, if the order is known,
 * and with the effects of the style features in `control`. n counts a model's comparisons. A win rate counts a tie as half a
 * win; a rating is of wins to losses, and ties only make it surer that two models are close. Intervals treat the
 * comparisons of one rater, and those of one prompt, as a cluster. A model that never lost or never won has no rating, and
 * its note says so. Comparisons of an unknown rater or prompt count as independent: where these are more than a tenth, a first
 * place leads if they are.
 *
 * Ranks hold for all models at once. They and the intervals take raters and prompts into account where there are two or more:
 * of two to four, by how they differ over all models on average. With one rater, or one who judges nearly all, they are about
 * that rater's taste, and a first place leads only if others judge alike. They assume that
 * one rating for each model explains all pairs, which is tested up to 1,000 pairs of models: where preferences go
 * round in a circle and the test of that finds it, no model is first and the notes name the pairs furthest from it. A weak
 * circle in few comparisons (300 of three models) went unseen in 48 % of simulated logs. So a model is first only if its
 * comparisons with each other model alone show it too; otherwise it leads if preferences do not go round in a circle, as in 17 %
 * of these logs, of which .3 % settle on one. Of 300 comparisons of three models .5 apart 57 % settled on one, and one led in 2 %.
 *
 * @remarks Methods: `bradleyTerry`, `notShownDirectly`, simulated in docs/simulations/ranks.md. Style control as in Chatbot Arena (relative differences).
 * @throws RangeError for an invalid column, control, model or level, and if a control is known for no comparison
 * @example
 * const store = await openDemo();
 * const { rows } = await preferences(store, { control: "length" });
 * `${rows[0].model} ${rows[0].win_rate.value.toFixed(2)}` // "tamarisk-large 0.63"
 */
export const preferences = defineMeasure({
  name: "preferences",
  about: "which model raters prefer, of two answers side by side: win rates, ratings and ranks",
  needs: ["preferences"],
  words: {
    ...notOfCalls,
    seed: false,
    by: "also separate rows by workload, rater (human or judge) or rater_id",
    where: "only comparisons that meet this SQL predicate over the columns of preferences",
  },
  options: {
    control: {
      value: "<names>",
      about: "hold equal: style, or any of length, lists, headings, bold",
      as: "names",
    },
    baseline: {
      value: "<model>",
      about: "win rates against this model (default: each of the others, equally often)",
    },
  },
  async compose({ store, options }): Promise<Table<PreferenceRow>> {
    const { level = 0.95 } = options;
    const by = columnsIn("by", options.by, ["workload", "rater", "rater_id"]);
    const named = nameList(options.control) ?? [];
    const controls = named.includes("style") ? [...styles] : (columnsIn("control", named, styles) as Style[]);
    const where = await predicate(options.where);
    const connection = await store.connect();
    try {
      await run(connection, sql.compared);
      await hadOfAll(connection, where, "where's expressions", "compared");
      const names = await rowsOf<{ name: string }>(connection, sql.names);
      const model = new Map(names.map(({ name }) => [name, modelName(name).model]));
      const baseline = baselineIn(options.baseline, [...new Set(model.values())]);
      await run(connection, chosenSql(by, where));
      const groups = await rowsOf<Group>(connection, sql.groups);
      const found = groups.map((group) => rowsOfGroup(group, { by, controls, model, baseline, level }));
      const none = groups.length === 0 ? ["There are no comparisons of two models."] : [];
      return {
        measure: "preferences",
        by: [...by, "model"],
        rows: found.flatMap(({ rows }) => rows),
        notes: [...none, ...found.flatMap(({ notes }) => notes)],
      };
    } finally {
      connection.closeSync();
    }
  },
});

/** Which comparisons to use, and what to hold equal. */
export type PreferenceOptions = OptionsOf<typeof preferences>;

function chosenSql(by: readonly string[], where: string): string {
  const fields = by.map((one) => `'${one}': ${one}`).join(", ") || "'all': true";
  return `create or replace temp view chosen_comparisons as select {${fields}} as "by", * from compared where ${where}`;
}

function columnsIn(
  option: string,
  given: string | readonly string[] | undefined,
  known: readonly string[],
): string[] {
  const names = nameList(given) ?? [];
  for (const name of names)
    if (!known.includes(name))
      throw new RangeError(
        `preferences requires ${option} of ${known.join(", ")}, got "${name}"${didYouMean(name, known)}`,
      );
  return [...new Set(names)];
}

function baselineIn(given: string | undefined, models: readonly string[]): string | undefined {
  if (given === undefined || models.length === 0) return undefined;
  const { model } = modelName(given);
  if (models.includes(model)) return model;
  throw new RangeError(
    `preferences requires a baseline among the models compared, got "${given}"${didYouMean(model, models)}`,
  );
}

async function predicate(where: string | undefined): Promise<string> {
  if (where === undefined) return "true";
  const { sql, columns } = await parseExpression(where, "where");
  const known = Object.keys(columnsOf("preferences"));
  for (const [name] of columns)
    if (!known.includes(name.toLowerCase()))
      throw new RangeError(
        `where: unknown column "${name}" of preferences${didYouMean(name, known)}; it has ${known.join(", ")}`,
      );
  return `coalesce((${sql})::boolean, false)`;
}
