import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { missingNote } from "../../../src/logs/load/fileNotes";
import type { Mapping } from "../../../src/logs/records/mapping";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { jsonl, simple, workbench } from "../workbench";

const calls = (columns: Record<string, string>, where?: string): Mapping => ({
  table: "calls",
  columns,
  ...(where === undefined ? {} : { where }),
});

/** Reads the records through one expression and returns the column's values in order. */
async function values(
  column: string,
  expression: string,
  records: unknown[],
  name = "v.jsonl",
  content = jsonl(...records),
) {
  let found: unknown[] = [];
  await workbench(async ({ read, rows }) => {
    const file = await read(name, content, { mapping: calls({ [column]: expression }) });
    assert.equal(file.status, "ingested", file.reason);
    found = (await rows<{ x: unknown }>(`select ${column} as x from calls order by line`)).map(({ x }) => x);
  });
  return found;
}

describe("an expression may calculate, and nothing else", () => {
  const refused: [string, RegExp][] = [
    ["", /requires an expression/],
    ["1); drop table calls; --", /one SQL expression/],
    ["ms) from calls; drop table calls; select (1", /one SQL expression/],
    ["ms; drop table calls", /one SQL expression/],
    ["(select 1)", /found subquery/],
    ["exists (select 1 from calls)", /found subquery/],
    ["ms in (select duration from calls)", /found subquery/],
    ["read_text('/etc/passwd')", /found read_text/],
    ["getenv('HOME')", /found getenv/],
    ["current_setting('memory_limit')", /found current_setting/],
    ["random()", /found random/],
    ["select ms", /one SQL expression/],
    ["ms, id", /one SQL expression and nothing else/],
    ["ms as id", /one SQL expression and nothing else/],
    ["ms from calls", /one SQL expression and nothing else/],
    ["ms order by 1", /one SQL expression and nothing else/],
    ["ms union select 1", /one SQL expression and nothing else/],
    ["distinct ms", /one SQL expression and nothing else/],
    ["*", /found star/],
    ["columns('ms')", /found star/],
    ["row_number() over ()", /found window/],
    ["sum(ms)", /found sum\(\)/],
    ["unnest([1, 2])", /found unnest\(\)/],
    ["$1", /found parameter/],
    ["#1", /found positional reference/],
    ["lenght(m)", /the nearest allowed one is length\(\)/],
    ["m +", /that parses/],
    ["'unclosed", /that parses/],
  ];
  for (const [expression, reason] of refused) {
    test(JSON.stringify(expression), () =>
      workbench(async ({ read, rows }) => {
        const content = jsonl({ id: "a", m: "x", ms: 1 });
        const file = await read("r.jsonl", content, { mapping: calls({ model: "m", duration: expression }) });
        assert.equal(file.status, "failed");
        assert.match(file.reason ?? "", reason);
        assert.match(file.reason ?? "", /mapping column duration/);
        const where = await read("r.jsonl", content, { mapping: calls({ model: "m" }, expression) });
        assert.equal(where.status, "failed", JSON.stringify(where));
        assert.match(where.reason ?? "", /mapping where/);
        assert.deepEqual(await rows("from calls"), []);
      }),
    );
  }
  thorough("comments, lambdas, JSON arrows, lists and casts are all right", async () => {
    const record = { m: "x", tags: ["a", "b"], meta: { k: { z: 5 } }, ms: "1500", list: [{ n: "q" }] };
    assert.deepEqual(await values("model", "m -- a comment", [record]), ["x"]);
    assert.deepEqual(await values("model", "m /* a comment */ || '!'", [record]), ["x!"]);
    assert.deepEqual(await values("model", "list_transform(tags, lambda t: upper(t))[2]", [record]), ["B"]);
    assert.deepEqual(await values("model", "list_filter(tags, t -> t <> 'a')[1]", [record]), ["b"]);
    assert.deepEqual(await values("model", "[t for t in tags if t = 'b'][1]", [record]), ["b"]);
    assert.deepEqual(await values("model", "meta->'k'->>'z'", [record]), ["5"]);
    assert.deepEqual(await values("model", "meta->>'$.k.z'", [record, { meta: null }, {}]), [
      "5",
      null,
      null,
    ]);
    assert.deepEqual(await values("model", "meta.k.z", [record]), ["5"]);
    assert.deepEqual(await values("model", "list[1].n", [record, { list: [] }, {}]), ["q", null, null]);
    assert.deepEqual(await values("model", "array_to_string(tags, '+')", [record]), ["a+b"]);
    assert.deepEqual(await values("duration", "ms::double / 1000", [record]), [1.5]);
    assert.deepEqual(await values("duration", "ms / 1000", [record]), [1.5]);
    assert.deepEqual(await values("status", "case when ms > 1000 then 'timeout' else 'ok' end", [record]), [
      "timeout",
    ]);
  });
  thorough("fields that are words of SQL need no quotes where they stand alone", async () => {
    for (const name of ["at", "order", "end", "group", "user", "default", "current_date", "select"]) {
      assert.deepEqual(await values("model", name, [{ [name]: "x" }, {}]), ["x", null], name);
    }
    assert.deepEqual(await values("model", "order.id", [{ order: { id: "x" } }]), ["x"]);
  });
});

