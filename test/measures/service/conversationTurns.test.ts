import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { trajectoriesConversations } from "../../../src/measures/service/conversationLengths";
import { trajectoriesTurns } from "../../../src/measures/service/conversationTurns";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { near } from "../../same";
import { putInto } from "../agree/hostile";
import { type Call, withCalls } from "../calls";

const start = Date.UTC(2026, 2, 2, 9);
const at = (minutes: number) => new Date(start + 60_000 * minutes).toISOString().slice(0, 19);

/** A conversation by its turns: what each costs, or "!" for one that fails; `from` is the minute of the first, a turn a minute. */
type Talk = { turns: (number | "!")[]; from?: number; resolved?: boolean; texts?: string[] };

async function withTalks(talks: readonly Talk[], work: (store: Store) => Promise<void>): Promise<void> {
  const calls = talks.flatMap(({ turns, from = 0 }, talk) =>
    turns.map(
      (turn, place): Call => ({
        ...{ call_id: `c${talk}.${place}`, task_id: `t${talk}.${place}`, conversation_id: `s${talk}` },
        ...{ user_id: `u${talk}`, model: "alder", started_at: at(from + place), duration: 1 },
        ...{
          status: turn === "!" ? "error" : "ok",
          cost: turn === "!" ? 0 : turn,
          input_tokens: 100 * (place + 1),
        },
      }),
    ),
  );
  await withCalls(calls, async (store) => {
    const ended = talks.flatMap(({ resolved }, talk) =>
      resolved === undefined ? [] : [{ conversation_id: `s${talk}`, resolved, ingest_id: 1 }],
    );
    await putInto(store, "tasks", ended);
    const texts = talks.flatMap(({ texts = [] }, talk) =>
      texts.map((prompt, place) => ({ call_id: `c${talk}.${place}`, prompt })),
    );
    await putInto(store, "texts", texts);
    await work(store);
  });
}

const values = (rows: readonly object[], name: string) =>
  rows.map((row) => Number((row as Record<string, { value: number }>)[name].value.toFixed(9)));

