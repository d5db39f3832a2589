import type { DuckDBConnection } from "@duckdb/node-api";
import { isTime } from "../../facts/cluster";
import { aboutTasksView } from "../../facts/outcomes";
import type { Selection } from "../../facts/select";
import { type Tokenizers, tokenizersOf } from "../../facts/tokenizers";
import { grouped } from "../../stats/text";
import { rowsOnce } from "../../store/once";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { groupedBy } from "../rowKey";

const sql = statements(__dirname, "sameWork.sql");
const views = statements(__dirname, "mix.sql");

/** How a side's mix of prompts compares to its target's. */
export interface SharedItems {
  g: string;
  second: boolean;
  /** Share of the target's mix that lies in prompts the side was asked, and of the side's own in the target's. */
  covered: number;
  common: number;
  /** Share of the calls that would have to be of other prompts. */
  apart: number;
  /** Prompts of the target, and Pearson's chi-square of a group's calls among those of its whole. */
  prompts: number;
  chi: number;
}

/** What is held fixed whichever model answers. */
export interface SameWork {
  /** True if models have to be part of the mix, so that each is compared with itself. */
  byModel: boolean;
  /** True if length is left out, since models count tokens each in their own way. */
  leftOut: boolean;
  /** True if the models of all sides are known to count the same text alike. */
  tokensAlike: boolean;
  /** Which groups' mix is the prompts that sides share. */
  items: Map<string, SharedItems[]>;
  /** What counts as independent in these groups. */
  itemCluster: string;
  /** How input lengths compare between models. */
  notes: string[];
}

/** What the sides of a comparison are. */
export interface Sided {
  /** The whole that each group belongs to. */
  wholeOf: ReadonlyMap<string, string>;
  /** True if every group is brought to the mix of its whole, rather than side b to that of side a. */
  together: boolean;
  /** True if `model` is a candidate of several columns. */
  candidates: boolean;
  /** True if the measure may choose the clusters. */
  freely: boolean;
  /** True to take tokens as each model counts them, though nothing tells how they compare. */
  asCounted?: boolean;
}

/** A side must have this share of its target's mix of prompts, and such sides this share of the calls. */
const [enough, most] = [0.8, 0.9];

interface Counter {
  whole: string;
  g: string;
  second: boolean;
  model: string;
  calls: number;
}

/** Decides what sides must have alike, over the view `sided`, and makes the tables that `call_sides` reads. */
export async function sameWork(
  { connection, clusterBy }: Selection,
  { wholeOf, together, candidates, freely, asCounted = false }: Sided,
): Promise<SameWork> {
  await run(connection, candidates ? views.candidates_counted : views.counted);
  const wholes = JSON.stringify([...wholeOf].map(([g, whole]) => ({ g, whole })));
  await run(connection, sql.wholes, { wholes });
  const items = await sharedItems(connection, together);
  const counters = (await rowsOf<Counter>(connection, sql.counters)).filter(({ g }) => !items.has(g));
  const several = [...wholesOf(counters).values()].some((sides) => modelsOf(sides).size > 1);
  const models = [...new Set(counters.map(({ model }) => model))].sort();
  const tokenizers = several ? await tokenizersOf(connection, models) : undefined;
  const byModel = several && tokenizers === undefined && [...wholesOf(counters).values()].every(shareModels);
  const leftOut = asCounted ? "whoever counts" : "left out";
  const lengths = tokenizers !== undefined ? "by factor" : several && !byModel ? leftOut : "as counted";
  const factors = [...(tokenizers?.factors ?? [])].map(([counter, factor]) => ({ counter, factor }));
  await run(connection, views.tokenizers, { factors: JSON.stringify(factors) });
  await run(connection, `set variable lengths = ${quoteText(lengths)}`);
  // Calls of one prompt resemble each other whoever made them; a user has asked more than one.
  const byItem = freely && items.size > 0 && clusterBy !== "user_id" && !isTime(clusterBy);
  await run(connection, `set variable by_item = ${byItem}`);
  return {
    byModel,
    leftOut: lengths === "left out",
    tokensAlike: lengths === "as counted" || (tokenizers !== undefined && factors.every(isOne)),
    items,
    itemCluster: byItem ? "prompt_id" : clusterBy,
    notes: notesOf(lengths, tokenizers),
  };
}

/** The groups whose sides share prompts; makes the tables `task_items` and `item_weights`. */
async function sharedItems(
  connection: DuckDBConnection,
  together: boolean,
): Promise<Map<string, SharedItems[]>> {
  await aboutTasksView(connection);
  const [{ has }] = await rowsOnce<{ has: boolean }>(connection, sql.has_items);
  for (const one of has ? [sql.task_items, sql.asked] : [sql.no_items, sql.not_asked])
    await run(connection, one);
  await run(connection, sql.item_sides, { together });
  await run(connection, sql.item_weights, { together, enough, most });
  return groupedBy(has ? await rowsOf<SharedItems>(connection, sql.items_shared) : [], ({ g }) => g);
}

/** True if a model counts as finely as the one that it is compared to, but for what nobody would see. */
const isOne = ({ factor }: { factor: number }): boolean => Math.abs(factor - 1) < 0.02;

const wholesOf = (counters: readonly Counter[]) => groupedBy(counters, ({ whole }) => whole);

const modelsOf = (counters: readonly Counter[]) => new Set(counters.map(({ model }) => model));

/** True if nearly all calls of each side are of models that nearly all other sides have as well. */
function shareModels(counters: readonly Counter[]): boolean {
  const sideOf = ({ g, second }: Counter) => `${g} ${second}`;
  const sides = new Set(counters.map(sideOf));
  const sidesOf = new Map<string, Set<string>>();
  for (const counter of counters)
    sidesOf.set(counter.model, (sidesOf.get(counter.model) ?? new Set()).add(sideOf(counter)));
  const common = (model: string) => (sidesOf.get(model)?.size ?? 0) - 1 >= most * (sides.size - 1);
  return [...sides].every((side) => {
    const own = counters.filter((counter) => sideOf(counter) === side);
    const callsOf = (some: readonly Counter[]) => some.reduce((sum, { calls }) => sum + calls, 0);
    return callsOf(own.filter(({ model }) => common(model))) >= most * callsOf(own);
  });
}

function notesOf(lengths: string, tokenizers: Tokenizers | undefined): string[] {
  if (lengths === "left out" || lengths === "whoever counts")
    return [
      "Input length is left out of the mix: each model counts tokens in its own way, and these share too few prompts to tell how. A difference that goes if tokens are taken alike is not claimed: the inputs may differ.",
    ];
  const finer = [...(tokenizers?.factors ?? [])].filter(([, factor]) => Math.abs(factor - 1) > 0.005);
  if (tokenizers === undefined || finer.length === 0) return [];
  const said = finer.map(([model, factor]) => `${model} by ${factor.toFixed(2)}`).join(", ");
  return [
    `Input lengths are compared after dividing each model's tokens by how finely it counts: ${said}, from ${grouped(tokenizers.prompts)} or more prompts that models share.`,
  ];
}
