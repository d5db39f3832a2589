import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { askAll } from "../../../src/cli/ask";
import { shapeOf } from "../../../src/logs/files/shape";
import { openQuestions, unanswered } from "../../../src/logs/suggest/openQuestions";
import { suggestion } from "../../../src/logs/suggest/suggestion";
import { thorough } from "../../property";

type Records = Record<string, unknown>[];

const open = (records: Records) => {
  const mapping = [suggestion(shapeOf(records), records)].flat();
  return { mapping, questions: openQuestions(mapping, shapeOf(records), records) };
};

/** What the first mapping reads once the questions are answered. */
async function answered(records: Records, ...answers: string[]) {
  const { mapping, questions } = open(records);
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(answers.map((answer) => `${answer}\n`).join(""));
  const [{ columns }] = await askAll(mapping, questions, { input, output });
  return { columns, said: String(output.read() ?? "") };
}

const calls = (more: (at: number) => Record<string, unknown>): Records =>
  Array.from({ length: 6 }, (_, at) => ({
    model: `m${at % 2}`,
    input_tokens: 5,
    user_id: `u${at}`,
    task_id: `t${at}`,
    ...more(at),
  }));

describe("what a suggested mapping leaves open is asked", () => {
  test("the unit of a time that names none, the likelier one first", async () => {
    const slow = calls((at) => ({ latency: 800 + at }));
    assert.equal((await answered(slow, "")).columns.duration, "latency / 1000");
    assert.equal((await answered(slow, "2")).columns.duration, "latency");
    const fast = calls((at) => ({ latency: 1.5 + at }));
    assert.equal((await answered(fast, "")).columns.duration, "latency");
    assert.deepEqual(open(calls((at) => ({ latency_ms: 800 + at }))).questions, []);
  });

  test("which of two fields is the column, each in its unit", async () => {
    const both = calls((at) => ({ latency_ms: 800 + at, total_time_s: at }));
    assert.equal((await answered(both, "2")).columns.duration, "total_time_s");
    assert.equal((await answered(both, "1")).columns.duration, "latency_ms / 1000");
  });

  test("who the user is where no name tells, and a field of one value is nobody", async () => {
    const records = calls((at) => ({ handled_by: `a${at % 3}`, plan: "x" })).map(
      ({ user_id, ...rest }) => rest,
    );
    const { questions } = open(records);
    assert.deepEqual(questions[0].choices, ["none of them", "handled_by"]);
    assert.equal((await answered(records, "2")).columns.user_id, "handled_by");
    assert.equal((await answered(records, "")).columns.user_id, undefined);
  });

  test("whose time it is where none says, by a zone of any name", async () => {
    const records = calls((at) => ({ ts: `2026-05-01 10:0${at}:00` }));
    const { columns, said } = await answered(records, "Nowhere/Land", "Europe/Berlin");
    assert.equal(columns.started_at, "timezone('Europe/Berlin', ts::timestamp)");
    assert.match(said, /not one of these.*another zone/);
    assert.deepEqual(open(calls((at) => ({ ts: `2026-05-01T10:0${at}:00Z` }))).questions, []);
  });

  test("which model answered in conversations that name none, and who wrote what stands beside them", async () => {
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ];
    const records = [1, 2].map((at) => ({ id: `c${at}`, messages, failure_mode: `mode ${at}` }));
    const { mapping, questions } = open(records);
    assert.deepEqual(
      questions.map(({ asks }) => asks),
      [
        "No field names the model that answered. Which was it?",
        "failure_mode stands beside the messages. Who wrote it?",
      ],
    );
    assert.equal((await answered(records, "gpt-4o")).columns.model, "'gpt-4o'");
    assert.equal((await answered(records, "")).columns.model, undefined);
    assert.equal(mapping[1].columns.rater, "'human'");
    assert.deepEqual(questions[1].columns([2]), { rater: "'judge'" });
  });

  thorough(
    "whether a day or a month comes first where both can be read, the one that spans fewer days first",
    async () => {
      const records = calls((at) => ({ ts: `0${at + 1}/03/2026 10:0${at}` }));
      const european = "strptime(ts, '%d/%m/%Y %H:%M')";
      const american = "strptime(ts, '%m/%d/%Y %H:%M')";
      assert.equal((await answered(records, "", "")).columns.started_at, european);
      assert.equal((await answered(records, "2", "")).columns.started_at, american);
      assert.equal(
        (await answered(records, "2", "Europe/Berlin")).columns.started_at,
        `timezone('Europe/Berlin', ${american}::timestamp)`,
      );
      const us = calls((at) => ({ ts: `03/0${at + 1}/2026 10:0${at}` }));
      assert.equal((await answered(us, "", "")).columns.started_at, american);
      const sure = calls((at) => ({ "ts utc": `${at + 10}.03.2026 10:00` }));
      assert.deepEqual(open(sure).questions, []);
      assert.equal(open(sure).mapping[0].columns.started_at, `strptime("ts utc", '%d.%m.%Y %H:%M')`);
    },
  );

  thorough("the model too where some text was taken for it, never a time", async () => {
    const rows = [
      { Aika: "03.04.2026 09:12", Malli: "alpha", Vasteaika: 1.2, Kayttaja: "u1" },
      { Aika: "13.04.2026 09:14", Malli: "beta", Vasteaika: 2.2, Kayttaja: "u2" },
    ];
    const { mapping, questions } = open(rows);
    assert.deepEqual(mapping[0].columns, { model: "Malli" });
    const [model, start] = questions;
    assert.deepEqual([model.choices, model.taken], [["none of them", "Malli", "Kayttaja"], [1]]);
    assert.deepEqual([start.choices, start.taken], [["none of them", "Aika"], [0]]);
    const numbered = open([
      { bot: "Model 3", took_s: 1 },
      { bot: "Model 4", took_s: 2 },
    ]).questions;
    assert.deepEqual(numbered[0].choices, ["none of them", "bot"], "no day of March");
  });

  test("whether a count from the log's beginning says when calls began, and in which unit", async () => {
    const rows = calls((at) => ({ timestamp: 3000 * at }));
    const { questions } = open(rows);
    assert.match(questions[0].asks, /^timestamp counts from 0 \(0 to 15000 in the first records\)/);
    assert.equal((await answered(rows, "")).columns.started_at, undefined);
    const read = async (answer: string) => (await answered(rows, answer)).columns.started_at;
    assert.equal(await read("2"), "to_timestamp(1767225600 + timestamp / 1000)");
    assert.equal(await read("3"), "to_timestamp(1767225600 + timestamp)");
    const dated = calls((at) => ({ timestamp: 3000 * at, started_at: "2026-03-02T09:00:00Z" }));
    assert.deepEqual(open(dated).questions, []);
  });

  test("which field of yes and no is the outcome of a table of tickets that no name tells", async () => {
    const records = [1, 2, 3].map((at) => ({
      ticket_no: `T-${at}`,
      vip: "no",
      closed_by_bot: at > 1 ? "Yes" : "No",
    }));
    const { mapping, questions } = open(records);
    assert.equal(mapping[0].table, "tasks");
    assert.deepEqual(questions[0].choices, ["closed_by_bot", "vip"]);
    assert.equal((await answered(records, "")).columns.resolved, "lower(trim(closed_by_bot)) in ('yes')");
    assert.match(String((await answered(records, "2")).columns.resolved), /trim\(vip\)/);
    const one = records.map(({ ticket_no, closed_by_bot }) => ({ ticket_no, closed_by_bot }));
    assert.deepEqual(open(one).questions, []);
  });

  test("how long a call took where no name tells: of fields in a unit of time, else of any number", async () => {
    const records = [1, 2].map((at) => ({ malli: `m${at}`, kutsu: at, "kesto (s)": `${at},5`, luku: at }));
    const { mapping, questions } = open(records);
    assert.equal(mapping[0].columns.duration, undefined, "no number is taken without a word for it");
    assert.deepEqual(questions[0].choices, ["none of them", '"kesto (s)" (1.5 to 2.5)']);
    const { columns } = await answered(records, "2");
    assert.equal(columns.duration, `cast(translate("kesto (s)", ',.$', '.') as double)`);
  });

  test("what an amount in another currency is in dollars", async () => {
    const records = calls(() => ({ "cost (EUR)": 0.5 }));
    assert.equal((await answered(records, "")).columns.cost, undefined, "a euro is no dollar");
    assert.equal((await answered(records, "1.0")).columns.cost, '"cost (EUR)" * 1');
    const { mapping, questions } = open(records);
    const [kept] = unanswered(mapping, questions);
    assert.deepEqual([kept.columns.cost, kept.columns.model], [undefined, "model"]);
    assert.match(questions[0].choices[0], /"cost": "\\"cost \(EUR\)\\" \* RATE"/);
    const { columns, said } = await answered(records, "much", "1.08");
    assert.equal(columns.cost, '"cost (EUR)" * 1.08');
    assert.match(said, /not one of these/);
    const prices = [{ model: "m", "input €/1M": 2, "output €/1M": 8 }];
    assert.match(open(prices).questions[0].asks, /are in EUR/);
    assert.equal((await answered(prices, "1.1")).columns.input, '"input €/1M" / 1e6 * 1.1');
    assert.deepEqual(open([{ model: "m", "input $/1M": 2, "output $/1M": 8 }]).questions, []);
  });

  test("what the words of an outcome mean; one that nobody knows leaves it open", async () => {
    const records = ["Solved", "happy", "Refunded"].map((outcome, at) => ({ ticket: `T${at}`, outcome }));
    assert.equal(
      (await answered(records)).columns.resolved,
      "case when lower(trim(outcome)) not in ('happy', 'refunded') then lower(trim(outcome)) in ('solved') end",
    );
    const { columns } = await answered(records, "none", "1,3");
    assert.equal(columns.resolved, "lower(trim(outcome)) in ('happy', 'solved')");
    const known = ["solved", "escalated", "open"].map((outcome, at) => ({ ticket: `T${at}`, outcome }));
    assert.deepEqual(open(known).questions, []);
  });

  test("which words of an error's field say that a call failed; one that nobody knows says nothing unless told", async () => {
    const told = (...words: string[]) => calls((at) => ({ error: words[at % words.length] }));
    const status = async (records: Records, ...answers: string[]) =>
      (await answered(records, ...answers)).columns.status;
    const by = (ok: string, error: string) =>
      `case when lower(trim(error)) in (${ok}) then 'ok' when lower(trim(error)) in (${error}) then 'error' end`;
    assert.deepEqual(open(told("no", "yes")).questions, []);
    assert.equal(await status(told("no", "yes")), by("'no'", "'yes'"));
    // The other of a pair, that the sample does not have.
    assert.equal(await status(told("no")), by("'no'", "'yes', 'si', 'sí'"));
    const odd = told("no", "yes", "maybe");
    const { questions } = open(odd);
    assert.match(questions[0].asks, /^error has words whose meaning is unclear: maybe\./);
    assert.equal(await status(odd), by("'no'", "'yes'"));
    assert.equal(await status(odd, "none", "1,3"), by("'no'", "'maybe', 'yes'"));
    assert.equal((await answered(odd, "")).columns.error_type, undefined);
  });
  test("which words of an error's field name no error", async () => {
    const none = calls((at) => ({ error: ["none", "none", "RateLimitError"][at % 3] }));
    assert.deepEqual(open(none).questions, []);
    const { columns } = await answered(none, "");
    assert.equal(columns.error_type, "case when lower(trim(error)) not in ('none') then error end");
    assert.match(columns.status, /^case when coalesce.* or lower\(trim\(error\)\) in \('none'\) then 'ok'/);
    const odd = calls((at) => ({ error: ["none", "boom", "timeout"][at % 3] }));
    assert.match(open(odd).questions[0].asks, /unclear: boom\. Which words mean that a call did not fail\?/);
    assert.match((await answered(odd, "1,2")).columns.status, /in \('boom', 'none'\) then 'ok'/);
  });
  test("what the words for success mean", async () => {
    const odd = calls((at) => ({ success: ["yes", "no", "perhaps"][at % 3] }));
    assert.match(open(odd).questions[0].asks, /^success has words whose meaning is unclear: perhaps\./);
    assert.equal(
      (await answered(odd, "")).columns.status,
      "case when lower(trim(success)) in ('yes') then 'ok' when lower(trim(success)) in ('no') then 'error' end",
    );
  });
  test("of how many tokens a price is", async () => {
    const records = [{ llm: "m", "input price": 2.5, "output price": 10 }];
    assert.equal((await answered(records, "")).columns.input, '"input price" / 1e6');
    const { columns } = await answered(records, "2");
    assert.deepEqual([columns.input, columns.output], ['"input price" / 1e3', '"output price" / 1e3']);
  });
});

