import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everything } from "../../../src/facts/request";
import { select } from "../../../src/facts/select";
import { type CostRow, cost } from "../../../src/measures/cost/cost";
import type { Row } from "../../../src/measures/table";
import type { Estimate } from "../../../src/stats/estimate";
import { run } from "../../../src/store/run";
import { fc, runs } from "../../property";
import { near } from "../../same";
import { withCalls } from "../calls";
import { keyOf } from "../reference";

/** A call in the logs drawn here, and an outcome given by an export. */
interface Logged {
  call_id: string;
  line: number;
  task_id: string | null;
  conversation_id: string | null;
  user_id: string | null;
  model: string | null;
  role: string | null;
  operation: string | null;
  environment: string | null;
  status: string | null;
  input_tokens: number | null;
  cost: number | null;
  started_at: string | null;
  attempt: number | null;
  [column: string]: string | number | null;
}
interface Outcome {
  task_id: string;
  resolved: boolean | null;
  ingest_id: number;
}

const start = Date.UTC(2026, 2, 2);
const wheres: Record<string, (call: Logged) => boolean> = {
  "model = 'm0'": ({ model }) => model === "m0",
  "cost > 0.5": (call) => call.cost !== null && call.cost > 0.5,
  "user_id is null or user_id = 'u1'": ({ user_id }) => user_id === null || user_id === "u1",
  "status <> 'ok'": ({ status }) => status !== null && status !== "ok",
};
const columnOf: Record<string, string> = { hour: "started_at" };

/** Logs in which anything that can be missing, mixed or failed is; costs are sums of powers of two, and so exact. */
const some = (...values: (string | number | null)[]) => fc.constantFrom(...values);
const call = fc.record({
  task_id: fc.constantFrom(null, "t0", "t1", "t2", "t3", "t4"),
  conversation_id: some(null, "s0", "s1", "s2"),
  user_id: some(null, "u0", "u1", "u2"),
  model: some(null, "m0", "m1", "m2"),
  role: some(null, "answer", "answer", "judge", "other"),
  operation: some(null, "chat", "chat", "embeddings"),
  environment: some(null, null, "production", "evaluation"),
  status: some(null, "ok", "ok", "error", "timeout", "rate_limited", "cancelled"),
  input_tokens: some(null, 0, 5),
  cost: some(null, 0, 0.25, 1, 2, 8),
  timed: fc.boolean(),
});
const log = fc
  .constantFrom("as drawn", "complete", "but one")
  .chain((kind) =>
    fc.tuple(
      fc
        .array(call, { minLength: kind === "but one" ? 24 : 1, maxLength: 30 })
        .chain((calls) =>
          fc.tuple(
            fc.constant(calls),
            fc.shuffledSubarray([...calls.keys()], { minLength: calls.length, maxLength: calls.length }),
          ),
        ),
      fc.constant(kind),
      fc.boolean(),
    ),
  )
  .map(([[calls, order], kind, nested]) =>
    calls.map(({ timed, ...one }, at) => {
      // Four calls per moment, ordered by attempt and line.
      const moment = start + 1_500_000 * Math.floor(order[at] / 4);
      return {
        ...one,
        // If every call (or most) answers, has a cost and is part of a task, the engine reads less.
        ...(kind === "as drawn"
          ? {}
          : { role: null, operation: null, cost: one.cost ?? 1, task_id: one.task_id ?? "t5" }),
        ...(kind === "but one" && at === 0 ? { cost: null } : {}),
        // Most tasks of real logs have one user and one model.
        ...(nested && one.task_id !== null && at % 7 !== 5
          ? { model: `m${Number(one.task_id.slice(1)) % 3}`, user_id: `u${Number(one.task_id.slice(1)) % 3}` }
          : {}),
        call_id: `c${at}`,
        line: order[at] + 1,
        started_at: timed ? new Date(moment).toISOString().slice(0, 23) : null,
        attempt: timed ? 1 + (Math.floor(order[at] / 2) % 2) : null,
      } as Logged;
    }),
  );
