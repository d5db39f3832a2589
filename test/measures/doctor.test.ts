import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ingest } from "../../src/logs/ingest";
import type { Diagnosis } from "../../src/measures/diagnosis";
import { doctor } from "../../src/measures/doctor";
import { cannotBy } from "../../src/measures/measurable";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { thorough } from "../property";
import { type Call, withCalls } from "./calls";

/** What doctor says about these calls, after a few statements on their store. */
async function diagnosis(calls: readonly Call[], ...statements: string[]): Promise<Diagnosis> {
  return withCalls(calls, async (store) => {
    for (const statement of statements) await run(store.connection, statement);
    return doctor(store);
  });
}

/** A call without faults, from which every metric of calls can be measured. */
const sound: Call = {
  model: "m",
  user_id: "u",
  prompt_id: "p",
  status: "ok",
  attempt: 1,
  started_at: "2026-03-02 10:00:00.25",
  duration: 1.5,
  time_to_first_token: 0.5,
  input_tokens: 10,
  output_tokens: 5,
  cost: 0.01,
  task_id: "t",
  provider: "p",
  cache_hit: false,
  finish_reason: "stop",
  json_valid: true,
  output_form: "prose",
  release: "r",
};
const complete = [
  "insert into tasks (task_id, resolved) values ('t', true)",
  "insert into scores (subject, name) values ('call', 'correct')",
  "insert into benchmarks (model, benchmark) values ('m', 'b')",
  "insert into spans (span_id, stage, duration, tool) values ('s', 'search', 1, 'search')",
  "insert into preferences (model_a, model_b) values ('m', 'n')",
];

test("a sound log has no warnings, and everything can be measured on it", async () => {
  const inOne = { ...sound, conversation_id: "c" };
  const again = { ...inOne, started_at: "2026-03-02 11:00:00.25" };
  const found = await diagnosis([inOne, again], ...complete);
  assert.deepEqual(found.warnings, []);
  // No text is kept by default.
  assert.deepEqual(
    found.cannot.map(({ measure }) => measure),
    ["trajectories --conversations: rephrased"],
  );
  for (const measure of measures) assert.ok(found.can.includes(commandOf(measure)), commandOf(measure));
});

thorough("the values of an attribute are counted exactly while they are few", async () => {
  const store = await open(":memory:");
  const place = mkdtempSync(join(tmpdir(), "fieldnotes-doctor-"));
  try {
    const keys = Array.from({ length: 40 }, (_, at) => at + 2);
    const records = Array.from({ length: 500 }, (_, line) => ({
      call_id: `c${line}`,
      model: "m",
      started_at: new Date(Date.UTC(2026, 2, 2) + line * 60_000).toISOString(),
      duration: 1,
      status: "ok",
      input_tokens: line,
      ...Object.fromEntries(keys.map((many) => [`of_${many}`, `value ${line % many}`])),
    }));
    writeFileSync(join(place, "calls.jsonl"), records.map((one) => JSON.stringify(one)).join("\n"));
    await ingest(store, join(place, "calls.jsonl"));
    const { attributes } = await doctor(store);
    assert.deepEqual(
      attributes.map(({ key, values }) => [key, values]),
      keys.map((many) => [`attributes.of_${many}`, many]),
    );
  } finally {
    store.close();
    rmSync(place, { recursive: true });
  }
});

test("reasons are said once each, with all measures that they keep away", () => {
  const why = "there are no spans with a duration";
  const cannot = [
    { measure: "a", why },
    { measure: "b", why: "no call has a cost" },
    { measure: "c", why },
  ];
  assert.deepEqual(cannotBy({ cannot }), [
    { why, measures: ["a", "c"] },
    { why: "no call has a cost", measures: ["b"] },
  ]);
});

test("what the store holds is counted, models by how often they are called", async () => {
  const calls = ["b", "a", "b", null, "c", "a", "b"].map((model, at) => ({
    model,
    duration: 1.5 + at,
    started_at: at === 6 ? null : `2026-03-0${at + 1} 10:00:00.5`,
  }));
  const found = await diagnosis(calls, ...complete);
  assert.deepEqual([found.calls, found.tasks, found.scores], [7, 1, 1]);
  assert.deepEqual(found.models, ["b", "a", "c"]);
  assert.deepEqual([found.from, found.to], ["2026-03-01T10:00:00Z", "2026-03-06T10:00:00Z"]);
  const column = (name: string) => found.columns.find(({ column }) => column === name);
  assert.deepEqual(column("model"), { column: "model", filled: 6, share: 6 / 7 });
  assert.deepEqual(column("cost"), { column: "cost", filled: 0, share: 0 });
  assert.equal(column("ingest_id"), undefined);
});

