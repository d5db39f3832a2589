import assert from "node:assert/strict";
import { describe } from "node:test";
import { reportOf } from "../../src/page/report";
import { reportMarkdown } from "../../src/page/reportMarkdown";
import { random } from "../../src/stats/random";
import { run } from "../../src/store/run";
import { type Call, withCalls } from "../measures/calls";
import { thorough } from "../property";

/** Calls of two models, without users, tasks or workloads, plus what `more` adds. */
function calls(count: number, more: object = {}): Call[] {
  const r = random(3);
  return Array.from({ length: count }, (_, at): Call => {
    const model = at % 2 === 0 ? "alder" : "birch";
    return {
      call_id: `c${at}`,
      model,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e4).toISOString().slice(0, 19),
      duration: (model === "alder" ? 1 : 3) * Math.exp(0.3 * r.normal()),
      cost: model === "alder" ? 0.001 : 0.004,
      status: "ok",
      ...more,
    };
  });
}

describe("a report on logs that no profile fits", () => {
  thorough("leads with who is best in what, and what a call costs", () =>
    withCalls(calls(800), async (store) => {
      const report = await reportOf(store);
      assert.match(
        report.lead.headline,
        /^alder is best by p95 duration and cost per call\. The log has no outcome and no score/,
      );
      assert.match(String(report.lead.more?.join(" ")), /No model is chosen: choosing takes a profile/);
      assert.ok(report.lead.points.length <= 3, "a director reads three sentences");
      const text = reportMarkdown(report);
      assert.match(text, /\| model \| p95 duration, s \| cost per call, USD \|/);
      const unknown = text.slice(
        text.indexOf("**What this log cannot tell"),
        text.indexOf("## The models side"),
      );
      assert.match(unknown, /how many tiers a leaderboard really has|whether a benchmark's order/);
      assert.doesNotMatch(unknown, /characters\)/, "no cell is cut");
      assert.doesNotMatch(text, /NaN|undefined/);
    }),
  );

  thorough("says that no call is chosen, where benchmarks are there and the selection is empty", () =>
    withCalls(calls(50), async (store) => {
      await run(
        store.connection,
        "insert into benchmarks by name select model, 'board' as benchmark, 80.0 as score from (values ('alder'), ('birch')) as t(model)",
      );
      const report = await reportOf(store, { since: "2099-01-01" });
      assert.equal(report.lead.headline, "No call is selected.");
      const text = reportMarkdown(report);
      assert.doesNotMatch(text, /ingest logs first/);
    }),
  );

  thorough("asks about the models that answer, and has no row for one that embeds", () =>
    withCalls(
      [
        ...calls(400),
        ...calls(50).map((one, at) => ({ ...one, call_id: `e${at}`, model: "elm", operation: "embeddings" })),
      ],
      async (store) => {
        const report = await reportOf(store);
        assert.match(report.lead.question as string, /^Which of the 2 models/);
        const text = reportMarkdown(report);
        const side = text.slice(text.indexOf("## The models side"));
        assert.doesNotMatch(side.slice(0, side.indexOf("\n## ", 3)), /elm/);
        assert.match(text, /elm is no candidate:\*\* its calls are embeddings/);
      },
    ),
  );

  thorough("looks at evaluation runs where there is nothing else, and says so", () =>
    withCalls(calls(800, { environment: "evaluation" }), async (store) => {
      const { lead } = await reportOf(store);
      assert.match(lead.question as string, /800 calls of evaluation runs on/);
      assert.match(
        lead.headline,
        /^alder is best by p95 duration and cost per call\. The log has no outcome and no score/,
      );
    }),
  );

  thorough("says what a number without an interval is worth", () =>
    withCalls(calls(3, { workload: "chat" }).slice(0, 1), async (store) => {
      assert.match(
        String((await reportOf(store)).lead.more?.join(" ")),
        /\[–\]: too little data for an interval/,
      );
    }),
  );

  thorough("plans no test of what has too few calls, and counts what it leaves out", () =>
    withCalls(calls(8), async (store) => {
      const text = reportMarkdown(await reportOf(store));
      assert.doesNotMatch(text, /NaN|undefined/);
    }),
  );
});

