import assert from "node:assert/strict";
import { describe } from "node:test";
import { priceCalls } from "../../src/logs/complete/price";
import { cost } from "../../src/measures/cost/cost";
import { repriced } from "../../src/measures/cost/repriced";
import { findings } from "../../src/page/findings";
import { type Report, reportOf } from "../../src/page/report";
import { type Random, random } from "../../src/stats/random";
import { run } from "../../src/store/run";
import { type Call, withCalls } from "../measures/calls";
import { thorough } from "../property";

const start = Date.UTC(2026, 2, 2);
const at = (minutes: number) => new Date(start + minutes * 6e4).toISOString().slice(0, 19);

/** As many calls as asked for, each one minute after the other. */
function calls(count: number, of: (i: number, r: Random) => Call): Call[] {
  const r = random(5);
  return Array.from({ length: count }, (_, i) => ({
    call_id: `c${i}`,
    started_at: at(i),
    status: "ok",
    ...of(i, r),
  }));
}

const wait = (typical: number, r: Random) => typical * Math.exp(0.3 * r.normal());
const pick = <T>(all: readonly T[], i: number): T => all[i % all.length] as T;

let logs = 0;
/** The report on a log, which has no number that is none, and a picture where it has two numbers. */
const reported = (log: readonly Call[], look: (report: Report) => void, figures = 1) =>
  withCalls(log, async (store) => {
    const report = await reportOf(store);
    assert.doesNotMatch(JSON.stringify(report.lead), /undefined|NaN/);
    assert.ok((report.lead.figures ?? []).length >= figures, "a picture");
    look(report);
    // What a notebook says of a log is what its page says; in CI of every third log.
    if (process.env.CI && logs++ % 3 > 0) return;
    const { headline, points } = await findings(store);
    if (report.choices.length > 0) return;
    assert.ok(report.lead.headline.includes(headline), headline);
    const isAlways = (point: string) => /^Calls without a model/.test(point);
    for (const point of points ?? [])
      assert.ok(
        report.lead.points?.some((one) => one.includes(point)),
        point,
      );
    for (const point of report.lead.points?.filter(isAlways) ?? []) assert.ok(points?.includes(point), point);
  });