describe("a field is read as what its column needs", () => {
  const whole = Array.from({ length: 3000 }, (_, at) => ({ v: at, w: `${at}` }));
  const last = async (column: string, expression: string, v: unknown, w: unknown = v) =>
    (await values(column, expression, [...whole, { v, w }])).at(-1);
  thorough("whole numbers in the sample and a fraction further down: nothing is rounded", async () => {
    assert.equal(await last("duration", "v", 3.7), 3.7);
    assert.equal(await last("duration", "w", "3.7"), 3.7);
    assert.equal(await last("duration", "v / 1000", 3.7), 0.0037);
    assert.equal(await last("duration", "v + 1", 3.5), 4.5);
    assert.equal(await last("cost", "coalesce(v, 0)", 0.25), 0.25);
    assert.equal(await last("status", "if(v > 3, 'timeout', 'ok')", 3.4), "timeout");
    assert.deepEqual(await last("started_at", "to_timestamp(v)", 1700000000.5), new Date(1700000000500));
    assert.equal(await last("model", "v", 3.7), "3.7");
    assert.equal(await last("input_tokens", "round(v)", 3.7), 4);
    assert.equal(await last("input_tokens", "ceil(v / 4)", 5), 2);
  });
  test("a fraction of a token is left empty and told", () =>
    workbench(async ({ read, rows }) => {
      const file = await read("t.jsonl", jsonl(...whole, { v: 3.7 }), {
        mapping: calls({ input_tokens: "v" }),
      });
      assert.deepEqual([file.calls, file.rejected], [3001, 0]);
      assert.equal(file.emptied?.[0].first, "line 3001: v must be a whole number, got 3.7");
      assert.deepEqual(await rows("select line, input_tokens from calls where emptied = 'input_tokens'"), [
        { line: 3001, input_tokens: null },
      ]);
    }));
  thorough("numbers stay themselves in texts", async () => {
    assert.equal(await last("call_id", "v", 7), "7");
    assert.equal(await last("call_id", "'v' || v", 7), "v7");
    assert.equal(await last("call_id", "v", "9223372036854775807123"), "9223372036854775807123");
    assert.equal(
      (await values("call_id", "v", ['{"v": 9223372036854775807123}']))[0],
      "9223372036854775807123",
    );
  });
  test("whole division is whole", async () => {
    assert.equal(await last("attempt", "v // 2", 7), 3);
    assert.equal(await last("attempt", "v % 4", 7), 3);
  });
  test("a field that serves as text and as number serves as both", () =>
    workbench(async ({ read, rows }) => {
      const mapping = calls({ call_id: "v", duration: "v / 1000", started_at: "to_timestamp(v * 1e6)" });
      await read("b.jsonl", jsonl({ v: 1000 }, { v: 2000 }), { mapping });
      assert.deepEqual(await rows("select call_id, duration, started_at from calls order by line"), [
        { call_id: "1000", duration: 1, started_at: new Date(1e12) },
        { call_id: "2000", duration: 2, started_at: new Date(2e12) },
      ]);
    }));
  test("mixed types: numbers as texts, texts among numbers, nulls, nothing", async () => {
    assert.deepEqual(await values("duration", "v", [{ v: 1 }, { v: "2.5" }, { v: null }, {}, { v: "" }]), [
      1,
      2.5,
      null,
      null,
      null,
    ]);
    assert.deepEqual(await values("model", "v", [{ v: 1 }, { v: "a" }, { v: true }, { v: [1] }]), [
      "1",
      "a",
      "true",
      "[1]",
    ]);
    assert.deepEqual(await values("stream", "v", [{ v: true }, { v: "false" }, { v: 1 }, { v: null }]), [
      true,
      false,
      true,
      null,
    ]);
  });
  test("a mapping that names no field of the file is for another file, and nothing is read by it", () =>
    workbench(async ({ read, rows }) => {
      const mapping = calls({ model: "route.model", duration: "took_ms / 1000", provider: "'p'" });
      const file = await read("tickets.jsonl", jsonl({ ticket: "T-1", outcome: "solved" }), { mapping });
      assert.equal(file.status, "failed");
      assert.match(
        String(file.reason),
        /names none of the file's fields: it reads route\.model, took_ms, and the file has ticket, outcome\. .*fieldnotes map /,
      );
      assert.deepEqual(await rows("select count(*)::int as n from calls"), [{ n: 0 }]);
    }));
  test("a field that no record has is empty, and named", () =>
    workbench(async ({ read, rows }) => {
      const mapping = calls({
        model: "m",
        duration: "nothing / 1000",
        region: "no.such.path",
        provider: "'p' || none",
      });
      const file = await read("m.jsonl", jsonl({ m: "x" }), { mapping });
      assert.match(file.reason ?? "", /field not found: nothing, no\.such\.path, none/);
      assert.deepEqual(await rows("select model, duration, region, provider from calls"), [
        { model: "x", duration: null, region: null, provider: null },
      ]);
    }));
});

