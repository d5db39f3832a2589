import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Shape, shapeOf } from "../../../src/logs/files/shape";
import type { Mapping } from "../../../src/logs/records/mapping";
import { openQuestions } from "../../../src/logs/suggest/openQuestions";
import { suggestedCalls } from "../../../src/logs/suggest/suggestedCalls";
import { suggestedPrices } from "../../../src/logs/suggest/suggestedPrices";
import { suggestion } from "../../../src/logs/suggest/suggestion";
import { unknownFormat } from "../../../src/logs/suggest/unknownFormat";
import { thorough } from "../../property";

type Fields = { [name: string]: string | Fields };

function shape(fields: Fields): Shape {
  const inner = Object.entries(fields).map(([name, one]): [string, Shape] => [
    name,
    typeof one === "string" ? { scalar: one, numeric: one !== "VARCHAR" } : shape(one),
  ]);
  return { scalar: "NULL", numeric: false, fields: new Map(inner) };
}

const suggested = (fields: Fields) => suggestedCalls(shape(fields)).columns;

describe("a mapping to start from", () => {
  test("takes milliseconds for thousandths of a second, whatever the name", () => {
    for (const name of ["took_ms", "latency_ms", "durationMs", "total_time_ms", "elapsed_millis"])
      assert.deepEqual(suggested({ [name]: "BIGINT" }), { duration: `${name} / 1000` }, name);
    assert.deepEqual(suggested({ ttft_ms: "BIGINT" }), { time_to_first_token: "ttft_ms / 1000" });
  });

  test("finds fields within fields", () => {
    const fields = { meta: { when: "VARCHAR", llm: "VARCHAR" }, perf: { seconds: "DOUBLE" }, who: "VARCHAR" };
    assert.deepEqual(suggested(fields), {
      user_id: "who",
      started_at: 'meta."when"',
      model: "meta.llm",
      duration: "perf.seconds",
    });
  });

  test("makes a status of a flag, and none of it where the flag is no flag", () => {
    assert.deepEqual(suggested({ ok: "BOOLEAN" }), { status: "if(ok, 'ok', 'error')" });
    assert.deepEqual(suggested({ failed: "BOOLEAN" }), { status: "if(failed, 'error', 'ok')" });
    assert.equal(suggested({ status: "BOOLEAN", model: "VARCHAR" }).status, undefined);
    assert.equal(suggested({ status: "VARCHAR" }).status, "status");
  });

  test("takes our own names for what they say", () => {
    const fields = { cache_read_input_tokens: "BIGINT", attempt: "BIGINT", team: "VARCHAR" };
    assert.deepEqual(suggested(fields), {
      cache_read_input_tokens: "cache_read_input_tokens",
      attempt: "attempt",
    });
    assert.match(unknownFormat(shape(fields), [], "a.jsonl"), /All but team are columns of calls/);
  });

  test("is none for what the eval set's commands wrote, which says what takes it", () => {
    const said = (fields: string[]) =>
      unknownFormat(shape(Object.fromEntries(fields.map((name) => [name, "VARCHAR"]))), [], "a.jsonl");
    const set = "item_id prompt expected format sources stratum weight checks call_id canary".split(" ");
    assert.match(said(set), /is an eval set, not a log: import it with fieldnotes evalset import/);
    assert.match(said(["review_id", "score", "value", "label", "rater_id"]), /labels.*evalset import/);
    assert.match(said(["item_id", "model", "output", "repeat"]), /answers.*evalset import/);
  });

  test("quotes names that are no words", () => {
    assert.deepEqual(suggested({ "my data": { model: "VARCHAR" } }), { model: '"my data".model' });
  });
});

