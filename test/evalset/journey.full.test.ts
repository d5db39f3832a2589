import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { reviewId } from "../../src/evalset/review";
import type { ReviewRow } from "../../src/evalset/reviewSheet";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { launched, opened, skip } from "../browser";
import { fieldnotes, folder, json } from "../cli/command";
import { root } from "../dist";

const { path: here, remove } = folder();
const db = ["--db", "demo.duckdb"];
const lines = (file: string) =>
  readFileSync(join(here, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const near = (value: number, wanted: number, what: string) =>
  assert.ok(Math.abs(value - wanted) < 1e-12, `${what}: ${value}, expected ${wanted}`);

interface Judgement {
  call_id: string;
  model: string;
  workload: string;
  rater: string;
  rater_id: string;
  value: number;
}

/** Every judgement of a hallucination, with the model that gave the answer. */
async function judgements(): Promise<Judgement[]> {
  const store = await open(join(here, "demo.duckdb"), { readOnly: true });
  try {
    return await rowsOf<Judgement>(
      store.connection,
      `select call_id, model, workload, rater, coalesce(rater_id, '') as rater_id, scores.value
       from scores join calls on scores.subject = 'call' and scores.subject_id = calls.call_id
       where name = 'hallucination' and scores.value is not null`,
    );
  } finally {
    store.close();
  }
}

/** The share that people call hallucinated; an answer's labels are averaged. */
function byHand(all: Judgement[]): Map<string, { n: number; mean: number }> {
  const answers = new Map<string, { row: string; values: number[] }>();
  for (const { call_id, workload, model, rater, value } of all) {
    if (rater !== "human") continue;
    const one = answers.get(call_id) ?? { row: `${workload} ${model}`, values: [] };
    one.values.push(value);
    answers.set(call_id, one);
  }
  const rows = new Map<string, { n: number; sum: number }>();
  for (const { row, values } of answers.values()) {
    const { n, sum } = rows.get(row) ?? { n: 0, sum: 0 };
    rows.set(row, { n: n + 1, sum: sum + values.reduce((a, b) => a + b) / values.length });
  }
  return new Map([...rows].map(([row, { n, sum }]) => [row, { n, mean: sum / n }]));
}

before(async () => {
  await json(["ingest", join(root, "data", "demo"), "--text", "keep", ...db], here);
});
after(remove);

describe("from the demo's logs to a table that knows what people said", { skip }, () => {
  test("a set of 300 is built, checked, reviewed in a browser and imported, and the table changes by just its labels", async () => {
    const built = await json(["evalset", "build", "--size", "300", "--out", "set.jsonl", ...db], here);
    assert.equal(built.items, 300);

    // What someone fills in: document reviews must be JSON, and nothing may be long.
    const items = lines("set.jsonl").map((item) => ({
      ...item,
      checks: item.prompt.includes("Answer in JSON")
        ? [
            { kind: "json_schema", schema: { type: "object" } },
            { kind: "length", most: 4000 },
          ]
        : [{ kind: "length", most: 4000 }],
    }));
    writeFileSync(join(here, "set.jsonl"), items.map((item) => `${JSON.stringify(item)}\n`).join(""));
    const checked = await json(["evalset", "check", "set.jsonl", ...db], here);
    const rows = checked.rows.filter(({ check }: { check: string }) => check === "all checks");
    assert.equal(rows.length, 6);
    for (const { passed } of rows) assert.ok(passed.value > 0.8 && passed.low < passed.high);

    await json(
      ["evalset", "review", "set.jsonl", "--score", "hallucination", "--out", "review.html", ...db],
      here,
    );
    const sheet = /id="sheet">(.*?)<\/script>/s.exec(readFileSync(join(here, "review.html"), "utf8"));
    const { rows: shown } = JSON.parse(sheet?.[1] ?? "") as { rows: ReviewRow[] };
    assert.ok(shown.length > 250);

    const keys = "110u010010";
    const browser = await launched();
    try {
      const { page, wrong } = await opened(browser, join(here, "review.html"), { offline: true });
      for (const key of keys) await page.keyboard.press(key);
      await page.fill("#rater", "h3");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#json")]);
      writeFileSync(join(here, "labels.json"), readFileSync((await download.path()) as string));
      assert.deepEqual(wrong, [], "nothing is asked of a network");
    } finally {
      await browser.close();
    }

    const earlier = await judgements();
    const came = await json(["evalset", "import", "labels.json", ...db], here);
    assert.deepEqual([came.labels, came.replaced], [10, 0]);

    // Labels by hand: the nth answer on the sheet gets the nth key; "u" means "cannot tell".
    const answers = new Map(earlier.map((one) => [one.call_id, one]));
    const calls = new Map((await callsOf()).map((one) => [reviewId(one.call_id), one]));
    const given = [...keys].flatMap((key, at): Judgement[] => {
      const call = calls.get(shown[at].review_id);
      assert.ok(call, "every answer of the sheet is a call of the store");
      return key === "u" ? [] : [{ ...call, rater: "human", rater_id: "h3", value: Number(key) }];
    });
    const wanted = byHand([...earlier, ...given]);
    const before_ = byHand(earlier);
    assert.ok([...wanted].some(([row, { mean }]) => before_.get(row)?.mean !== mean));
    const table = await json(["quality", "--score", "hallucination", "--rater", "human", ...db], here);
    assert.equal(table.rows.length, wanted.size);
    for (const { workload, model, n, mean } of table.rows) {
      const one = wanted.get(`${workload} ${model}`);
      assert.equal(n, one?.n, `${workload} ${model}`);
      near(mean.value, one?.mean ?? Number.NaN, `${workload} ${model}`);
    }

    // Answers that the judge also saw now show its errors: the corrected rates are based on more labels.
    const labelled = new Set(
      [...earlier, ...given].filter(({ rater }) => rater === "human").map(({ call_id }) => call_id),
    );
    const judged = new Set(earlier.filter(({ rater }) => rater === "judge").map(({ call_id }) => call_id));
    const judge = await json(["quality", "--score", "hallucination", "--judge", "--by", "", ...db], here);
    assert.equal(judge.rows[0].labelled, [...labelled].filter((call) => judged.has(call)).length);
    assert.ok(answers.size > 0 && judge.rows[0].corrected.low < judge.rows[0].corrected.high);
    assert.equal((await json(["evalset", "import", "labels.json", ...db], here)).replaced, 10);
  });
});

async function callsOf(): Promise<Omit<Judgement, "rater" | "rater_id" | "value">[]> {
  const store = await open(join(here, "demo.duckdb"), { readOnly: true });
  try {
    return await rowsOf(store.connection, "select call_id, model, workload from calls");
  } finally {
    store.close();
  }
}

test("the same seed builds the same set and the same sheet here as where this was written", async () => {
  const hash = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(here, file)))
      .digest("hex")
      .slice(0, 16);
  await json(["evalset", "build", "--size", "300", "--out", "again.jsonl", ...db], here);
  await json(["evalset", "review", "again.jsonl", "--score", "helpful", "--out", "again.html", ...db], here);
  const sheet = /id="sheet">(.*?)<\/script>/s.exec(readFileSync(join(here, "again.html"), "utf8"))?.[1] ?? "";
  writeFileSync(join(here, "sheet.json"), sheet);
  // If the demo's data or the drawing change on purpose, these numbers change too.
  assert.deepEqual([hash("again.jsonl"), hash("sheet.json")], ["52da3dc7a9a08adf", "4f824373066ffd9f"]);
});

test("neither the language nor the time zone of a machine moves a set", async () => {
  const sets: string[] = [];
  for (const env of [
    { LANG: "C", LC_ALL: "C", TZ: "UTC" },
    { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Apia" },
  ]) {
    const before_ = { ...process.env };
    Object.assign(process.env, env);
    try {
      const out = `set-${sets.length}.jsonl`;
      const { code, stderr } = await fieldnotes(
        ["evalset", "build", "--size", "300", "--out", out, ...db],
        here,
      );
      assert.equal(code, 0, stderr);
      sets.push(readFileSync(join(here, out), "utf8"));
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before_);
    }
  }
  assert.equal(sets[0], sets[1]);
});