describe("times", () => {
  const at = (iso: string) => new Date(iso);
  const cases: [unknown, string][] = [
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"],
    ["2026-03-01T12:00:00z", "2026-03-01T12:00:00Z"],
    ["2026-03-01 12:00:00", "2026-03-01T12:00:00Z"],
    ["2026-03-01T12:00:00", "2026-03-01T12:00:00Z"],
    ["2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00Z"],
    ["2026-03-01T12:00:00-0530", "2026-03-01T17:30:00Z"],
    ["2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.500Z"],
    ["2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.123Z"],
    ["2026-03-01 12:00:00.1234567", "2026-03-01T12:00:00.123Z"],
    ["2026-03-01T12:00:00.123456789+01:00", "2026-03-01T11:00:00.123Z"],
    ["2026-03-01", "2026-03-01T00:00:00Z"],
  ];
  test("as ISO text, with and without a zone, 0 to 9 digits of a second", async () => {
    const found = await values(
      "started_at",
      "t",
      cases.map(([t]) => ({ t })),
    );
    assert.deepEqual(
      found,
      cases.map(([, iso]) => at(iso)),
    );
  });
  test("the microseconds are kept", async () => {
    await workbench(async ({ read, rows }) => {
      await read("t.jsonl", jsonl({ t: "2026-03-01T12:00:00.1234569Z" }), {
        mapping: calls({ started_at: "t" }),
      });
      assert.deepEqual(await rows("select started_at::varchar as t from calls"), [
        { t: "2026-03-01 12:00:00.123456" },
      ]);
    });
  });
  thorough("since 1970 in seconds, milliseconds and nanoseconds, in JSON and in delimited text", async () => {
    const expected = [at("2026-03-01T12:00:00.500Z")];
    const seconds = Number(expected[0]) / 1000;
    for (const [expression, t] of [
      ["to_timestamp(t)", seconds],
      ["epoch_ms(t::bigint)", seconds * 1000],
      ["epoch_ms(t)", seconds * 1000],
      ["make_timestamp_ns(t::bigint)", `${seconds * 1000}000000`],
      ["make_timestamp(t::bigint)", `${seconds * 1000}000`],
    ] as const) {
      assert.deepEqual(await values("started_at", expression, [`{"t": ${t}}`]), expected, expression);
      assert.deepEqual(
        await values("started_at", expression, [], "v.csv", `t,x\n${t},\n`),
        expected,
        expression,
      );
    }
    assert.deepEqual(await values("started_at", "to_timestamp(t)", [{ t: `${seconds}` }]), expected);
  });
  test("a bare number is refused with what to write", () =>
    workbench(async ({ read }) => {
      for (const content of ['{"t": 1772366400}\n', '{"t": "1772366400"}\n']) {
        const file = await read("t.jsonl", content, { mapping: calls({ started_at: "t" }) });
        assert.match(file.reason ?? "", /requires a time, .*to_timestamp\(field\)/);
      }
    }));
});

