import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Ajv } from "ajv";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
writeFileSync(
  join(place.path, "calls.jsonl"),
  Array.from({ length: 400 }, (_, at) =>
    JSON.stringify({
      call_id: `c${at}`,
      task_id: `t${at}`,
      conversation_id: `v${at >> 2}-${at % 2}`,
      user_id: `u${at % 80}`,
      workload: "chat",
      model: at % 2 === 0 ? "small" : "large",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString(),
      duration: 1 + (at % 7),
      time_to_first_token: (at % 2 === 0 ? 0.2 : 1) * (1 + (at % 11) / 10),
      status: "ok",
      input_tokens: 100,
      output_tokens: 50,
      cost: at % 2 === 0 ? 0.001 : 0.008,
    }),
  ).join("\n"),
);

describe("fieldnotes choose", () => {
  thorough("prints the rows, the verdict and the weights as JSON", async () => {
    const choice = await json(["choose", "calls.jsonl", "--profile", "chat"], place.path);
    assert.equal(choice.profile, "chat");
    const [small, large] = choice.rows;
    assert.deepEqual([small.model, small.passes, small.fails], ["small", true, []]);
    assert.ok(small.p_best > 0.95 && small.utility.value > large.utility.value);
    assert.match(
      choice.verdict,
      /^small for chat: p95 time to first token 0\.\d+ s, [\d.]+ USD per 1,000 conversations/,
    );
    assert.equal(choice.weights.small, 1);
  });

  thorough("answers several profiles one by one, and prints a table for people", async () => {
    const { choices, verdict } = await json(["choose", "calls.jsonl", "--profile", "chat,chat"], place.path);
    assert.equal(choices.length, 2);
    assert.equal(verdict, "Take small for chat and chat.");
    const { stdout, code } = await fieldnotes(["choose", "calls.jsonl", "--profile", "chat"], place.path);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /small +yes[\s\S]*the best with a chance of[\s\S]*small leads whatever the weights\.\nAn unlogged cause would have to differ between the models by /,
    );
  });

  test("wrong usage ends with 2 and one line that says what to do", async () => {
    const wrongs: [string[], RegExp][] = [
      [["--profile", "chatt"], /did you mean "chat"\?/],
      [["--profile", "review"], /workload .* got none; the store holds chat: choose one with --workload/],
      [["--profile", "review", "--workload", "chat"], /logs with hallucination/],
      [[], /choose requires --profile, .*: chat, coding, review, or a file/],
    ];
    for (const [args, message] of wrongs) {
      const { code, stderr, stdout } = await fieldnotes(["choose", "calls.jsonl", ...args], place.path);
      assert.deepEqual([code, stdout, stderr.trim().split("\n").length], [2, "", 1], stderr);
      assert.match(stderr, message);
    }
  });
});

describe("fieldnotes profile", () => {
  test("lists what comes along", async () => {
    const { profiles } = await json(["profile", "list"], place.path);
    assert.deepEqual(
      profiles.map(({ name }: { name: string }) => name),
      ["chat", "coding", "review"],
    );
  });

  test("writes a copy that can be checked and used, and overwrites nothing", async () => {
    assert.equal((await fieldnotes(["profile", "new", "chat", "--out", "mine.json"], place.path)).code, 0);
    const file = join(place.path, "mine.json");
    assert.ok(existsSync(file));
    const linked = join(place.path, JSON.parse(readFileSync(file, "utf8")).$schema);
    const fits = new Ajv({ allErrors: true, strictSchema: false }).compile(
      JSON.parse(readFileSync(linked, "utf8")),
    );
    assert.ok(fits(JSON.parse(readFileSync(file, "utf8"))), JSON.stringify(fits.errors));
    assert.ok(!fits({ name: "x", criteria: [], flors: [] }));
    const checked = await json(["profile", "check", "mine.json"], place.path);
    assert.deepEqual([checked.profile, checked.ok], ["chat", true]);
    const again = await fieldnotes(["profile", "new", "chat", "--out", "mine.json"], place.path);
    assert.equal(again.code, 2);
    writeFileSync(file, readFileSync(file, "utf8").replace('"weight": 0.4', '"weight": 0.5'));
    const { code, stderr } = await fieldnotes(["profile", "check", "mine.json"], place.path);
    assert.equal(code, 2);
    assert.match(stderr, /weights that add up to 1, got 0\.5 \+ 0\.25 \+ 0\.2 \+ 0\.15 = 1\.1/);
  });

  test("writes to stdout where no file is named", async () => {
    const { stdout } = await fieldnotes(["profile", "new", "coding"], place.path);
    assert.equal(JSON.parse(stdout).name, "coding");
  });
});