test("a word that SQL keeps for itself is quoted", () => {
  const { mapping } = open([{ case: "C1", when: "2026-05-01T10:00:00Z", model: "m", latency_ms: 5 }]);
  assert.equal(mapping[0].columns.task_id, '"case"');
  assert.equal(mapping[0].columns.started_at, '"when"');
});

test("where only failed calls name an error, the others went well", () => {
  const records = [
    { llm: "a", input_tokens: 5, Err: "Timeout" },
    { llm: "a", input_tokens: 5, Err: "" },
  ];
  assert.match(
    open(records).mapping[0].columns.status,
    /then 'ok' when .* regexp_matches\(lower\(Err\), 'time\.\?out.*'\) then 'timeout'/,
  );
  assert.equal(open(records.slice(0, 1)).mapping[0].columns.status, undefined);
});

test("no rating is offered as the name of a task or a user", () => {
  const { questions } = open(
    ["up", "down", "up"].map((thumbs) => ({ llm: "a", input_tokens: 5, team: `t${thumbs}`, thumbs })),
  );
  assert.ok(questions.length > 0);
  for (const { choices } of questions) assert.ok(!choices.includes("thumbs"), choices.join());
});

test("what a gateway's cache says is a flag of the call, and names neither task nor user", () => {
  const { mapping, questions } = open(
    ["HIT", "MISS", "MISS"].map((hit) => ({ llm: "a", input_tokens: 5, "Cache Status": hit })),
  );
  assert.equal(mapping[0].columns.cache_hit, `regexp_matches(lower(trim("Cache Status")), 'hit$')`);
  assert.deepEqual(questions, []);
});