test("a predicate chooses the records, and a list of mappings fills several tables from one", () =>
  workbench(async ({ read, rows }) => {
    const mapping: Mapping[] = [
      calls({ call_id: "id", model: "m" }, "kind = 'llm'"),
      { table: "tasks", columns: { task_id: "task", resolved: "done" } },
      {
        table: "scores",
        columns: { subject: "'call'", subject_id: "id", name: "'thumbs'", value: "up" },
        where: "up is not null",
      },
    ];
    const file = await read(
      "l.jsonl",
      jsonl(
        { kind: "llm", id: "a", m: "x", task: "t1", done: true, up: 1 },
        { kind: "tool", id: "b", m: "x", task: "t2", done: false },
        { id: "c", m: "x", task: "t3", up: true },
        { kind: "llm", id: "d", m: "y", task: "t4", done: "maybe" },
      ),
      { mapping },
    );
    assert.deepEqual([file.calls, file.tasks, file.scores, file.rejected], [2, 4, 2, 0]);
    assert.equal(file.emptied?.[0].first, 'line 4: done must be true or false, got "maybe"');
    assert.deepEqual(await rows("select task_id, emptied from tasks where resolved is null"), [
      { task_id: "t3", emptied: null },
      { task_id: "t4", emptied: "resolved" },
    ]);
    assert.deepEqual(await rows("select subject_id, value from scores order by 1"), [
      { subject_id: "a", value: 1 },
      { subject_id: "c", value: 1 },
    ]);
  }));

test("a predicate that fails on a record rejects that record alone", () =>
  workbench(async ({ read, rows, rejects }) => {
    const content = jsonl({ id: "a", n: "1" }, { id: "b", n: "x" }, { id: "c", n: "0" });
    await read("w.jsonl", content, { mapping: calls({ call_id: "id" }, "n::int > 0") });
    assert.deepEqual(await rows("select call_id from calls"), [{ call_id: "a" }]);
    assert.match((await rejects())[0], /^2: the where clause fails: /);
  }));

test("an expression that fails on a record empties its column there alone, and is named", () =>
  workbench(async ({ read, rows }) => {
    const content = jsonl(
      { id: "a", n: "1" },
      { id: "b", n: "x" },
      { id: "c", n: "0" },
      { id: "d", n: null },
    );
    const file = await read("w.jsonl", content, {
      mapping: calls({ call_id: "id", duration: "6 / n::int", attempt: "n::int" }),
    });
    assert.deepEqual(await rows("select call_id, duration, attempt, emptied from calls order by 1"), [
      { call_id: "a", duration: 6, attempt: 1, emptied: null },
      { call_id: "b", duration: null, attempt: null, emptied: "duration, attempt" },
      { call_id: "c", duration: null, attempt: 0, emptied: "duration" },
      { call_id: "d", duration: null, attempt: null, emptied: null },
    ]);
    assert.equal(file.rejected, 0);
    const [duration, attempt] = file.emptied ?? [];
    assert.deepEqual([duration.rows, attempt.rows], [2, 1]);
    assert.match(duration.first, /^line 2: calls\.duration must be a finite number: not computable from /);
    assert.match(attempt.first, /^line 2: calls\.attempt must be a whole number/);
  }));