// An ingest has each task once.
const outcomes = fc.uniqueArray(
  fc.record({
    task_id: fc.constantFrom("t0", "t1", "t2", "t3", "t4"),
    resolved: fc.constantFrom(true, false, null),
    ingest_id: fc.constantFrom(1, 2),
  }),
  { maxLength: 8, selector: ({ task_id, ingest_id }) => `${task_id} ${ingest_id}` },
) as fc.Arbitrary<Outcome[]>;

/** A unit made of calls: a task, a conversation, or a user's calls. */
interface Sum {
  cost: number;
  calls: Logged[];
  /** The group of the first answering call, and whether `where` chooses it. */
  group: string;
  chosen: boolean;
  cluster: string;
  owner: string | null;
}

/** A cost table by its definitions, from plain arrays. */
function plain(
  all: readonly Logged[],
  outcomes: readonly Outcome[],
  {
    by,
    cluster,
    credit,
    where,
  }: { by: string[]; cluster: string; credit: string; where?: (call: Logged) => boolean },
) {
  const calls = all.filter(({ environment }) => environment !== "evaluation");
  const chosen = (one: Logged) => where?.(one) ?? true;
  const groupOf = (one: Logged) => keyOf(by, one);
  const failed = ({ status }: Logged) => status !== null && !["ok", "timeout", "cancelled"].includes(status);
  const free = (one: Logged) => one.cost === null && failed(one) && !one.input_tokens;
  // A call that did not fail is not known to be free by a logged 0.
  const isDoubted = (one: Logged) => one.cost === 0 && !failed(one);
  const isUnpriced = (one: Logged) => isDoubted(one) || (one.cost === null && !free(one));
  const isBilled = (one: Logged) => !isUnpriced(one) && !(failed(one) && (one.cost ?? 0) === 0);
  const answers = ({ role, operation }: Logged) =>
    (role === null || role === "answer") && operation !== "embeddings";
  // Calls without a time come first.
  const place = ({ started_at, attempt, line }: Logged) =>
    (started_at === null ? -1e9 : Date.parse(started_at) - start) + (attempt ?? 1) / 10 + line / 1e4;
  const inOrder = (own: readonly Logged[], which = "first") =>
    own.filter(answers).sort((a, b) => (which === "first" ? place(a) - place(b) : place(b) - place(a)));
  const unitOf = (one: Logged): string | null => {
    const value = one[columnOf[cluster] ?? cluster];
    if (value === null) return null;
    return cluster === "hour" ? String(value).slice(0, 13) : String(value);
  };
  // Tasks without an answer belong to no row, and those first answered by an evaluation run are not production.
  const sumOf = (own: readonly Logged[], id: string, first?: Logged): Sum[] => {
    if (first === undefined || first.environment === "evaluation") return [];
    return [
      {
        cost: own.reduce((sum, one) => sum + (one.cost ?? 0), 0),
        calls: [...own],
        group: groupOf(first),
        chosen: chosen(first),
        cluster: (cluster === "call_id" ? null : unitOf(first)) ?? id,
        owner: first.user_id,
      },
    ];
  };
  const sums = [...new Set(calls.flatMap((one) => one.task_id ?? []))].flatMap((id) => {
    const [first] = inOrder(
      all.filter((one) => one.task_id === id),
      credit,
    );
    const own = calls.filter((one) => one.task_id === id);
    return sumOf(own, `its own ${id}`, first).map((sum) => ({ id, first, ...sum }));
  });
  const tasks = sums.map(({ id, ...task }) => {
    const known = outcomes.filter(({ task_id, resolved }) => task_id === id && resolved !== null);
    // Sources that contradict each other leave the outcome unknown.
    const told = new Set(known.map(({ resolved }) => resolved));
    const outcome = told.size === 1 ? known[0].resolved : null;
    return { ...task, outcome, attempts: task.calls.filter(answers).length };
  });
  // A row's part in a conversation: its tasks, and its calls that nobody answers a task with, from its first answer on.
  const parts = new Map<string, { sum: Sum; at: number }[]>();
  const answered = new Set(all.filter(answers).map(({ task_id }) => task_id));
  const join = (first: Logged, sum: Pick<Sum, "cost" | "calls">) => {
    if (first.conversation_id === null) return;
    const key = JSON.stringify([first.conversation_id, groupOf(first), chosen(first)]);
    const [own] = sumOf(sum.calls, `its own ${first.conversation_id}`, first);
    if (own === undefined) return;
    const at =
      (answers(first) ? 0 : 1e12) + (first.started_at === null ? -1e9 : Date.parse(first.started_at) - start);
    const order = at + first.line / 1e4;
    parts.set(key, [...(parts.get(key) ?? []), { sum: own, at: order }]);
  };
  for (const { first, ...task } of tasks) join(first, task);
  for (const one of calls.filter(({ task_id }) => task_id === null || !answered.has(task_id)))
    join(one, { cost: one.cost ?? 0, calls: [one] });
  const conversations = [...parts.values()].map((own): Sum => {
    const [earliest] = [...own].sort((a, b) => a.at - b.at);
    const sums = own.map(({ sum }) => sum);
    return {
      ...earliest.sum,
      cost: sums.reduce((all, { cost }) => all + cost, 0),
      calls: sums.flatMap((one) => one.calls),
    };
  });
  const size = (values: string[]) => new Set(values).size;
  const total = (values: number[]) => values.reduce((sum, x) => sum + x, 0);

  const groups = [...new Set(calls.filter(chosen).map(groupOf))].sort();
  return groups.map((group) => {
    const own = calls.filter((one) => chosen(one) && groupOf(one) === group);
    const ofGroup = tasks.filter((task) => task.chosen && task.group === group);
    const settled = ofGroup.filter(({ outcome }) => outcome !== null);
    const talks = conversations.filter((one) => one.chosen && one.group === group);
    const resolved = settled.filter(({ outcome }) => outcome).length;
    const alone = own.filter(({ task_id }) => task_id === null || !answered.has(task_id));
    const spent = total([...ofGroup.map((task) => task.cost), ...alone.map((one) => one.cost ?? 0)]);
    const unpriced = own.filter(isUnpriced).length;
    const lacks = own.some(isUnpriced) || ofGroup.some((task) => task.calls.some(isUnpriced));
    const noneKnown = lacks && (spent === 0 || (unpriced > 0 && !own.some(isBilled)));
    const mean = (sums: Pick<Sum, "cost" | "calls">[], over: number) =>
      noneKnown && sums.some((one) => one.calls.some(isUnpriced))
        ? Number.NaN
        : total(sums.map((one) => one.cost)) / over;
    const taskOf = (one: Logged) => one.task_id ?? one.call_id;
    const callUnit = (one: Logged) => (cluster === "call_id" ? one.call_id : (unitOf(one) ?? taskOf(one)));
    const users = new Set([
      ...ofGroup.flatMap(({ owner }) => owner ?? []),
      ...alone.flatMap(({ user_id }) => user_id ?? []),
    ]);
    const ofUsers = [
      ...ofGroup.filter(({ owner }) => owner !== null),
      ...alone
        .filter(({ user_id }) => user_id !== null)
        .map((one) => ({ cost: one.cost ?? 0, calls: [one] })),
    ];
    const clusters = (sums: Sum[]) => size(sums.map((one) => one.cluster));
    return {
      counts: {
        group,
        calls: own.length,
        tasks: ofGroup.length,
        resolved,
        total_cost: noneKnown ? Number.NaN : spent,
        unpriced_calls: unpriced,
      },
      // Value, n and clusters of every estimate.
      cost_per_call: [
        unpriced > 0 && total(own.map((one) => one.cost ?? 0)) === 0
          ? Number.NaN
          : total(own.map((one) => one.cost ?? 0)) / own.length,
        own.length,
        size(own.map(callUnit)),
      ],
      cost_per_task: [mean(ofGroup, ofGroup.length), ofGroup.length, clusters(ofGroup)],
      cost_per_resolved: [
        resolved === 0 ? Number.NaN : mean(settled, resolved),
        settled.length,
        clusters(settled),
      ],
      attempts_per_task: [
        total(ofGroup.map(({ attempts }) => attempts)) / ofGroup.length,
        ofGroup.length,
        clusters(ofGroup),
      ],
      resolve_rate: [resolved / settled.length, settled.length, clusters(settled)],
      cost_per_conversation: [
        mean(talks, talks.length),
        talks.length,
        cluster === "task_id" ? talks.length : clusters(talks),
      ],
      cost_per_user: [mean(ofUsers, users.size), users.size, users.size],
    };
  });
}

