import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { thorough } from "../property";
import { near } from "../same";
import { fieldnotes, folder, json } from "./command";

const { path: here, remove } = folder();
after(remove);

const tasks = 60;
const calls = Array.from({ length: 2 * tasks }, (_, at) => ({
  task: at >> 1,
  model: at % 4 < 2 ? "gpt-4o" : "claude-3-haiku",
  input: 1000 + at,
  output: 100 + at,
}));
const dollars = { "gpt-4o": [2.5, 10], "claude-3-haiku": [0.25, 1.25] } as Record<string, number[]>;
const isResolved = (task: number) => task % 3 !== 0;

writeFileSync(
  join(here, "llm_requests.csv"),
  `req_ref,ticket_ref,ai_model,started_at_utc,response_latency_ms,promptTokens,completion_toks,customer\n${calls
    .map(
      ({ task, model, input, output }, at) =>
        `r${at},T${task},${model},2026-03-02T09:${String(at >> 1).padStart(2, "0")}:0${at % 2}Z,${500 + at},${input},${output},u${task % 12}\n`,
    )
    .join("")}`,
);
writeFileSync(
  join(here, "tickets.csv"),
  `ticket_no,customer,outcome\n${Array.from({ length: tasks }, (_, task) => `T${task},u${task % 12},${isResolved(task) ? "Resolved" : "escalated"}\n`).join("")}`,
);
writeFileSync(
  join(here, "rates.csv"),
  "Model,input_per_1m_usd,output_per_1m_usd\ngpt-4o,2.5,10\nclaude-3-haiku,0.25,1.25\n",
);

