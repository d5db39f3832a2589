import { formatEstimate } from "../charts/number";
import { tierFigure } from "../charts/tierFigure";
import { listed } from "../decide/choose/chooseText";
import { leaderboards } from "../measures/benchmark/saturation";
import type { TierRow, TierTable } from "../measures/benchmark/tiers";
import { isSettled } from "../stats/claim";
import { quantile } from "../stats/quantile";
import { rankCorrelationOverModels } from "../stats/rankCorrelationOverModels";
import { spearman } from "../stats/spearman";
import { counted } from "../stats/text";
import type { Store } from "../store/open";
import type { Instead } from "./instead";

/** Maximum number of names in a list, and of leaderboards told one by one. */
const MOST_NAMES = 3;
const MOST_BOARDS = 4;
/** Maximum number of figures, and of models in one. */
const MOST_FIGURES = 2;
const MOST_MODELS = 12;
/** Minimum number of models that two leaderboards must share to be held against each other. */
const FEWEST_SHARED = 10;

interface Board {
  benchmark: string;
  table: TierTable;
}

/** What leaderboards alone say: who is first on each, as far as its scores tell; undefined if there is none. */
export async function boardFindings(store: Store, level: number, seed: number): Promise<Instead | undefined> {
  const { boards } = await leaderboards(store, { level, seed });
  if (boards.length === 0) return undefined;
  // Those that say how sure they are come first.
  const sorted = [...boards].sort((a, b) => Number(isUnsure(a)) - Number(isUnsure(b)));
  const told = sorted.map((board) => ({
    ...board,
    single: singleFirst(board),
    text: `${board.benchmark}: ${boardText(board)}.`,
  }));
  const firsts = told.filter(({ single }) => single !== undefined);
  const open = boards.length - firsts.length;
  const models = new Set(boards.flatMap(({ table }) => table.rows.map(({ model }) => model)));
  const where = firsts
    .slice(0, MOST_NAMES)
    .map(({ benchmark, single }) => `${single} is first on ${benchmark}`);
  const few =
    told.length <= MOST_BOARDS ? told : told.filter((board) => !isUnsure(board)).slice(0, MOST_BOARDS);
  const unsure = told.filter(isUnsure).length;
  const { short, points: agree } = agreement(boards, level);
  return {
    title: `${counted(boards.length, "leaderboard")}, ${counted(models.size, "model")}`,
    question: "What do these leaderboards show?",
    headline: `${
      boards.length === 1 && firsts.length === 0
        ? told[0].text
        : firsts.length === 0
          ? `No leaderboard shows one model to be first${firstsText(told)}.`
          : `${listed(where)}${open === 0 ? "" : `; ${openText(told, open)}`}.`
    }${short}`,
    points: [
      ...(boards.length === 1 && firsts.length === 0 ? [] : few.map(({ text }) => text)),
      ...(few.length === told.length || unsure === 0
        ? []
        : [
            `Standard errors: ${unsure} of ${boards.length} leaderboards give none, so nothing says how sure their order is.`,
          ]),
      ...atTop(boards),
      ...agree,
      "Leaderboards alone: whether their order holds on your own traffic takes logs of it.",
    ],
    more: few.length === told.length ? [] : told.map(({ text }) => text),
    figures: sorted
      .slice(0, MOST_FIGURES)
      .map(({ benchmark, table }) => tierFigure(table, { title: benchmark, models: MOST_MODELS })),
  };
}

/** The leaderboards that show no single first: one by its name, of more their number. */
function openText(told: readonly (Board & { single: string | undefined })[], open: number): string {
  const [one] = told.filter(({ single }) => single === undefined);
  return open > 1 || one === undefined || isUnsure(one)
    ? `${open} of ${counted(told.length, "leaderboard")} ${open === 1 ? "shows" : "show"} no single first`
    : `on ${one.benchmark} ${counted(top(one).length, "model")} may be`;
}

/** Who may be first on each of a few leaderboards; of many their number. */
const firstsText = (boards: readonly Board[]): string =>
  boards.length > MOST_NAMES || boards.some(isUnsure)
    ? ` (${counted(boards.length, "leaderboard")})`
    : `: ${boards.map((board) => `on ${board.benchmark} ${names(top(board))} may be`).join("; ")}`;

const isUnsure = ({ table }: Board) => Number.isNaN(table.tiers);

