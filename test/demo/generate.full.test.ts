import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { generateDemo } from "../../src/demo/generate";
import { textsOf } from "../../src/demo/text/text";
import type { Task } from "../../src/demo/traffic/call";
import { judging } from "../../src/demo/traffic/scores";
import { traffic } from "../../src/demo/traffic/traffic";
import { checkWorld, defaultWorldText, readWorld } from "../../src/demo/world/world";
import { csvMapping } from "../../src/demo/write/csv";
import { names } from "../../src/demo/write/name";
import { ingest } from "../../src/logs/ingest";
import { random } from "../../src/stats/random";
import { open } from "../../src/store/open";

const committed = join(__dirname, "..", "..", "data", "demo");
const folder = mkdtempSync(join(tmpdir(), "fieldnotes-demo-"));
after(() => rmSync(folder, { recursive: true }));
const { world } = readWorld();
// Another version of the compressor may produce different bytes from the same text.
const content = (path: string) =>
  path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path);
const textOf = (path: string) => content(path).toString("latin1");

/** The records of a CSV file, whose cells may be quoted and hold line breaks. */
function records(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (quoted === undefined && plain === "" && end === "" && rows.at(-1)!.length === 0) break;
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\n") rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

describe("the committed demo", () => {
  test("is what the generator writes with seed 1, character by character", () => {
    const out = join(folder, "committed");
    const { files, calls } = generateDemo({ out, truthCalls: 0 });
    assert.equal(calls, world.calls);
    for (const file of files) {
      const name = file.slice(out.length + 1);
      assert.ok(content(file).equals(content(join(committed, name))), `${name} differs`);
    }
    assert.deepEqual(readdirSync(committed).sort(), [...readdirSync(out), "truth.json"].sort());
  });

  test("has the rows that its description gives", () => {
    const description = readFileSync(join(committed, "..", "README.md"), "utf8");
    const text = (name: string) => textOf(join(committed, name));
    const rows = (name: string) => text(name).split("\n").length - 1;
    const counts = [
      [text("assistant.otlp.jsonl.gz").split('"name":"chat ').length - 1, "calls"],
      [rows("coding.jsonl.gz"), "calls"],
      [records(text("traffic.csv")).length - 1, "calls"],
      [rows("tasks.csv") - 1, "tasks"],
      [rows("prices.csv") - 1, "models"],
      [rows("scores.csv") - 1, "judgements"],
      [rows("requests.scores.csv") - 1, "notes"],
      [rows("study.jsonl"), "answers"],
      [rows("benchmarks.csv") - 1, "published scores"],
    ] as const;
    for (const [count, what] of counts)
      assert.ok(description.includes(`${count.toLocaleString("en-US")} ${what}`), `${count} ${what}`);
  });

  test("is under 6 MB", () => {
    const bytes = readdirSync(committed).reduce((sum, name) => sum + statSync(join(committed, name)).size, 0);
    assert.ok(bytes < 6e6, `${bytes} bytes`);
  });

  test("comes with the truth of its world", () => {
    const truth = JSON.parse(readFileSync(join(committed, "truth.json"), "utf8"));
    assert.ok(truth.calls >= 2_000_000);
    const row = truth.rows.find(
      ({ by }: { by: object }) =>
        JSON.stringify(by) === '{"workload":"coding-assistant","model":"quillon-7"}',
    );
    assert.ok(row.measures["duration.0.5"].standard_error < 0.02 * row.measures["duration.0.5"].value);
  });
});

describe("generateDemo", () => {
  const out = join(folder, "small");
  const seed = 7;
  const made = generateDemo({ out, calls: 1500, seed, truthCalls: 0 });
  const tasks: Task[] = [...traffic(world, { seed, calls: 1500 })];
  const read = (name: string) => textOf(join(out, name));
  const lines = (name: string) => read(name).trimEnd().split("\n");
  const { prompts, repeats, models } = world.study!;
  const answers = prompts * repeats * Object.keys(models).length;

  test("writes the same bytes for the same seed and others for another", () => {
    const again = generateDemo({ out: join(folder, "again"), calls: 1500, seed, truthCalls: 0 });
    for (const [index, file] of made.files.entries())
      assert.ok(readFileSync(file).equals(readFileSync(again.files[index])), file);
    const other = generateDemo({ out: join(folder, "other"), calls: 1500, seed: 8, truthCalls: 0 });
    assert.ok(!readFileSync(made.files[0]).equals(readFileSync(other.files[0])));
  });

  test("writes JSON lines and rows that all parse", () => {
    for (const name of made.logs.map((path) => basename(path)))
      if (/\.jsonl(\.gz)?$/.test(name)) {
        for (const line of lines(name)) assert.equal(typeof JSON.parse(line), "object");
      } else {
        const [header, ...rows] = records(read(name));
        assert.ok(rows.length > 0 && rows.every((row) => row.length === header.length), name);
      }
    const work = world.workloads["document-review"];
    assert.deepEqual(JSON.parse(read("traffic.mapping.json")), csvMapping(work));
  });

  test("sends spans in batches whose ids are hexadecimal and never repeat", () => {
    const batches = lines("assistant.otlp.jsonl.gz").map(
      (line) =>
        JSON.parse(line).resourceSpans[0].scopeSpans[0].spans as { spanId: string; traceId: string }[],
    );
    assert.ok(batches.some((spans) => spans.length > 1));
    const ids = batches.flat().map(({ spanId, traceId }) => {
      assert.match(spanId, /^[0-9a-f]{16}$/);
      assert.match(traceId, /^[0-9a-f]{32}$/);
      return spanId;
    });
    assert.equal(new Set(ids).size, ids.length);
  });

  test("reads back as exactly the calls that were drawn, whatever the format", async () => {
    const store = await open(":memory:");
    try {
      const result = await ingest(store, made.logs);
      assert.equal(result.rejected, 0);
      assert.equal(result.calls, 1500 + answers);
      const rows = (
        await store.connection.runAndReadAll(
          "select task_id, epoch_us(started_at)::double as started_at, duration, time_to_first_token, input_tokens, " +
            "output_tokens, status, cost, user_id, workload, stream from calls where environment = 'production' " +
            "order by task_id, started_at",
        )
      ).getRowObjectsJS();
      const drawn = new Map<string, object[]>();
      const outcomes = lines("tasks.csv")
        .slice(1)
        .map((line) => line.split(","));
      for (const [index, task] of tasks.entries())
        drawn.set(
          outcomes[index][0],
          task.calls.map((call) => ({
            started_at: call.startedAt,
            duration: call.duration,
            time_to_first_token: call.timeToFirstToken < 0 ? null : call.timeToFirstToken,
            input_tokens: call.inputTokens < 0 ? null : call.inputTokens,
            output_tokens: call.outputTokens < 0 ? null : call.outputTokens,
            status: call.status,
            workload: task.lane.workload,
            stream: call.lane.work.stream,
          })),
        );
      const micro = (seconds: unknown) => (seconds === null ? null : Math.round(Number(seconds) * 1e6));
      const token = (count: unknown) => (count === null ? null : Number(count));
      const readBack = new Map<string, object[]>();
      for (const row of rows) {
        const list = readBack.get(String(row.task_id)) ?? [];
        list.push({
          started_at: Number(row.started_at),
          duration: micro(row.duration),
          time_to_first_token: micro(row.time_to_first_token),
          input_tokens: token(row.input_tokens),
          output_tokens: token(row.output_tokens),
          status: row.status,
          workload: row.workload,
          stream: row.stream,
        });
        readBack.set(String(row.task_id), list);
      }
      assert.deepEqual(readBack, new Map([...drawn].sort(([a], [b]) => (a < b ? -1 : 1))));
    } finally {
      store.close();
    }
  });

  test("names in a trace the release that its task ran in, however often it changes", () => {
    const other = JSON.parse(defaultWorldText());
    other.workloads["chat-assistant"].releases = Array.from({ length: 8 }, (_, at) => ({
      name: `5.${at}`,
      from: `2026-03-03T${at + 10}:00`,
      slowdown: 1,
    }));
    writeFileSync(join(folder, "busy.json"), JSON.stringify(other));
    generateDemo({ out: join(folder, "busy"), calls: 6000, world: join(folder, "busy.json"), truthCalls: 0 });
    const ids = names(1);
    const ran = new Map(
      [...traffic(checkWorld(other), { seed: 1, calls: 6000 })].map((task) => [
        ids.task(task.number),
        task.lane.variants.releases[task.release].name,
      ]),
    );
    let spans = 0;
    for (const line of textOf(join(folder, "busy", "assistant.otlp.jsonl.gz"))
      .trimEnd()
      .split("\n")) {
      const [{ resource, scopeSpans }] = JSON.parse(line).resourceSpans;
      const { value } = resource.attributes.find(({ key }: { key: string }) => key === "service.version");
      for (const { traceId } of scopeSpans[0].spans) {
        assert.equal(value.stringValue, ran.get(traceId));
        spans++;
      }
    }
    assert.ok(spans > 1000);
  });

  test("reads back what was said and judged: texts where kept, and scores of calls that are there", async () => {
    const store = await open(":memory:");
    try {
      await ingest(store, made.logs, { text: "keep" });
      const rows = async (sql: string) => (await store.connection.runAndReadAll(sql)).getRowObjectsJS();
      const talk = textsOf(seed);
      const said = tasks.flatMap(talk).filter(({ prompt }) => prompt !== null);
      const kept = await rows("select count(*)::int as n, count(output)::int as outputs from texts");
      assert.deepEqual(kept, [
        { n: said.length, outputs: said.filter(({ output }) => output !== null).length },
      ]);
      const lost = "select * from scores where subject_id not in (select call_id from calls)";
      assert.deepEqual(await rows(lost), []);
      const drawn = tasks.flatMap(judging(world, random(seed, 4)));
      const isRequestScore = "name in ('evidence_position', 'messy')";
      const [{ n, of }] = await rows(
        `select count(*) filter (where not ${isRequestScore})::int as n, count(*) filter (where ${isRequestScore})::int as "of" from scores`,
      );
      assert.equal(n, drawn.length + 2 * answers);
      assert.equal(of, lines("requests.scores.csv").length - 1);
      const [kinds] = await rows(
        "select list_sort(list(distinct prompt_version) filter (where prompt_version is not null)) as versions, list_sort(list(distinct operation)) as operations, " +
          "list_sort(list(distinct release) filter (where release is not null)) as releases from calls",
      );
      assert.deepEqual(JSON.parse(JSON.stringify(kinds, (_, one) => one?.items ?? one)), {
        versions: ["checked", "plain"],
        operations: ["chat", "text_completion"],
        releases: ["4.2.0", "4.3.0"],
      });
    } finally {
      store.close();
    }
  });

  test("takes another world, and writes it beside the logs", () => {
    const other = JSON.parse(defaultWorldText());
    delete other.workloads["document-review"];
    delete other.study;
    other.workloads["chat-assistant"].format = "canonical";
    other.days = 2;
    writeFileSync(join(folder, "other.json"), JSON.stringify(other));
    const demo = generateDemo({
      out: join(folder, "world"),
      calls: 200,
      world: join(folder, "other.json"),
      truthCalls: 0,
    });
    assert.equal(demo.calls, 200);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "world", "world.json"), "utf8")), other);
    assert.ok(!demo.files.some((file) => file.endsWith("traffic.csv")));
  });

  test("tells how far it is", () => {
    const seen: number[] = [];
    generateDemo({
      out: join(folder, "told"),
      calls: 25_000,
      truthCalls: 0,
      onProgress: (done) => seen.push(done),
    });
    assert.equal(seen.length, 2);
  });

  test("refuses numbers of calls and seeds that are none", () => {
    assert.throws(
      () => generateDemo({ out: folder, calls: 0 }),
      /generateDemo requires calls to be a whole number >= 1, got 0/,
    );
    assert.throws(() => generateDemo({ out: folder, calls: 1.5 }), /got 1\.5/);
    assert.throws(
      () => generateDemo({ out: folder, seed: -1 }),
      /random requires seed to be a whole number >= 0, got -1/,
    );
  });
});