describe("by parts of names and a sample of values", () => {
  const of = (...records: Record<string, unknown>[]) => suggestion(shapeOf(records), records);
  const columnsOf = (...records: Record<string, unknown>[]) => (of(...records) as Mapping).columns;

  test("units come of suffixes, in whatever case and order", () => {
    const calls = {
      response_latency_ms: 12,
      started_at_utc: "2026-03-02T09:00:00",
      promptTokens: 5,
      completion_toks: 6,
      costCents: 3,
      TTFB_us: 900,
      AIModel: "m",
    };
    assert.deepEqual(columnsOf(calls), {
      duration: "response_latency_ms / 1000",
      started_at: "started_at_utc",
      input_tokens: "promptTokens",
      output_tokens: "completion_toks",
      cost: "costCents / 100",
      time_to_first_token: "TTFB_us / 1e6",
      model: "AIModel",
    });
  });

  test("finds token counts on either side of their word, and in a list of them", () => {
    for (const [input, output] of [
      ["tokens_in", "tokens_out"],
      ["Tokens In", "Tokens Out"],
      ["in_tok", "out_tok"],
      ["promptTok", "completionTok"],
    ]) {
      const columns = suggested({ [input]: "BIGINT", [output]: "BIGINT" });
      assert.deepEqual(Object.keys(columns), ["input_tokens", "output_tokens"], input);
    }
    const fields = {
      tok: { prompt: "BIGINT", completion: "BIGINT" },
      first_ms: "BIGINT",
      "latency in ms": "BIGINT",
    };
    assert.deepEqual(suggested(fields), {
      input_tokens: "tok.prompt",
      output_tokens: "tok.completion",
      time_to_first_token: "first_ms / 1000",
      duration: '"latency in ms" / 1000',
    });
    assert.deepEqual(suggested({ cost_in_cents: "DOUBLE" }), { cost: "cost_in_cents / 100" });
    assert.equal(suggested({ prompt: "BIGINT", model: "VARCHAR" }).prompt, undefined, "a number is no text");
  });

  test("an outcome that names timeouts and codes is how a call went, and no task's", () => {
    const of = (outcome: string[]) => {
      const records = outcome.map((one, at) => ({ ticket: `t${at}`, took_ms: 900, outcome: one }));
      return [suggestion(shapeOf(records), records)].flat();
    };
    const calls = of(["success", "429", "timeout", "success"]);
    assert.deepEqual(
      calls.map(({ table, columns }) => [table, (columns as Record<string, string>).status]),
      [["calls", "outcome"]],
    );
    assert.equal(of(["resolved", "escalated"]).length, 2);
  });

  test("lengths that come in pairs are of tokens, one of ours alone is of characters", () => {
    assert.deepEqual(columnsOf({ input_length: 5, output_length: 6 }), {
      input_tokens: "input_length",
      output_tokens: "output_length",
    });
    assert.deepEqual(columnsOf({ model: "m", output_length: 6 }), {
      model: "model",
      output_length: "output_length",
    });
  });

  test("a number is a time by its size, and what counts from 0 is none", () => {
    for (const [value, expression] of [
      [1_767_225_600, "to_timestamp(ts::double)"],
      [1_767_225_600_123, "epoch_ms(ts::bigint)"],
      [1_767_225_600_123_456, "make_timestamp(ts::bigint)"],
      [27_000, undefined],
    ] as const)
      assert.equal(columnsOf({ model: "m", ts: value, latency: 1 }).started_at, expression, String(value));
  });

  test("a table of tickets is of tasks with outcomes, never of calls that failed", () => {
    assert.deepEqual(
      of(
        { ticket_no: "T1", outcome: "Resolved", closed_on: "2026-03-02", agent_model: "m" },
        { ticket_no: "T2", outcome: "escalated", closed_on: "2026-03-02", agent_model: "m" },
        { ticket_no: "T3", outcome: "Pending", closed_on: null, agent_model: "m" },
      ),
      {
        table: "tasks",
        columns: {
          task_id: "ticket_no",
          resolved:
            "case when lower(trim(outcome)) not in ('pending') then lower(trim(outcome)) in ('resolved') end",
          resolved_at: "closed_on",
        },
      },
    );
    assert.deepEqual(of({ case_id: "1", is_resolved: true }), {
      table: "tasks",
      columns: { task_id: "case_id", resolved: "is_resolved" },
    });
  });

  test("a table of conversations that names no task is of their outcomes and ratings", () => {
    assert.deepEqual(of({ conversation_id: "v1", solved: true, csat: 4, closed_at: "2026-03-02" }), [
      {
        table: "tasks",
        columns: { conversation_id: "conversation_id", resolved: "solved", resolved_at: "closed_at" },
      },
      {
        table: "scores",
        where: "csat is not null",
        columns: {
          subject: "'conversation'",
          subject_id: "conversation_id",
          name: "'csat'",
          value: "csat",
          rater: "'user'",
        },
      },
    ]);
  });

  test("yes and no are told in other languages too", () => {
    const { columns } = of(
      { ticket: "1", geschlossen: "ja" },
      { ticket: "2", geschlossen: "nein" },
    ) as Mapping;
    assert.deepEqual(columns, {
      task_id: "ticket",
      resolved: "lower(trim(geschlossen)) in ('ja')",
    });
  });

  test("numbers, references and keys of users and conversations name them", () => {
    const columns = columnsOf({
      "Req Ref": "r1",
      "Customer No": "C-8",
      session_key: "s",
      LLM: "a",
      latency_s: 1,
    });
    assert.deepEqual(
      [columns.call_id, columns.user_id, columns.conversation_id],
      ['"Req Ref"', '"Customer No"', "session_key"],
    );
    assert.equal(columnsOf({ ref: "r1", model: "a", latency_s: 1 }).call_id, "ref");
  });

  test("an id that rows share is no call's, which would make them one", () => {
    const rows = (share: number) =>
      Array.from({ length: 40 }, (_, i) => ({ id: `i${i % share}`, model: "a", latency_s: i }));
    assert.equal(columnsOf(...rows(8)).call_id, undefined);
    assert.equal(columnsOf(...rows(39)).call_id, "id");
  });

  test("ratings by people are scores of the tickets or calls that they stand beside", () => {
    const rating = (subject: string, id: string, name: string, value: string) => ({
      table: "scores",
      where: `${value} is not null`,
      columns: { subject: `'${subject}'`, subject_id: id, name: `'${name}'`, value, rater: "'user'" },
    });
    const tickets = of({ ticket_no: "t1", "Solved?": "yes", csat_1_to_5: 4, rated_at: "2026-03-02" });
    assert.deepEqual([tickets].flat().slice(1), [rating("task", "ticket_no", "csat", "csat_1_to_5")]);
    const calls = of({ request_id: "r", model: "a", latency_ms: 9, star_rating: 3, rating_comment: "no" });
    assert.deepEqual([calls].flat().slice(1), [rating("call", "request_id", "rating", "star_rating")]);
    const [, own] = [of({ model: "a", latency_ms: 9, rating: 3 })].flat();
    assert.deepEqual([own.columns.subject, own.columns.subject_id], ["'call'", undefined]);
  });

  test("calls that tell what became of their ticket are both", () => {
    const found = of({ ticket_id: "T1", model: "m", latency_ms: 5, resolved: "true" }) as Mapping[];
    assert.deepEqual(
      found.map(({ table, columns }) => [table, columns.task_id]),
      [
        ["calls", "ticket_id"],
        ["tasks", "ticket_id"],
      ],
    );
  });

  test("prices are of a million tokens where their names say so, or where no token was ever as dear", () => {
    const priceOf = (name: string, value: unknown) =>
      columnsOf({ model: "m", [name]: value, [name.replace("input", "output")]: value }).input;
    assert.equal(priceOf("input_per_1m_usd", 2.5), "input_per_1m_usd / 1e6");
    assert.equal(priceOf("inputUsdPerMTok", "2.5"), "inputUsdPerMTok / 1e6");
    assert.equal(priceOf("input_cents_per_1k", 0.25), "input_cents_per_1k / 1e5");
    assert.equal(priceOf("input_price", 2.5), "input_price / 1e6");
    assert.equal(priceOf("input_price", 0.0000025), "input_price");
  });
});