describe("files with names of their own", () => {
  thorough("are shown as they would be read, with units, and nothing is written", async () => {
    const { code, stdout } = await fieldnotes(["ingest", "rates.csv", "llm_requests.csv", "--preview"], here);
    assert.equal(code, 0);
    assert.match(stdout, /2 rows of prices/);
    assert.match(stdout, /input, USD per token/);
    assert.match(stdout, /0\.0000025/);
    assert.match(stdout, /120 rows of calls, the first 10/);
    assert.match(stdout, /duration \(seconds\) = response_latency_ms \/ 1000/);
    assert.ok(!existsSync(join(here, "fieldnotes.duckdb")));
    assert.ok(!existsSync(join(here, "rates.mapping.json")));
  });

  thorough(
    "say which fields are read as texts, show none of them, and give an eval set once texts are kept",
    async () => {
      const rows = calls.map(
        ({ task, model }, at) => `r${at},${model},2026-03-02T09:00:00Z,9,"Is ${task} prime?",no`,
      );
      writeFileSync(join(here, "asked.csv"), ["no,llm,at,tookMs,question,reply", ...rows].join("\n"));
      const { stdout } = await fieldnotes(["map", "asked.csv", "--yes"], here);
      assert.match(stdout, /^ {2}prompt = question \(a text, which is stored only with --text keep\)$/m);
      assert.match(stdout, /^ {2}output = reply \(a text/m);
      assert.doesNotMatch(stdout, /prime/);
      await fieldnotes(["ingest", "asked.csv", "--text", "keep", "--db", "asked.duckdb"], here);
      const { code } = await fieldnotes(["evalset", "build", "--size", "5", "--db", "asked.duckdb"], here);
      assert.equal(code, 0);
    },
  );

  test("that are read in part say what is left out, and how a clock that counts from 0 is read", async () => {
    writeFileSync(
      join(here, "trace.jsonl"),
      '{"timestamp": 0, "input_length": 5, "hash_ids": [1]}\n'.repeat(3),
    );
    const { stdout } = await fieldnotes(["ingest", "trace.jsonl", "--preview"], here);
    assert.match(
      stdout,
      /in no column; .*: timestamp \(it counts from 0; .*to_timestamp\(1767225600 \+ timestamp \/ 1000\).*, hash_ids/,
    );
  });

  thorough(
    "whose durations state their own units are read in seconds, and a dash is no duration",
    async () => {
      const cells = ["1200ms", "1,5 s", "450µs", "1m2.5s", "00:00:01.2", "-"];
      const rows = cells.map((cell, at) => `gpt-4o;2026-03-02T09:00:0${at}Z;${cell}`);
      writeFileSync(join(here, "spans.csv"), ["Modell;Zeitpunkt;Dauer", ...rows].join("\n"));
      await fieldnotes(["map", "spans.csv", "--yes"], here);
      const { rows: read } = await json(["calls", "spans.csv"], here);
      assert.deepEqual(
        read.map(({ duration }: { duration: number | null }) => duration).sort(),
        [null, 0.00045, 1.2, 1.2, 1.5, 62.5].sort(),
      );
    },
  );

  thorough("with more other fields than are kept say how many are kept, and name the first", async () => {
    const others = Array.from({ length: 100 }, (_, at) => `f${at}`);
    const lines = [1, 2, 3].map((row) => `${row},gpt-4o,0.5,${others.map(() => row).join(",")}`);
    writeFileSync(
      join(here, "wide.csv"),
      ["request_id,model_name,latency_s,", others.join(","), "\n", lines.join("\n")].join(""),
    );
    const { stdout } = await fieldnotes(["ingest", "wide.csv", "--preview"], here);
    assert.match(
      stdout,
      /in no column; kept as attributes the first 64 that do not hold text: f0, .*, f39, and 60 more\n/,
    );
  });

  thorough("give the right cost of a resolved task in three commands", async () => {
    const files = ["llm_requests.csv", "tickets.csv", "rates.csv"];
    const { map } = await json(["map", ...files], here);
    assert.deepEqual(
      map.map(({ wrote }: { wrote: string }) => wrote),
      files.map((file) => file.replace(".csv", ".mapping.json")),
    );
    await json(["ingest", ...files], here);
    const { rows } = await json(["cost", "--by", "model"], here);
    for (const row of rows) {
      const own = calls.filter(({ model }) => model === row.model);
      const [input, output] = dollars[row.model];
      const spent = own.reduce((sum, one) => sum + one.input * input + one.output * output, 0) / 1e6;
      const resolved = new Set(own.filter(({ task }) => isResolved(task)).map(({ task }) => task)).size;
      near(row.cost_per_resolved.value, spent / resolved);
    }
  });

  thorough("of which one has a mapping that reads the other too are told to take it", async () => {
    writeFileSync(join(here, "day1.csv"), "llm,at,tookMs\nm,2026-03-02T09:00:00Z,9\n");
    writeFileSync(join(here, "day2.csv"), "llm,at,tookMs\nm,2026-03-03T09:00:00Z,7\n");
    await fieldnotes(["map", "day1.csv", "--yes"], here);
    const ingest = ["ingest", "day2.csv", "--db", "days.duckdb"];
    const { code, stdout } = await fieldnotes(ingest, here);
    assert.equal(code, 1);
    assert.match(stdout, /A mapping beside it reads such fields: --mapping day1\.mapping\.json\. Write/);
    assert.equal((await fieldnotes([...ingest, "--mapping", "day1.mapping.json"], here)).code, 0);
  });

  thorough("keep the mapping that is there, whatever was guessed", async () => {
    const file = join(here, "tickets.mapping.json");
    const before = readFileSync(file, "utf8");
    const { stdout } = await fieldnotes(["map", "tickets.csv"], here);
    assert.match(stdout, /tickets\.csv already has a mapping; nothing was written/);
    assert.equal(readFileSync(file, "utf8"), before);
  });
});

thorough(
  "forget takes out what a file brought, and says what the store holds where it is not there",
  async () => {
    const out = await fieldnotes(["forget", "tickets.csv"], here);
    assert.deepEqual(
      [out.code, out.stdout],
      [0, "tickets.csv: forgotten (ingest 2, read as mapping), 60 tasks\n"],
    );
    const again = await fieldnotes(["forget", "tickets.csv"], here);
    assert.notEqual(again.code, 0);
    assert.match(again.stderr, /got tickets\.csv; it holds 1 llm_requests\.csv, 3 rates\.csv/);
  },
);
