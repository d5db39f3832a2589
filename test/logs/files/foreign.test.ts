import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonl, workbench } from "../workbench";

/** A text in UTF-32, with or without a mark. */
function utf32(text: string, { big = false, mark = true } = {}): Buffer {
  const codes = [...(mark ? "\ufeff" : ""), ...text].map((one) => one.codePointAt(0)!);
  const bytes = Buffer.alloc(4 * codes.length);
  for (const [at, code] of codes.entries())
    if (big) bytes.writeUInt32BE(code, 4 * at);
    else bytes.writeUInt32LE(code, 4 * at);
  return bytes;
}

const files: [string, string | Buffer, RegExp][] = [
  ["report.jsonl", "%PDF-1.7\n1 0 obj\n", /^it is a PDF document; files can be/],
  ["logs.json", "<!DOCTYPE html><html><body>Sign in</body></html>", /web page.*sign-in/],
  [
    "logs.csv",
    Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(500)]),
    /SQLite database: export/,
  ],
  ["noise.jsonl", Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 37) % 256)), /binary data/],
  ["notes.jsonl", "hello world\nand more\n", /text without records; its first line is "… \(11 characters\)"/],
  ...[{}, { big: true }, { mark: false }, { big: true, mark: false }].map(
    (how, at): [string, Buffer, RegExp] => [
      `wide${at}.${at % 2 ? "csv" : "jsonl"}`,
      utf32(at % 2 ? "model,ms\nm,1\n" : jsonl({ model: "m", ms: 1 }), how),
      /^it is text in UTF-32, .*UTF-16: convert it, for instance with iconv -f UTF-32 -t UTF-8/,
    ],
  ),
  ["calls.yaml", "- model: m\n  ms: 1\n- model: n\n  ms: 2\n", /^it is YAML.*yq -o=json/],
  [
    "dump.sql",
    "--\n-- PostgreSQL database dump\n--\nCOPY calls (a) FROM stdin;\n1\n",
    /dump of Postgres.*csv header/,
  ],
  [
    "copied.tsv",
    "c0\tgpt-4o\t2026-03-02 00:00:00+00\t5269\tt\nc1\tgpt-4o\t2026-03-02 00:07:00+00\t\\N\tf\n",
    /^its first line has values \(".+"\) where the names of the columns belong/,
  ],
  ["numbers.csv", "1,5269,gpt-4o\n2,4000,gpt-4o\n", /^its first line has values/],
  ["empty.json", "[]", /^the file contains no records$/],
  ["empty over lines.json", "[\n]\n", /^the file contains no records$/],
  ["cut over lines.json", "[\n", /^it is not JSON .*damaged or was cut short/],
  ["object.json", "{}", /^the file contains no records$/],
  [
    "summary.json",
    JSON.stringify({ model: "m", ttft_p50: 1, ttft_p99: 2, ttft_mean: 1, e2e_p50: 1, e2e_stddev: 2 }),
    /summary statistics \(ttft_p50, ttft_p99, ttft_mean, \.\.\.\), not calls/,
  ],
];

describe("files that hold no records", () => {
  for (const [name, content, reason] of files)
    test(`${name}: one line says what it is and what to do`, () =>
      workbench(async ({ read }) => {
        const { status, reason: message = "" } = await read(name, content);
        assert.equal(status, "failed");
        assert.match(message, reason);
        assert.ok(message.length < 250 && !message.includes("\n"), message);
      }));

  test("an unknown record is answered with a mapping to start from, however many fields it has", () =>
    workbench(async ({ read }) => {
      const wide = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`some_field_${at}`, at]));
      const { reason = "" } = await read("wide.jsonl", jsonl({ latency_ms: 3, model: "m", ...wide }));
      assert.match(
        reason,
        /and \d+ more.*starting from: \{"table":"calls","columns":\{"duration":"latency_ms \/ 1000"/,
      );
      assert.ok(reason.length < 1_000, reason);
    }));

  for (const header of ["model,0,1,2,3", "model,\\N,1,x,y", "model,2026-03-02 00:00,1,x,y"])
    test(`a mapping reads a table whose columns are named ${header}`, () =>
      workbench(async ({ read }) => {
        const mapping = { table: "calls" as const, columns: { duration: '"1"', model: "model" } };
        const { status, calls, reason } = await read("a.csv", `${header}\nm,1,2,3,4\n`, { mapping });
        assert.deepEqual([status, calls, reason], ["ingested", 1, undefined]);
      }));

  test("a mapping's field that the sample does not have is named with the nearest one", () =>
    workbench(async ({ read }) => {
      const mapping = { table: "calls" as const, columns: { duration: "latency / 1000", model: "model" } };
      const { status, reason = "" } = await read("a.jsonl", jsonl({ latency_ms: 3, model: "m" }), {
        mapping,
      });
      assert.equal(status, "ingested");
      assert.match(reason, /field not found: latency; did you mean "latency_ms"\?/);
    }));
});