test("a price list whose columns name their unit is mapped to prices of one token", () => {
  const pricesOf = (names: string[], cell: unknown = 1) =>
    pricesIn([Object.fromEntries(names.map((name) => [name, cell]))]);
  const pricesIn = (records: Record<string, unknown>[]) =>
    suggestedPrices(shapeOf(records), records)?.columns;
  assert.deepEqual(pricesOf(["model", "input_per_1m", "output_per_1m"]), {
    model: "model",
    input: "input_per_1m / 1e6",
    output: "output_per_1m / 1e6",
  });
  assert.deepEqual(pricesOf(["name", "prompt_cost_per_1k", "cached_input_usd", "completion_cost_per_1k"]), {
    model: "name",
    input: "prompt_cost_per_1k / 1e3",
    cache_read: "cached_input_usd / 1e6",
    output: "completion_cost_per_1k / 1e3",
  });
  assert.deepEqual(pricesOf(["Model", "Input ($/1M tokens)", "Output ($/1M tokens)"], "$2.50"), {
    model: "Model",
    input: `cast(translate("Input ($/1M tokens)", '$,', '') as double) / 1e6`,
    output: `cast(translate("Output ($/1M tokens)", '$,', '') as double) / 1e6`,
  });
  assert.deepEqual(pricesOf(["model", "input", "cache_read", "output", "remark"]), {
    model: "model",
    input: "input",
    cache_read: "cache_read",
    output: "output",
  });
  assert.equal(pricesOf(["model", "input", "output"]), undefined);
  assert.equal(pricesOf(["model", "input_cost"]), undefined);
});

