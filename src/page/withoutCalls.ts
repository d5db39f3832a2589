import { forest } from "../charts/forest";
import { formatEstimate } from "../charts/number";
import { tierFigure } from "../charts/tierFigure";
import { assumed } from "../decide/assume";
import { listed } from "../decide/choose/chooseText";
import { leaderboards } from "../measures/benchmark/saturation";
import type { TierRow } from "../measures/benchmark/tiers";
import { preferences } from "../measures/preferences/preferences";
import type { Table } from "../measures/table";
import { isSettled } from "../stats/claim";
import { counted } from "../stats/text";
import type { Store } from "../store/open";
import type { Lead } from "./page";

type Found = Pick<Lead, "headline" | "points" | "figures">;

/** Maximum number of names in a list; of more, their number is given. */
const MOST_NAMES = 3;
/** Maximum number of figures, and of models in one. */
const MOST_FIGURES = 2;
const MOST_MODELS = 12;

/** What comparisons of answers, or leaderboards, say where calls compare nothing; undefined where they do. */
export async function withoutTraffic(
  store: Store,
  metrics: Table,
  { calls, level, seed }: { calls: number; level: number; seed: number },
): Promise<Found | undefined> {
  const hasTraffic = Object.keys(metrics.rows[0] ?? {}).some((name) =>
    /^(duration|time_to_first_token|cost|resolve_rate)/.test(name),
  );
  if (hasTraffic) return undefined;
  return (
    (await preferenceFindings(store, level)) ?? (calls === 0 ? boardFindings(store, level, seed) : undefined)
  );
}

/** What leaderboards alone say: who is first on each, as far as its scores tell; undefined if there is none. */
async function boardFindings(store: Store, level: number, seed: number): Promise<Found | undefined> {
  const { boards } = await leaderboards(store, { level, seed });
  if (boards.length === 0) return undefined;
  const told = boards.map(({ benchmark, table: { rows, tiers } }) => {
    const isKnown = !Number.isNaN(tiers);
    const first = isKnown ? rows.filter(({ tier }) => tier === 1) : [];
    const of = `${counted(rows.length, "model")} in ${counted(tiers, "tier")}`;
    const text = isKnown
      ? `${of}; ${few(first)} are not told apart at the top, the best score is ${formatEstimate(rows[0].score)}`
      : `${rows.length} models; ${few(rows.filter(({ score }) => score.value === rows[0].score.value))} ${rows[1].score.value === rows[0].score.value ? "share" : "has"} the best score, and no standard error says how sure that is`;
    const single = isKnown && first.length === 1 && isSettled(first[0].claim) ? first[0].model : undefined;
    return {
      benchmark,
      single,
      text: single === undefined ? text : `${of}; ${single} is first (${formatEstimate(rows[0].score)})`,
    };
  });
  const firsts = told.filter(({ single }) => single !== undefined);
  const open = boards.length - firsts.length;
  const where = firsts.map(({ benchmark, single }) => `${single} is first on ${benchmark}`);
  return {
    headline:
      firsts.length === 0
        ? `No leaderboard shows one model to be first (${counted(boards.length, "leaderboard")}).`
        : `${listed(where)}${open === 0 ? "" : `; ${open} of ${counted(boards.length, "leaderboard")} ${open === 1 ? "shows" : "show"} no single first`}.`,
    points: [
      ...told.map(({ benchmark, text }) => `${benchmark}: ${text}.`),
      "Leaderboards alone: whether their order holds on your own traffic takes logs of it.",
    ],
    figures: boards
      .slice(0, MOST_FIGURES)
      .map(({ benchmark, table }) => tierFigure(table, { title: benchmark, models: MOST_MODELS })),
  };
}

/** What comparisons of answers alone say: which model is preferred; undefined if there are none. */
async function preferenceFindings(store: Store, level: number): Promise<Found | undefined> {
  const table = await preferences(store, { level });
  const [first, ...others] = table.rows;
  if (first === undefined || others.length === 0) return undefined;
  const rate = ({ win_rate }: typeof first) => formatEstimate(win_rate);
  const { needs } = first.claim;
  const leads = needs === undefined ? "" : `if ${assumed[needs]}, `;
  const isFirst = isSettled(first.claim) || needs !== undefined;
  const near = table.rows.filter(({ rank_low }) => rank_low === 1).map(({ model }) => model);
  return {
    headline: isFirst
      ? `${`${leads}${first.model}`.replace(/^if /, "If ")} is preferred, in ${rate(first)} of ${counted(first.comparisons, "comparison")}${others.length === 1 ? ` with ${others[0].model}` : `; next is ${others[0].model}, ${rate(others[0])}`}.`
      : `No model is shown to be preferred: ${near.length > 1 ? `${named(near)} may be` : `${first.model} leads, with ${rate(first)}`}.`,
    points: table.notes.slice(0, MOST_NAMES),
    figures: [
      forest(table.rows.slice(0, MOST_MODELS), {
        ...{ value: "win_rate", label: "model", quantity: "win rate", title: "Share of comparisons won" },
      }),
    ],
  };
}

const named = (names: readonly string[]) =>
  names.length > MOST_NAMES ? `${names.length} models` : listed(names);
const few = (rows: readonly TierRow[]) => named(rows.map(({ model }) => model));