describe("the first line of a page", () => {
  thorough("names the providers that fail, and who is fastest", () => {
    const providers = ["acme", "birch", "coral", "delta"];
    const log = calls(800, (i, r) => {
      const failed = pick(providers, i) === "delta" && r.uniform() < 0.85;
      const duration = failed ? null : wait(pick([1, 2, 2.1, 2.2], i), r);
      return { provider: pick(providers, i), model: "m", duration, status: failed ? "error" : "ok" };
    });
    return reported(
      log,
      ({ lead, title }) => {
        assert.match(
          lead.headline,
          /^delta · m \(8\d\.\d %\) is worse by error rate than acme · m, 0 %; acme · m is best by p50 duration/,
        );
        assert.equal(title, "4 providers, 800 calls, 1 day");
      },
      2,
    );
  });

  thorough(
    "says of an empty log that it is one, and of calls without a model that they are compared with nobody",
    async () => {
      await reported([], ({ lead }) => assert.match(lead.headline, /^There is no call here/), 0);
      const log = calls(300, (i, r) => ({
        model: pick(["oak", "elm", null], i),
        duration: wait(1 + (i % 3), r),
      }));
      await reported(log, ({ lead }) =>
        assert.ok(lead.points?.some((point) => point.startsWith("Calls without a model: 33"))),
      );
    },
  );

  thorough("names the metric where costs are all there is", () => {
    const log = calls(600, (i, r) => ({
      model: pick(["ash", "birch", "cedar"], i),
      cost: pick([0.001, 0.003, 0.01], i) * Math.exp(0.5 * r.normal()),
    }));
    return reported(log, ({ lead }) =>
      assert.match(lead.headline, /^ash is best by cost per call\. The log has no outcome and no score/),
    );
  });

  thorough("answers many small workloads together, paired by the prompts that models share", () => {
    const log = calls(480, (i, r) => {
      const prompt = Math.floor(i / 4);
      const cost = 0.001 * pick([1, 4, 16, 64], i) * (1 + (prompt % 10) / 10);
      const duration = wait(2, r);
      return { model: `m${i % 4}`, prompt_id: `p${prompt}`, workload: `w${prompt % 40}`, cost, duration };
    });
    return reported(log, ({ lead }) => {
      assert.match(lead.headline, /^m0 is best by cost per call\./);
      assert.match(lead.points.join(" "), /The log has 40 workloads: they are answered together here/);
    });
  });

  thorough("tells models on the same prompts apart prompt by prompt, where their intervals overlap", () => {
    const r = random(2);
    const sizes = Array.from({ length: 55 }, () => Math.exp(r.normal()));
    const log = calls(9 * 55, (i) => ({
      ...{ model: `m${i % 9}`, prompt_id: `p${Math.floor(i / 9)}`, workload: "study", duration: wait(2, r) },
      cost: 0.0003 * 1.25 ** (i % 9) * (sizes[Math.floor(i / 9)] ?? 1) * Math.exp(0.05 * r.normal()),
    }));
    return reported(log, ({ lead }) => {
      assert.match(lead.headline, /^m0 is best by cost per call/);
      assert.match(lead.points.join(" "), /models answered the same 55 and are compared prompt by prompt/);
      assert.match(
        lead.points.join(" "),
        /measured highest is m8, .* USD \[.*\], (5|6)\.?\d* times as much\./,
      );
    });
  });

  thorough("says how the one model does, and since when it is slower", () => {
    const log = calls(3000, (i, r) => ({
      ...{
        model: "solo",
        started_at: at(i * 40),
        user_id: `u${i % 60}`,
        workload: pick(["chat", "search"], i),
      },
      duration: wait(i > 1800 ? 2 : 1, r),
    }));
    return reported(
      log,
      ({ lead, title }) => {
        assert.match(lead.headline, /^solo: error rate 0 %.*; p95 duration .* s\. P50 duration went from/);
        assert.equal(title, "solo, 3,000 calls, 84 days");
      },
      2,
    );
  });

  thorough("says of one model where it is worse, against which limits, and on whom it falls", () => {
    const log = calls(3000, (i, r) => {
      const workload = pick(["chat", "search"], i);
      const slow = i % 50 < 5 ? 3 : 1;
      const failed = workload === "search" && r.uniform() < 0.2;
      return {
        ...{ model: "solo", user_id: `u${i % 50}`, workload, provider: pick(["a", "b"], Math.floor(i / 2)) },
        ...{
          started_at: at(i * 7),
          status: failed ? "error" : "ok",
          duration: failed ? null : wait(2 * slow, r),
        },
      };
    });
    return reported(log, ({ lead }) => {
      const said = lead.points.join(" ");
      assert.match(said, /Limits: \d\d.* of calls within 10 s\. These are defaults/);
      assert.match(
        lead.headline,
        /^solo: error rate 1\d(\.\d)? %; p95 duration .* By workload: search \((19|2\d)\.?\d* %\) is worse by error rate than chat, 0 %/,
      );
      assert.match(said, /Providers: the log has 2 providers of the model, and nothing .* tells them apart/);
      assert.doesNotMatch(said, /By (provider|workload)/);
      assert.match(
        said,
        /Users: half of the failed calls and of the slowest 5 % were those of \d+ of 50 users; one user met \d/,
      );
    });
  });

  thorough("holds the one model to the limits that are given, and names no user", async () => {
    const log = calls(1200, (i, r) => {
      const failed = r.uniform() < 0.2;
      return {
        ...{ model: "solo", user_id: `someone-${i % 60}`, workload: "chat" },
        ...{ status: failed ? "error" : "ok", duration: failed ? null : wait(2, r) },
      };
    });
    const limits = [
      { metric: "error_rate", at_most: 0.1 },
      { metric: "duration_p95", at_most: 30 },
      { metric: "duration_p50", at_most_times: 1.1 },
    ];
    await withCalls(log, async (store) => {
      const held = await reportOf(store, { profiles: [{ name: "nightly", limits }] });
      assert.match(
        held.lead.headline,
        /^solo: error rate .*\. Broken of nightly: error rate at most 10 %\.$/,
      );
      assert.match(
        held.lead.points.join(" "),
        /Limits of nightly: error rate at most 10 % is broken \((19|2\d).*p95 duration at most 30 s is kept/,
      );
      assert.deepEqual(held.choices, []);
      assert.doesNotMatch(JSON.stringify(held.lead), /someone-/);
      const criteria = [{ metric: "duration_p95", weight: 1, good: 0, bad: 9 }];
      const profile = { name: "mine", workload: "chat", criteria };
      const floors = [{ metric: "error_rate", at_most: 0.5 }];
      const { lead } = await reportOf(store, { profiles: [{ ...profile, floors }] });
      assert.match(lead.points.join(" "), /Limits of mine: error rate at most 50 % is kept/);
      const without = await reportOf(store, { profiles: [profile] });
      assert.match(without.lead.points.join(" "), /These are defaults, since what was given sets none/);
    });
    const two = log.map((one, i) => ({ ...one, model: pick(["oak", "elm"], i) }));
    await withCalls(two, (store) =>
      assert.rejects(reportOf(store, { profiles: [{ name: "nightly", limits }] }), /check --by model/),
    );
  });

  thorough("gives a wait that a time limit cut off as at least that long", () => {
    const log = calls(1200, (i, r) => {
      const waited = 5 * Math.exp(0.8 * r.normal());
      return {
        model: "solo",
        user_id: `u${i % 60}`,
        duration: Math.min(8, waited),
        status: waited > 8 ? "timeout" : "ok",
      };
    });
    return reported(log, ({ lead }) =>
      assert.match(lead.points.join(" "), /p95 duration at least 8\.00? s|p50 duration/),
    );
  });

  thorough("gives the outcome of the tasks of one agent", () => {
    const log = calls(300, (i, r) => ({
      ...{ model: "agent", task_id: `t${Math.floor(i / 6)}`, cost: 0.01, duration: wait(3, r) },
    }));
    return withCalls(log, async (store) => {
      await run(
        store.connection,
        "insert into tasks by name select distinct task_id, hash(task_id) % 2 = 0 as resolved from calls",
      );
      const { lead } = await reportOf(store);
      assert.match(lead.headline, /^agent: resolve rate \d\d %; .* USD a resolved task; p95 duration/);
      assert.match(
        lead.points.join(" "),
        /Tasks: the \d\d of 50 tasks that were not resolved took \d.* of the money/,
      );
    });
  });

  thorough("of agent tasks tried again says where steps, time and money go, and how sure a task is", () => {
    const log = calls(1200, (i, r) => {
      const [task, turn] = [Math.floor(i / 6), i % 6];
      const cost = task < 20 ? 0.1 : 0.01;
      return {
        model: "agent",
        task_id: `t${task}`,
        prompt_id: `p${task % 50}`,
        cost,
        duration: wait(turn + 1, r),
      };
    });
    return withCalls(log, async (store) => {
      await run(
        store.connection,
        `insert into tasks by name select distinct task_id, prompt_id,
           case when substr(prompt_id, 2)::int < 10 then true when substr(prompt_id, 2)::int < 20 then false else substr(task_id, 2)::int < 100 end as resolved
         from calls;
         insert into spans by name select task_id, case when call_id like '%7' then 'pay' else 'search' end as tool,
           case when call_id like '%7' then 'error' else 'ok' end as status, started_at from calls`,
      );
      const { lead, tables } = await reportOf(store);
      const said = lead.points.join(" ");
      assert.match(
        lead.headline,
        /Of 4 tries at a task, all are resolved in 20 % of the tasks, and at least one in 80 %\./,
      );
      assert.match(
        said,
        /Repeats: of 50 tasks .* all of 4 in 20 % .* \(pass\^4\), and at least one of 4 in 80 % .* \(pass@4\); 10 were resolved every time, and 10 never\./,
      );
      assert.match(
        said,
        /Steps: a resolved task took 12\.0 .* steps, 6\.0+ .* of them uses of tools and 0\.\d+ USD .* an unresolved task/,
      );
      assert.match(
        said,
        /Where it goes: the 20 of 200 tasks with the most of each had 10 % of the calls, 1\d % of the time and 53 % of the money\./,
      );
      assert.match(said, /Tools: of 1,200 uses, 90 % search and 10 % pay; 120 failed, 120 of pay\./);
      assert.match(String(lead.more?.join(" ")), /Never resolved: tasks p10, p11, .* and 2 more\./);
      assert.deepEqual(
        lead.figures?.map(({ description }) => description.split(".")[0]),
        ["all of k tries at a task are resolved", "uses of tools: estimates with their intervals"],
      );
      assert.ok(["trajectories", "tools", "consistency"].every((name) => name in tables));
    });
  });

  thorough("of an agent whose models nobody can tell apart says how many tasks it resolved", () => {
    const log = calls(300, (i, r) => ({
      ...{ model: i < 24 ? "large" : "small", task_id: `t${Math.floor(i / 6)}`, duration: wait(3, r) },
    }));
    return withCalls(log, async (store) => {
      await run(
        store.connection,
        "insert into tasks by name select distinct task_id, task_id <> 't9' as resolved from calls",
      );
      const { lead } = await reportOf(store);
      assert.match(
        lead.headline,
        /^49 of 50 tasks were resolved\. A task takes 6\.0 steps on average\. These logs cannot separate/,
      );
    });
  });

  thorough("says that every call fails, and of one call what it took", async () => {
    const errors = calls(300, (i) => ({
      model: `m${i % 2}`,
      status: "error",
      error_type: i % 3 === 0 ? "timeout" : "overloaded",
    }));
    await reported(
      errors,
      ({ lead }) => {
        assert.match(
          lead.headline,
          /^Every model fails in at least 9\d % of its calls\. Of 300 failed calls, 67 % overloaded and 33 % timeout\.$/,
        );
        assert.match(String(lead.figures?.[1]?.description), /reasons of failures.* overloaded 66\.7 %[.;]/);
      },
      2,
    );
    const one = calls(1, () => ({ model: "m", duration: 1.2 }));
    await reported(
      one,
      ({ lead }) => {
        assert.match(lead.headline, /^m: error rate 0 %; p50 duration 1\.20 s\. Too few calls to say/);
        assert.match(lead.points.join(" "), /p50 duration 1\.20 s \[–\]/);
        assert.deepEqual(
          lead.figures?.map(({ description }) => description.split(":")[0]),
          ["shares"],
        );
      },
      0,
    );
  });

  thorough("names who is worse in each workload where nobody is the best", () => {
    const log = calls(1600, (i, r) => {
      const failed = r.uniform() < pick([0.02, 0.02, 0.3, 0.02], i);
      const workload = pick(["chat", "search"], Math.floor(i / 4));
      return { model: pick(["oak", "elm", "ash", "fir"], i), workload, status: failed ? "error" : "ok" };
    });
    return reported(log, ({ lead }) => {
      assert.match(lead.headline, /^ash \((2|3)\d %\) is worse by error rate for (chat|search) than/);
      assert.match(lead.points.join(" "), /Failures: ash .* for chat than .*; ash .* for search than/);
    });
  });

  thorough("of forty models on unlike inputs says how many are dearer than the first", () => {
    const log = calls(2400, (i, r) => {
      const cost = 0.0004 * 1.1 ** (i % 40) * Math.exp(0.4 * r.normal());
      return { model: `m${i % 40}`, cost, input_tokens: Math.round(wait(800, r)), output_tokens: 200 };
    });
    return reported(log, ({ lead }) =>
      assert.match(
        lead.headline,
        /m0, m1 or m2 may be the best by cost per call, .*; the other 37 are dearer/,
      ),
    );
  });

  thorough("compares embedding models where nothing else is logged", () => {
    const log = calls(400, (i, r) => ({
      ...{ model: pick(["small", "large"], i), operation: "embeddings", user_id: `u${r.integer(80)}` },
      duration: wait(pick([0.1, 0.4], i), r),
    }));
    return reported(log, ({ lead }) => {
      assert.match(lead.headline, /^small is best by p95 duration\./);
      assert.match(lead.points.join(" "), /No call of the log answers anyone/);
    });
  });

  thorough("of forty models names the first, and draws the best of them", () => {
    const log = calls(4000, (i, r) => ({
      ...{ model: `m${i % 40}`, user_id: `u${r.integer(150)}`, duration: wait(1 + (i % 40), r), cost: 0.001 },
    }));
    return reported(log, ({ lead, title }) => {
      assert.match(lead.headline, /^m0 is best by p\d\d duration/);
      assert.match(title, /^40 models, 4,000 calls/);
      assert.match(String(lead.figures?.[0]?.description), /m0/);
    });
  });

  thorough("of calls with tokens alone says how much is asked, and what would tell more", () => {
    const log = calls(400, (i, r) => ({
      ...{ model: pick(["oak", "elm"], i), input_tokens: Math.round(wait(1000, r)), output_tokens: 100 },
    }));
    return reported(
      log,
      ({ lead }) => {
        assert.match(
          lead.headline,
          /^400 calls of 2 models in 7 hours; half read [\d,]+ tokens or fewer, and half write 100 /,
        );
        assert.match(lead.points.join(" "), /What would tell most: a duration/);
      },
      2,
    );
  });

  const priceList = (models: readonly string[]) =>
    `insert into prices by name select * from (values ${models
      .map((model, i) => `('${model}', ${1e-6 * 2 ** i}, ${4e-6 * 2 ** i})`)
      .join(", ")}) as t(model, input, output)`;
  /** The dollars that a sentence gives a model. */
  const dollarsAs = (text: string, model: string) =>
    Number(new RegExp(`([\\d.e-]+) USD as ${model}\\b`).exec(text)?.[1]);

  thorough("of tokens and a price list says what the same tokens cost at each listed price", () =>
    withCalls(
      calls(400, (i) => ({ model: "ours", input_tokens: 900 + (i % 200), output_tokens: 100 })),
      async (store) => {
        await run(store.connection, priceList(["oak", "elm", "ash"]));
        const { lead } = await reportOf(store);
        const said = lead.points.join(" ");
        assert.match(
          lead.headline,
          /At the prices of 3 listed models they would cost from 1\.4 USD as oak to 5\.6 USD as ash per 1,000 calls\./,
        );
        assert.doesNotMatch(said, /a price list what they cost/);
        for (const model of ["oak", "elm", "ash"]) {
          const other = await repriced(store, { as: model });
          const { rows } = await cost(other.store, { by: [] });
          const sum = Number(rows[0]?.cost_per_call.value) * 1000;
          assert.ok(Math.abs(dollarsAs(said, model) / sum - 1) < 0.05, `${model}: ${sum}`);
        }
        await run(store.connection, priceList(Array.from({ length: 20 }, (_, i) => `x${i}`)));
        const { lead: many } = await reportOf(store);
        assert.match(
          many.headline,
          /At the prices of 23 listed models they would cost from 1\.4 USD as (oak|x0) to [\d,]+ USD as x19 per 1,000 calls, and about \d+ USD at the median model's price\./,
        );
      },
    ),
  );

  thorough("of costs alone says what the same calls cost at the other listed prices", () =>
    withCalls(
      calls(400, (i) => ({
        model: pick(["oak", "elm"], i),
        input_tokens: 900 + (i % 200),
        output_tokens: 100,
      })),
      async (store) => {
        await run(store.connection, priceList(["oak", "elm", "ash"]));
        await priceCalls(store.connection);
        const { lead } = await reportOf(store);
        assert.match(lead.headline, /^oak is best by cost per call/);
        assert.match(
          lead.points.join(" "),
          /Prices: per 1,000 calls, the same tokens would cost 1\.4 USD as oak, 2\.8 USD as elm and 5\.6 USD as ash; paid was 2\.1 USD\./,
        );
        const { lead: some } = await reportOf(store, { where: "model in ('oak', 'elm')" });
        const prices = (points: readonly string[]) => points.filter((point) => /^Prices:/.test(point));
        assert.deepEqual(prices(some.points), prices(lead.points), "a condition that all calls meet");
        const { lead: one } = await reportOf(store, { where: "model = 'oak'" });
        assert.match(one.points.join(" "), /1\.4 USD as oak, which answered, .*; paid was 1\.4 USD\./);
      },
    ),
  );

  thorough("of a price list alone says what it lacks", () =>
    withCalls([], async (store) => {
      await run(
        store.connection,
        "insert into prices by name select 'm' || i as model, 1e-6 as input from range(3) as t(i)",
      );
      const { lead } = await reportOf(store);
      assert.match(
        lead.headline,
        /^Prices of 3 models, and no call.* Half ask 1 USD per million input tokens or less\.$/,
      );
      assert.equal(lead.figures?.length, 1);
    }),
  );

  thorough("of conversations and labels alone says how long they are, and what was said of them", () => {
    const log = calls(240, (i) => ({ conversation_id: `k${Math.floor(i / 6)}`, status: undefined }));
    return withCalls(log, async (store) => {
      await run(
        store.connection,
        `insert into scores by name select 'conversation' as subject, 'k' || i as subject_id, 'first_failure' as name,
           case when i % 4 = 0 then 'search' when i % 4 = 1 then 'pay' else 'plan' end as label, 'human' as rater
         from range(40) as t(i)`,
      );
      const { lead } = await reportOf(store);
      assert.match(
        lead.headline,
        /Half of 40 conversations are over after 6 turns \[\d+, (\d+\]|∞\))\. First failure, of 40 labelled: plan \(50 %\), pay \(25 %\) and search \(25 %\)\. The log has no durations, costs or outcomes\.$/,
      );
      assert.equal(lead.figures?.length, 2);
    });
  });

  thorough("of many leaderboards says where they agree, in few words", () =>
    withCalls([], async (store) => {
      await run(
        store.connection,
        `insert into benchmarks by name
         select 'board' || b as benchmark, 'm' || i as model, case when b = 7 then i else 90 - i end as score
         from range(12) as t(i), range(8) as u(b)`,
      );
      const { lead } = await reportOf(store);
      assert.match(
        lead.headline,
        /Of 28 pairs of them, board0 and board7 rank their 12 models least alike: a correlation of -1\.00 \[/,
      );
      assert.ok(lead.points.length < 6 && lead.more?.length === 8);
      assert.match(lead.points.join(" "), /m0, on 7 of 8 leaderboards/);
      assert.match(
        lead.points.join(" "),
        /of 28 pairs .* half have a rank correlation of 1\.00 or more; least alike are board\d and board7 \(-1\.00 \[-1\.00, -0\.9\d\], 12 models/,
      );
    }),
  );

  thorough("of comparisons alone says whose answers are preferred, and of how many", () =>
    withCalls([], async (store) => {
      await run(
        store.connection,
        `insert into preferences by name
         select 'p' || i as comparison_id, 'oak' as model_a, 'elm' as model_b, case when i % 10 < 8 then 0 else 1 end as preferred
         from range(300) as t(i)`,
      );
      const { lead, title } = await reportOf(store);
      assert.equal(title, "300 comparisons of 2 models");
      assert.equal(lead.question, "Which answers are preferred? Measured on 300 comparisons of 2 models.");
      assert.match(lead.headline, /(oak|elm) is preferred, in 80\.0 % .* of 300 comparisons with/);
      assert.equal(lead.figures?.length, 1);
    }),
  );

  thorough("of comparisons of several models says who is behind where nobody is first", () =>
    withCalls([], async (store) => {
      await run(
        store.connection,
        `insert into preferences by name
         select 'p' || i as comparison_id, case when i % 3 = 0 then 'oak' else 'ash' end as model_a,
           case when i % 3 = 1 then 'oak' else 'elm' end as model_b,
           case when i % 3 = 0 then i // 3 % 2 when i // 3 % 10 < 2 then 1 else 0 end as preferred
         from range(450) as t(i)`,
      );
      const { lead } = await reportOf(store);
      assert.match(
        lead.headline,
        /^No model is shown to be preferred: (oak and elm|elm and oak) may be; ash is not\.$/,
      );
    }),
  );

  thorough("of two leaderboards without a first says who may be it on each", () =>
    withCalls([], async (store) => {
      await run(
        store.connection,
        `insert into benchmarks by name
         select 'board' || b as benchmark, 'm' || i as model, 90 - 10 * (i // 2) as score, 1.0 as standard_error
         from range(6) as t(i), range(2) as u(b)`,
      );
      const { lead } = await reportOf(store);
      assert.match(
        lead.headline,
        /^No leaderboard shows one model to be first: on board0 m\d and m\d may be; on board1 m\d and m\d may be\.$/,
      );
    }),
  );

  thorough("follows one model over three years by the week", () => {
    const log = calls(2500, (i, r) => ({
      ...{ model: "solo", started_at: at(i * 620), user_id: `u${i % 40}` },
      duration: wait(i > 1500 ? 2 : 1, r),
    }));
    return reported(
      log,
      ({ lead, title }) => {
        assert.match(lead.headline, /P50 duration went from 1\.?\d* s to \d.* from 2027-1\d-\d\d on/);
        assert.equal(title, "solo, 2,500 calls, 1,076 days");
      },
      2,
    );
  });

  thorough(
    "of one leaderboard without errors says who has the best score, and that nothing says how sure that is",
    () =>
      withCalls([], async (store) => {
        await run(
          store.connection,
          "insert into benchmarks by name select 'board' as benchmark, 'm' || i as model, 90.0 - i as score from range(5) as t(i)",
        );
        const { lead, title } = await reportOf(store);
        assert.match(lead.headline, /^board: 5 models; m0 has the best score, and no standard error says/);
        assert.equal(title, "1 leaderboard, 5 models");
      }),
  );

  thorough("of leaderboards alone says who is first where", async () => {
    await withCalls([], async (store) => {
      await run(
        store.connection,
        `insert into benchmarks by name
         select 'board' as benchmark, 'm' || i as model, 90 - 10 * i as score, 1.0 as standard_error from range(5) as t(i)`,
      );
      const { lead } = await reportOf(store);
      assert.match(lead.headline, /^m0 is first on board\.$/);
      assert.equal(lead.figures?.length, 1);
      await run(
        store.connection,
        `insert into benchmarks by name
         select 'other' as benchmark, 'm' || i as model, 90 - i as score, 9.0 as standard_error from range(5) as t(i)`,
      );
      const two = await reportOf(store);
      assert.match(two.lead.headline, /^m0 is first on board; on other 5 models may be\.$/);
    });
  });
});