test("a leaderboard whose models no column's name tells is mapped to benchmarks, its cost no score", () => {
  const row = {
    Config: "a",
    Group: "x",
    v2_Eval_Score: 0.5,
    v2_Eval_Cost: 3,
    v1_Eval_Score: "-",
    display: true,
  };
  assert.match(
    unknownFormat(shapeOf([row, { ...row, v1_Eval_Score: "0.3" }]), [], "board.csv"),
    /starting from: \[{"table":"benchmarks","columns":{"model":"Config","benchmark":"'v2_Eval_Score'","score":"v2_Eval_Score"}},{"table":"benchmarks","columns":{"model":"Config","benchmark":"'v1_Eval_Score'","score":"v1_Eval_Score"}}\]$/,
  );
});

test("a log of calls stays one though a column has the name of a score", () => {
  const call = {
    reqNo: "a",
    whenUtc: "2026-03-02T08:01:10Z",
    llm: "m",
    tookMs: 898,
    score_hint: 0.5,
    accuracy: 1,
  };
  const found = [suggestion(shapeOf([call]), [call])].flat();
  assert.deepEqual(
    found.map(({ table, columns }) => [table, columns.model, columns.duration]),
    [["calls", "llm", "tookMs / 1000"]],
  );
});

thorough(
  "what was asked and answered is found under the usual names, and a word of status is no answer",
  () => {
    const textsOf = (record: Record<string, unknown>) => {
      const call = { llm: "m", tookMs: 898, whenUtc: "2026-03-02T08:01:10Z", ...record };
      const { columns } = suggestion(shapeOf([call]), [call]) as Mapping;
      return [columns.prompt, columns.output];
    };
    assert.deepEqual(textsOf({ question: "What is 1 plus 2?", reply: "3 or so" }), ["question", "reply"]);
    assert.deepEqual(textsOf({ userMessage: "Hi", modelResponse: "Good day to you" }), [
      "userMessage",
      "modelResponse",
    ]);
    assert.deepEqual(textsOf({ query: "q-17", response: "success" }), [undefined, undefined]);
    assert.deepEqual(textsOf({ prompt_tokens: 12, completion_tokens: 7 }), [undefined, undefined]);
  },
);

