import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { IngestResult } from "../../src/logs/ingest";
import { jsonl, simple, workbench } from "./workbench";

/** Ingests in a separate process, which must not crash. */
function inChild(database: string, paths: string[], options: object): IngestResult {
  const run = spawnSync(
    process.execPath,
    ["--import", "tsx", join(__dirname, "child.ts"), database, JSON.stringify(options), ...paths],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  assert.equal(run.signal, null, `the process was ended by ${run.signal}`);
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout.trim().split("\n").at(-1) as string);
}

describe("nesting 100,000 deep does not take the process down", () => {
  const deep = (open: string, close: string, levels = 100_000) => open.repeat(levels) + close.repeat(levels);
  const lists = deep("[", "]");
  const objects = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const good = (id: number) =>
    jsonl({ id: `g${id}`, m: "x", ms: 1000, meta: { tag: "t" }, tags: [{ name: "n" }] });
  const files: Record<string, string> = {
    "unused field.jsonl": `${good(1)}{"id":"d","ms":1,"other":${lists}}\n${good(2)}`,
    "unused field of objects.jsonl": `${good(1)}{"id":"d","ms":1,"other":${objects}}\n${good(2)}`,
    "used text.jsonl": `${good(1)}{"id":"d","ms":1,"m":${lists}}\n${good(2)}`,
    "used number.jsonl": `${good(1)}{"id":"d","m":"x","ms":${lists}}\n${good(2)}`,
    "used record.jsonl": `${good(1)}{"id":"d","ms":1,"meta":${objects}}\n${good(2)}`,
    "used list.jsonl": `${good(1)}{"id":"d","ms":1,"tags":${lists}}\n${good(2)}`,
    "top.jsonl": `${good(1)}${lists}\n${good(2)}`,
    "top never closed.jsonl": `${good(1)}${"[".repeat(100_000)}\n${good(2)}`,
    "first line.jsonl": `{"id":"d","ms":1,"other":${lists}}\n${good(1)}${good(2)}`,
    "one of many.jsonl": `${good(3).repeat(3000)}{"id":"d","ms":1,"other":${lists}}\n${good(1)}`,
    "just below 20 KB.jsonl": `${good(1)}{"id":"d","ms":1,"other":${deep("[", "]", 9_980)}}\n${good(2)}`,
    "never closed below 20 KB.jsonl": `${good(1)}{"id":"d","other":${"[".repeat(19_900)}\n${good(2)}`,
    "many below 2 KB.jsonl": `{"id":"d","ms":1,"other":${deep("[", "]", 980)}}\n`.repeat(50) + good(1),
    "array.json": `[${good(1)},{"id":"d","ms":1,"other":${lists}},${good(2)}]`,
    "document.json": `{"id":"d","m":"x","ms":1,"other":${lists}}`,
    "cell.csv": `id,m,ms,meta\ng1,x,1,\nd,x,1,"${objects.replaceAll('"', '""')}"\n`,
    "traces.jsonl": `{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"1","attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"x"}},{"key":"gen_ai.input.messages","value":{"arrayValue":${objects}}},{"key":"gen_ai.response.finish_reasons","value":{"arrayValue":${lists}}}]}]}]}],"other":${lists}}\n`,
    "traces all the way.jsonl": `{"resourceSpans":${lists}}\n`,
    "unknown.jsonl": `{"zzz":${lists}}\n`,
    "canonical.jsonl": `${jsonl({ model: "m", duration: 1 })}{"model":${lists},"duration":${lists}}\n`,
  };
  const mappings = [
    {
      table: "calls",
      columns: {
        call_id: "id",
        model: "m",
        duration: "ms / 1000",
        region: "meta.tag",
        user_id: "tags[1].name",
      },
    },
    { table: "spans", columns: { span_id: "id", stage: "meta->>'a'" } },
  ];
  const mapped = Object.keys(files).filter((name) => !/^(traces|unknown|canonical)/.test(name));

  test("through a mapping", () =>
    workbench(async ({ folder, write }) => {
      const database = join(folder, "store.duckdb");
      const paths = mapped.map((name) => write(name, files[name]));
      const { files: came } = inChild(database, paths, { mapping: mappings });
      for (const file of came) assert.equal(file.status, "ingested", `${file.path}: ${file.reason}`);
      const rejected = Object.fromEntries(
        came.map(({ path, rejected }) => [path.slice(folder.length + 1), rejected]),
      );
      assert.equal(rejected["unused field.jsonl"], 0);
      assert.equal(rejected["used number.jsonl"], 0);
      assert.equal(rejected["top.jsonl"], 1);
      assert.equal(rejected["one of many.jsonl"], 0);
      assert.equal(rejected["just below 20 KB.jsonl"], 0);
      assert.equal(rejected["array.json"], 0);
      const odd = came.find(({ path }) => path.endsWith("used number.jsonl"))?.emptied?.[0];
      assert.deepEqual([odd?.column, odd?.rows], ["duration", 1]);
      assert.match(odd?.first ?? "", /must be a finite number/);
    }));

  test("through recognised formats, and through none", () =>
    workbench(async ({ folder, write }) => {
      const paths = Object.keys(files)
        .filter((name) => !mapped.includes(name))
        .map((name) => write(name, files[name]));
      const { files: came } = inChild(":memory:", paths, { text: "keep" });
      assert.deepEqual(
        came.map(({ path, format, status, calls }) => [path.slice(folder.length + 1), format, status, calls]),
        [
          ["traces.jsonl", "otlp", "ingested", 1],
          ["traces all the way.jsonl", "otlp", "failed", 0],
          ["unknown.jsonl", null, "failed", 0],
          ["canonical.jsonl", "canonical", "ingested", 2],
        ],
      );
    }));
});

