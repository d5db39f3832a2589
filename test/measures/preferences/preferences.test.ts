import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { preferences } from "../../../src/measures/preferences/preferences";
import { open, type Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { root } from "../../dist";

const demo = join(root, "data", "demo");
const { planted } = JSON.parse(readFileSync(join(demo, "truth.json"), "utf8"));

async function withDemo(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await open(":memory:");
  try {
    await ingest(store, join(demo, "preferences.jsonl"));
    await work(store);
  } finally {
    store.close();
  }
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

describe("preferences of the demo", () => {
  test("with equal length give back what was planted, as judged they give the long-winded model more", () =>
    withDemo(async (store) => {
      const { rows, notes } = await preferences(store, { control: "length" });
      const { models } = planted.preferences as { models: Record<string, number> };
      for (const { model, win_rate, as_judged } of rows) {
        const others = Object.keys(models).filter((name) => name !== model);
        const rate =
          others.reduce((sum, name) => sum + logistic(models[model] - models[name]), 0) / others.length;
        // Differences in taste pull the average rater's rate slightly towards a half.
        assert.ok(win_rate.low - 0.01 <= rate && rate <= win_rate.high + 0.01, `${model} ${rate}`);
        assert.notEqual(as_judged?.value, win_rate.value);
      }
      const first = (name: "win_rate" | "as_judged") =>
        [...rows].sort((a, b) => b[name]!.value - a[name]!.value)[0].model;
      assert.deepEqual([first("as_judged"), first("win_rate")], ["orrery-apex", "tamarisk-large"]);
      assert.ok(
        notes.some((note) =>
          /orrery-apex has the highest rating as judged, tamarisk-large with equal/.test(note),
        ),
      );
      const place = notes.find((note) => note.includes("shown first")) ?? "";
      assert.match(place, /5[4-9] % \[5\d, 6\d\]/);
    }));

  test("take the comparisons of one rater and of one prompt as clusters, and rank all models at once", () =>
    withDemo(async (store) => {
      const { rows } = await preferences(store);
      assert.ok(rows.every(({ win_rate }) => win_rate.clusterBy === "rater_id, prompt_id"));
      assert.ok(rows.every(({ rank_low, rank_high }) => rank_low >= 1 && rank_low <= rank_high));
      const sum = rows.reduce((all, { win_rate }) => all + win_rate.value, 0);
      assert.ok(Math.abs(sum - rows.length / 2) < 1e-9, "every win is a loss of another");
      assert.ok(
        Math.abs(rows.reduce((all, { rating }) => all + rating.value, 0) / rows.length - 1000) < 1e-6,
      );
    }));

  test("are told apart by workload, rater and rater_id, against a baseline, and of some comparisons", () =>
    withDemo(async (store) => {
      const apart = await preferences(store, {
        by: "workload,rater",
        baseline: "quillon-7",
        where: "rater_id < 'p3'",
      });
      assert.deepEqual(apart.by, ["workload", "rater", "model"]);
      const base = apart.rows.find(({ model }) => model === "quillon-7");
      assert.match(base?.win_rate.note ?? "", /what the others are compared with/);
      assert.ok(Number.isFinite(base?.rating.value));
    }));

  test("say what is wrong with an option and what to give", () =>
    withDemo(async (store) => {
      await assert.rejects(
        preferences(store, { by: "modell" }),
        /by of workload, rater, rater_id, got "modell"/,
      );
      await assert.rejects(preferences(store, { control: "lenght" }), /did you mean "length"/);
      await assert.rejects(
        preferences(store, { control: "bold" }),
        /in which bold is known, got none of 1,200/,
      );
      await assert.rejects(preferences(store, { baseline: "quillon" }), /did you mean "quillon-7"/);
      await assert.rejects(preferences(store, { where: "modl = 'x'" }), /unknown column "modl"/);
    }));
});

test("a first place needs raters who judge alike where they are few, and an order that is known", async () => {
  const store = await open(":memory:");
  const put = (shown: string) =>
    run(
      store.connection,
      `insert into preferences (comparison_id, prompt_id, model_a, model_b, preferred, rater_id, shown_first)
       select n::varchar, n::varchar, 'a', 'b', case when n % 10 < 8 then 1 else 0 end, 'r' || (n % 3), ${shown}
       from range(400) t(n)`,
    );
  try {
    await put("case when n % 2 = 0 then 'a' else 'b' end");
    const { notes } = await preferences(store);
    assert.match(
      notes.join(" "),
      /3 raters, .*: intervals and ranks allow for how they differ over all models on average/,
    );
    const claims = async () => (await preferences(store)).rows.map(({ claim }) => claim);
    const [first, second] = await claims();
    assert.deepEqual(
      [first.id, first.status, first.needs],
      ["preferences.first", "leads if", "raters-alike"],
    );
    assert.equal(second.id, "preferences.not-first");
    await run(store.connection, "update preferences set rater_id = comparison_id");
    assert.deepEqual(
      (await claims()).map(({ status }) => status),
      ["settled", "settled"],
    );
    await run(store.connection, "update preferences set prompt_id = null where comparison_id like '%7'");
    assert.deepEqual((await claims())[0].status, "settled", "of a tenth, no more");
    await run(store.connection, "update preferences set prompt_id = null");
    assert.deepEqual((await claims())[0].needs, "comparisons-independent");
    assert.match(
      (await preferences(store)).notes.join(" "),
      /The prompt of 100 % of comparisons is not known/,
    );
    await run(store.connection, "update preferences set shown_first = null, prompt_id = comparison_id");
    assert.deepEqual((await claims())[0].needs, "nothing-unlogged");
    await run(store.connection, "update preferences set shown_first = 'a'");
    assert.deepEqual((await claims())[0].needs, "nothing-unlogged", "a is always shown first");
    const told = (await preferences(store)).notes.join(" ");
    assert.match(told, /follows from the models, so an advantage of the first cannot be told from theirs/);
    assert.doesNotMatch(told, /corrected|Of two equal models/);
  } finally {
    store.close();
  }
});

test("preferences that go round in a circle put no model first, leave all ranks open and name the pairs", async () => {
  const store = await open(":memory:");
  try {
    // a beats b, b beats c and c beats a, in 70 of 100; a meets b most.
    await run(
      store.connection,
      `insert into preferences (comparison_id, prompt_id, model_a, model_b, preferred, rater_id, shown_first)
       select n::varchar, n::varchar, case when n < 3000 then 'a' when n < 4000 then 'b' else 'c' end,
         case when n < 3000 then 'b' when n < 4000 then 'c' else 'a' end,
         case when n % 10 < 7 then 1 else 0 end, 'r' || (n // 10 % 20), case when n % 2 = 0 then 'a' else 'b' end
       from range(5000) t(n)`,
    );
    const { rows, notes } = await preferences(store);
    assert.equal(rows[0].claim.because, "doubt.circle");
    for (const { claim, rank_low, rank_high, rating } of rows) {
      assert.equal(claim.status, "open");
      assert.deepEqual([rank_low, rank_high], [1, 3]);
      assert.match(rating.note ?? "", /does not explain/);
    }
    assert.match(notes[0], /go round in a circle: no model is first\. Furthest off: /);
    assert.match(notes[0], /[abc] wins \d+ % against [abc], and by the ratings \d+ %; .*; .*\.$/);
  } finally {
    store.close();
  }
});

test("a model that hardly met another leads only if preferences do not go round in a circle", async () => {
  const store = await open(":memory:");
  try {
    // a beats b and b beats c in 75 of 100; a meets c in 6 of 606, and wins 5 of these.
    await run(
      store.connection,
      `insert into preferences (comparison_id, prompt_id, model_a, model_b, preferred, rater_id, shown_first)
       select n::varchar, n::varchar, case when n < 300 or n >= 600 then 'a' else 'b' end, case when n < 300 then 'b' else 'c' end,
         case when n % 4 < 3 then 1 else 0 end, 'r' || (n % 35), case when n // 4 % 2 = 0 then 'b' else case when n < 300 then 'a' else 'c' end end
       from range(606) t(n)`,
    );
    const first = async () => {
      const { rows, notes } = await preferences(store);
      const { model, claim, rank_high } = rows[0];
      return [[model, rank_high, claim.status, claim.needs], notes[0]];
    };
    const [claim, note] = await first();
    assert.deepEqual(claim, ["a", 1, "leads if", "no-circle"]);
    assert.match(String(note), /^a is first if preferences do not go round in a circle: .* with c alone/);
    await run(
      store.connection,
      `insert into preferences (comparison_id, prompt_id, model_a, model_b, preferred, rater_id, shown_first)
       select 'more' || n, 'more' || n, 'a', 'c', case when n % 10 < 9 then 1 else 0 end, 'r' || (n % 35), case when n // 10 % 2 = 0 then 'a' else 'c' end
       from range(100) t(n)`,
    );
    assert.deepEqual((await first())[0], ["a", 1, "settled", undefined]);
  } finally {
    store.close();
  }
});

test("a note says what a tie counts in a win rate and in a rating", async () => {
  const store = await open(":memory:");
  try {
    await run(
      store.connection,
      `insert into preferences (comparison_id, model_a, model_b, preferred)
       select n::varchar, 'a', 'b', case when n < 50 then 1 when n < 80 then 0 else 0.5 end from range(100) t(n)`,
    );
    const { rows, notes } = await preferences(store);
    assert.deepEqual(
      rows.map(({ win_rate, rating }) => [win_rate.value.toFixed(3), rating.value.toFixed(1)]),
      [
        ["0.600", "1044.4"],
        ["0.400", "955.6"],
      ],
    );
    assert.match(
      notes[0],
      /20 % of them ties: half a win in a win rate, while ratings are of wins to losses/,
    );
  } finally {
    store.close();
  }
});

test("of two models the first is named only where the sign test names it: 115 of 200 wins, not 114", async () => {
  for (const [wins, isNamed] of [
    [114, false],
    [115, true],
  ] as const) {
    const store = await open(":memory:");
    try {
      await run(
        store.connection,
        `insert into preferences by name
         select 'p' || i as comparison_id, case when i % 2 = 0 then 'oak' else 'elm' end as model_a,
           case when i % 2 = 0 then 'elm' else 'oak' end as model_b, ((i < ${wins}) = (i % 2 = 0))::int as preferred
         from range(200) as t(i)`,
      );
      const { rows } = await preferences(store);
      assert.equal(rows[0].model, "oak");
      assert.equal(rows[0].win_rate.value.toFixed(3), (wins / 200).toFixed(3));
      assert.deepEqual(
        rows.map(({ rank_high }) => rank_high),
        isNamed ? [1, 2] : [2, 2],
      );
      assert.equal(rows[0].claim.status === "open", !isNamed);
    } finally {
      store.close();
    }
  }
});

test("a store without comparisons has no row, and says so", async () => {
  const store = await open(":memory:");
  try {
    const { rows, notes } = await preferences(store);
    assert.deepEqual([rows.length, notes], [0, ["There are no comparisons of two models."]]);
    await run(
      store.connection,
      "insert into preferences (comparison_id, model_a, model_b, preferred) values ('1', 'a', 'b', 1)",
    );
    const one = await preferences(store);
    assert.deepEqual(
      one.rows.map(({ win_rate }) => win_rate.note),
      ["it never lost, so its strength has no upper end", "it never won, so its strength has no lower end"],
    );
  } finally {
    store.close();
  }
});