thorough(
  "without a choice no benchmark's first is said not to be chosen, and a short log's weeks are extrapolated",
  () =>
    withCalls(calls(400), async (store) => {
      await run(
        store.connection,
        "insert into benchmarks by name select unnest(['alder', 'birch', 'cedar', 'elm']) as model, 'board' as benchmark, unnest([4, 3, 2, 1]) as score",
      );
      const text = reportMarkdown(await reportOf(store));
      assert.match(text, /First on the benchmarks: alder/);
      assert.doesNotMatch(text, /is not chosen for|What would change it/);
      const planned = text.slice(text.indexOf("## What a test on this traffic can show"));
      assert.match(planned, /^.*\n[^#]*The log spans 7 hours: what a week or more shows is extrapolated/s);
    }),
);

thorough("scores of the log are in the verdict, side by side and beside the benchmarks", () =>
  withCalls(calls(800), async (store) => {
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value, rater)
       select 'call', call_id, 'clear', (hash(call_id) % 100 < case model when 'birch' then 90 else 20 end)::int, 'judge' from calls;
       insert into benchmarks (model, benchmark, score) values ('alder', 'MMLU', 60), ('birch', 'MMLU', 80)`,
    );
    const { lead, tables } = await reportOf(store);
    assert.match(
      lead.headline,
      /^birch is best by clear; alder is best by p95 duration and cost per call\.$/,
    );
    assert.ok("score:clear" in tables.metrics.rows[0]);
    assert.ok(tables.sideBySide.rows.some(({ metric }) => metric === "score:clear"));
  }),
);

thorough("scores that a report has no room for are named", () =>
  withCalls(calls(40), async (store) => {
    await run(
      store.connection,
      "insert into scores (subject, subject_id, name, value, rater) select 'call', call_id, 's' || i, 1, 'judge' from calls, range(8) r(i)",
    );
    const { notes } = (await reportOf(store)).tables.metrics;
    assert.ok(
      notes.some((note) => /^2 more scores are not in this report: s6, s7;/.test(note)),
      notes.join(),
    );
  }),
);

describe("a report on what was chosen", () => {
  thorough("measures only that, and says on the page what it is", () =>
    withCalls(calls(800), async (store) => {
      // The last 200 of the 800 minutes.
      const report = await reportOf(store, {
        where: "duration < 100",
        since: "2026-03-02 10:00",
        level: 0.9,
        timezone: "Europe/Berlin",
      });
      assert.match(String(report.lead.question), /Measured on 200 calls on 2026-03-02\./);
      const text =
        "Chosen for this report: only calls that meet duration < 100; only calls since 2026-03-02 10:00 (UTC); intervals at 90 %; days and hours in Europe/Berlin.";
      assert.ok(report.lead.points.includes(text));
      assert.equal(
        report.tables.latency.rows.reduce((sum, { n }) => sum + Number(n), 0),
        200,
      );
      assert.ok(reportMarkdown(report).includes("Chosen for this report"));
      // What looks wrong is counted in the whole store.
      const quality = report.parts.find(({ title }) => title === "Data quality");
      assert.match(
        String(quality?.paragraphs),
        /^All that the store holds, whatever was chosen for this report: 800 calls;/,
      );
      assert.equal((await reportOf(store)).scope, undefined);
    }),
  );

  thorough("compares the providers of the one model that a log has", () =>
    withCalls(
      calls(800).map((call): Call => ({ ...call, model: "alder", provider: call.model })),
      async (store) => {
        const report = await reportOf(store);
        assert.match(report.lead.headline, /^alder · alder is best/);
        assert.match(report.scope ?? "", /one model, of several providers: these are compared/);
        assert.match(String(report.lead.question), /^Which of the 2 providers is best\?/);
      },
    ),
  );

  thorough("compares the providers of a log that names no model", () =>
    withCalls(
      calls(800).map((call): Call => ({ ...call, model: null, provider: call.model })),
      async (store) => {
        const report = await reportOf(store);
        assert.match(report.lead.headline, /^alder is best/);
        assert.match(report.scope ?? "", /names no model, but several providers: these are compared/);
        assert.match(String(report.lead.question), /^Which of the 2 providers is best\?/);
      },
    ),
  );

  thorough("has its tables by other columns, and several columns as one candidate", () =>
    withCalls(
      calls(800).map((call, at): Call => ({ ...call, region: at % 4 < 2 ? "eu" : "us" })),
      async (store) => {
        const byRegion = await reportOf(store, { by: "region,model" });
        assert.equal(byRegion.tables.latency.rows.length, 4);
        const candidates = await reportOf(store, { candidate: "region,model" });
        assert.match(String(candidates.lead.question), /^Which of the 4 candidates is best\?/);
        await assert.rejects(
          reportOf(store, { by: "region" }),
          /by with model in it, such as "region,model", got "region"/,
        );
        for (const since of ["last week", "2026-13-01", "2026-02-30", "2026-03-01 25:00"])
          await assert.rejects(reportOf(store, { since }), /since as a date, such as "2026-03-01"/);
      },
    ),
  );
});
