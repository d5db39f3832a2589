import { differences } from "../../src/look/difference";
import { requestOf } from "../../src/measures/options";
import { boardFindings } from "../../src/page/boardFindings";
import { findings } from "../../src/page/findings";
import type { JudgedBy } from "../../src/page/judgedBy";
import { oneModel } from "../../src/page/oneModel";
import { sidesOf } from "../../src/page/reportMeasures";
import { preferenceFindings } from "../../src/page/withoutCalls";
import { isSettled } from "../../src/stats/claim";
import type { Random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import type { Call } from "../measures/calls";

/** What a page of a kind of log says, and whether it is false. */
export interface Told {
  sentence: string;
  said: boolean;
  wrong: boolean;
}

/** Logs of one kind in which nothing differs, or all that differs is known, and what a page may falsely say of them. */
export interface KindWorld {
  name: string;
  calls(r: Random): Call[];
  /** Puts what is no call into the store. */
  more?(store: Store, r: Random): Promise<void>;
  look(store: Store): Promise<Told[]>;
}

const start = Date.UTC(2026, 2, 2);
const at = (minutes: number) => new Date(start + minutes * 6e4).toISOString().slice(0, 19);
const wait = (r: Random) => 2 * Math.exp(0.6 * r.normal());

/** Calls of users who differ, at even steps of time. */
function calls(r: Random, count: number, every: number, of: (i: number) => Call): Call[] {
  const users = Array.from({ length: 60 }, () => Math.exp(0.3 * r.normal()));
  return Array.from({ length: count }, (_, i) => {
    const user = r.integer(users.length);
    const failed = r.uniform() < 0.1;
    return {
      ...{ call_id: `c${i}`, started_at: at(i * every), user_id: `u${user}`, model: "solo" },
      ...{ status: failed ? "error" : "ok", duration: failed ? null : (users[user] ?? 1) * wait(r) },
      ...of(i),
    };
  });
}

/** What a log shows, as its page says first. */
async function textOf(store: Store): Promise<string> {
  const { headline, points } = await findings(store);
  return [headline, ...points].join(" ");
}

/** What a page says of one model beside its numbers. */
async function ownText(store: Store, given?: JudgedBy): Promise<string> {
  const request = requestOf("report", {});
  const { metrics, names } = await sidesOf(store, request, { assume: [] });
  const { broken, points, where } = await oneModel(store, request, { names, metrics, given });
  return [...broken, ...points, ...where].join(" ");
}

/** Nothing differs: each sentence is told falsely wherever it is told. */
const none =
  (sentences: Readonly<Record<string, RegExp>>, textIn: (store: Store) => Promise<string> = textOf) =>
  async (store: Store): Promise<Told[]> => {
    const text = await textIn(store);
    return Object.entries(sentences).map(([sentence, pattern]) => {
      const said = pattern.test(text);
      return { sentence, said, wrong: said };
    });
  };

const sides = {
  "is best by": /is best (by|in)/,
  "is worse than the best": /(is|are) (worse|slower|dearer) by/,
};
/** Limits at which the true numbers lie: they are not broken. */
const trueNumbers = [
  { metric: "error_rate", at_most: 0.1 },
  { metric: "duration_p50", at_most: 2 },
];

/** Calls of users who keep to kinds of work, models and regions of their own, in sessions, at waits of their own. */
function ownWays(
  r: Random,
  { users, count, session, slow = "" }: { users: number; count: number; session: number; slow?: string },
) {
  const columns = { model: 4, workload: 3, region: 3, provider: 2, prompt_version: 5 };
  const ways = Array.from({ length: users }, () => ({
    wait: Math.exp(0.5 * r.normal()),
    own: Object.entries(columns).map(([name, size]) => [name, size, r.integer(size)] as const),
  }));
  let user = 0;
  return Array.from({ length: count }, (_, i): Call => {
    if (i % session === 0) user = r.integer(users);
    const { wait: usual, own } = ways[user]!;
    const picked = own.map(([name, size, most]) => [
      name,
      `${name}${r.uniform() < 0.8 ? most : r.integer(size)}`,
    ]);
    const times = picked.some(([, value]) => value === slow) ? 3 : 1;
    return {
      ...{
        call_id: `c${i}`,
        started_at: at(10 * i),
        user_id: `u${user}`,
        status: "ok",
        duration: times * usual * wait(r),
      },
      ...Object.fromEntries(picked),
    };
  });
}

/** What is selected has nothing to do with what calls are, beyond whose they are: each difference that is told is none. */
const differs = (where: string) => async (store: Store) => {
  const said = (await differences(store, { where })).rows.some(({ claim }) => isSettled(claim));
  return [{ sentence: "selected against the rest: a difference", said, wrong: said }];
};
/** One region is slow in truth: it is found among the slow calls, as are models that its users alone have. */
const found = async (store: Store) => {
  const { rows } = await differences(store, { where: slow });
  const said = rows.some(({ column, claim }) => column === "region" && isSettled(claim));
  return [{ sentence: "selected against the rest: the region", said, wrong: false }];
};
const slow = "duration > 3";
const aDay = "started_at >= '2026-03-04' and started_at < '2026-03-05'";

export const kindWorlds: readonly KindWorld[] = [
  {
    name: "two leaderboards of twelve equal models, with their standard errors",
    calls: () => [],
    more: async (store, r) => {
      const scores = [0, 1].flatMap((board) =>
        Array.from({ length: 12 }, (_, i) => `('board${board}', 'm${i}', ${70 + 2 * r.normal()}, 2.0)`),
      );
      await run(
        store.connection,
        `insert into benchmarks by name select * from (values ${scores.join(", ")}) as t(benchmark, model, score, standard_error)`,
      );
    },
    look: async (store) => {
      const found = await boardFindings(store, 0.95, 1);
      const said = / is first on /.test(String(found?.headline));
      return [{ sentence: "is first on", said, wrong: said }];
    },
  },
  {
    name: "200 comparisons of two equal models' answers, and nothing else",
    calls: () => [],
    more: async (store, r) => {
      const rows = Array.from(
        { length: 200 },
        (_, i) => `('p${i}', 'left', 'right', ${r.uniform() < 0.5 ? 0 : 1})`,
      );
      await run(
        store.connection,
        `insert into preferences by name select * from (values ${rows.join(", ")}) as t(comparison_id, model_a, model_b, preferred)`,
      );
    },
    look: none({ "is preferred": / is preferred, in / }, async (store) =>
      String((await preferenceFindings(store, 0.95))?.headline),
    ),
  },
  {
    name: "two models, all calls of which but one in ten fail",
    calls: (r) =>
      calls(r, 300, 3, () => ({
        ...{ model: `m${r.integer(2)}`, duration: null },
        status: r.uniform() < 0.9 ? "error" : "ok",
      })),
    look: async (store) => {
      const [, share] = /fails in at least (\d+) %/.exec(await textOf(store)) ?? [];
      return [
        { sentence: "Every model fails in at least", said: share !== undefined, wrong: Number(share) > 90 },
      ];
    },
  },
  {
    name: "two equal embedding models and nothing else, 400 calls",
    calls: (r) => calls(r, 400, 3, () => ({ model: `m${r.integer(2)}`, operation: "embeddings" })),
    look: none(sides),
  },
  {
    name: "one model whose limits are its true numbers, 600 calls",
    calls: (r) => calls(r, 600, 20, () => ({})),
    look: none({ "Broken of": /Broken of own/ }, (store) =>
      ownText(store, [{ name: "own", limits: trueNumbers }]),
    ),
  },
  {
    name: "four equal providers of one model, 800 calls",
    calls: (r) => calls(r, 800, 3, () => ({ provider: `p${r.integer(4)}` })),
    look: none(sides),
  },
  {
    name: "one model that stays as it is, two equal workloads, three regions, any length, 28 days",
    calls: (r) =>
      calls(r, 1400, 28, () => ({
        ...{ workload: `w${r.integer(2)}`, region: `r${r.integer(3)}` },
        input_tokens: Math.round(1000 * Math.exp(r.normal())),
      })),
    look: none({ "By workload, region or length: worse": /By (workload|region|length): / }, ownText),
  },
  {
    name: "two equal models, one call every four hours for three years",
    calls: (r) => calls(r, 6500, 240, () => ({ model: `m${r.integer(2)}` })),
    look: none(sides),
  },
  {
    name: "forty equal models, 2,000 calls",
    calls: (r) => calls(r, 2000, 2, () => ({ model: `m${r.integer(40)}`, cost: 0.001 * wait(r) })),
    look: none(sides),
  },
  ...[
    { part: "the slow calls selected", session: 1, where: slow },
    { part: "in sessions of six calls, a day selected", session: 6, where: aDay },
  ].flatMap(({ part, session, where }) =>
    [
      { users: 60, count: 1200, of: "60 users, 1,200 calls" },
      { users: 12, count: 600, of: "12 users, 600 calls" },
    ].map(({ users, count, of }) => ({
      name: `users with ways of their own, ${part}, ${of}`,
      calls: (r: Random) => ownWays(r, { users, count, session }),
      look: differs(where),
    })),
  ),
  {
    name: "users with ways of their own, a region three times as slow, the slow calls selected, 60 users, 1,200 calls",
    calls: (r) => ownWays(r, { users: 60, count: 1200, session: 1, slow: "region0" }),
    look: found,
  },
];
