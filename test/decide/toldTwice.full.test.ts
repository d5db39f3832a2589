import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { latency } from "../../src/measures/latency/latency";
import { latencyBetween } from "../../src/measures/latency/varianceByProvider";
import { trend } from "../../src/measures/trend/trend";
import type { ClaimStatus } from "../../src/stats/claim";
import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { type Call, withCalls } from "../measures/calls";

/** Two models, of which the second is a little faster and fails a little less often, over 14 days. */
function calls(): Call[] {
  const source = random(5);
  return Array.from({ length: 500 }, (_, at): Call => {
    const isBirch = at % 2 === 1;
    return {
      ...{ workload: "chat", model: isBirch ? "birch" : "alder", provider: at % 4 < 2 ? "east" : "west" },
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 24e5).toISOString().slice(0, 19),
      duration: (isBirch ? 1.8 : 2) * (at > 250 ? 1.3 : 1) * Math.exp(0.4 * source.normal()),
      status: source.uniform() < (isBirch ? 0.02 : 0.08) ? "error" : "ok",
      input_tokens: Math.round(1000 * Math.exp(0.5 * source.normal())),
      output_tokens: 100,
      cost: (isBirch ? 0.009 : 0.01) * Math.exp(0.3 * source.normal()),
    };
  });
}

/** What each command says of a log: rows with estimates and claims. */
const commands: Record<string, (store: Store) => Promise<unknown>> = {
  compare: async (store) => {
    const metrics = "duration_p50,duration_p95,time_waited,error_rate,cost_per_call";
    return (await compare(store, { a: "model = 'alder'", b: "model = 'birch'", metrics })).rows;
  },
  check: async (store) => {
    const limits = [
      { metric: "duration_mean", at_most: 2.6 },
      { metric: "error_rate", at_most: 0.08 },
      { metric: "duration", within: 3, at_least: 0.7 },
    ];
    return (await check(store, { limits: { name: "gate", limits } })).rows;
  },
  choose: async (store) => {
    const criteria = [{ metric: "duration_p50", weight: 1, good: 0, bad: 4 }];
    const { claim, rows } = await choose(store, { profile: { name: "speed", criteria } });
    return { claim, utilities: rows.map(({ utility }) => utility) };
  },
  trend: async (store) => {
    const { rows } = await trend(store, { metric: "duration_p50" });
    return rows;
  },
  "variance-by-provider": async (store) => (await latencyBetween(store, {})).rows,
  latency: async (store) => (await latency(store, { by: "model", q: [0.5] })).rows,
};

const order: readonly ClaimStatus[] = ["not to be decided", "open", "leads if", "settled"];

type Tree = { [name: string]: unknown };
const isTree = (one: unknown): one is Tree => typeof one === "object" && one !== null;

/**
 * Where a log told twice says more than the same log told once: a narrower interval, a smaller p, a firmer claim. Quantiles lie
 * between other two calls, which moves a p-value by a few hundredths.
 */
function surer(once: unknown, twice: unknown, at = ""): string[] {
  if (!isTree(once) || !isTree(twice)) return [];
  const found = Object.keys(once).flatMap((key) => surer(once[key], twice[key], `${at}.${key}`));
  const width = ({ low, high }: Tree) => Number(high) - Number(low);
  const isLess = (x: number, y: number) => x < 0.9 * y;
  if ("low" in once && isLess(width(twice), width(once)))
    found.push(`${at}: ${width(once)}, ${width(twice)}`);
  for (const p of ["p", "p_holm"])
    if (isLess(Number(twice[p]), Number(once[p]))) found.push(`${at}.${p}: ${once[p]}, ${twice[p]}`);
  const rank = ({ status }: Tree) => order.indexOf(status as ClaimStatus);
  if (rank(twice) > rank(once)) found.push(`${at}: ${once.status}, ${twice.status}`);
  return found;
}

/** The log told so many times, each call under another id. */
const told = (log: readonly Call[], times: number): Call[] =>
  Array.from({ length: times }, (_, time) =>
    log.map((call, at) => ({ ...call, call_id: `${time}-${at}` })),
  ).flat();

for (const [name, log, asked] of [
  ["with times and tokens", calls(), Object.keys(commands)],
  ["without times", calls().map(({ started_at: _, ...call }) => call), ["compare", "check", "choose"]],
  [
    "without tokens",
    calls().map(({ input_tokens: _, output_tokens: __, ...call }) => call),
    ["compare", "check"],
  ],
] as const)
  test(`a log ${name} that is told twice makes no verdict more certain`, async () => {
    const answers: Tree[] = [];
    for (const times of [1, 2])
      await withCalls(told(log, times), async (store) => {
        const own: Tree = {};
        for (const command of asked) own[command] = await commands[command](store);
        answers.push(own);
      });
    const [once, twice] = answers;
    assert.deepEqual(surer(once, twice), []);
  });