/** The models at the top of a leaderboard, as far as it tells. */
const top = ({ table: { rows, tiers } }: Board): readonly TierRow[] =>
  Number.isNaN(tiers)
    ? rows.filter(({ score }) => score.value === rows[0].score.value)
    : rows.filter(({ tier }) => tier === 1);

function singleFirst(board: Board): string | undefined {
  const [first, ...others] = top(board);
  return !isUnsure(board) && others.length === 0 && isSettled(first.claim) ? first.model : undefined;
}

function boardText(board: Board): string {
  const { rows, tiers } = board.table;
  const best = formatEstimate(rows[0].score);
  const first = top(board);
  if (isUnsure(board))
    return `${rows.length} models; ${names(first)} ${first.length > 1 ? "share" : "has"} the best score, and no standard error says how sure that is`;
  const of = `${counted(rows.length, "model")} in ${counted(tiers, "tier")}`;
  const single = singleFirst(board);
  return single === undefined
    ? `${of}; ${names(first)} are not told apart at the top, the best score is ${best}`
    : `${of}; ${single} is first (${best})`;
}

/** Which model is most often among the first. */
function atTop(boards: readonly Board[]): string[] {
  if (boards.length < 2) return [];
  const times = new Map<string, number>();
  // A leaderboard that tells nobody apart has nobody at its top.
  for (const board of boards.filter((one) => top(one).length < one.table.rows.length))
    for (const { model } of top(board)) times.set(model, (times.get(model) ?? 0) + 1);
  const most = Math.max(0, ...times.values());
  const who = [...times].filter(([, count]) => count === most).map(([model]) => model);
  return most < 2
    ? []
    : [
        `Most often at the top: ${names(who.map((model) => ({ model })))}, on ${most} of ${boards.length} leaderboards, alone or beside others.`,
      ];
}

/** How far leaderboards put the models that they share in the same order: for a headline, and with the least alike. */
function agreement(boards: readonly Board[], level: number): { short: string; points: string[] } {
  const ranks = boards.map(({ benchmark, table: { rows } }) => {
    const sign = rows[0].score.value >= rows[rows.length - 1].score.value ? 1 : -1;
    return { benchmark, of: new Map(rows.map(({ model, score }) => [model, sign * score.value])) };
  });
  const pairs = ranks.flatMap((a, at) =>
    ranks.slice(at + 1).flatMap((b) => {
      const shared = [...a.of.keys()].filter((model) => b.of.has(model));
      if (shared.length < FEWEST_SHARED) return [];
      const [x, y] = [a, b].map(({ of }) => shared.map((model) => of.get(model) ?? Number.NaN));
      const rho = spearman(x, y);
      return Number.isNaN(rho)
        ? []
        : [{ names: `${a.benchmark} and ${b.benchmark}`, models: shared.length, rho, x, y }];
    }),
  );
  if (pairs.length === 0)
    return {
      short: "",
      points:
        boards.length < 2 ? [] : [`Agreement: no two leaderboards share ${FEWEST_SHARED} models or more.`],
    };
  const [least] = [...pairs].sort((a, b) => a.rho - b.rho);
  // The lowest of several pays for being picked from them.
  const over = rankCorrelationOverModels(least.x, least.y, { level: 1 - (1 - level) / pairs.length });
  const sure = `${least.rho.toFixed(2)} [${over.low.toFixed(2)}, ${over.high.toFixed(2)}]`;
  const apart = `${least.names} (${sure}, ${least.models} models)`;
  const half = quantile(
    pairs.map(({ rho }) => rho).sort((a, b) => a - b),
    0.5,
  ).toFixed(2);
  const of = counted(pairs.length, "pair");
  return pairs.length === 1
    ? {
        short: ` Their rank correlation is ${sure}, over ${least.models} models.`,
        points: [
          `Agreement: ${least.names} rank the ${least.models} models they share with a correlation of ${sure}; 1 is the same order, 0 none in common, -1 the reverse.`,
        ],
      }
    : {
        short: ` Of ${of} of them, ${least.names} rank their ${least.models} models least alike: a correlation of ${sure}.`,
        points: [
          `Agreement: of ${of} of leaderboards with ${FEWEST_SHARED} models or more in common, half have a rank correlation of ${half} or more; least alike are ${apart}.`,
        ],
      };
}

const names = (rows: readonly Pick<TierRow, "model">[]) =>
  rows.length > MOST_NAMES ? `${rows.length} models` : listed(rows.map(({ model }) => model));
