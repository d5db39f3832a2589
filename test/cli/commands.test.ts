import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { thorough } from "../property";
import { assertClose } from "../same";
import { fieldnotes, fieldnotesProcess, folder, json, type Outcome, program } from "./command";

const { path: here, remove } = folder();
const hostile = "<img src=x onerror=alert(1)>";
const db = ["--db", "team.duckdb"];

/** The keys of an object, or of a list's first item. */
const keys = (value: object) => Object.keys(value).sort();
const estimateKeys = ["clusterBy", "clusters", "high", "level", "low", "method", "n", "unit", "value"];

/** Fails unless this is an estimate in JSON that other programs can read: numbers, "Infinity", or null. */
function isEstimate(value: Record<string, unknown>): void {
  for (const name of estimateKeys) assert.ok(name in value, `${name} of ${JSON.stringify(value)}`);
  for (const name of ["value", "low", "high"]) {
    const end = value[name];
    assert.ok(
      end === null || typeof end === "number" || end === "Infinity" || end === "-Infinity",
      `${name} is ${JSON.stringify(end)}`,
    );
  }
  const others = keys(value).filter((name) => !estimateKeys.includes(name));
  for (const name of others)
    assert.ok(["designEffect", "note", "reservations", "resamples"].includes(name), name);
  const { reservations = [] } = value as { reservations?: object[] };
  for (const one of reservations)
    assert.deepEqual(keys(one).slice(0, 3), ["decides", "id", "numbers"], JSON.stringify(one));
}

before(async () => {
  const calls = Array.from({ length: 40 }, (_, at) => ({
    call_id: `c${at}`,
    workload: "chat",
    model: at % 2 ? hostile : "b\u001b[31m\nname",
    user_id: `u${at % 7}`,
    started_at: `2026-03-02T${10 + (at % 8)}:00:00.5Z`,
    duration: 1 + at / 10,
    time_to_first_token: 0.25,
    output_tokens: 5,
    status: at === 3 ? "timeout" : at === 4 ? "error" : "ok",
  }));
  writeFileSync(
    join(here, "calls.jsonl"),
    `${calls.map((call) => JSON.stringify(call)).join("\n")}\n{"dur\n`,
  );
  writeFileSync(join(here, "odd.csv"), "id,ms,who\n1,1500,m\n2,2500,m\n");
  writeFileSync(
    join(here, "odd.json"),
    JSON.stringify({ table: "calls", columns: { call_id: "id", duration: "ms / 1000", model: "who" } }),
  );
  await fieldnotes(["ingest", "calls.jsonl", ...db], here);
});
after(remove);

