import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ChooseOptions, choose } from "../../../src/decide/choose/choose";
import { chooseAll, sharedVerdict } from "../../../src/decide/choose/chooseAll";
import { changeText } from "../../../src/decide/choose/chooseChange";
import { type ChoiceRow, choiceTable } from "../../../src/decide/choose/chooseTable";
import { utilities } from "../../../src/decide/choose/utility";
import type { Profile } from "../../../src/decide/profile/profile";
import { tableText } from "../../../src/page/table";
import { eValue } from "../../../src/stats/eValue";
import { open, type Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { type Call, withCalls } from "../../measures/calls";
import { thorough } from "../../property";
import { assertClose } from "../../same";
import { worldOf } from "../world";

const criterion = (metric: string, weight: number, good: number, bad: number) => ({
  metric,
  weight,
  good,
  bad,
});
// Mostly of latencies, which are quick to measure.
const speed: Profile = {
  name: "speed",
  criteria: [
    criterion("time_to_first_token_p95", 0.8, 0.2, 3),
    criterion("output_tokens_per_second_p50", 0.2, 100, 0),
  ],
};
const bulk: Profile = { name: "bulk", criteria: [criterion("output_tokens_per_second_p50", 1, 300, 0)] };
const thrift: Profile = {
  name: "thrift",
  criteria: [criterion("cost_per_resolved", 0.8, 0, 0.05), criterion("error_rate", 0.2, 0, 0.1)],
};
const models = {
  quick: { first: 0.3, cost: 0.012, resolved: 0.7, words: 40 },
  cheap: { first: 1.2, cost: 0.004, resolved: 0.75, words: 400 },
  leader: { first: 1.5, cost: 0.04, resolved: 0.9, words: 200 },
};
const named = (rows: ChoiceRow[], name: string) => rows.find((row) => row.name === name) as ChoiceRow;

test("what conversations cost gives way to its stand-in where no call names one", async () => {
  const calls: Call[] = Array.from({ length: 120 }, (_, at) => ({
    task_id: `t${at}`,
    user_id: `u${at % 24}`,
    started_at: `2026-03-02 ${10 + (at % 8)}:00:00`,
    model: at % 2 === 0 ? "a" : "b",
    status: "ok",
    cost: at % 2 === 0 ? 0.01 : 0.02,
  }));
  const of = (more: object) => ({
    name: "chat",
    criteria: [
      { ...criterion("cost_per_conversation", 0.9, 0, 0.1), ...more },
      criterion("error_rate", 0.1, 0, 0.1),
    ],
  });
  await withCalls(calls, async (store) => {
    const instead = { metric: "cost_per_task", good: 0, bad: 0.1 };
    const { rows, notes } = await choose(store, { profile: of({ instead }) });
    assert.equal(rows[0].name, "a");
    assert.match(notes.join(" "), /cost per conversation: cost per task counts instead/);
    await assert.rejects(
      choose(store, { profile: of({}) }),
      /choose requires logs with cost_per_conversation, which the profile "chat" needs, got none/,
    );
  });
});

thorough("a model of embeddings or of a judge alone is no candidate, unless there is no other", async () => {
  const calls: Call[] = Array.from({ length: 120 }, (_, at) => ({
    task_id: `t${at >> 1}`,
    user_id: `u${at % 12}`,
    started_at: `2026-03-02 ${10 + (at % 8)}:00:00`,
    model: at % 2 === 0 ? (at % 4 === 0 ? "a" : "b") : "embedder",
    operation: at % 2 === 0 ? "chat" : "embeddings",
    status: "ok",
    duration: 1,
    cost: 0.01,
  }));
  const profile = { name: "thrift", criteria: [criterion("cost_per_call", 1, 0, 1)] };
  await withCalls(calls, async (store) => {
    const choice = await choose(store, { profile });
    assert.deepEqual(choice.rows.map(({ name }) => name).sort(), ["a", "b"]);
    const said = "embedder is no candidate: its calls are embeddings or those of judges and other helpers.";
    assert.ok(choice.notes.includes(said), choice.notes.join("\n"));
    const alone = await choose(store, { profile, where: "model = 'embedder'" });
    assert.deepEqual(
      alone.rows.map(({ name }) => name),
      ["embedder"],
    );
  });
});

describe("on a world whose models differ", () => {
  let store: Store;
  before(async () => {
    store = await worldOf(models);
  });
  after(() => store.close());
  const ask = (profile: string | Profile, more: Partial<ChooseOptions> = {}) =>
    choose(store, { profile, cluster: "user_id", ...more });

  thorough("candidates are models where by is left out, also where it is given as undefined", async () => {
    const { by, rows } = await ask(speed, { by: undefined });
    assert.deepEqual([by, rows[0].name], [["model"], "quick"]);
  });

  thorough("each profile gets the model that is best for it, in money and seconds", async () => {
    const choice = await ask(speed);
    assert.match(
      choice.verdict,
      /^quick: p95 time to first token 0\.\d+ s, p50 output tokens per second \d+ tokens\/s; the best with a chance of (over )?9\d %\.$/,
    );
    const other = await ask(thrift);
    assert.deepEqual([choice.best, other.best], ["quick", "cheap"]);
    assert.match(other.verdict, /^cheap: [\d.]+ USD per 1,000 resolved tasks, error rate [\d.]+ %; the best/);
    assert.deepEqual(
      choice.rows.map(({ name }) => name),
      ["quick", "cheap", "leader"],
    );
  });

  thorough(
    "a settled choice says how strong an unlogged cause would have to be, criterion by criterion",
    async () => {
      const thrifty = { name: "thrifty", criteria: [criterion("cost_per_call", 1, 0, 0.05)] };
      const { rows, criteria, assumptions = [] } = await ask(thrifty);
      const strengthIn = (of: typeof assumptions) =>
        of.find(({ id }) => id === "nothing-unlogged")?.strength ?? [];
      const [one, ...none] = strengthIn(assumptions);
      assert.deepEqual([one.metric, none], [criteria[0].metric, []]);
      // With one criterion the factor that costs the choice is that to the next model.
      const [first, second] = rows.map((row) => row.criteria[one.metric].value);
      assert.ok(Math.abs(one.ratio / (second / first) - 1) < 0.1, `${one.ratio}, ${second / first}`);
      assert.equal(one.e_value, eValue(one.ratio));
      assert.ok(one.e_value > one.e_value_bound && one.e_value_bound > 1);
      // How many calls of one lie below the quantile of another is not known here.
      assert.deepEqual(strengthIn((await ask(bulk)).assumptions ?? []), []);
    },
  );

  thorough(
    "rows hold the criteria as the measures give them, what each is worth, and utilities that follow",
    async () => {
      const { rows, criteria } = await ask(speed);
      for (const row of rows) {
        assert.deepEqual(
          Object.keys(row.criteria),
          criteria.map(({ metric }) => metric),
        );
        const sum = criteria.reduce((all, { metric, weight }) => all + weight * row.worth[metric], 0);
        assert.ok(Math.abs(sum - row.utility.value) < 1e-12);
        assert.ok(row.utility.low < row.utility.value && row.utility.value < row.utility.high);
      }
      assert.ok(Math.abs(rows.reduce((sum, { p_best }) => sum + p_best, 0) - 1) < 1e-6);
    },
  );

  thorough("the same seed gives the same answer, whatever the threads", async () => {
    const answer = async () => {
      const { rows, verdict, weights } = await ask(speed, { seed: 4 });
      return { chances: rows.map(({ name, p_best }) => [name, p_best]), verdict, weights };
    };
    const first = await answer();
    await run(store.connection, "set threads = 1");
    assertClose(await answer(), first);
    await run(store.connection, "reset threads");
  });

  thorough("several profiles: which share a model is said", async () => {
    const apart = await chooseAll(store, { profiles: [speed, bulk], cluster: "user_id" });
    assert.equal(apart.verdict, "Take quick for speed and cheap for bulk.");
    const shared = await chooseAll(store, {
      profiles: [speed, { ...speed, name: "haste" }],
      cluster: "user_id",
    });
    assert.equal(shared.verdict, "Take quick for speed and haste.");
    await assert.rejects(chooseAll(store, { profiles: [] }), /at least one profile/);
  });

  thorough(
    "of a choice that is open the verdict of all names who may be the best, where those are few",
    async () => {
      const choice = await ask(speed);
      const likely = choice.rows.map((row, at) => ({ ...row, p_best: [0.3, 0.6, 0.04][at] }));
      const [first, second] = likely.map(({ name }) => name);
      const open = { ...choice, best: null, rows: likely };
      const said = `Nothing is settled: speed is open between ${second} and ${first}.`;
      assert.equal(`${sharedVerdict([open, open]).split("; ")[0]}.`, said);
      assert.equal(
        sharedVerdict([{ ...choice, best: first }, open]).split("; ")[0],
        `Take ${first} for speed`,
      );
      const none = { ...open, rows: likely.map((row) => ({ ...row, passes: false })) };
      assert.equal(
        sharedVerdict([none]),
        "Nothing is settled: no model is shown to meet the floors of speed.",
      );
    },
  );

  thorough("shares of weightings and the nearest change name who else could be on top", async () => {
    const { weights, change } = await ask(speed);
    assert.ok(weights.quick > 0.2 && weights.cheap > 0.2);
    assert.equal(change?.model, "cheap");
    assert.ok((change?.moved as number) > 0);
  });

  thorough(
    "whoever is on top by the profile's weights is told apart from who wins most weightings",
    async () => {
      const choice = await ask(speed);
      const text = (weights: Record<string, number>) => changeText({ ...choice, weights });
      assert.match(
        text({ cheap: 0.8, quick: 0.2 }),
        /^quick leads with these weights; cheap would with \d+ % of/,
      );
      assert.match(
        text({ cheap: 0.8, quick: 0.2 }),
        /Of all possible weights, cheap wins 80 % and quick 20 %\.$/,
      );
      assert.match(changeText({ ...choice, change: null }), /^quick leads whatever the weights\.$/);
      // What rules the others out may be a declared criterion, and no floor.
      assert.equal(
        changeText({ ...choice, weights: { quick: 1 } }),
        "Only quick passes, whatever the weights.",
      );
    },
  );

  thorough("a floor whose bound does not hold takes a model out, though its value keeps it", async () => {
    const value = named((await ask(speed)).rows, "quick").criteria.time_to_first_token_p95.value;
    const floors = [{ metric: "ttft_p95", at_most: Number((1.01 * value).toFixed(6)) }];
    const { rows, best, verdict } = await ask({ ...speed, floors });
    const { passes, fails, p_best } = named(rows, "quick");
    assert.deepEqual([passes, best], [false, null]);
    assert.match(fails.join(), /^p95 time to first token: upper bound 0\.\d+ s, above 0\.\d+ s$/);
    assert.ok(p_best > 0.3 && p_best < 0.8, "it may keep it all the same");
    assert.match(verdict, /^No model passes: quick/);
    const strict = await ask({ ...speed, floors: [{ metric: "ttft_p95", at_most: 0.01 }] });
    assert.equal(strict.p_none, 1);
  });

  thorough("a limit of time asks for a share of calls", async () => {
    const slos = [{ metric: "time_to_first_token", within: 1, at_least: 0.9 }];
    const { rows } = await ask({ ...speed, slos });
    assert.equal(named(rows, "quick").passes, true);
    assert.match(
      named(rows, "cheap").fails.join(),
      /^share of calls with a first token within 1 s: lower bound \d+ %, below 90 %$/,
    );
  });

  thorough("what no log tells bars a model, and one that the profile does not name", async () => {
    const passes = { quick: false, cheap: true, elsewhere: false };
    const unmeasured = [{ name: "privacy terms", passes, by: "Legal", on: "2026-02-11" }];
    const { rows, best, notes } = await ask({ ...speed, unmeasured });
    assert.equal(best, "cheap");
    assert.deepEqual(named(rows, "quick").fails, [
      "privacy terms: does not pass (said by Legal, 2026-02-11)",
    ]);
    assert.equal(
      notes[0],
      "elsewhere is not in these logs, and is out: privacy terms: does not pass (said by Legal, 2026-02-11).",
    );
    assert.deepEqual(named(rows, "leader").fails, ["privacy terms: the profile does not say"]);
    assert.equal(named(rows, "quick").p_best, 0);
  });

  thorough("parts of a workload are answered for themselves, an empty one in words", async () => {
    const sub_workloads = [
      { name: "short", where: "input_tokens < 2000", criteria: bulk.criteria },
      { name: "none", where: "input_tokens < 0" },
    ];
    const choice = await ask({ ...speed, sub_workloads });
    assert.deepEqual(
      choice.sub_workloads?.map(({ profile, best }) => [profile, best]),
      [
        ["speed short", "cheap"],
        ["speed none", null],
      ],
    );
    assert.match(choice.sub_workloads?.[1].verdict ?? "", /nothing to choose from/);
  });

  thorough(
    "a criterion that the logs cannot give is replaced, left out, or an error that says so",
    async () => {
      const unknown = criterion("score:helpful", 0.5, 1, 0);
      const profile = (one: object): Profile => ({
        name: "p",
        criteria: [criterion("duration_p95", 0.5, 1, 20), { ...unknown, ...one }],
      });
      await assert.rejects(
        ask(profile({})),
        /choose requires logs with score:helpful, which the profile "p" needs, got none/,
      );
      await assert.rejects(
        ask({ name: "p", criteria: [criterion("score:helpful", 1, 1, 0)] }),
        /choose requires logs with score:helpful/,
        "a log without any score does have calls",
      );
      const less = await ask(profile({ optional: true }));
      assert.deepEqual(
        less.criteria.map(({ metric, weight }) => [metric, weight]),
        [["duration_p95", 1]],
      );
      assert.match(less.notes.join(), /helpful: it is left out, and its weight is shared among the others/);
      const other = await ask(profile({ instead: { metric: "duration_p50", good: 1, bad: 20 } }));
      assert.equal(other.criteria[1].metric, "duration_p50");
      assert.match(other.notes.join(), /helpful: p50 duration counts instead/);
      await assert.rejects(
        ask({ ...speed, floors: [{ metric: "score:toxic", at_most: 0.1 }] }),
        /logs with score:toxic/,
      );
    },
  );

  thorough(
    "workloads are found by name and pattern, and one without calls names those there are",
    async () => {
      assert.equal((await ask({ ...speed, workload: "CH*" })).workload, "chat");
      await assert.rejects(ask({ ...speed, workload: "chatt" }), /got none; did you mean "chat"/);
      await assert.rejects(
        ask("review"),
        /requires calls of the workload "\*review\*" or "\*document\*", got none; the store holds chat/,
      );
      assert.equal((await ask({ ...speed, workload: "x" }, { workload: "chat" })).workload, "chat");
      await assert.rejects(ask(speed, { workload: "other" }), /"other", got none/);
    },
  );

  thorough("levels that decide nothing are refused", async () => {
    await assert.rejects(ask(speed, { level: 0.4 }), /a level above 0.5, got 0.4/);
    await assert.rejects(ask(speed, { level: 95 }), /did you mean 0.95/);
    await assert.rejects(ask(speed, { draws: 0 }), /whole draws >= 1, got 0/);
    await assert.rejects(ask(bulk, { by: "task_id" }), /at most 150 candidates, got \d+/);
  });

  thorough("as a table it has the verdict below", async () => {
    const table = choiceTable(await ask(speed));
    assert.match(tableText(table), /quick +yes +over 99 %[\s\S]*the best with a chance of/);
  });

  thorough("as a table it passes nobody where nothing was compared", async () => {
    const choice = await ask(speed);
    const rows = choice.rows.map((row) => ({ ...row, p_best: Number.NaN, passes: true, fails: [] }));
    for (const row of choiceTable({ ...choice, rows }).rows)
      assert.equal(row.passes, "no floor fails, not compared");
  });
});

thorough("behind a check of the output it says what is still wrong of the model on top", async () => {
  const profile = {
    name: "checked",
    criteria: [{ metric: "hallucination", weight: 1, good: 0, bad: 0.5 }],
    verification: { score: "hallucination", validator: "supported" },
  };
  const store = await worldOf({ careful: { hallucinates: 0.1 }, careless: { hallucinates: 0.3 } });
  try {
    const without = await choose(store, { profile });
    assert.equal(without.verification, undefined);
    assert.match(
      without.notes[0],
      /^What the check "supported" catches is unknown: qualityValidator requires a score/,
    );
    // The rule stops two of three wrong answers and one of ten right ones.
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value, rater)
       select 'call', subject_id, 'supported',
         case when value = 1 then hash(subject_id) % 3 = 0 else hash(subject_id) % 10 > 0 end::double, 'rule'
       from scores where name = 'hallucination'`,
    );
    const { verification, notes } = await choose(store, { profile });
    const [careful, careless] = ["careful", "careless"].map((model) =>
      verification?.rows.find((row) => row.model === model),
    );
    assert.ok((careful?.residual_error.value as number) < (careful?.error_before.value as number) / 2);
    assert.ok((careless?.caught.value as number) > 0.5);
    assert.match(
      notes[0],
      /^With the check "supported" [\d.]+ % \[.*\] of what careful says is still wrong \(hallucination\), .* without it/,
    );
  } finally {
    store.close();
  }
});

thorough("a hallucination floor holds on its upper bound", async () => {
  const store = await worldOf(
    { sound: { hallucinates: 0.01, cost: 0.02 }, lenient: { hallucinates: 0.12, cost: 0.01 } },
    { workload: "contract-review" },
  );
  try {
    const { best, rows, verdict } = await choose(store, { profile: "review", cluster: "user_id" });
    assert.equal(best, "sound", verdict);
    assert.match(named(rows, "lenient").fails.join(), /^hallucination: upper bound 1\d %, above 5 %$/);
  } finally {
    store.close();
  }
});

thorough("in a world without a difference it says that it cannot tell", async () => {
  const same = { first: 0.5, cost: 0.01, resolved: 0.8 };
  for (const seed of [1, 2]) {
    const store = await worldOf({ a: same, b: same, c: same }, { seed, tasks: 600 });
    try {
      const { best, verdict } = await choose(store, { profile: speed, cluster: "user_id" });
      assert.equal(best, null, verdict);
      assert.match(verdict, /^Cannot tell between [abc]/);
      assert.match(
        verdict,
        /About [\d.,]+ more (hours?|days) \([\d,]+ calls\) would settle it|About [\d,]+ more calls would|will do/,
      );
    } finally {
      store.close();
    }
  }
});

thorough("users that two models share make the comparison sharper than independent draws would", async () => {
  const store = await worldOf(
    { a: { cost: 0.01 }, b: { cost: 0.0112 } },
    { tasks: 1500, users: 60, spread: 1 },
  );
  try {
    const profile = { name: "p", criteria: [criterion("cost_per_task", 1, 0, 0.05)] };
    const { rows } = await choose(store, { profile, cluster: "user_id" });
    const candidates = [...rows]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, criteria }) => ({ name, estimates: criteria }));
    const apart = utilities(candidates, { criteria: profile.criteria }).rows[0].p_best;
    assert.equal(rows[0].name, "a");
    assert.ok(rows[0].p_best > apart + 0.02, `${rows[0].p_best} with, ${apart} without what they share`);
  } finally {
    store.close();
  }
});

describe("thin and odd logs", () => {
  const calls = (count: number, model: string, more: object = {}): Call[] =>
    Array.from({ length: count }, (_, at) => ({
      call_id: `${model}${at}`,
      model,
      duration: 1 + (at % 5) / 10,
      time_to_first_token: 0.2,
      status: "ok",
      cost: 0.01,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString().slice(0, 23),
      ...more,
    }));
  const profile: Profile = {
    name: "p",
    criteria: [criterion("duration_p95", 0.5, 0, 20), criterion("time_to_first_token_p50", 0.5, 0, 2)],
  };

  thorough("a model without a metric is not dropped: bounded, and said", () =>
    withCalls([...calls(200, "a"), ...calls(200, "batch", { time_to_first_token: null })], async (store) => {
      const { rows, notes, best } = await choose(store, { profile });
      assert.equal(best, "a");
      const batch = named(rows, "batch");
      assert.ok(Number.isNaN(batch.p_best) && batch.utility.high - batch.utility.low > 0.45);
      assert.match(notes.join(" "), /batch cannot be compared: the logs have no p50 time to first token/);
    }),
  );

  test("where no model has a value, none is said to pass or to be beaten", () =>
    withCalls(
      [...calls(60, "a", { time_to_first_token: null }), ...calls(60, "b", { duration: null })],
      async (store) => {
        const choice = await choose(store, { profile });
        assert.match(changeText(choice), /^No model that passes can be compared: /);
        assert.match(
          choice.notes.join(" "),
          /a cannot be compared: the logs have no p50 time to first token\./,
        );
        assert.doesNotMatch(choice.notes.join(" "), /it is not the best|utility is at most/);
      },
    ));

  test("where a floor leaves one model, no gap to the others is said", () =>
    withCalls([...calls(300, "a"), ...calls(300, "b", { duration: 50 })], async (store) => {
      const floors = [{ metric: "duration_p95", at_most: 20 }];
      const { assumptions, best } = await choose(store, { profile: { ...profile, floors } });
      assert.equal(best, "a");
      const unlogged = assumptions?.find(({ id }) => id === "nothing-unlogged");
      assert.match(unlogged?.found ?? "", /^No other model passes/);
    }));

  thorough("a handful of calls cannot win for sure, however fast", () =>
    withCalls([...calls(400, "known", { duration: 9 }), ...calls(20, "new")], async (store) => {
      const { rows, best, verdict } = await choose(store, { profile });
      assert.equal(best, null);
      assert.ok(named(rows, "new").p_best < 0.6);
      assert.match(verdict, /Cannot tell between/);
    }),
  );

  thorough("a wait that one user alone logs leaves the choice open", () =>
    withCalls(
      Array.from({ length: 240 }, (_, at): Call => {
        const call = { call_id: `c${at}`, status: "ok" };
        return at % 2 === 0
          ? { ...call, model: "m0", user_id: `u${at % 40}`, input_tokens: 9000 }
          : { ...call, model: "m1", user_id: "one", input_tokens: 500, duration: 1 + (at % 7) / 10 };
      }),
      async (store) => {
        const profile = {
          name: "fast",
          criteria: [criterion("duration_p50", 0.5, 0, 20), criterion("error_rate", 0.5, 0, 0.1)],
        };
        const { best, verdict, rows } = await choose(store, { profile, cluster: "user_id" });
        assert.equal(best, null);
        assert.match(verdict, /^Left open: .*m1 cannot show how others would differ/);
        const { value, low, high } = named(rows, "m1").criteria.duration_p50;
        assert.ok(value > 1 && Number.isNaN(low) && Number.isNaN(high));
      },
    ),
  );

  thorough("models without a name, hostile names and a log without workloads do no harm", () =>
    withCalls(
      [...calls(100, "x'); drop table calls; --"), ...calls(100, "n", { model: null })],
      async (store) => {
        const { rows, notes } = await choose(store, { profile: { ...profile, workload: "*" } });
        assert.deepEqual(rows.map(({ name }) => name).sort(), ["no model", "x'); drop table calls; --"]);
        assert.match(notes.join(" "), /No call names its workload/);
      },
    ),
  );

  thorough("candidates may be told apart by more than the model", () =>
    withCalls(
      [...calls(100, "a", { provider: "x" }), ...calls(100, "b", { provider: "y", duration: 5 })],
      async (store) => {
        const { rows, by } = await choose(store, { profile, by: "model,provider" });
        assert.deepEqual(by, ["model", "provider"]);
        assert.equal(rows[0].name, "a · x");
      },
    ),
  );

  test("a single model is no choice made", () =>
    withCalls(calls(100, "a"), async (store) => {
      const { rows, verdict } = await choose(store, { profile });
      assert.equal(rows[0].p_best, 1);
      assert.match(verdict, /^a is the only model, with nothing to compare it to: p95 duration 1\.4 s/);
    }));

  test("an empty store has nothing to choose from", async () => {
    const store = await open(":memory:");
    try {
      const { rows, verdict } = await choose(store, { profile: "chat" });
      assert.deepEqual([rows, verdict], [[], "No call is selected: there is nothing to choose from."]);
    } finally {
      store.close();
    }
  });
});
