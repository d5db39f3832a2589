import type { Figure } from "../charts/figure";
import { formatCount } from "../charts/number";
import { wordLabels } from "../facts/labels";
import { select } from "../facts/select";
import { priceFinder } from "../logs/complete/price";
import { modelNames } from "../logs/models/modelNames";
import type { MeasureRequest } from "../measures/options";
import { quantile } from "../stats/quantile";
import { brief, counted, listed } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { conversationFindings, noConversations } from "./conversationFindings";
import { MOST_FIGURES } from "./findingFigures";
import type { Instead } from "./instead";
import { repricings } from "./repricings";
import { binSql, tenfolds, tenfoldsOf } from "./tenfolds";

interface Sizes {
  calls: number;
  models: number;
  first: number | null;
  last: number | null;
  /** Quantiles of the tokens: half and 95 in 100 calls have this many or fewer. */
  input: number[] | null;
  output: number[] | null;
  /** Calls of conversations or tasks, and words that people or judges said of anything. */
  steps: number;
  labels: number;
}

/** What calls say that name no time, cost, outcome or score: how many, and how long they are; undefined without calls. */
export async function sizeFindings(store: Store, request: MeasureRequest): Promise<Instead | undefined> {
  const { connection, close } = await select(store, request, { by: [], population: "all" });
  try {
    await wordLabels(connection);
    const [sizes] = await rowsOf<Sizes>(
      connection,
      `select count(*)::double as calls, count(distinct model)::double as models,
         epoch(min(begun)) as first, epoch(max(begun)) as last,
         quantile_disc(input_tokens, [0.5, 0.95])::double[] as input,
         quantile_disc(output_tokens, [0.5, 0.95])::double[] as output,
         count(coalesce(conversation_id, task_id))::double as steps,
         (select count(*) from word_labels)::double as labels
       from selected where chosen`,
    );
    if (sizes.calls === 0) return undefined;
    const priced = await repricings(connection);
    const kinds = (["input", "output"] as const).filter((kind) => sizes[kind] !== null);
    const half = kinds.map((kind) => `${verbs[kind]} ${tokens(sizes[kind]?.[0])} or fewer`);
    const span = spanText(sizes);
    const talks =
      sizes.steps + sizes.labels > 0 ? await conversationFindings(store, request) : noConversations;
    return {
      isAll: true,
      headline: `${counted(sizes.calls, "call")}${sizes.models > 0 ? ` of ${counted(sizes.models, "model")}` : ""}${span}${half.length === 0 ? "" : `; half ${half.join(", and half ")}`}.${talks.said.map((one) => ` ${one}`).join("")}${priced === undefined ? "" : ` ${priced.at} they ${priced.range}.`} ${nothing(talks.isLabelled)}`,
      points: [
        ...talks.points,
        ...kinds.map(
          (kind) =>
            `${kind === "input" ? "Input" : "Output"}: 95 in 100 calls ${verbs[kind]} ${tokens(sizes[kind]?.[1])} or fewer.`,
        ),
        ...(priced === undefined ? [] : [...priced.each, ...priced.notes]),
        mostTelling(sizes.models > 0, priced !== undefined),
      ],
      more: talks.more,
      figures: [...talks.figures, ...(priced?.figures ?? []), ...(await tokenFigures(connection))].slice(
        0,
        MOST_FIGURES,
      ),
    };
  } finally {
    close();
  }
}

/** What a log lacks that names no time, cost, outcome or score, with what each would say of it. */
const mostTelling = (hasModels: boolean, hasPrices: boolean): string =>
  `What would tell most: ${listed([
    ...(hasModels ? [] : ["the model of each call what it cost and how models compare"]),
    "a duration how long calls take",
    ...(hasPrices ? [] : ["a price list what they cost"]),
    "an outcome how many tasks are resolved",
  ])}.`;