describe("JSON that other programs read, alone on stdout", () => {
  thorough("ingest", async () => {
    const first = await json(["ingest", "odd.csv", "--mapping", "odd.json", "--db", "x.duckdb"], here);
    assert.deepEqual(keys(first), ["beyond", "calls", "files", "loggedTwice", "notes", "rejected"]);
    const shape = [
      "calls",
      "format",
      "others",
      "path",
      "records",
      "rejected",
      "replaced",
      "scores",
      "status",
      "tables",
      "tasks",
    ];
    for (const file of first.files)
      assert.deepEqual(
        keys(file).filter((name) => name !== "reason"),
        shape,
      );
    const again = await json(["ingest", "odd.csv", "--mapping", "odd.json", "--db", "x.duckdb"], here);
    assert.deepEqual([again.files[0].status, again.files[0].rejected], ["unchanged", 0]);
    assert.match(again.files[0].path, /odd\.csv$/);
    assert.equal(first.files.find((file: { path: string }) => /odd/.test(file.path)).calls, 2);
  });

  test("latency, from a store, with --db before the command as after it", async () => {
    const [table, before] = await Promise.all([
      json(["latency", ...db], here),
      json([...db, "latency"], here),
    ]);
    assertClose(before, table);
    assert.deepEqual(keys(table), ["by", "measure", "notes", "rows"]);
    assert.deepEqual([table.measure, table.by], ["latency", ["workload", "model"]]);
    assert.deepEqual(
      table.rows.map((row: { model: string }) => row.model),
      [hostile, "b\u001b[31m\nname"],
    );
    for (const row of table.rows) {
      assert.deepEqual(keys(row), ["failed", "mean", "model", "n", "quantiles", "timeouts", "workload"]);
      assert.deepEqual(Object.keys(row.quantiles), ["0.5", "0.95", "0.99", "0.999"]);
      for (const estimate of [row.mean, ...Object.values(row.quantiles)]) isEstimate(estimate as never);
      assert.equal(row.quantiles["0.999"].high, "Infinity");
    }
  });

  test("latency of a file, without a database", async () => {
    const { stdout, stderr, code } = await fieldnotes(
      ["latency", "calls.jsonl", "--metric", "ttft", "--q", "0.25, .5", "--by", "model", "--json"],
      here,
    );
    assert.equal(code, 0);
    assert.equal(stdout.trim().split("\n").length, 1, "JSON alone, on one line");
    const { rows } = JSON.parse(stdout);
    assert.deepEqual(Object.keys(rows[0].quantiles), ["0.25", "0.5"]);
    assert.equal(rows[0].quantiles["0.5"].value, 0.25);
    assert.doesNotMatch(stderr, /^\{/m);
    assert.ok(!existsSync(join(here, "fieldnotes.duckdb")));
  });

  test("what does not exist is null: the time per output token of a log without one", async () => {
    const { rows } = await json(
      ["latency", "odd.csv", "--mapping", "odd.json", "--set", "workload=w", "--metric", "tpot"],
      here,
    );
    assert.deepEqual([rows[0].workload, rows[0].n, rows[0].mean.value], ["w", 0, null]);
    assert.deepEqual([rows[0].quantiles["0.5"].low, rows[0].quantiles["0.5"].high], [null, null]);
  });

  test("reliability", async () => {
    const table = await json(["reliability", "--by", "workload", ...db], here);
    const [row] = table.rows;
    assert.deepEqual(keys(table), ["by", "measure", "notes", "rows"]);
    assert.deepEqual(
      [row.workload, row.calls, row.error_rate.value, row.timeout_rate.value],
      ["chat", 40, 0.05, 0.025],
    );
    for (const rate of ["error", "timeout", "rate_limited", "retry", "fallback"])
      isEstimate(row[`${rate}_rate`]);
    assert.equal(row.retry_rate.value, null);
  });

  test("doctor", async () => {
    const found = await json(["doctor", ...db], here);
    assert.deepEqual(
      keys(found),
      "attributes calls can cannot columns conversations evaluation from models prompts records scores tasks to unpriced warnings".split(
        " ",
      ),
    );
    assert.deepEqual(
      [found.calls, found.from, found.to],
      [40, "2026-03-02T10:00:00Z", "2026-03-02T17:00:00Z"],
    );
    assert.deepEqual(keys(found.columns[0]), ["column", "filled", "share"]);
    assert.ok(found.can.includes("latency"));
    assert.deepEqual(keys(found.cannot[0]), ["measure", "why"]);
    assert.ok(found.warnings.some(({ id }: { id: string }) => id === "rejected"));
  });

  test("query, with values of every type", async () => {
    const sql = `select count(*) as n, 'infinity'::double as i, 'nan'::double as x, 9007199254740993 as big,
      timestamp '2026-01-02 03:04:05' as t, [1, 2] as l, {'a': null} as s, 1.25::decimal(4, 2) as d from calls`;
    assert.deepEqual(await json(["query", sql, ...db], here), {
      rows: [
        {
          n: 40,
          i: "Infinity",
          x: null,
          big: "9007199254740993",
          t: "2026-01-02T03:04:05.000Z",
          l: [1, 2],
          s: { a: null },
          d: 1.25,
        },
      ],
    });
  });

  test("formats", async () => {
    const { formats } = await json(["formats"], here);
    const names = formats.map(({ name }: { name: string }) => name);
    for (const name of ["otlp", "llmperf", "canonical"]) assert.ok(names.includes(name), name);
    for (const format of formats)
      assert.deepEqual(keys(format), ["about", "follows", "lacks", "name", "tables"]);
  });

  thorough("demo, whose logs go in as they are", async () => {
    const made = await json(["demo", "--calls", "500", "--seed", "7", "--out", "one"], here);
    assert.deepEqual(keys(made), ["calls", "files", "logs", "seconds"]);
    assert.ok(made.calls >= 500 && made.calls < 600, String(made.calls));
    for (const file of made.files) assert.ok(existsSync(join(here, file)), file);
    const { files, rejected } = await json(["ingest", "one", "--db", "demo.duckdb"], here);
    assert.equal(rejected, 0);
    assert.ok(files.every(({ status }: { status: string }) => status === "ingested"));
    const { rows } = await json(["latency", "--db", "demo.duckdb"], here);
    assert.equal(
      rows.length,
      new Set(rows.map(({ workload, model }: Record<string, string>) => workload + model)).size,
    );
    assert.ok(rows.length >= 6);
  });
});

describe("text that a person reads", () => {
  const safe = ({ stdout }: Outcome) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what would steer a terminal
    assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);

  thorough("cannot steer the terminal, whatever the log holds", async () => {
    for (const args of [["latency"], ["reliability"], ["doctor"], ["query", "select model from calls"]]) {
      const outcome = await fieldnotes([...args, ...db], here);
      assert.equal(outcome.code, 0, outcome.stderr);
      safe(outcome);
      assert.ok(outcome.stdout.includes(hostile));
    }
  });

  test("numbers stand with their interval", async () => {
    const { stdout } = await fieldnotes(["latency", ...db, "--q", "0.5"], here);
    assert.match(stdout, /p50, s/);
    assert.match(stdout, /\d\.\d+ [[(]\d\.\d+, (\d\.\d+|∞)[\])]/);
  });
});

