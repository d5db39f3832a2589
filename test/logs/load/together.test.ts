import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe } from "node:test";
import { gzipSync } from "node:zlib";
import { ingest } from "../../../src/logs/ingest";
import { open, type Store } from "../../../src/store/open";
import { rowsOf } from "../../../src/store/run";
import { filledTables } from "../../../src/store/schema";
import { thorough } from "../../property";

const payload = (id: string, more: object = {}) => ({
  id,
  trace_id: `trace-${id}`,
  call_type: "acompletion",
  startTime: 1_770_000_000 + id.length,
  endTime: 1_770_000_001.5 + id.length,
  model: "gpt-4o",
  response_cost: 0.001,
  status: "success",
  prompt_tokens: 100,
  completion_tokens: 20,
  metadata: {},
  messages: [{ role: "user", content: `hello ${id}` }],
  ...more,
});
const trace = (id: string, attributes: object[]) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: id.padStart(32, "0"),
              spanId: id.padStart(16, "0"),
              name: "chat",
              startTimeUnixNano: "1770000000000000000",
              endTimeUnixNano: "1770000001000000000",
              attributes,
            },
          ],
        },
      ],
    },
  ],
});
const genai = [
  { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
  { key: "gen_ai.request.model", value: { stringValue: "gpt-4o" } },
];
const lines = (...records: object[]) => records.map((one) => JSON.stringify(one)).join("\n");

const contents: Record<string, string | Buffer> = {};
for (let at = 10; at < 30; at++) contents[`a${at}.json`] = JSON.stringify(payload(`id-${at}`), null, at % 2);
for (let at = 10; at < 20; at++) contents[`t${at}.jsonl`] = lines(trace(`${at}`, genai), trace(`9${at}`, []));
Object.assign(contents, {
  "b1.jsonl": `${lines(payload("b1"))}\n\n  \n${lines(payload("b2"), payload("b3"))}\n`,
  "b2.jsonl": `\ufeff${lines(payload("b4"))}\r\n${lines(payload("b5"))}\r\n`,
  // Seen before, in another file and twice in its own.
  "b3.jsonl": lines(
    payload("id-10", { completion_tokens: 7 }),
    payload("b6"),
    payload("b6", { completion_tokens: 8 }),
  ),
  "b4.json": JSON.stringify(payload("id-11"), null, 1), // as a11.json, byte by byte
  "b5.jsonl.gz": gzipSync(lines(payload("b7"))),
  "c1.jsonl": `${lines(payload("c1"))}\n${lines(payload("c2")).slice(0, -9)}`,
  "c2.jsonl": lines(payload("c3"), payload("c4", { prompt_tokens: "many" })),
  "c3.json": "not a log",
  "c4.json": "",
  "d/log.jsonl": lines(payload("d1")),
  "e/log.jsonl": lines(payload("d1"), payload("d2")), // d/log.jsonl, grown
  "f/log.jsonl": lines(payload("f1"), payload("f2")),
  "u1.jsonl": lines(trace("77", [])),
  "u2.jsonl": lines(trace("78", genai)),
});

describe("many small files", () => {
  let folder: string;
  let whole: Store;
  let single: Store;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
    for (const [name, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    whole = await open(":memory:");
    single = await open(":memory:");
  });
  after(() => {
    whole.close();
    single.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // Ingest numbers depend on the order in which files arrive, so results are compared by file name.
  async function held({ connection }: Store): Promise<unknown> {
    const tables: Record<string, unknown> = {};
    for (const table of [...filledTables, "rejects"]) {
      const rows = await rowsOf<Record<string, unknown>>(
        connection,
        `select one.*, path from ${table} as one join ingests using (ingest_id)`,
      );
      tables[table] = rows.map(({ ingest_id: _, ...row }) => JSON.stringify(row)).sort();
    }
    tables.ingests = await rowsOf(
      connection,
      "select path, sha256, format, size, rows, replaced, rejected from ingests order by path",
    );
    return tables;
  }

  thorough("read together they bring what each brings alone, and are told of in the same words", async () => {
    const together = await ingest(whole, folder);
    const alone = [];
    for (const { path } of together.files) alone.push(...(await ingest(single, path)).files);
    assert.deepEqual(together.files, alone);
    assert.equal(together.files.length, Object.keys(contents).length);
    assert.deepEqual(await held(whole), await held(single));
    const statusOf = (name: string) => together.files.find(({ path }) => path.endsWith(name));
    assert.equal(statusOf("b4.json")?.status, "unchanged");
    assert.deepEqual([statusOf("b3.jsonl")?.calls, statusOf("b3.jsonl")?.replaced], [2, 2]);
    assert.match(statusOf("u1.jsonl")?.reason ?? "", /its only span is no GenAI span/);
    assert.equal(statusOf("c1.jsonl")?.rejected, 1);
  });

  thorough("read again they are unchanged, with the counts that are left of them", async () => {
    const { files } = await ingest(whole, folder);
    const again = [];
    for (const { path } of files) again.push(...(await ingest(single, path)).files);
    assert.deepEqual(files, again);
    assert.ok(files.filter(({ status }) => status === "unchanged").length >= 35);
  });
});