/** How long inputs and outputs are, as far as the chosen calls tell. */
async function tokenFigures(connection: Store["connection"]): Promise<Figure[]> {
  const kinds = ["input", "output"];
  const bins = await rowsOf<{ kind: string; bin: number; n: number }>(
    connection,
    `${kinds
      .map(
        (kind) =>
          `select '${kind}' as kind, ${binSql(`${kind}_tokens`)} as bin, count(*)::double as n
           from selected where chosen and ${kind}_tokens > 0 group by all`,
      )
      .join(" union all ")} order by all`,
  );
  return kinds.flatMap((kind) =>
    tenfolds(
      bins.filter((one) => one.kind === kind),
      { title: `${kind} tokens`, quantity: `${kind} tokens of a call`, of: "all calls" },
    ),
  );
}

const verbs = { input: "read", output: "write" };
const nothing = (isLabelled: boolean) =>
  isLabelled
    ? "The log has no durations, costs or outcomes."
    : "The log has no durations, costs, outcomes or scores: it says how much is asked, not how well that is answered.";
const tokens = (count: number | undefined) => `${formatCount(count ?? Number.NaN)} tokens`;

/** How long the calls took together: " in 21 days". */
function spanText({ first, last }: Sizes): string {
  if (first === null || last === null || last === first) return "";
  const minutes = (last - first) / 60;
  const [count, unit] =
    minutes < 120 ? [minutes, "minute"] : minutes < 2880 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  return ` in ${counted(Math.ceil(count), String(unit))}`;
}

/** Tokens for which prices are given. */
const PER = 1e6;

/** What a price list alone says: how many models have a price, and how far prices are apart; undefined without one. */
export async function priceFindings(store: Store): Promise<Instead | undefined> {
  const priced = (await modelNames(store)).filter(({ prices }) => prices > 0);
  const models = new Set(priced.map(({ model }) => model)).size;
  if (models === 0) return undefined;
  const { prices } = await priceFinder(store.connection);
  const told = (["input", "output"] as const).flatMap((kind) => {
    const known = prices.flatMap(({ [kind]: price }) => (Number(price) > 0 ? [PER * Number(price)] : []));
    if (known.length === 0) return [];
    const half = quantile(
      known.sort((a, b) => a - b),
      0.5,
    );
    const per = `USD per million ${kind} tokens`;
    return [
      {
        half: `${brief(half)} ${per}`,
        figures: tenfoldsOf(known, { title: `prices of ${kind}`, quantity: per, of: "all prices" }),
      },
    ];
  });
  const half =
    told.length === 0 ? "" : ` Half ask ${told.map((one) => one.half).join(" or less, and half ")} or less.`;
  return {
    title: `Prices of ${counted(models, "model")}`,
    question: "What does this price list show?",
    headline: `Prices of ${counted(models, "model")}, and no call: what they come to takes calls with their tokens.${half}`,
    points: ["What would tell most: ingest a log beside the prices; each call with tokens then has a cost."],
    figures: told.flatMap(({ figures }) => figures),
  };
}

/** What calls that have costs and nothing else would cost at other listed prices; undefined without a price list. */
export async function otherPrices(
  store: Store,
  request: MeasureRequest,
): Promise<Pick<Instead, "points" | "figures"> | undefined> {
  const { connection, close } = await select(store, request, { by: [] });
  try {
    const priced = await repricings(connection);
    if (priced === undefined) return undefined;
    const { at, range, each, notes } = priced;
    return {
      points: [...(each.length > 0 ? each : [`${at} these calls ${range}.`]), ...notes],
      figures: [...priced.figures, ...(await tokenFigures(connection))],
    };
  } finally {
    close();
  }
}

/** What fills the room that a verdict leaves for figures: how long calls are that have no more numbers than it shows. */
export async function fillingFigures(store: Store, request: MeasureRequest): Promise<Figure[]> {
  const { connection, close } = await select(store, request, { by: [], population: "all" });
  try {
    return await tokenFigures(connection);
  } finally {
    close();
  }
}