test("numbers with decimal commas, thousands and currency signs are read as what they are, and 1,234 is no 1.234", () => {
  const costOf = (...cells: string[]) => {
    const records = cells.map((cost) => ({ model: "m", cost }));
    return (suggestion(shapeOf(records), records) as Mapping).columns.cost;
  };
  assert.equal(costOf("1,88", "2,5", "3"), "cast(translate(cost, ',.$', '.') as double)");
  assert.equal(costOf("0,873"), "cast(translate(cost, ',.$', '.') as double)");
  assert.equal(costOf("1.234,50 €"), "cast(translate(cost, ',.$€ ', '.') as double)");
  assert.equal(costOf("1,234", "2"), "cast(translate(cost, '$,', '') as double)");
  assert.equal(costOf("$1,234.50"), "cast(translate(cost, '$,', '') as double)");
  assert.equal(costOf("1.88"), "cost");
});

test("a duration whose cells state their unit is read by it, and its unit is not asked for", () => {
  const durationOf = (...cells: unknown[]) => {
    const records = cells.map((latency) => ({ model: "m", started_at: "2026-03-02T08:01:10Z", latency }));
    const mapping = suggestion(shapeOf(records), records) as Mapping;
    const asked = openQuestions([mapping], shapeOf(records), records).filter(({ asks }) => /unit/.test(asks));
    return [mapping.columns.duration, asked.map(({ asks }) => asks)];
  };
  const read = (expression: string) => [expression, []];
  assert.deepEqual(durationOf("1928ms", "4.24s"), read("epoch(latency::interval)"));
  assert.deepEqual(durationOf("1,2 s"), read("epoch(translate(latency, ',', '.')::interval)"));
  assert.deepEqual(durationOf("450µs", "1m3.5s"), read("epoch(translate(latency, 'µ', 'u')::interval)"));
  assert.deepEqual(durationOf("00:00:01.2"), read("epoch(latency::interval)"));
  assert.deepEqual(
    durationOf("PT1.2S", "PT1M3S", "P1DT2H"),
    read("epoch(translate(latency, 'PT', '  ')::interval)"),
  );
  // A month has no length of its own.
  assert.deepEqual(durationOf("P1M", "PT1S")[0], "latency");
  assert.deepEqual(
    durationOf("3s", "n/a", "-"),
    read("epoch(nullif(nullif(latency, 'n/a'), '-')::interval)"),
  );
  // "1 d" may be anything.
  assert.deepEqual(durationOf("3s", "1d")[0], "latency");
});

test("beside a flag of success, the error or the HTTP status says which failures are timeouts", () => {
  const statusOf = (...failed: object[]) => {
    const records = [{ ok: true }, ...failed.map((one) => ({ ok: false, ...one }))].map((one) => ({
      model: "m",
      latency_ms: 5,
      ...one,
    }));
    return (suggestion(shapeOf(records), records) as Mapping).columns.status;
  };
  assert.match(statusOf({ error: "timeout" }), /^if\(ok, 'ok', case .*'time\.\?out\|.*'\) then 'timeout'/);
  assert.match(
    statusOf({ error: "Zeitüberschreitung" }),
    /504\)..\|zeit\(\[üu\]\|ue\)berschreitung.\) then .timeout./,
  );
  assert.match(statusOf({ status_code: 504 }), /when status_code in \(408, 504\) then 'timeout'/);
  assert.match(
    statusOf({ status_code: 499, error: "abort" }),
    /when status_code = 499 or regexp_matches\(lower\(error\), 'cancel\|abort'\) then 'cancelled'/,
  );
  assert.equal(statusOf({}), "if(ok, 'ok', 'error')");
  const words = ["yes", "no"].map((success) => ({ model: "m", latency_ms: 5, success, error: "quota" }));
  const { status } = (suggestion(shapeOf(words), words) as Mapping).columns;
  assert.match(status, /in \('no'\) then case when .*quota.* then 'rate_limited' .* else 'error' end end$/);
});