describe("trajectories --turns", () => {
  test("follows conversations until they are over, and those that may go on until the last turn that is known", () =>
    withTalks(
      [
        { turns: [1], resolved: true },
        { turns: [1, 2], resolved: false },
        { turns: [1, 2, 3], resolved: true },
        // What follows its second turn is known, what follows its third is not.
        { turns: [1, 2, 6], from: 58, resolved: false },
        // Nothing is known of what follows its only turn.
        { turns: [4], from: 60 },
      ],
      async (store) => {
        const { rows, notes } = await trajectoriesTurns(store, { idle: 1 / 60 });
        assert.deepEqual(
          rows.map(({ turn, conversations }) => [turn, conversations]),
          [
            [1, 5],
            [2, 3],
            [3, 2],
          ],
        );
        // At risk: four, three, and one, of which one is over each time.
        assert.deepEqual(values(rows, "going"), [0.75, 0.5, 0]);
        assert.deepEqual(values(rows, "resolved"), [0.25, 0.25, 0.75]);
        assert.deepEqual(values(rows, "given_up"), [0, 0.25, 0.25]);
        assert.deepEqual(values(rows, "cost_per_turn"), [1.6, 2, 4.5]);
        // One of these few says nothing of others, though all of them agree.
        assert.deepEqual([rows[2].going.low, rows[2].given_up.high], [Number.NaN, Number.NaN]);
        assert.match(String(rows[2].going.note), /an interval needs 5 conversations still followed, has 1/);
        assert.match(notes.join(" "), /comes within 1 minute \(idle sets it\): 2 of 5 may go on/);
      },
    ));

  test("shares and their intervals are those of plain shares where nothing may go on", () =>
    withTalks(
      Array.from({ length: 40 }, (_, i) => ({
        turns: Array.from({ length: 1 + (i % 4) }, () => 1),
        resolved: i % 3 === 0,
      })).concat([{ turns: [1], resolved: false }]),
      async (store) => {
        await run(
          store.connection,
          "update calls set user_id = 'u' || (substr(conversation_id, 2)::int % 10)",
        );
        // One call long after all others closes the log.
        await run(
          store.connection,
          "insert into calls (call_id, user_id, started_at, model) values ('end', 'u', '2026-04-01', 'other')",
        );
        const asked = { where: "model = 'alder'", idle: 1 };
        const { rows } = await trajectoriesTurns(store, asked);
        const [ofTalks] = (await cost(store, { ...asked, grain: "conversation" })).rows;
        const last = rows[rows.length - 1].resolved;
        for (const end of ["value", "low", "high", "n", "clusters"] as const)
          near(last[end], ofTalks.conversation_resolve_rate[end], end);
        assert.equal(rows[rows.length - 1].going.value, 0);
      },
    ));

  test("count tasks where every conversation is one task of one call, with the intervals of tasks", () =>
    withTalks(
      Array.from({ length: 30 }, (_, i) => ({ turns: [1 + (i % 3)], from: i, resolved: i % 4 > 0 })),
      async (store) => {
        await run(store.connection, "update tasks set task_id = 't' || substr(conversation_id, 2) || '.0'");
        const [row] = (await trajectoriesTurns(store)).rows;
        const [ofTasks] = (await cost(store)).rows;
        for (const end of ["value", "low", "high"] as const) {
          near(row.resolved[end], ofTasks.resolve_rate[end], end);
          near(row.cost_per_turn[end], ofTasks.cost_per_task[end], end);
        }
      },
    ));

  test("are calls where every conversation is one task, as a record of messages is, and a retry is none", () =>
    withTalks([{ turns: [1, "!", 2], resolved: true }, { turns: [1] }], async (store) => {
      await run(store.connection, "update calls set task_id = conversation_id, attempt = 1");
      await run(store.connection, "update calls set attempt = 2 where call_id = 'c0.2'");
      const { rows, notes } = await trajectoriesTurns(store, { idle: 1e-9 });
      assert.deepEqual(
        rows.map(({ turn, conversations }) => [turn, conversations]),
        [
          [1, 2],
          [2, 1],
        ],
      );
      assert.match(notes.join(" "), /Every conversation is one task: a turn is an answering call/);
    }));

  test("resolves conversations by a declared rule in place of what is logged, and says which", () =>
    withTalks(
      [
        { turns: [1], resolved: false },
        { turns: [1, "!"], from: 20, resolved: true },
        { turns: [1], from: 60 },
      ],
      async (store) => {
        await run(store.connection, "update calls set user_id = 'u', workload = 'chat'");
        await putInto(
          store,
          "scores",
          [1, 0].map((value, talk) => ({
            subject: "conversation",
            subject_id: `s${talk}`,
            name: "up",
            value,
          })),
        );
        const ends = async (outcomeRule: string) => {
          const { rows, notes } = await trajectoriesTurns(store, { outcomeRule, idle: 1e-9 });
          assert.match(notes.join(" "), /Declared: a conversation is resolved if/);
          assert.match(String(rows[0].resolved.note), /^resolved by the declared rule/);
          return [rows[0].resolved.n, values(rows, "resolved")[1], values(rows, "given_up")[1]];
        };
        // The last conversation may go on.
        assert.deepEqual(await ends("left-after-failure"), [2, 0.5, 0.5]);
        assert.deepEqual(await ends("came-back"), [2, 0, 1]);
        assert.deepEqual(await ends("score:up"), [2, 0.5, 0.5]);
        assert.deepEqual(await ends("no-score:up"), [2, 0.5, 0.5]);
        await assert.rejects(
          trajectoriesTurns(store, { outcomeRule: "liked" }),
          /requires outcomeRule to be logged, /,
        );
      },
    ));

  test("counts what may go on beside known outcomes by the share that is known, and not at all beside none", async () => {
    const open = Array.from({ length: 2 }, (): Talk => ({ turns: [1, 2], from: 59 }));
    const over = (resolved?: boolean) =>
      Array.from(
        { length: 2 },
        (): Talk => ({ turns: [1], ...(resolved === undefined ? {} : { resolved }) }),
      );
    await withTalks([...over(true), ...over(), ...open], async (store) => {
      const [{ going, resolved, given_up }] = (await trajectoriesTurns(store, { idle: 1 / 60 })).rows;
      near(going.value, 1 / 3, "going", 1e-9);
      near(resolved.value, 2 / 3, "resolved", 1e-9);
      assert.equal(given_up.value, 0);
      assert.equal(resolved.n, 3);
    });
    // One of three outcomes is known: two thirds of an open one is no conversation.
    await withTalks([...over(true).slice(1), ...over(), ...open], async (store) => {
      const [{ resolved }] = (await trajectoriesTurns(store, { idle: 1 / 60 })).rows;
      assert.equal(resolved.n, 2);
    });
    await withTalks([...over(), ...open], async (store) => {
      const [{ going, resolved }] = (await trajectoriesTurns(store, { idle: 1 / 60 })).rows;
      near(going.value, 1 / 2, "going", 1e-9);
      assert.equal(resolved.note, "no conversations whose outcome is known");
    });
  });

  test("a rule by a score that the log has not is refused, with those that it has", () =>
    withTalks([{ turns: [1, 2] }], async (store) => {
      await putInto(store, "scores", [{ subject: "conversation", subject_id: "s0", name: "up", value: 1 }]);
      for (const outcomeRule of ["score:upp", "no-score:upp"])
        await assert.rejects(
          trajectoriesTurns(store, { outcomeRule }),
          /outcomeRule requires the name of a score in the log, got "upp"; did you mean .*up.*there are up/,
        );
    }));

  test("a log without conversations has no turns, and says so", () =>
    withCalls([{ task_id: "t", model: "alder" }], async (store) => {
      const { rows, notes } = await trajectoriesTurns(store);
      assert.deepEqual(rows, []);
      assert.match(notes.join(" "), /^None of these calls names its conversation \(conversation_id\)/);
    }));
});

