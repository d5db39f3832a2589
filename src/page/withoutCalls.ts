import { forest } from "../charts/forest";
import { formatEstimate } from "../charts/number";
import { listed } from "../decide/choose/chooseText";
import type { MeasureRequest } from "../measures/options";
import { type PreferenceRow, preferences } from "../measures/preferences/preferences";
import { isEstimate, type Row, type Table } from "../measures/table";
import { assumed } from "../stats/assumed";
import { isSettled } from "../stats/claim";
import { counted } from "../stats/text";
import type { Store } from "../store/open";
import { boardFindings } from "./boardFindings";
import type { Instead } from "./instead";
import { otherPrices, priceFindings, sizeFindings } from "./sizeFindings";

/** Maximum number of names in a list; of more, their number is given. */
const MOST_NAMES = 3;
/** Maximum number of models in a figure. */
const MOST_MODELS = 12;

/** What comparisons of answers, or leaderboards, say where calls compare nothing; undefined where they do. */
export async function withoutTraffic(
  store: Store,
  request: MeasureRequest,
  metrics: Table,
  { calls, level, seed }: { calls: number; level: number; seed: number },
): Promise<Instead | undefined> {
  const names = Object.keys(metrics.rows[0] ?? {}).filter((name) => !metrics.by.includes(name));
  const hasTraffic = names.some((name) => /^(duration|time_to_first_token|cost|resolve_rate)/.test(name));
  if (hasTraffic)
    return names.every((name) => /^(cost_|error_rate$)/.test(name)) ? otherPrices(store, request) : undefined;
  // Comparisons and leaderboards are not of the calls that a condition chooses.
  if (request.where === undefined) {
    const preferred = await preferenceFindings(store, level);
    // A win is what comparisons tell; of the calls behind them there is nothing else.
    const isAll = names.every((name) => /^(error_rate|score:win|win)$/.test(name));
    if (preferred !== undefined) return { ...preferred, isAll };
    if (calls === 0) return (await boardFindings(store, level, seed)) ?? priceFindings(store);
  }
  const tells = names.some((name) =>
    metrics.rows.some(({ [name]: cell }) => isEstimate(cell) && (name !== "error_rate" || cell.value > 0)),
  );
  return tells ? undefined : sizeFindings(store, request);
}

/** What comparisons of answers alone say: which model is preferred; undefined if there are none. */
export async function preferenceFindings(store: Store, level: number): Promise<Instead | undefined> {
  const table = await preferences(store, { level });
  const [first, ...others] = table.rows;
  if (first === undefined || others.length === 0) return undefined;
  const rate = ({ win_rate }: typeof first) => formatEstimate(win_rate);
  const { needs } = first.claim;
  const leads = needs === undefined ? "" : `if ${assumed[needs]}, `;
  const isFirst = isSettled(first.claim) || needs !== undefined;
  const comparisons = table.rows.reduce((sum, row) => sum + row.comparisons, 0) / 2;
  const compared = `${counted(comparisons, "comparison")} of ${counted(table.rows.length, "model")}`;
  const held = await heldEqual(store, first, level);
  const near = table.rows.filter(({ rank_low }) => rank_low === 1).map(({ model }) => model);
  const behind = table.rows.filter(({ rank_low }) => rank_low > 1).map(({ model }) => model);
  const out = behind.length === 0 ? "" : `; ${named(behind)} ${behind.length === 1 ? "is" : "are"} not`;
  return {
    title: compared,
    question: `Which answers are preferred? Measured on ${compared}.`,
    headline: isFirst
      ? `${`${leads}${first.model}`.replace(/^if /, "If ")} is preferred, in ${rate(first)} of ${counted(first.comparisons, "comparison")}${others.length === 1 ? ` with ${others[0].model}` : `; next is ${others[0].model}, ${rate(others[0])}`}.`
      : `No model is shown to be preferred: ${near.length > 1 ? `${named(near)} may be${out}` : `${first.model} leads, with ${rate(first)}`}.`,
    points: [
      ...(held === undefined
        ? []
        : [
            `Length: at answers of equal length, ${first.model} wins ${rate(held)}, instead of ${rate(first)} as judged.`,
          ]),
      ...(await byRater(store, first.model, level)),
      ...table.notes.slice(0, MOST_NAMES),
    ],
    figures: [
      forest(table.rows.slice(0, MOST_MODELS), {
        ...{ value: "win_rate", label: "model", quantity: "win rate", title: "Share of comparisons won" },
      }),
      ...(held === undefined ? [] : [heldFigure(first, held)]),
    ],
  };
}

/** The same model at equal length of the answers, where lengths are known. */
async function heldEqual(
  store: Store,
  { model }: PreferenceRow,
  level: number,
): Promise<PreferenceRow | undefined> {
  try {
    const { rows } = await preferences(store, { level, control: "length" });
    return rows.find((row) => row.model === model && !Number.isNaN(row.win_rate.value));
  } catch (error) {
    // No comparison tells how long both answers were.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A win rate as judged and at equal length, side by side. */
const heldFigure = (judged: PreferenceRow, held: PreferenceRow) =>
  forest(
    [
      { answers: "as judged", win_rate: judged.win_rate },
      { answers: "at equal length", win_rate: held.win_rate },
    ],
    {
      value: "win_rate",
      label: "answers",
      quantity: "win rate",
      title: `${judged.model}, by length`,
      also: [0.5],
    },
  );

/** The same win rate by each rater, where there are several. */
async function byRater(store: Store, model: string, level: number): Promise<string[]> {
  const { rows } = await preferences(store, { level, by: "rater_id" });
  const known = rows.flatMap((row) => {
    const { rater_id: rater }: Row = row;
    return row.model === model && rater !== null ? [`${String(rater)} ${formatEstimate(row.win_rate)}`] : [];
  });
  const more = known.length > MOST_NAMES ? `; ${known.length - MOST_NAMES} more rated` : "";
  return known.length < 2 ? [] : [`Raters: ${model} wins by ${listed(known.slice(0, MOST_NAMES))}${more}.`];
}

const named = (names: readonly string[]) =>
  names.length > MOST_NAMES ? `${names.length} models` : listed(names);