test("an empty store is said to be empty, with what to do", async () => {
  const found = await diagnosis([]);
  assert.deepEqual([found.calls, found.models, found.from, found.to], [0, [], null, null]);
  assert.match(found.warnings[0].text, /^the store holds no calls yet: add some with fieldnotes ingest FILE/);
  assert.ok(found.columns.every(({ share }) => share === 0));
});

describe("what looks wrong is warned of", () => {
  const cases: [string, RegExp, Call[], ...string[]][] = [
    ["a log that names no model", /^no call names its model: .* --set model=NAME/, [{ duration: 1 }]],
    ["a negative duration", /^1 call has a negative duration/, [{ duration: -1 }]],
    ["a duration of 0", /^1 successful call has a duration of 0/, [{ duration: 0 }]],
    [
      "an endless duration",
      /^2 calls have a duration that is not a finite number/,
      [{ duration: Number.POSITIVE_INFINITY }, { duration: Number.NaN }],
    ],
    [
      "durations in whole seconds",
      /^nearly all durations are whole seconds/,
      Array.from({ length: 60 }, (_, at) => ({ duration: 1 + (at % 9) })),
    ],
    ["a negative time to first token", /^1 call has a negative time to first/, [{ time_to_first_token: -1 }]],
    [
      "a first token after the end",
      /^1 call has their first token after their end/,
      [{ time_to_first_token: 3, duration: 2 }],
    ],
    ["negative tokens", /^2 calls have negative token counts/, [{ input_tokens: -1 }, { output_tokens: -1 }]],
    [
      "more cached tokens than input",
      /^1 call has more cached tokens than input tokens/,
      [{ input_tokens: 5, cache_read_input_tokens: 6 }],
    ],
    [
      "more reasoning than output",
      /^1 call has more reasoning tokens than output tokens/,
      [{ output_tokens: 5, reasoning_output_tokens: 6 }],
    ],
    ["a negative cost", /^1 call has a negative cost/, [{ cost: -1 }]],
    [
      "tokens without cost",
      /^1 call has tokens and no cost \(no model 1\): ingest prices/,
      [{ input_tokens: 5 }],
    ],
    [
      "success at no cost",
      /^1 call cost 0 and did not fail, which counts as not known/,
      [
        { output_tokens: 5, cost: 0 },
        { cost: 0, status: "error" },
      ],
    ],
    ["times before 2015", /^1 call starts before 2015/, [{ started_at: "1970-01-21 00:00:00" }]],
    [
      "times to come",
      /^1 call starts after they were read/,
      [{ started_at: "2026-03-04 00:00:00" }],
      `insert into ingests (ingest_id, "at", sha256) values (1, '2026-03-02 00:00:00', 'x')`,
    ],
    ["a status of no meaning", /^1 call has an unknown status .*such as "o\\nk"/, [{ status: "o\nk" }]],
    [
      "failed calls without the start that answers have",
      /^all 2 failed calls have no start, and other calls have one: rates by day leave them out/,
      [sound, { ...sound, user_id: "v" }, { status: "error" }, { status: "timeout", duration: 9.5 }],
    ],
    [
      "timeouts without the duration that answers have",
      /^2 of 3 timeouts have no duration, and other calls have one: latency leaves out/,
      [sound, { status: "timeout" }, { status: "timeout" }, { status: "timeout", duration: 9.5 }],
    ],
    ["evaluation runs only", /^all calls are evaluation runs/, [{ environment: "evaluation" }]],
    [
      "ids that stand for two calls",
      /^1 call id belongs to more than one call/,
      [{ call_id: "x" }, { call_id: "x" }],
    ],
    [
      "calls that are alike",
      /^2 calls have the same time, duration/,
      [
        { started_at: "2026-03-02 10:00:00", duration: 1.5 },
        { started_at: "2026-03-02 10:00:00", duration: 1.5 },
        { started_at: "2026-03-02 10:00:00", duration: 1.5 },
        { started_at: "2026-03-02 10:00:00", duration: 1.6 },
      ],
    ],
    [
      "records that could not be read",
      /^2 records could not be read; the table rejects/,
      [{}],
      "insert into rejects (ingest_id, line) values (1, 3), (1, 4)",
    ],
    [
      "overlapping exports",
      /^7 rows took the place of earlier ones/,
      [{}],
      "insert into ingests (ingest_id, replaced) values (1, 3), (2, 4)",
    ],
    [
      "votes that stand in their file under one id",
      /^3 records appear again later in the same file .*need a rater_id\)$/,
      [{}],
      "insert into ingests (ingest_id, replaced) values (1, 3); insert into fates (ingest_id, fate, records) values (1, 'twice', 3)",
    ],
    [
      "a file read in two ways",
      /^1 file was read more than once/,
      [{}],
      "insert into ingests (ingest_id, sha256) values (1, 'same'), (2, 'same'), (3, 'other')",
    ],
  ];
  for (const [name, message, calls, ...statements] of cases) {
    test(name, async () => {
      const { warnings } = await diagnosis(calls, ...statements);
      assert.ok(
        warnings.some(({ text }) => message.test(text)),
        `${message} in ${JSON.stringify(warnings)}`,
      );
      const others = await diagnosis([sound]);
      assert.ok(!others.warnings.some(({ text }) => message.test(text)));
    });
  }

  test("prices of a million tokens taken for those of one", async () => {
    const dear = "insert into prices (model, input, output) values ('m', 2.5, 10), ('n', 2.5e-6, 1e-5)";
    const { warnings } = await diagnosis([sound], ...complete, dear);
    assert.match(warnings[0].text, /^1 price is above 0.001 dollars a token/);
  });

  test("but in a log without starts, failed calls lack none", async () => {
    const { warnings } = await diagnosis([
      { model: "m", duration: 0.5 },
      { model: "m", duration: 0.5, status: "error" },
    ]);
    assert.deepEqual(warnings, []);
  });

  test("but an answer from a cache may cost nothing", async () => {
    const { warnings } = await diagnosis([{ ...sound, cost: 0, cache_hit: true }], ...complete);
    assert.deepEqual(warnings, []);
  });

  test("but a call served from a cache may take no time, and a failed one too", async () => {
    const { warnings } = await diagnosis([
      { model: "m", duration: 0, cache_hit: true },
      { model: "m", duration: 0, status: "error" },
    ]);
    assert.deepEqual(warnings, []);
  });
});