test("an expression that fails for what makes a row rejects its record alone, and is named", () =>
  workbench(async ({ read, rows, rejects }) => {
    const mapping: Mapping = {
      table: "scores",
      columns: { subject: "'call'", subject_id: "id", name: "'thumbs'", value: "n::double" },
    };
    const file = await read("s.jsonl", jsonl({ id: "a", n: "1" }, { id: "b", n: "x" }), { mapping });
    assert.deepEqual([file.scores, file.rejected, file.emptied], [1, 1, undefined]);
    assert.deepEqual(await rows("select subject_id, value from scores"), [{ subject_id: "a", value: 1 }]);
    assert.match((await rejects())[0], /^2: scores\.value must be a finite number.*not computable from /);
  }));

describe("constants", () => {
  test("of every kind of column", () =>
    workbench(async ({ read, rows }) => {
      const set = {
        provider: "groq's",
        cost: "0.5",
        input_tokens: "12",
        stream: "true",
        started_at: "2026-03-01T12:00:00+02:00",
        status: "Success",
      };
      await read("c.jsonl", jsonl({ id: "a", m: "x", ms: 1 }), { mapping: simple, set });
      assert.deepEqual(
        await rows("select provider, cost, input_tokens, stream, started_at, status from calls"),
        [
          {
            provider: "groq's",
            cost: 0.5,
            input_tokens: 12,
            stream: true,
            started_at: new Date("2026-03-01T10:00:00Z"),
            status: "ok",
          },
        ],
      );
    }));
  test("that are none of the column's kind, or of no column, are refused before any file is read", () =>
    workbench(async ({ read }) => {
      const given = (set: Record<string, string>) =>
        read("c.jsonl", jsonl({ id: "a" }), { mapping: simple, set });
      await assert.rejects(given({ cost: "cheap" }), /set cost requires a finite number, got "cheap"/);
      await assert.rejects(given({ cost: "1e999" }), /finite number/);
      await assert.rejects(given({ input_tokens: "3.7" }), /whole number, got "3\.7"/);
      await assert.rejects(given({ stream: "perhaps" }), /true or false/);
      await assert.rejects(given({ started_at: "soon" }), /a time such as/);
      await assert.rejects(given({ modell: "x" }), /did you mean "model"/);
      await assert.rejects(given({ line: "1" }), /requires a canonical column/);
      await assert.rejects(given({ ingest_id: "1" }), /requires a canonical column/);
    }));
  test("that the file's tables have no column for are said", () =>
    workbench(async ({ read }) => {
      const content = jsonl({ task_id: "t", resolved: true });
      const file = await read("tasks.jsonl", content, { set: { provider: "p" } });
      assert.deepEqual([file.status, file.tasks], ["ingested", 1]);
      assert.match(file.reason ?? "", /--set provider: no such column in tasks/);
    }));
});

describe("mapping files", () => {
  thorough("one that lies beside the log is taken by itself, of a compressed log too", () =>
    workbench(async ({ read, write }) => {
      write("traffic.mapping.json", JSON.stringify(simple));
      write("v2.csv.mapping.json", JSON.stringify(simple));
      const csv = "id,m,ms\na,x,1000\n";
      assert.equal((await read("traffic.csv", csv)).calls, 1);
      const { gzipSync } = await import("node:zlib");
      assert.equal((await read("traffic.csv.gz", gzipSync(`${csv}b,y,1\n`))).calls, 2);
      assert.equal((await read("v2.csv", `${csv}c,y,1\n`)).calls, 2);
      assert.equal((await read("traffic.other.csv", csv)).status, "failed");
    }),
  );
  test("where no field's name is known, the mapping to start from still reads the file", () =>
    workbench(async ({ read }) => {
      const records = jsonl({ modl: "a", lat: 12 }, { modl: "b", lat: 3 });
      const file = await read("odd.jsonl", records);
      const suggested = JSON.parse((file.reason ?? "").replace(/^.*starting from: /, "")) as Mapping;
      assert.deepEqual(suggested.columns, { model: "modl" }, "no number is taken without a word for it");
      assert.equal((await read("odd.jsonl", records, { mapping: suggested })).calls, 2);
    }));

  test("what is wrong with one is said", () =>
    workbench(async ({ write, take }) => {
      const log = write("m.csv", "id\na\n");
      const wrong: [string, RegExp][] = [
        ["{", /mapping requires a file of JSON, got \S+m.json: line 1 requires a name in double quotes$/],
        ["[]", /at least one table/],
        ["1", /"columns"/],
        ['{"table": "cals", "columns": {"model": "m"}}', /did you mean "calls"/],
        ['{"columns": {"modell": "m"}}', /did you mean "model"/],
        ['{"columns": {"line": "m"}}', /requires columns of calls, got "line"/],
        ['{"columns": {"model": 1}}', /columns requires a text for model, got 1/],
        ['{"columns": {}}', /at least one column/],
        ['{"columns": {"model": "m"}, "were": "x"}', /keys of .*, got "were"; did you mean "where"\?/],
      ];
      for (const [content, reason] of wrong) {
        await assert.rejects(take(log, { mapping: write("m.json", content) }), reason, content);
      }
      await assert.rejects(take(log, { format: "otpl" }), /did you mean "otlp"/);
      await assert.rejects(take(log, { mapping: join("no", "such.json") }), /no such file|requires/);
    }));
});