describe("wrong usage ends with 2 and one line that says what to do", () => {
  const cases: [string[], RegExp][] = [
    [["latenzy"], /unknown command 'latenzy' \(Did you mean latency\?\)/],
    [
      ["latency", "--intervall", "auto"],
      /unknown option '--intervall' \(Did you mean --interval\?\) \(see fieldnotes latency --help\)/,
    ],
    [["latency", ...db, "--q", "95"], /requires 0 <= q <= 1, got 95; did you mean 0\.95\?/],
    [["latency", ...db, "--q", "p95"], /expected a number, got "p95"/],
    [["latency", ...db, "--level", "95"], /requires 0 < level < 1, got 95; did you mean 0\.95\?/],
    [["latency", ...db, "--metric", "duratoin"], /got "duratoin"; did you mean "duration"\?/],
    [["latency", ...db, "--by", "modell"], /got "modell"; did you mean "model"\?/],
    [["latency", ...db, "--where", "modell = 'x'"], /got "modell"; did you mean "model"\?/],
    [["latency", ...db, "--where", "1; drop table calls"], /where requires/],
    [["latency", ...db, "--cluster", "team"], /Allowed choices are auto, user_id/],
    [["latency", ...db, "--timezone", "Berlin"], /timezone requires a name such as/],
    [["ingest", "calls.jsonl", "--set", "modle=x"], /got "modle"; did you mean "model"\?/],
    [["ingest", "calls.jsonl", "--format", "otpl"], /unknown format: otpl; did you mean "otlp"\?/],
    [["ingest"], /missing required argument 'path'/],
    [["cost", "--calls", "--by", "model"], /--calls <row>' argument missing, got "--by"/],
    [["demo", "--calls", "none"], /expected a number, got "none"/],
  ];
  for (const [args, message] of cases) {
    test(args.join(" "), async () => {
      const { code, stdout, stderr } = await fieldnotes([...args, "--json"], here);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.match(stderr, /^fieldnotes: [^\n]+\n$/, "one line");
    });
  }
});

describe("a failure ends with 1 and one clear line", () => {
  const cases: [string[], RegExp][] = [
    [
      ["latency", "--db", "nowhere.duckdb"],
      /no such store: .*nowhere\.duckdb; name the right one.*fieldnotes ingest/,
    ],
    [["latency", "nowhere.jsonl"], /nowhere\.jsonl/],
    [["latency", "--db", "odd.csv"], /not a DuckDB database/],
    [["query", "selec 1", ...db], /syntax error/],
    [["query", "delete from calls", ...db], /read-only/],
    [["demo", "--world", "nowhere.json", "--out", "w"], /nowhere\.json: no such file/],
  ];
  for (const [args, message] of cases) {
    test(args.join(" "), async () => {
      const { code, stdout, stderr } = await fieldnotes(args, here);
      assert.equal(code, 1, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.match(stderr, /^fieldnotes: [^\n]+\n$/, "one line");
    });
  }

  test("a file that is no log fails, the others go in, and JSON tells which", async () => {
    writeFileSync(join(here, "letter.jsonl"), '{"dear": "reader"}\n');
    const { code, stdout } = await fieldnotes(
      ["ingest", "letter.jsonl", "calls.jsonl", "--db", "y.duckdb", "--json"],
      here,
    );
    assert.equal(code, 1);
    const { files, calls } = JSON.parse(stdout);
    assert.equal(calls, 40);
    const failed = files.filter(({ status }: { status: string }) => status === "failed");
    assert.deepEqual(
      failed.map(({ calls }: { calls: number }) => calls),
      [0],
    );
    assert.match(failed[0].reason, /dear/);
  });
});

describe("an option that would change nothing is refused", () => {
  const unused: [string[], string][] = [
    [
      ["plan", "--candidate", "provider,model"],
      "plan requires model in by, split or where with candidate, got by",
    ],
    [
      ["quality", "--by-length", "--slope", "--bins", "2"],
      "quality --slope has no --bins: it would change nothing; leave it out",
    ],
    [["latency", "--limit", "3"], "latency requires --calls with --limit, got none"],
    [["compare", "--switch", "2026-03-03", "--of", "a"], "compare requires --calls with --of, got none"],
    [["latency", "--set", "model=x"], "latency requires a file with --set"],
    [["doctor", "--strict"], "doctor requires a file with --strict"],
    [["query", "select 1", "--format", "canonical"], "query requires a file with --format"],
    [["benchmark", "tiers", "--se", "x"], "benchmark tiers requires --table with --se, got none"],
    [
      ["benchmark", "tiers", "--ceiling", "9"],
      "benchmark tiers requires --table or --benchmark with --ceiling, got neither: it is about one leaderboard",
    ],
    [
      ["benchmark", "shortlist", "--benchmark", "b", "--items", "9"],
      "benchmark shortlist requires --table with --items, got none",
    ],
    [["agreement", "--models", "a"], "agreement requires --table with --models, got none"],
    [
      ["agreement", "--table", "b.csv", "--against", "s", "--where", "false"],
      "agreement requires the store or a file with --where, got --table, which has its own numbers",
    ],
    [
      ["benchmark", "contamination", "--public", "a", "--private", "b", "--public-se", "x"],
      "benchmark contamination requires --table with --public-se, got none",
    ],
    [
      ["consistency", "--cluster", "day"],
      'consistency requires --cluster auto, got "day"; its intervals are over prompts',
    ],
    [
      ["cost", "--cache-hits", "--credit", "last"],
      "cost --cache-hits has no --credit: it counts calls, not tasks; leave it out",
    ],
    [
      ["quality", "--judge", "--score", "correct", "--rater", "human"],
      "quality --judge has no --rater: it would change nothing; leave it out",
    ],
    [
      ["consistency", "--single-shot", "--k", "2"],
      "consistency --single-shot has no --k: it would change nothing; leave it out",
    ],
    [
      ["trajectories", "--tools", "--loop", "2"],
      "trajectories --tools has no --loop: it would change nothing; leave it out",
    ],
    [["latency", "--candidate", ""], 'candidate requires columns of calls, such as "provider,model", got ""'],
    [["reliability", "--seed", "-1"], "reliability requires a whole seed >= 0, got -1"],
  ];
  for (const [args, said] of unused)
    test(args.join(" "), async () => {
      const { code, stderr, stdout } = await fieldnotes([...args, ...db], here);
      assert.equal(code, 2);
      assert.ok(stderr.startsWith(`fieldnotes: ${said}`), stderr);
      assert.equal(stdout, "");
    });

  thorough("and read where it changes something", async () => {
    const named = await json(["latency", "calls.jsonl", "--set", "model=x", "--by", "model"], here);
    assert.deepEqual(
      named.rows.map(({ model }: { model: string }) => model),
      ["x"],
    );
    const listed = await json(["latency", "--calls", "1", "--limit", "2", ...db], here);
    assert.equal(listed.rows.length, 2);
    assert.equal((await fieldnotes(["calls", "--limit", "2", ...db], here)).code, 0);
  });
});

test("a row of an empty table is said not to be there", async () => {
  const { code, stderr } = await fieldnotes(["latency", "--where", "false", "--calls", "1", ...db], here);
  assert.equal(code, 1);
  assert.match(stderr, /latency found no rows, so there are no calls behind row "1"/);
});

test("help and version end well", async () => {
  const [help, version] = await Promise.all([
    fieldnotes(["latency", "--help"], here),
    fieldnotes(["--version"], here),
  ]);
  assert.deepEqual([help.code, version.code, version.stdout], [0, 0, "0.1.0\n"]);
  assert.match(help.stdout, /--metric <name>/);
});

thorough("started as a program it says and ends as it does here", async () => {
  for (const args of [["latency", ...db], ["--version"], ["latency", "--metric", "nonsense", ...db]]) {
    const [alone, within] = [await fieldnotesProcess(args, here), await fieldnotes(args, here)];
    assert.deepEqual(alone, within);
  }
});

thorough("a reader that stops early is no failure", async () => {
  const query = ["query", "select * from range(200000)", ...db];
  const reader = spawn(process.execPath, [program(), ...query], {
    cwd: here,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  reader.stderr.on("data", (text) => (said += text));
  reader.stdout.once("data", () => reader.stdout.destroy());
  const code = await new Promise((resolve) => reader.once("close", resolve));
  assert.equal(code, 0, said);
});
