import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { type Behaviour, endpoint } from "../evalset/endpoint";
import { fieldnotes, folder, json, program } from "./command";

const { path: here, remove } = folder();
const count = 12;
const lines = (file: string) =>
  readFileSync(join(here, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Item n asks for n, and is right if the answer is n. */
const items = Array.from({ length: count }, (_, at) => ({
  item_id: `item-${at}`,
  prompt: `Say ${at}`,
  expected: String(at),
  format: "number",
  workload: "sums",
  canary: "fieldnotes-canary-of-a-test",
}));
before(() =>
  writeFileSync(join(here, "set.jsonl"), items.map((item) => `${JSON.stringify(item)}\n`).join("")),
);
after(remove);

const right = (prompt: string) => ({ say: `It is ${prompt.replace("Say ", "")}` });

/** Runs the set against a service, with its own store and files. */
async function questions(
  name: string,
  behave: Behaviour,
  more: readonly string[] = [],
  models = ["good", "bad"],
) {
  const service = await endpoint(behave);
  const run = () =>
    fieldnotes(
      [
        ...[
          "evalset",
          "run",
          "set.jsonl",
          "--endpoint",
          service.url,
          "--model",
          ...models,
          "--yes",
          "--json",
        ],
        ...["--out", `${name}.answers.jsonl`, "--db", `${name}.duckdb`, ...more],
      ],
      here,
    );
  return { service, run };
}

async function query(name: string, sql: string) {
  const store = await open(join(here, `${name}.duckdb`), { readOnly: true });
  try {
    return await rowsOf<Record<string, number | string | boolean | null>>(store.connection, sql);
  } finally {
    store.close();
  }
}

/** Starts the run in a separate process, and sends it a signal once a number of answers are on disk. */
async function ended(
  name: string,
  url: string,
  signal: NodeJS.Signals,
  when: number,
): Promise<number | null> {
  const out = join(here, `${name}.answers.jsonl`);
  const options = ["--out", out, "--db", join(here, `${name}.duckdb`), "--concurrency", "2", "--yes"];
  const child = spawn(
    process.execPath,
    [program(), "evalset", "run", "set.jsonl", "--endpoint", url, "--model", "good", ...options],
    { cwd: here, stdio: "ignore" },
  );
  const over = once(child, "exit");
  while (!existsSync(out) || readFileSync(out, "utf8").split("\n").length <= when)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill(signal);
  return (await over)[0] as number | null;
}

describe("evalset run", () => {
  test("asks every candidate every example, and its answers are evaluation calls with task, score and text", async () => {
    const { service, run } = await questions(
      "plain",
      ({ model, prompt }) => (model === "good" ? right(prompt) : { say: "It is -1" }),
      ["--repeats", "2", "--price", "1,2"],
    );
    try {
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      assert.match(stderr, /48 requests to http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions; no key/);
      const summary = JSON.parse(stdout);
      assert.deepEqual([summary.answered, summary.attempts, summary.open], [48, 48, 0]);
      assert.equal(service.questions.length, 48);
      const [calls] = await query(
        "plain",
        `select count(*)::double as n, count(distinct task_id)::double as tasks, count(distinct prompt_id)::double as items,
           bool_and(environment = 'evaluation' and workload = 'sums' and status = 'ok' and stream) as fit,
           bool_and(time_to_first_token > 0 and time_to_first_token < duration) as first,
           bool_and(cost = (input_tokens * 1 + output_tokens * 2) / 1e6) as priced,
           bool_and(cache_read_input_tokens = 2 and output_tokens = 3) as tokens from calls`,
      );
      assert.deepEqual(calls, {
        ...{ n: 48, tasks: 48, items: count, fit: true, first: true, priced: true, tokens: true },
      });
      const tasks = await query(
        "plain",
        `select model, count(*)::double as n, count(*) filter (resolved)::double as resolved, max(trial)::double as trial
         from tasks join calls using (task_id) group by model order by model`,
      );
      assert.deepEqual(tasks, [
        { model: "bad", n: 24, resolved: 0, trial: 2 },
        { model: "good", n: 24, resolved: 24, trial: 2 },
      ]);
      const [texts] = await query(
        "plain",
        "select count(*)::double as n from texts where output like 'It is %'",
      );
      assert.equal(texts.n, 48);
      const quality = await json(
        ["quality", "--score", "checks", "--where", "environment = 'evaluation'", "--db", "plain.duckdb"],
        here,
      );
      assert.deepEqual(
        quality.rows.map((row: { model: string; score: { value: number } }) => [
          row.model,
          Object.values(row),
        ]).length,
        2,
      );
    } finally {
      await service.close();
    }
  });

  test("asks in rounds that all models share, in an order that the seed alone decides", async () => {
    const { service, run } = await questions("order", ({ prompt }) => right(prompt), [
      "--concurrency",
      "1",
      "--seed",
      "5",
    ]);
    try {
      assert.equal((await run()).code, 0);
      const pairs = service.questions.map(({ prompt, model }) => ({ prompt, model }));
      for (let at = 0; at < pairs.length; at += 2) assert.equal(pairs[at].prompt, pairs[at + 1].prompt);
      assert.notDeepEqual(
        pairs.filter((_, at) => at % 2 === 0).map(({ prompt }) => prompt),
        items.map(({ prompt }) => prompt),
      );
      assert.equal(new Set(pairs.filter((_, at) => at % 2 === 0).map(({ model }) => model)).size, 2);
    } finally {
      await service.close();
    }
  });

  test("asks nothing twice that is answered, and again what failed; every attempt is a call of its task", async () => {
    let isUp = false;
    const { service, run } = await questions(
      "again",
      ({ prompt }) => (isUp || prompt !== "Say 3" ? right(prompt) : { http: 500 }),
      ["--retries", "1", "--concurrency", "3"],
      ["good"],
    );
    try {
      const first = await run();
      assert.equal(first.code, 1);
      assert.deepEqual([JSON.parse(first.stdout).answered, JSON.parse(first.stdout).open], [11, 1]);
      assert.equal(service.questions.length, 13);
      isUp = true;
      const second = await run();
      assert.equal(second.code, 0, second.stderr);
      assert.match(second.stderr, /^1 requests? to .*; 11 are answered already/);
      assert.equal(service.questions.length, 14);
      const attempts = await query(
        "again",
        `select attempt::double as attempt, status, http_status::double as http from calls where prompt_id = 'item-3' order by attempt`,
      );
      assert.deepEqual(attempts, [
        { attempt: 1, status: "error", http: 500 },
        { attempt: 2, status: "error", http: 500 },
        { attempt: 3, status: "ok", http: 200 },
      ]);
      const [tasks] = await query(
        "again",
        "select count(*)::double as n, count(*) filter (resolved)::double as resolved from tasks",
      );
      assert.deepEqual(tasks, { n: count, resolved: count });
      const third = await run();
      assert.equal(third.code, 0);
      assert.equal(service.questions.length, 14);
      const [scores] = await query("again", "select count(*)::double as n from scores where name = 'checks'");
      assert.equal(scores.n, count, "an answer that is taken in again is there once");
    } finally {
      await service.close();
    }
  });

  test("waits as long as a service that limits asks for, and asks it nothing else meanwhile", async () => {
    let limited: number | undefined;
    const { service, run } = await questions(
      "limit",
      ({ prompt }) => {
        if (limited === undefined) {
          limited = performance.now();
          return {
            http: 429,
            headers: { "retry-after": "1" },
            error: { error: { code: "rate_limit_exceeded" } },
          };
        }
        return right(prompt);
      },
      ["--concurrency", "1"],
      ["good"],
    );
    try {
      assert.equal((await run()).code, 0);
      assert.ok(service.questions[1].at - (limited ?? 0) >= 995, "nothing is asked within the second");
      const [call] = await query(
        "limit",
        "select error_type, attempt::double as attempt from calls where status = 'rate_limited'",
      );
      assert.deepEqual(call, { error_type: "rate_limit_exceeded", attempt: 1 });
    } finally {
      await service.close();
    }
  });

  test("keeps to its rate and to how many may be under way", async () => {
    const { service, run } = await questions(
      "rate",
      ({ prompt }) => ({ ...right(prompt), delay: 60 }),
      ["--concurrency", "3", "--rate", "1200"],
      ["good"],
    );
    try {
      assert.equal((await run()).code, 0);
      assert.ok(service.most() <= 3);
      const gaps = service.questions.slice(1).map(({ at }, before) => at - service.questions[before].at);
      assert.ok(gaps.reduce((sum, gap) => sum + gap, 0) >= 11 * 50 - 20, "twelve requests take eleven gaps");
    } finally {
      await service.close();
    }
  });

  test("tells a stall, a cut stream, a closed connection and a refused prompt apart, and has their times", async () => {
    const { service, run } = await questions(
      "faults",
      ({ prompt }) =>
        ({
          "Say 1": { stall: true } as const,
          "Say 2": { cut: "It is" },
          "Say 3": { close: true } as const,
          "Say 4": {
            http: 400,
            error: { error: { message: "Say 4 is not allowed", code: "content_policy" } },
          },
        })[prompt] ?? right(prompt),
      ["--retries", "0", "--timeout", "0.5", "--concurrency", "12"],
      ["good"],
    );
    try {
      const { code, stdout } = await run();
      assert.equal(code, 1);
      assert.equal(JSON.parse(stdout).open, 4);
      const calls = await query(
        "faults",
        "select prompt_id as item, status, error_type from calls where status <> 'ok' order by item",
      );
      assert.deepEqual(calls, [
        { item: "item-1", status: "timeout", error_type: "timeout" },
        { item: "item-2", status: "error", error_type: "ECONNRESET" },
        { item: "item-3", status: "error", error_type: "ECONNRESET" },
        { item: "item-4", status: "error", error_type: "content_policy" },
      ]);
      const [wait] = await query("faults", "select duration from calls where status = 'timeout'");
      // A timer may fire a few milliseconds early, or late on a busy machine.
      assert.ok(Number(wait.duration) > 0.48 && Number(wait.duration) < 10, `${wait.duration}`);
      assert.ok(!readFileSync(join(here, "faults.answers.jsonl"), "utf8").includes("not allowed"));
      const [tasks] = await query(
        "faults",
        "select count(*) filter (not resolved)::double as lost from tasks",
      );
      assert.equal(tasks.lost, 4, "a question without an answer is not resolved");
    } finally {
      await service.close();
    }
  });

  test("stops at once where the endpoint refuses, and neither prints nor keeps the key", async () => {
    const key = "sk-test-0123456789abcdef";
    const { service, run } = await questions(
      "refused",
      () => ({
        http: 401,
        error: { error: { message: `Incorrect API key: ${key}`, code: "invalid_api_key" } },
      }),
      ["--concurrency", "1", "--key-env", "TEST_KEY"],
    );
    process.env.TEST_KEY = key;
    try {
      const { code, stdout, stderr } = await run();
      assert.equal(code, 1);
      assert.equal(service.questions.length, 1);
      assert.equal(service.questions[0].headers.authorization, `Bearer ${key}`);
      assert.match(JSON.parse(stdout).halt, /refuses: Incorrect API key: \*\*\*/);
      const files = ["refused.answers.jsonl", "refused.scores.jsonl", "refused.duckdb"];
      for (const file of files) assert.ok(!readFileSync(join(here, file)).includes(key), file);
      assert.ok(!`${stdout}${stderr}`.includes(key));
    } finally {
      delete process.env.TEST_KEY;
      await service.close();
    }
  });

  test("says that an address answers in another language, and what to do next only if there are answers", async () => {
    const service = await endpoint(() => ({ http: 200, error: { status: "ok" } }));
    const files = ["--out", "elsewhere.answers.jsonl", "--db", "elsewhere.duckdb"];
    const { code, stdout } = await fieldnotes(
      [
        "evalset",
        "run",
        "set.jsonl",
        "--endpoint",
        service.url,
        "--model",
        "good",
        "--yes",
        "--retries",
        "0",
        ...files,
      ],
      here,
    );
    await service.close();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /has no "choices", so the address may not be that of an OpenAI-compatible service\. Run/,
    );
    assert.doesNotMatch(stdout, /Next:|no answers to check/);
    const [{ error_type }] = lines("elsewhere.answers.jsonl");
    assert.equal(error_type, "unreadable answer");
  });

  test("the cost of a run says how many answers it is without", async () => {
    const service = await endpoint(({ prompt }) => ({
      ...right(prompt),
      ...(prompt === "Say 3" ? { uncounted: true } : {}),
    }));
    const files = ["--out", "uncounted.answers.jsonl", "--db", "uncounted.duckdb"];
    const { stdout } = await fieldnotes(
      [
        "evalset",
        "run",
        "set.jsonl",
        "--endpoint",
        service.url,
        "--model",
        "good",
        "--yes",
        "--price",
        "1,2",
        ...files,
      ],
      here,
    );
    await service.close();
    // A token a letter in, 9 * 5 + 2 * 6, and 11 * 3 words out at twice the price: 123 millionths of a dollar.
    assert.match(stdout, /; cost \$0\.00012, without 1 of 12 answers, whose tokens or price are not known/);
  });

  test("sends nothing unless it is told to, and no key unencrypted", async () => {
    const service = await endpoint(({ prompt }) => right(prompt));
    try {
      const common = [
        "evalset",
        "run",
        "set.jsonl",
        "--model",
        "good",
        "--db",
        "no.duckdb",
        "--out",
        "no.jsonl",
      ];
      const unasked = await fieldnotes([...common, "--endpoint", service.url], here);
      assert.equal(unasked.code, 2);
      assert.match(
        unasked.stderr,
        /12 requests to .*\n.*cost not known.*\n.*requires --yes.*nothing was sent/,
      );
      process.env.TEST_KEY = "sk";
      const open = await fieldnotes(
        [...common, "--endpoint", "http://models.example.com/v1", "--key-env", "TEST_KEY", "--yes"],
        here,
      );
      assert.equal(open.code, 2);
      assert.match(open.stderr, /requires https where a key is sent/);
      assert.equal(service.questions.length, 0);
    } finally {
      delete process.env.TEST_KEY;
      await service.close();
    }
  });

  test("refuses a file whose answers were asked in another way", async () => {
    const { service, run } = await questions("setup", ({ prompt }) => right(prompt), [], ["good"]);
    try {
      assert.equal((await run()).code, 0);
      writeFileSync(join(here, "system.txt"), "Be brief.");
      const options = [
        "--system",
        "system.txt",
        "--out",
        "setup.answers.jsonl",
        "--db",
        "setup.duckdb",
        "--yes",
      ];
      const common = [
        "evalset",
        "run",
        "set.jsonl",
        "--endpoint",
        service.url,
        "--model",
        "good",
        ...options,
      ];
      const other = await fieldnotes(common, here);
      assert.equal(other.code, 1);
      assert.match(other.stderr, /other instructions or settings/);
      const named = await fieldnotes([...common, "--prompt-version", "brief"], here);
      assert.equal(named.code, 0, named.stderr);
      assert.equal(service.questions.at(-1)?.body.messages[0].content, "Be brief.");
      assert.equal(lines("setup.answers.jsonl").length, 24);
    } finally {
      await service.close();
    }
  });

  test("goes on after a kill: what was answered is not asked again, and a line cut short is no answer", async () => {
    const { service, run } = await questions(
      "killed",
      ({ prompt }) => ({ ...right(prompt), delay: 80 }),
      [],
      ["good"],
    );
    try {
      await ended("killed", service.url, "SIGKILL", 5);
      const out = join(here, "killed.answers.jsonl");
      const kept = readFileSync(out, "utf8")
        .split("\n")
        .filter((line) => line.endsWith("}"));
      assert.ok(kept.length >= 5 && kept.length < count, `${kept.length} answers`);
      const answered = new Set(kept.map((line) => JSON.parse(line).item_id));
      writeFileSync(out, `${kept.join("\n")}\n{"call_id":"run-2026`);
      const before = service.questions.length;
      assert.ok(before - kept.length <= 2, "only what was under way has no answer");
      assert.equal((await run()).code, 0);
      const again = service.questions.slice(before).map(({ prompt }) => prompt.replace("Say ", "item-"));
      assert.equal(again.length, count - answered.size);
      assert.deepEqual(
        again.filter((item) => answered.has(item)),
        [],
      );
      const [calls] = await query("killed", "select count(*)::double as n from calls where status = 'ok'");
      assert.equal(calls.n, count);
    } finally {
      await service.close();
    }
  });

  test("waits at the first Ctrl-C for what is under way, so that nothing is paid for and lost", async () => {
    const { service } = await questions(
      "stopped",
      ({ prompt }) => ({ ...right(prompt), delay: 80 }),
      [],
      ["good"],
    );
    try {
      assert.equal(await ended("stopped", service.url, "SIGINT", 4), 1);
      const answers = lines("stopped.answers.jsonl");
      assert.equal(answers.length, service.questions.length);
      assert.ok(answers.length < count);
      const [calls] = await query("stopped", "select count(*)::double as n from calls");
      assert.equal(calls.n, answers.length);
    } finally {
      await service.close();
    }
  });
});