test("a text of 20 MB and a line of 40 MB go through, first in the file or not", () =>
  workbench(async ({ folder, write }) => {
    const long = (bytes: number) => JSON.stringify({ id: "long", ms: 1, m: "x".repeat(bytes) });
    const file = write("long.jsonl", `${long(40e6)}\n\n${jsonl({ id: "a", m: "y", ms: 1 })}${long(20e6)}\n`);
    const csv = write("long.csv", `id,m,ms\na,${"x".repeat(20e6)},1\nb,"${"y\n".repeat(10e6)}",2\n`);
    const database = join(folder, "store.duckdb");
    const { files } = inChild(database, [file, csv], { mapping: simple });
    assert.deepEqual(
      files.map(({ status, calls, rejected, replaced }) => [status, calls, rejected, replaced]),
      [
        ["ingested", 2, 0, 1],
        ["ingested", 2, 0, 1],
      ],
    );
  }));

test("a recognised format whose first line is 40 MB is recognised by the others", () =>
  workbench(async ({ write }) => {
    const line = (bytes: number) =>
      JSON.stringify({ model: "m", duration: 1, finish_reason: "x".repeat(bytes) });
    const path = write("long.jsonl", `${line(40e6)}\n${line(1)}\n`);
    const { files } = inChild(":memory:", [path], {});
    assert.deepEqual([files[0].format, files[0].calls], ["canonical", 2]);
  }));