describe("what cannot be measured is told with the reason", () => {
  const without = (...columns: string[]): Call =>
    Object.fromEntries(Object.entries(sound).filter(([name]) => !columns.includes(name)));
  const cases: [string, RegExp, Call, string[]?][] = [
    ["latency", /no call has a duration/, without("duration")],
    ["latency --metric time_to_first_token", /no call has a time to first/, without("time_to_first_token")],
    ["latency --metric time_per_output_token", /no call has output tokens/, without("output_tokens")],
    ["latency --metric output_tokens_per_second", /no call has output tokens/, without("output_tokens")],
    ["latency --exposure", /no call has a user/, without("user_id")],
    ["latency --between", /no call has a provider or a region/, without("provider")],
    ["quality --structured", /no output is known to be valid JSON/, without("json_valid")],
    ["latency --stages", /there are no spans/, sound, complete.slice(0, 3)],
    ["reliability", /no call has a status/, without("status")],
    ["reliability: retries", /no call has an attempt/, without("attempt")],
    ["throughput", /no call has a start time/, without("started_at")],
    ["cost", /calls have tokens but no price/, without("cost")],
    ["cost", /no call has a cost or tokens/, without("cost", "input_tokens", "output_tokens")],
    ["consistency", /no call has a prompt id/, without("prompt_id")],
    ["consistency", /no model was asked the same prompt twice/, sound],
    ["intervals clustered by user", /calls count as independent/, without("user_id", "task_id")],
    ["cost per resolved task", /no task is known to be resolved/, sound, complete.slice(1)],
    [
      "cost per resolved task",
      /no task is known to be resolved/,
      sound,
      ["insert into tasks (task_id) values ('t')", ...complete.slice(1)],
    ],
    ["quality --judge", /there are no scores/, sound, [complete[0], complete[2]]],
    ["agreement", /there are no benchmarks/, sound, complete.slice(0, 2)],
  ];
  for (const [measure, why, call, statements = complete] of cases) {
    test(`${measure}: ${why.source}`, async () => {
      const { cannot } = await diagnosis([call], ...statements);
      const found = cannot.find((one) => one.measure === measure);
      assert.match(found?.why ?? "not told", why);
    });
  }
});

test("prompts that were asked more than once are counted, with their calls and templates", async () => {
  const found = await diagnosis([
    { ...sound, prompt_template: "t" },
    { ...sound, prompt_template: "t" },
    { ...sound, prompt_id: "q", prompt_template: "t" },
    { ...sound, prompt_id: "r", prompt_template: "u" },
    { ...sound, prompt_id: "r", role: "judge" },
    // Embeddings of the same text give no answers that could differ.
    { ...sound, prompt_id: "r", operation: "embeddings" },
    { ...sound, prompt_id: null },
  ]);
  assert.deepEqual(found.prompts, { prompts: 3, repeated: 1, repeatedCalls: 2, templates: 2 });
});

test("scores and outcomes of whole conversations are counted apart", async () => {
  const { conversations, scores, tasks } = await diagnosis(
    [{ ...sound, conversation_id: "k" }],
    "insert into scores (subject, subject_id, name, value) values ('conversation', 'k', 'good', 1), ('task', 't', 'good', 1)",
    "insert into tasks (task_id, conversation_id, resolved) values (null, 'k', true), ('t', 'k', true), (null, 'l', false)",
  );
  assert.deepEqual([conversations, scores, tasks], [{ count: 1, calls: 1, scores: 1, outcomes: 2 }, 2, 1]);
});