const openTalks = (long: number): Talk[] => [
  ...Array.from({ length: 60 }, (_, i): Talk => ({ turns: i % 2 === 0 ? [1] : [1, 1] })),
  // Of those that come to a third turn, all but a few are cut by the log's end.
  ...Array.from({ length: 40 }, (): Talk => ({ turns: [1, 1, 1], from: 98 })),
  ...Array.from({ length: long }, (): Talk => ({ turns: [1, 1, 1] })),
];

describe("late on a curve that the log's end cuts", () => {
  test("a share of few that are still followed has the interval of as many as they stand for", () =>
    withTalks(openTalks(8), async (store) => {
      const { going } = (await trajectoriesTurns(store, { idle: 1 / 60 })).rows[2];
      near(going.value, 0, "going", 1e-9);
      // All eight stopped there: 48 of 108 go on after two turns, of which eight are followed.
      assert.ok(going.high > 0.15, String(going.high));
      assert.match(String(going.note), /8 conversations still followed: below 30/);
    }));

  test("a quantile of turns is known as far as enough are followed", () =>
    withTalks(openTalks(3), async (store) => {
      const [{ turns }] = (await trajectoriesConversations(store, { idle: 1 / 60 })).rows;
      assert.equal(turns["0.5"].value, 2);
      assert.deepEqual([turns["0.9"].value, turns["0.9"].high], [3, Number.POSITIVE_INFINITY]);
      assert.match(String(turns["0.9"].note), /^at least this: the value itself is not reached/);
    }));

  test("pauses that are long beside the log are said to hide those who take longer", () =>
    withTalks(
      Array.from({ length: 50 }, (_, i): Talk => ({ turns: [1, 1, 1], from: i % 5 })),
      async (store) => {
        await run(
          store.connection,
          "update calls set started_at = started_at + to_minutes(40) where call_id like '%.2'",
        );
        const said = async (idle?: number) => (await trajectoriesTurns(store, { idle })).notes.join(" ");
        assert.match(
          await said(),
          /That time is 8\d % of the log: people who take longer are seen less often/,
        );
        assert.doesNotMatch(await said(1), /people who take longer/);
      },
    ));
});

describe("trajectories --conversations", () => {
  test("says how long conversations are and what follows a turn that failed", () =>
    withTalks(
      [
        ...Array.from({ length: 6 }, (): Talk => ({ turns: [1, "!"] })),
        ...Array.from({ length: 2 }, (): Talk => ({ turns: ["!", 1, 1] })),
        { turns: [1], from: 100 },
      ],
      async (store) => {
        const [row] = (await trajectoriesConversations(store, { idle: 1 })).rows;
        assert.deepEqual([row.conversations, row.open], [9, 1]);
        assert.deepEqual([row.turns["0.5"].value, row.turns["0.9"].value], [2, 3]);
        assert.deepEqual([row.failed.value, row.left_after_failed.value], [8 / 19, 6 / 8]);
        assert.deepEqual([row.left_after_others.value, row.left_after_others.n], [2 / 10, 10]);
        assert.equal(row.rephrased.n, 0);
      },
    ));

  test("a request says the one before again if half of their words are the same; chance is told beside", () =>
    withTalks(
      [
        { turns: [1, 1], texts: ["How do I reset my password?", "how do i reset my PASSWORD please"] },
        { turns: [1, 1], texts: ["Where is my order now", "Then cancel all of it today"] },
        {
          turns: [1, 1],
          texts: [
            '[{"role":"user","content":"Write a short poem"},{"role":"assistant","content":"No"}]',
            '[{"role":"user","content":"Write a short poem"},{"role":"assistant","content":"No"},{"role":"user","content":"What else can you do"}]',
          ],
        },
      ],
      async (store) => {
        const [row] = (await trajectoriesConversations(store)).rows;
        assert.deepEqual([row.rephrased.value, row.rephrased.n], [1 / 3, 3]);
        assert.equal(row.false_alarms.value, 0);
      },
    ));
});