test("a call that was solved or not, and names no task, is a task of its own, and none that failed", () => {
  const records = ["solved", "not solved", "failed"].map((outcome, at) => ({
    ...{ id: `r${at}`, llm: "a", wall_ms: 250, outcome },
  }));
  const [calls, tasks] = open(records).mapping;
  assert.deepEqual(calls.columns, {
    ...{ call_id: "id", task_id: "id", model: "llm", duration: "wall_ms / 1000" },
  });
  assert.deepEqual(tasks.columns, { task_id: "id", resolved: "lower(trim(outcome)) in ('solved')" });
  const plain = open(records.map((one) => ({ ...one, outcome: "error" }))).mapping;
  assert.deepEqual([plain.length, plain[0].columns.status], [1, "outcome"]);
});

test("usage in German counts tokens", () => {
  const [{ columns }] = open([
    { Modell: "a", Verbrauch: { Eingabe: 5, Ausgabe: 7, Kosten_EUR: 0.1 } },
  ]).mapping;
  assert.equal(columns.input_tokens, "Verbrauch.Eingabe");
  assert.equal(columns.output_tokens, "Verbrauch.Ausgabe");
  assert.equal(columns.cost, "Verbrauch.Kosten_EUR");
});

test("tokens in and out are read in short German", () => {
  const [{ columns }] = open([{ Modell: "a", "Tok. ein": 5, "Tok. aus": 7 }]).mapping;
  assert.deepEqual([columns.input_tokens, columns.output_tokens], ['"Tok. ein"', '"Tok. aus"']);
});

test("a thumb beside a call is a score of the call, of its task if only that has an id, or of the record's own", () => {
  const rated = (more: object) =>
    open(["up", "down"].map((thumb, at) => ({ ...more, llm: "a", latency_ms: 5 + at, thumb }))).mapping[1];
  const ids = (more: object) => [rated(more).columns.subject, rated(more).columns.subject_id];
  assert.deepEqual(ids({ trace: "t1" }), ["'task'", "trace"]);
  assert.deepEqual(ids({}), ["'call'", undefined]);
});