describe("a damaged line stands in rejects and stops nothing", () => {
  const damaged: [string, string | Buffer, RegExp][] = [
    ["truncated", '{"id":"a","m":"x', /is not JSON: /],
    ["no JSON", "hello", /is not JSON/],
    ["two objects", '{"id":"x"}{"id":"y"}', /is not JSON/],
    ["text after it", '{"id":"x"} x', /is not JSON/],
    ["a list", '[1,{"id":"x"}]', /must be a record, got a list/],
    ["a text", '"id"', /must be a record, got "id"/],
    ["a number", "12", /must be a record, got 12/],
    ["null", "null", /must be a record, got null/],
    [
      "invalid UTF-8",
      Buffer.from([...Buffer.from('{"id":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
      /not valid UTF-8/,
    ],
    ["a raw NUL", '{"id":"a\0b"}', /is not JSON/],
    ["a NUL for a line", "\0\0\0", /is not JSON/],
    ["chr(1)", '{"id":"a\u0001b"}', /is not JSON/],
    ["half a surrogate pair", '{"id":"a\\ud800","m":"x"}', /not Unicode/],
    ["a lone CR", '{"id":"x",\r"m":"y"}\r{"id":"z"}', /is not JSON/],
    ["a key that stands twice", '{"id":"x","id":"y","m":"z","ms":1}', /duplicate field/],
  ];
  const mapping = {
    table: "calls" as const,
    columns: { ...simple.columns, input_tokens: "usage.in", started_at: "at" },
  };
  const good = (id: string) =>
    Buffer.from(jsonl({ id, m: "x", ms: 1000, usage: { in: 3 }, at: "2026-01-02T03:04:05Z" }));
  for (const [name, bytes, reason] of damaged) {
    test(name, () =>
      workbench(async ({ read, rows, rejects }) => {
        const line = Buffer.concat([Buffer.from(bytes as string), Buffer.from("\n")]);
        const content = Buffer.concat([good("1"), Buffer.from("\n  \n"), line, good("2"), good("3")]);
        const file = await read("damaged.jsonl", content, { mapping });
        assert.equal(file.reason?.startsWith("1 rejected; line 4: "), true, file.reason);
        const [reported] = await rejects();
        assert.match(reported, reason);
        assert.match(reported, /^4: /);
        const lines = await rows(
          "select call_id, line, duration, input_tokens, started_at from calls order by line",
        );
        const started_at = new Date("2026-01-02T03:04:05Z");
        assert.deepEqual(
          lines,
          [1, 5, 6].map((at, n) => ({
            call_id: `${n + 1}`,
            line: at,
            duration: 1,
            input_tokens: 3,
            started_at,
          })),
        );
        const [{ excerpt }] = await rows<{ excerpt: string }>("select excerpt from rejects");
        assert.ok(excerpt.length > 0 && !excerpt.includes("\0"));
      }),
    );
    test(`${name}, as the last line of the file`, () =>
      workbench(async ({ read, rejects }) => {
        const file = await read("damaged.jsonl", Buffer.concat([good("1"), Buffer.from(bytes as string)]), {
          mapping,
        });
        assert.deepEqual([file.calls, file.rejected], [1, 1]);
        assert.match((await rejects())[0], /^2: /);
      }));
    test(`${name}, as the first line of the file`, () =>
      workbench(async ({ read, rejects }) => {
        const line = Buffer.concat([Buffer.from(bytes as string), Buffer.from("\n")]);
        const file = await read("damaged.jsonl", Buffer.concat([line, good("1"), good("2")]), { mapping });
        assert.deepEqual([file.calls, file.rejected], [2, 1]);
        assert.match((await rejects())[0], /^1: /);
      }));
  }
  test("many kinds at once are rejected exactly", () =>
    workbench(async ({ read, rejects, rows }) => {
      const parts = damaged.flatMap(([, bytes], at) => [
        good(`${at}`),
        Buffer.concat([Buffer.from(bytes as string), Buffer.from("\n")]),
      ]);
      await read("damaged.jsonl", Buffer.concat(parts), { mapping });
      const reported = await rejects();
      assert.deepEqual(
        reported.map((one) => Number.parseInt(one, 10)),
        damaged.map((_, at) => 2 * at + 2),
      );
      for (const [at, [, , reason]] of damaged.entries()) assert.match(reported[at], reason);
      assert.equal((await rows("from calls")).length, damaged.length);
    }));
});

describe("a value that cannot be costs its column alone", () => {
  const odd: [string, string, RegExp][] = [
    [
      "a word for a number",
      '{"id":"x","ms":"slow"}',
      /duration must be a finite number: not computable from .* with ms "slow"/,
    ],
    [
      "a record for a number",
      '{"id":"x","ms":{"a":1}}',
      /duration must be a finite number: not computable from .* with ms a record/,
    ],
    ["an infinite number", '{"id":"x","ms":1e400}', /must be a finite number/],
    ["a text for a record", '{"id":"x","usage":"none"}', /usage must be a record, got "none"/],
    ["a fraction of a token", '{"id":"x","usage":{"in":3.7}}', /usage\.in must be a whole number, got 3\.7/],
    [
      "a number beyond 2^63",
      '{"id":"x","usage":{"in":9223372036854775808}}',
      /usage\.in must be a whole number/,
    ],
    ["no time", '{"id":"x","at":"yesterday"}', /at must be a time, got "yesterday"/],
    [
      "a time as a number",
      '{"id":"x","at":1753700000}',
      /at must be a time, got 1753700000: in a mapping, to_timestamp\(at::double\) reads seconds/,
    ],
    ["a time without end", '{"id":"x","at":"infinity"}', /at must be a time, got "infinity"/],
  ];
  const mapping = {
    table: "calls" as const,
    columns: { ...simple.columns, input_tokens: "usage.in", started_at: "at" },
  };
  for (const [name, line, reason] of odd)
    test(name, () =>
      workbench(async ({ read, rows, rejects }) => {
        const good = jsonl({ id: "a", m: "x", ms: 1000, usage: { in: 3 }, at: "2026-01-02T03:04:05Z" });
        for (const lines of [
          [line, good],
          [good, line],
          [good, "{damaged", line],
        ]) {
          const file = await read("odd.jsonl", `${lines.map((one) => one.trim()).join("\n")}\n`, { mapping });
          assert.equal(file.calls, 2);
          assert.match(file.emptied?.[0].first ?? "", reason);
          assert.match(file.emptied?.[0].first ?? "", new RegExp(`^line ${lines.indexOf(line) + 1}: `));
          assert.equal((await rejects()).length, lines.length - 2);
          const [{ emptied }] = await rows<{ emptied: string }>(
            "select emptied from calls where call_id = 'x'",
          );
          assert.equal(emptied, file.emptied?.[0].column);
        }
      }),
    );
});

test("strict takes none of a file with a damaged line, and says which", () =>
  workbench(async ({ read, rows }) => {
    const file = await read("s.jsonl", `${jsonl({ id: "a", m: "x", ms: 1 })}nonsense\n`, {
      mapping: simple,
      strict: true,
    });
    assert.equal(file.status, "failed");
    assert.match(
      file.reason ?? "",
      /1 record cannot be read, so strict rejects the whole file; line 2: is not JSON/,
    );
    assert.deepEqual(
      await rows("select 1 from calls union all select 1 from rejects union all select 1 from ingests"),
      [],
    );
  }));

test("odd but readable values are kept as they are", () =>
  workbench(async ({ read, rows, rejects }) => {
    const model = "<img src=x onerror=alert(1)> 'q' \"d\" \u2028 \u0000 🙂 \\ \n";
    await read(
      "odd.jsonl",
      jsonl({ id: "a", m: model, ms: true }, '{"id":"b","m":12,"ms":NaN}', { id: 7, m: 1.5, ms: "2000" }, {}),
      { mapping: simple },
    );
    assert.deepEqual(await rejects(), []);
    assert.deepEqual(await rows("select call_id, model, duration from calls order by line"), [
      { call_id: "a", model, duration: 0.001 },
      { call_id: "b", model: "12", duration: null },
      { call_id: "7", model: "1.5", duration: 2 },
      { call_id: "1:4", model: null, duration: null },
    ]);
  }));

describe("names of fields", () => {
  const names = [
    ..."unreadable lost first line record element span source stage json keys select from table order".split(
      " ",
    ),
    ..."user group null true lost_columns place rowid filename 0.duration record\u0020lost".split(" "),
    ...[
      "a.b",
      'q"q',
      "q'q",
      "ünï🙂",
      "with space",
      "__proto__",
      "constructor",
      "toString",
      "$",
      "/",
      "~",
      "0",
      "-",
    ],
  ];
  for (const damage of ["", "nonsense\n"]) {
    test(`any name can be mapped${damage && ", in a damaged file too"}`, () =>
      workbench(async ({ read, rows, rejects }) => {
        for (const [at, name] of names.entries()) {
          const quoted = `"${name.replaceAll('"', '""')}"`;
          const record = (value: unknown) =>
            `{${JSON.stringify(name)}: ${JSON.stringify(value)}, "n": ${at}}`;
          const nested = `{"in": ${record("deep")}, "n": ${at}}`;
          const mapping = [
            { table: "calls" as const, columns: { model: quoted, region: `"in".${quoted}`, attempt: "n" } },
          ];
          const file = await read(`${at}.jsonl`, `${record("top")}\n${nested}\n${damage}`, { mapping });
          assert.equal(file.status, "ingested", `${name}: ${file.reason}`);
          assert.deepEqual(
            await rows(`select model, region, attempt from calls where attempt = ${at} order by line`),
            [
              { model: "top", region: null, attempt: at },
              { model: null, region: "deep", attempt: at },
            ],
            name,
          );
        }
        assert.equal((await rejects()).length, damage === "" ? 0 : names.length);
      }));
  }
  test("names that differ in case alone cannot both be mapped, and one of them can", () =>
    workbench(async ({ read, rows }) => {
      const content = jsonl({ Model: "upper", model: "lower", "": "empty", ms: 1 });
      const both = await read("both.jsonl", content, {
        mapping: { table: "calls", columns: { model: "model", region: '"Model"' } },
      });
      assert.match(both.reason ?? "", /differ by more than case/);
      await read("one.jsonl", content, { mapping: { table: "calls", columns: { model: '"Model"' } } });
      assert.deepEqual(await rows("select model from calls"), [{ model: "upper" }]);
    }));
  test("names inside a list may differ in case, or be empty", () =>
    workbench(async ({ read, rows }) => {
      const content = jsonl({ tags: [{ a: 1, A: 2, "": 3 }], model: "m" });
      await read("l.jsonl", content, { mapping: { table: "calls", columns: { region: "tags[1].a" } } });
      assert.deepEqual(await rows("select region from calls"), [{ region: "1" }]);
    }));
  test("a field that no table has is no column of ours", () =>
    workbench(async ({ read }) => {
      const file = await read("p.jsonl", jsonl({ model: "m", duration: 1, constructor: 1, toString: 2 }));
      assert.match(
        file.reason ?? "",
        /unknown format; the fields of the first record: model, duration, constructor/,
      );
    }));
});
