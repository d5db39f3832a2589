import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { route } from "../../../src/decide/route/route";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { type CascadeWorld, cascadeLog, cascadeTruth } from "../../calibration/cascadeWorld";
import { type Call, withCalls } from "../../measures/calls";
import { fc, thorough } from "../../property";
import { near } from "../../same";

const asked = { cascade: ["cheap", "dear"], validator: "confidence" } as const;
const world: CascadeWorld = { cheap: 0.8, dear: 2.2, tells: 2, log: "sent on", tasks: 900 };

async function inWorld<T>(some: Partial<CascadeWorld>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await cascadeLog({ ...world, ...some }, 3);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** A prompt that both models answered: how good each answer was, what the score said, what each cost. */
interface Asked {
  score: number;
  cheapGood: boolean;
  dearGood: boolean;
  cheapCost: number | null;
  dearCost: number | null;
}

/** A log in which both answered every prompt, each prompt from a different user. */
async function answered<T>(
  prompts: readonly Asked[],
  work: (store: Store) => Promise<T>,
  name = "confidence",
): Promise<T> {
  const calls = prompts.flatMap(({ cheapCost, dearCost }, at): Call[] =>
    (["cheap", "dear"] as const).map((model) => ({
      call_id: `${model}${at}`,
      task_id: `${model}${at}`,
      prompt_id: `p${at}`,
      user_id: `u${at}`,
      model,
      status: "ok",
      place_in_task: 1,
      cost: model === "cheap" ? cheapCost : dearCost,
    })),
  );
  return withCalls(calls, async (store) => {
    const outcomes = prompts.flatMap(({ cheapGood, dearGood }, at) => [
      `('cheap${at}', ${cheapGood})`,
      `('dear${at}', ${dearGood})`,
    ]);
    const scores = prompts.map(({ score }, at) => `('call', 'cheap${at}', '${name}', ${score}, 'judge')`);
    await run(store.connection, `insert into tasks (task_id, resolved) values ${outcomes.join(", ")}`);
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value, rater) values ${scores.join(", ")}`,
    );
    return work(store);
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe("a cascade with unknown costs", () => {
  /** Prompts that both answer well, at costs that differ from one to the next; of every five, some costs are not known. */
  const prompts = (cheap: number, unknown: { cheap?: number; dear?: number } = {}) =>
    Array.from(
      { length: 200 },
      (_, at): Asked => ({
        score: 0.9,
        cheapGood: true,
        dearGood: true,
        cheapCost: at % 5 < (unknown.cheap ?? 0) ? null : cheap * (1 + 0.001 * (at % 7)),
        dearCost: at % 5 < (unknown.dear ?? 0) ? null : 0.01 + 0.001 * (at % 11),
      }),
    );
  const replayed = (some: readonly Asked[]) => answered(some, (store) => route(store, asked));

  test("saves at its lower end what it saves with those of the cheap model at their most", async () => {
    const { rows, notes } = await replayed(prompts(0.005, { cheap: 2 }));
    // Its tokens are not known either: at most as much as 999 of 1,000 calls, 0.02.
    const least = 0.015 - 0.6 * 0.005 - 0.4 * 0.02;
    const [{ saving, threshold }] = rows;
    assert.equal(threshold, 0.9);
    assert.ok(saving.low < least && saving.low > 0.5 * least, String(saving.low));
    assert.ok(saving.high > 0.015 - 0.6 * 0.005);
    assert.ok(notes.some((note) => note.startsWith("80 tasks contain calls without a known cost")));
  });

  test("is not taken if these may cost as much as it seems to save", async () => {
    assert.equal((await replayed(prompts(0.014))).rows[0].threshold, 0.9);
    const { rows } = await replayed(prompts(0.014, { cheap: 3 }));
    assert.equal(rows[0].threshold, null);
    assert.match(rows[0].why, /^may cost as much as dear alone, or more, by what is not known of the costs$/);
    // The row says it once.
    assert.equal(JSON.stringify(rows[0]).split(rows[0].why).length, 2);
    assert.equal(rows[0].saving.note, "no threshold is taken");
  });

  test("is not taken for what the dear model may not have cost", async () => {
    const { rows } = await replayed(prompts(0.009, { dear: 3 }));
    assert.equal(rows[0].threshold, null);
    assert.match(rows[0].why, /^may cost as much/);
    assert.ok(rows[0].cost_dear.low < 0.008 && rows[0].cost_dear.high > 0.017);
  });
});

describe("a cascade replayed", () => {
  thorough("costs and is as good as each prompt would have been, at every threshold", async () => {
    const one = fc.record({
      score: fc.constantFrom(0.2, 0.4, 0.6, 0.8),
      cheapGood: fc.boolean(),
      dearGood: fc.boolean(),
      cheapCost: fc.double({ min: 0.001, max: 0.01, noNaN: true }),
      dearCost: fc.double({ min: 0.01, max: 0.1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 100, maxLength: 160 }), async (prompts) => {
        const { curve } = await answered(prompts, (store) => route(store, asked));
        const values = [...new Set(prompts.map(({ score }) => score))].sort();
        assert.deepEqual(
          curve.map(({ threshold }) => threshold),
          values,
        );
        for (const point of curve) {
          const on = (p: Asked) => p.score < point.threshold;
          const cost = mean(prompts.map((p) => Number(p.cheapCost) + (on(p) ? Number(p.dearCost) : 0)));
          const good = mean(prompts.map((p) => Number(on(p) ? p.dearGood : p.cheapGood)));
          near(point.cost_per_task.value, cost, "cost", 1e-9);
          near(point.quality.value, good, "quality", 1e-9);
          near(point.passed_on.value, mean(prompts.map((p) => Number(on(p)))), "passed on", 1e-9);
          if (Number.isNaN(point.saving.value)) continue;
          near(point.saving.value, mean(prompts.map((p) => Number(p.dearCost))) - cost, "saving", 1e-9);
          near(
            point.quality_difference.value,
            good - mean(prompts.map((p) => Number(p.dearGood))),
            "difference",
            1e-9,
          );
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  thorough(
    "takes the threshold that saves most of those shown to be within the margin, with a month's saving",
    async () => {
      const found = await inWorld({ log: "prompts", tasks: 1500 }, (store) =>
        route(store, { ...asked, tasks: 10_000 }),
      );
      const [row] = found.rows;
      const passing = found.curve.filter(({ passes }) => passes);
      assert.ok(passing.length > 0 && passing.length < found.curve.length);
      assert.equal(row.saving.value, Math.max(...passing.map(({ saving }) => saving.value)));
      near(row.saving_month.value, 10_000 * row.saving.value, "month", 1e-9);
      near(row.saving_month.low, 10_000 * row.saving.low, "month's low end", 1e-9);
      assert.equal(found.identified, "prompts of both");
      assert.equal(row.saving.clusterBy, "user_id", "prompts of one user each");
      assert.match(
        found.verdict,
        /^Accept in w cheap's answers with confidence at least 0\.\d+ and send on the other/,
      );
      for (const { quality_difference, fails } of found.curve)
        if (fails.includes("may be")) assert.ok(quality_difference.value > -found.margin);
    },
  );

  thorough("from a random share that went on tells the same as the truth of the world", async () => {
    const { identified, curve, rows, notes } = await inWorld({ tasks: 2500 }, (store) =>
      route(store, { ...asked, assume: ["random-escalation"] }),
    );
    assert.equal(identified, "tasks sent on");
    const truthAt = cascadeTruth(world, 100_000);
    for (const { threshold, saving, quality_difference, passed_on } of curve) {
      const truth = truthAt(threshold);
      assert.ok(quality_difference.low < truth.difference && truth.difference < quality_difference.high);
      assert.ok(saving.low < truth.saving && truth.saving < saving.high);
      assert.ok(Math.abs(passed_on.value - truth.passedOn) < 0.08);
    }
    assert.ok(rows[0].saving_month.value > 1000 * rows[0].saving.value, "a month's tasks by the log's days");
    assert.ok(notes.some((note) => note.includes("sent on is declared to be random")));
  });

  thorough("from a share that may have been picked holds up to a factor, which it names", async () => {
    const [random, picked] = await Promise.all(
      (["sent on", "by users"] as const).map((log) =>
        inWorld({ log, tasks: 2500 }, (store) => route(store, asked)),
      ),
    );
    const [row] = random.rows;
    assert.notEqual(row.threshold, null);
    assert.equal(row.claim.status, "leads if");
    assert.equal(row.claim.needs, "random-escalation");
    assert.deepEqual([row.saves.status, row.saves.needs], ["leads if", "random-escalation"]);
    assert.ok((row.claim.lost_above as number) > 3, String(row.claim.lost_above));
    assert.match(random.verdict, /It holds while answers without a result are up to \d/);
    assert.ok(random.notes.some((note) => note.includes("--assume random-escalation")));
    const truthAt = cascadeTruth(world, 100_000);
    const taken = picked.rows[0].threshold;
    assert.ok(taken === null || truthAt(taken).difference > -0.05, "no worse than the margin");
    const declared = await inWorld({ log: "by users", tasks: 2500 }, (store) =>
      route(store, { ...asked, assume: ["random-escalation"] }),
    );
    assert.ok(
      truthAt(declared.rows[0].threshold as number).difference < -0.05,
      "the declaration is false here",
    );
  });

  thorough(
    "by a score that tells nothing takes no threshold where what went on may have been picked",
    async () => {
      const { rows } = await inWorld({ tells: 0, cheap: 2.2, tasks: 2500 }, (store) => route(store, asked));
      assert.equal(rows[0].threshold, null);
    },
  );

  thorough("has no month where the prompts are not the traffic", async () => {
    const { rows, verdict } = await inWorld({ log: "prompts", tasks: 1500 }, (store) => route(store, asked));
    assert.ok(Number.isNaN(rows[0].saving_month.value));
    assert.match(rows[0].saving_month.note as string, /--tasks/);
    assert.match(verdict, /USD per 1,000 tasks/);
  });

  test("is not told where the score itself picked what went on", async () => {
    const { rows, curve, verdict } = await inWorld({ log: "by score" }, (store) => route(store, asked));
    assert.equal(rows[0].threshold, null);
    for (const { saving, quality_difference, fails } of curve) {
      assert.ok(Number.isNaN(saving.value) && Number.isNaN(quality_difference.value));
      assert.match(fails, /were also sent on|were judged|picked by the score/);
    }
    assert.match(verdict, /^No threshold of confidence is shown to save anything/);
  });

  test("is not told where each model had tasks of its own, and the answer says what to do", async () => {
    const found = await inWorld({ log: "apart" }, (store) => route(store, asked));
    assert.deepEqual([found.rows, found.curve, found.identified], [[], [], null]);
    assert.match(
      found.verdict,
      /^Cannot tell .* dear answered none of the tasks or prompts .* Send a random share of cheap's scored answers on/,
    );
  });

  thorough("is not told without outcomes of either model, or without the score", async () => {
    const without = (table: "tasks" | "scores", model: string) =>
      inWorld({ log: "prompts" }, async (store) => {
        const id = table === "tasks" ? "task_id" : "subject_id";
        await run(store.connection, `delete from ${table} where ${id} like '${model}%'`);
        if (table === "scores")
          await run(
            store.connection,
            "insert into scores (subject, subject_id, name, value, rater) values ('call', 'dear1', 'confidence', 1, 'judge')",
          );
        return (await route(store, asked)).verdict;
      });
    assert.match(await without("tasks", "d"), /No answer by dear has a known outcome/);
    assert.match(await without("scores", "cheap"), /No answer by cheap has the score confidence/);
  });

  thorough("answers that failed go on at every threshold, as rare as they are among all", async () => {
    const share = async (scored: number) =>
      inWorld({ log: "prompts", tasks: 2000 }, async (store) => {
        await run(store.connection, `delete from scores where hash(subject_id) % 100 >= ${100 * scored}`);
        return (await route(store, asked)).curve[0].passed_on.value;
      });
    const [all, half] = [await share(1), await share(0.5)];
    assert.ok(all > 0.015 && all < 0.05, `3 % fail, got ${all}`);
    near(half, all, "half of the scores", 0.15);
  });

  thorough("a score named after a fault accepts what is low", async () => {
    const prompts = Array.from({ length: 400 }, (_, at) => ({
      score: [0.1, 0.9][at % 2],
      cheapGood: at % 2 === 0,
      dearGood: true,
      cheapCost: 0.001,
      dearCost: 0.01,
    }));
    const found = await answered(
      prompts,
      (store) => route(store, { ...asked, validator: "hallucination" }),
      "hallucination",
    );
    assert.deepEqual([found.accepts, found.rows[0].threshold], ["at most", 0.1]);
    near(found.rows[0].passed_on.value, 0.5, "passed on", 1e-9);
    assert.match(found.verdict, /hallucination at most 0\.1 /);
    const { low } = found.rows[0].quality_difference;
    assert.ok(low < -0.004 && low > -0.02, `no loss in 200 is not certainty: ${low}`);
  });

  thorough("bad input says what was asked, what the rule is, and what there is", async () => {
    const refused = (options: object, message: RegExp) =>
      inWorld({ tasks: 40 }, (store) =>
        assert.rejects(route(store, { ...asked, ...options } as never), { name: "RangeError", message }),
      );
    await refused({ cascade: "cheap" }, /route requires a cascade of two models.*got "cheap"/);
    await refused({ cascade: "cheap,deer" }, /two of the log's models, got "deer"; did you mean "dear"/);
    await refused({ validator: "confidenc" }, /name of a score in the log, got "confidenc"/);
    await refused({ validator: undefined }, /route requires a validator with cascade/);
    await refused({ score: "confidence" }, /a check cannot be its own proof/);
    await refused({ margin: 5 }, /0 <= margin < 1/);
    await refused({ floor: "resolve_rate>=0.5" }, /route requires no floor with cascade/);
    await refused({ tasks: -1 }, /finite number of tasks >= 0/);
    await refused({ cascade: undefined }, /route requires cascade, two models, with validator/);
    await inWorld({ tasks: 40 }, async (store) => {
      await run(store.connection, "update scores set rater = 'user'");
      await assert.rejects(
        route(store, asked),
        /known before an answer is sent on, got "confidence", which only user/,
      );
      await run(
        store.connection,
        "insert into scores select * replace ('stars' as name, 4 as value) from scores",
      );
      await run(store.connection, "update scores set rater = 'judge' where name = 'confidence'");
      await assert.rejects(route(store, { ...asked, score: "stars" }), /a score from 0 to 1/);
    });
  });
});

thorough("a validator of one value, and a log without costs, are told apart", async () => {
  await inWorld({}, async (store) => {
    await run(store.connection, "update scores set value = 1");
    const { verdict, rows } = await route(store, asked);
    assert.equal(rows[0].threshold, null);
    assert.match(verdict, / Even the strictest threshold is \d+ points worse than dear\.$/);
  });
  await inWorld({}, async (store) => {
    await run(store.connection, "update calls set cost = null");
    const { verdict } = await route(store, asked);
    assert.match(
      verdict,
      /The cost of the answers it would accept, or of those that were sent on, is not known/,
    );
  });
});