test("in an object, a name, an id, a type or a total is that of what the object is about", () => {
  const records = ["a", "b", "c"].map((id, at) => ({
    request: { id, at: "2026-03-02T08:01:10Z" },
    session: { id: "s1" },
    user: { id: "u1" },
    model: { name: "m", vendor: "north" },
    timing: { total: `PT${1 + at}.5S` },
    success: at > 0,
    failure: { type: at > 0 ? null : "quota" },
  }));
  const { status, ...columns } = (suggestion(shapeOf(records), records) as Mapping).columns;
  assert.deepEqual(columns, {
    call_id: "request.id",
    started_at: "request.at",
    conversation_id: "session.id",
    user_id: "user.id",
    model: "model.name",
    provider: "model.vendor",
    duration: "epoch(translate(timing.total, 'PT', '  ')::interval)",
    error_type: "failure.type",
  });
  assert.match(status, /^if\(success, 'ok', case when regexp_matches\(lower\(failure\.type\)/);
});

test("a table of ratings alone is scores of the tasks or calls whose ids it has", () => {
  const of = (record: Record<string, unknown>) => {
    const records = [1, 2, 3].map((at) => ({ ...record, [Object.keys(record)[0]!]: `x${at}` }));
    const [{ table, columns }] = [suggestion(shapeOf(records), records)].flat();
    return [table, columns.subject, columns.subject_id, columns.value];
  };
  assert.deepEqual(of({ Vorgangsnummer: "", Datum: "2026-02-25", Bewertung: 4 }), [
    "scores",
    "'task'",
    "Vorgangsnummer",
    "Bewertung",
  ]);
  assert.deepEqual(of({ id: "", task: "t", rating: 4 }), ["scores", "'task'", "task", "rating"]);
  assert.deepEqual(of({ call_id: "", task: "t", stars: 4 }), ["scores", "'call'", "call_id", "stars"]);
  assert.notEqual(of({ model: "", rating: 4 })[0], "scores");
});

test("a dash or N/A among numbers changes neither how the others are read nor their unit", () => {
  const durationOf = (...cells: unknown[]) => {
    const records = cells.map((latency) => ({ model: "m", started_at: "2026-03-02T08:01:10Z", latency }));
    return (suggestion(shapeOf(records), records) as Mapping).columns.duration;
  };
  assert.equal(durationOf("1200", "n/a", "3000"), "latency / 1000");
  assert.equal(durationOf(1200, "n/a", 3000), "latency / 1000");
  assert.equal(durationOf("1,2", "-"), "cast(translate(nullif(latency, '-'), ',.$', '.') as double)");
});

test("a page of a list with nothing in it holds no records", () => {
  assert.equal(
    unknownFormat(shapeOf([{ data: [], next: null }]), [], "page.json"),
    "the file contains no records",
  );
  assert.match(unknownFormat(shapeOf([{ data: [1], next: null }]), [], "page.json"), /^unknown format/);
});

test("what only answers have is no call's start or model where another field has that of every call", () => {
  const records = [true, false, true].map((isAnswered, at) => ({
    response: isAnswered ? { model: "m-1", created: 1793606680 + at } : { error: { type: "timeout" } },
    request: { model: "m" },
    ts: `2026-11-02T08:04:4${at}.973Z`,
    latency_ms: 5,
  }));
  const read = (some: object[]) => [suggestion(shapeOf(some), some)].flat()[0].columns;
  assert.equal(read(records).started_at, "ts");
  assert.equal(read(records).model, "request.model");
  const answers = records.filter((_, at) => at !== 1);
  assert.equal(read(answers).started_at, "ts", "as often, and finer");
  const days = records.map(({ ts, ...rest }) => ({ ...rest, date: "2026-11-02" }));
  assert.equal(read(days).started_at, "to_timestamp(response.created::double)", "a day is no start");
  const equal = [
    { model: "m", timestamp: "2026-11-02T08:04:41Z", start: "2026-11-02T08:04:40Z", in_tokens: 5 },
  ];
  assert.equal(read(equal).started_at, "start", "as often and as fine, by its name");
});