const estimates = [
  "cost_per_call",
  "cost_per_task",
  "cost_per_resolved",
  "attempts_per_task",
  "resolve_rate",
  "cost_per_conversation",
  "cost_per_user",
] as const;

describe("every column of a cost table is what its definition makes of the calls", () => {
  for (const cluster of ["user_id", "conversation_id", "task_id", "call_id", "hour", "auto"])
    for (const credit of ["first", "last"] as const)
      test(`clustered by ${cluster}, credit ${credit}`, () =>
        fc.assert(
          fc.asyncProperty(
            log,
            outcomes,
            fc.constantFrom("model", "", "workload,model", "user_id"),
            fc.constantFrom(undefined, ...Object.keys(wheres)),
            async (calls, outcomes, by, where) => {
              const clustered = columnOf[cluster] ?? cluster;
              const selected = calls.filter(
                (one) => one.environment !== "evaluation" && (where === undefined || wheres[where](one)),
              );
              if (cluster !== "auto") fc.pre(selected.some((one) => one[clustered] !== null));
              let unit = cluster;
              const { rows } = await withCalls(calls, async (store) => {
                await run(
                  store.connection,
                  `insert into tasks (task_id, resolved, ingest_id)
                   select unnest(from_json($outcomes::json,
                     '[{"task_id": "VARCHAR", "resolved": "BOOLEAN", "ingest_id": "BIGINT"}]'), recursive := true)`,
                  { outcomes: JSON.stringify(outcomes) },
                );
                if (cluster === "auto") {
                  const selection = await select(store, everything, { by, where, population: "tasks" });
                  unit = selection.clusterBy;
                  selection.close();
                }
                return cost(store, { by, cluster, credit, where });
              });
              const columns = by.split(",").filter(Boolean);
              const wanted = plain(calls, outcomes, {
                by: columns,
                cluster: unit,
                credit,
                where: where === undefined ? undefined : wheres[where],
              });
              const found = new Map(rows.map((row) => [keyOf(columns, row), row]));
              assert.equal(rows.length, wanted.length);
              for (const { counts, ...own } of wanted) {
                const row = found.get(counts.group) as CostRow & Row;
                const { group, ...numbers } = counts;
                for (const [name, value] of Object.entries(numbers))
                  near(row[name] as number, value, `${group} ${name}`);
                for (const name of estimates) {
                  const one = row[name] as Estimate | undefined;
                  if (one === undefined) {
                    const id = name === "cost_per_user" ? "user_id" : "conversation_id";
                    assert.ok(
                      selected.every((call) => call[id] === null),
                      `${name} is not there`,
                    );
                    continue;
                  }
                  const [value, n, clusters] = own[name];
                  near(one.value, value, `${group} ${name}`);
                  assert.deepEqual([one.n, one.clusters], [n, clusters], `${group} ${name}: n, clusters`);
                }
              }
            },
          ),
          { numRuns: runs(15) },
        ));
});
