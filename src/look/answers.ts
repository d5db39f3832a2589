import { check } from "../decide/check/check";
import { type Limits, readLimits } from "../decide/check/limits";
import { choose } from "../decide/choose/choose";
import { compare } from "../decide/compare/compare";
import type { Profile } from "../decide/profile/profile";
import { profileNames } from "../decide/profile/readProfile";
import { withoutIntervals } from "../facts/cluster";
import { everything } from "../facts/request";
import { select } from "../facts/select";
import { answersMeeting } from "../measures/calls";
import { metric } from "../measures/metric";
import { availableMetrics } from "../measures/metricNames";
import { trace } from "../measures/service/trace";
import { spanOf } from "../page/reportSpan";
import { weighingOf } from "../page/weighing";
import type { Store } from "../store/open";
import { lookCode } from "./code";
import { fewValued } from "./columns";
import { differences } from "./difference";
import { keeping, listOf, numberOf, recordOf, selectedOf, textOf, whereOf } from "./selected";
import { type ViewPart, views } from "./views";

/** What a page may ask, by name: one answer each, or for the views one for each part. */
export interface Answers {
  log(store: Store): Promise<object>;
  /** `first`: a copy of a share of the users, which answers before all of them do. */
  views(
    store: Store,
    asked: unknown,
    first?: { store: Store; share: number },
  ): AsyncGenerator<ViewPart, void>;
  verdict(store: Store, asked: unknown): Promise<object>;
  difference(store: Store, asked: unknown): Promise<object>;
  calls(store: Store, asked: unknown): Promise<object>;
  trace(store: Store, asked: unknown): Promise<object>;
  code(store: Store, asked: unknown): Promise<object>;
}

/** Calls that are listed at once. */
const mostListed = 200;

/**
 * The answers to what a page asks of a store, each a question that the library has: nothing is estimated here. What is asked
 * comes from a browser and is checked; a predicate in it goes the way of every `where`.
 */
export function answersOf({
  withText = false,
  limits: given,
}: {
  withText?: boolean;
  limits?: string | Limits;
}): Answers {
  const limits = given === undefined ? undefined : readLimits(given);
  return {
    log: async (store) => ({ ...(await logOf(store)), limits: limits?.name }),
    views: (store, asked, first) => views(store, selectedOf(asked), first),
    verdict: (store, asked) => verdictOf(store, asked, limits),
    async difference(store, asked) {
      const where = whereOf(selectedOf(asked));
      if (where === undefined)
        throw new RangeError(
          "look requires a selection to hold against the rest, and all calls are selected",
        );
      return differences(store, { where });
    },
    async calls(store, asked) {
      const { limit = 20, after = 0, order } = recordOf(asked, "calls");
      const most = Math.min(mostListed, numberOf(limit, "limit"));
      const where = whereOf(selectedOf(asked)) ?? "true";
      return answersMeeting(store, {
        where,
        limit: most,
        after: numberOf(after, "after"),
        order: order === undefined ? undefined : textOf(order, "order"),
      });
    },
    trace: (store, asked) => trace(store, textOf(recordOf(asked, "trace").id, "id"), { withText }),
    code: async (store, asked) => lookCode(store, selectedOf(asked), given),
  };
}

/** What the log is: how many calls of which models from when to when, and what they can be grouped and compared by. */
async function logOf(store: Store): Promise<object> {
  const span = await spanOf(store, everything);
  const selection = await select(store, everything, { by: [] });
  try {
    const { names } = await availableMetrics(store);
    return {
      store: store.path,
      engine: store.engine,
      ...span,
      by: await fewValued(selection),
      metrics: names.map((name) => {
        const { label, unit, better } = metric(name);
        return { name, label, unit, better };
      }),
      profiles: profileNames(),
      notes: withoutIntervals(selection),
    };
  } finally {
    selection.close();
  }
}

/** The answer of `compare`, `choose` or `check` for what is selected, with its verdict. */
async function verdictOf(store: Store, given: unknown, limits?: Limits): Promise<object> {
  const asked = selectedOf(given);
  const { compare: sides, choose: profile, check: isChecked } = recordOf(given, "verdict");
  const where = whereOf(asked);
  const { by = "model", metric = "duration_p95" } = asked;
  if (profile !== undefined) {
    const choice = await choose(store, { where, by, profile: profileOf(profile) });
    return { ...choice, weighing: weighingOf(choice, choice.profile) };
  }
  if (isChecked !== undefined) {
    if (limits === undefined)
      throw new RangeError("look has no limits to check: start it with fieldnotes look --limits FILE");
    return check(store, { where, limits });
  }
  const [a, b] = listOf(sides, "compare");
  const side = (value: unknown) => {
    const { only = [] } = selectedOf({ only: [{ name: by, values: [value] }] });
    return keeping(by, only[0].values);
  };
  return compare(store, { where, a: side(a), b: side(b), metrics: [metric] });
}

/** A profile of the package by its name, or one whose criteria and floors are given: never a file. */
function profileOf(given: unknown): string | Profile {
  if (typeof given === "string") {
    if (profileNames().includes(given)) return given;
    throw new RangeError(
      `look requires a profile of ${profileNames().join(", ")}, got ${JSON.stringify(given)}`,
    );
  }
  const { criteria, floors } = recordOf(given, "choose");
  return {
    name: "look",
    criteria: listOf(criteria, "criteria") as Profile["criteria"],
    ...(floors === undefined ? {} : { floors: listOf(floors, "floors") as Profile["floors"] }),
  };
}