test("Parquet keeps its own types; its NaN is a missing value", () =>
  workbench(async ({ folder, store, take, rows }) => {
    const path = join(folder, "p.parquet");
    await run(
      store.connection,
      `copy (select 'a' as id, 'nan'::double as ttft, 3.0::double as tokens, timestamptz '2026-01-01 00:00:00+02' as t, {'in': 5} as usage
        union all select 'b', 1.5, 'nan'::double, null, null
        union all select 'c', 'inf'::double, 1, null, null
        union all select 'd', 1, 2.5, null, null) to '${path}' (format parquet)`,
    );
    const mapping = calls({
      call_id: "id",
      time_to_first_token: "ttft",
      input_tokens: "tokens",
      started_at: "t",
      output_tokens: "usage.in",
      region: "missing",
    });
    const [file] = await take(path, { mapping });
    assert.deepEqual(
      await rows(
        "select call_id, time_to_first_token as ttft, input_tokens as n, started_at as t, output_tokens as o, emptied from calls order by 1",
      ),
      [
        { call_id: "a", ttft: null, n: 3, t: new Date("2025-12-31T22:00:00Z"), o: 5, emptied: null },
        { call_id: "b", ttft: 1.5, n: null, t: null, o: null, emptied: null },
        { call_id: "c", ttft: null, n: 1, t: null, o: null, emptied: "time_to_first_token" },
        { call_id: "d", ttft: 1, n: null, t: null, o: null, emptied: "input_tokens" },
      ],
    );
    assert.deepEqual(
      file.emptied?.map(({ first }) => first),
      ['record 3: ttft must be a finite number, got "inf"', "record 4: tokens must be a whole number"],
    );
  }));

test("an unknown format shows its fields, the nearest formats, and a mapping that works", () =>
  workbench(async ({ read, rows }) => {
    const content = jsonl({
      request_id: "r",
      model_name: "x",
      latency_ms: 1500,
      usage: { prompt_tokens: 3 },
    });
    const file = await read("unknown.jsonl", content);
    assert.equal(file.status, "failed");
    assert.match(file.reason ?? "", /fields of the first record: request_id, model_name, latency_ms, usage/);
    assert.match(file.reason ?? "", /Nearest formats: .*unknown\.mapping\.json/);
    const suggested = JSON.parse((file.reason ?? "").replace(/^.*starting from: /, "")) as Mapping;
    await read("unknown.jsonl", content, { mapping: suggested });
    assert.deepEqual(await rows("select call_id, model, duration, input_tokens from calls"), [
      { call_id: "r", model: "x", duration: 1.5, input_tokens: 3 },
    ]);
  }));

test("a field whose name is no plain word is told with its quotes", () => {
  const note = missingNote({ missing: ["Kd", "Nr"] } as never, ["Kd-Nr", "Modell"]);
  assert.equal(
    note,
    'field not found: Kd; if you mean Kd-Nr, quote it in the mapping: "\\"Kd-Nr\\"", Nr; if you mean Kd-Nr, quote it in the mapping: "\\"Kd-Nr\\""',
  );
  assert.match(missingNote({ missing: ["modle"] } as never, ["Kd-Nr", "model"]), /did you mean "model"\?$/);
});
