import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Item } from "../../src/evalset/item";
import type { ReviewRow } from "../../src/evalset/reviewSheet";
import { rowsOf } from "../../src/store/run";
import { trafficStore } from "../evalset/traffic";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

const { path: here, remove } = folder();
const db = ["--db", "team.duckdb"];
const read = (file: string) => readFileSync(join(here, file), "utf8");
const items = (file = "set.jsonl") =>
  read(file)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Item);
const write = (file: string, rows: readonly object[]) =>
  writeFileSync(join(here, file), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

before(async () => {
  const store = await trafficStore(800);
  write(
    "calls.jsonl",
    await rowsOf<object>(
      store.connection,
      `select call_id, task_id, user_id, workload, model, attempt, strftime(started_at, '%Y-%m-%dT%H:%M:%SZ') as started_at,
         input_tokens, duration, finish_reason, status from calls`,
    ),
  );
  write("texts.jsonl", await rowsOf<object>(store.connection, "select call_id, prompt, output from texts"));
  write(
    "scores.jsonl",
    await rowsOf<object>(store.connection, "select subject, subject_id, name, value, rater from scores"),
  );
  store.close();
  await json(["ingest", "calls.jsonl", "texts.jsonl", "scores.jsonl", "--text", "keep", ...db], here);
});
after(remove);

describe("an eval set by the command line", () => {
  test("build writes the set and its manifest, and tells what it did", async () => {
    const built = await json(["evalset", "build", "--size", "120", "--out", "set.jsonl", ...db], here);
    assert.equal(built.items, 120);
    assert.equal(items().length, 120);
    assert.deepEqual([built.path, built.manifest], ["set.jsonl", "set.manifest.json"]);
    assert.ok(built.strata.length > 10 && built.strata[0].requests > 0);
    assert.ok(built.edge.errored.items > 0 && built.edge.disliked.items > 0);
    assert.equal(typeof built.masked.email, "number");
    assert.deepEqual(
      built.expected_widths.map(({ items }: { items: number }) => items),
      [50, 100, 120, 200, 300, 500],
    );
    const manifest = JSON.parse(read("set.manifest.json"));
    assert.deepEqual([manifest.seed, manifest.items, manifest.strata], [1, 120, built.strata]);
  });

  test("build shows what a size buys before it builds, and the same set again is no loss", async () => {
    const { stdout, stderr, code } = await fieldnotes(
      ["evalset", "build", "--size", "120", "--out", "set.jsonl", ...db],
      here,
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /How wide the 95 % interval of a rate will be[\s\S]*300[\s\S]*± 5\.6 points/);
    assert.match(stdout, /120 examples in set\.jsonl, of \d+ requests/);
  });

  test("build does not write over a set that someone may have filled in", async () => {
    const before_ = read("set.jsonl");
    const { code, stderr } = await fieldnotes(
      ["evalset", "build", "--size", "50", "--out", "set.jsonl", ...db],
      here,
    );
    assert.equal(code, 1);
    assert.match(stderr, /set\.jsonl already exists/);
    assert.equal(read("set.jsonl"), before_);
  });

  thorough("without stored prompts build says what to do", async () => {
    await json(["ingest", "calls.jsonl", "--db", "bare.duckdb"], here);
    const { code, stderr } = await fieldnotes(["evalset", "build", "--db", "bare.duckdb", "--json"], here);
    assert.equal(code, 1);
    assert.match(stderr, /ingest the logs again with --text keep/);
  });

  thorough("check makes the checks on stored answers and writes scores that can be ingested", async () => {
    const filled = items().map((item) => ({
      ...item,
      checks: [{ kind: "regex", pattern: "^about \\w+ and [a-m]" }],
    }));
    write("filled.jsonl", filled);
    const table = await json(["evalset", "check", "filled.jsonl", "--out", "rule.jsonl", ...db], here);
    assert.equal(table.measure, "evalset check");
    assert.deepEqual(table.by, ["model", "check"]);
    assert.deepEqual(
      table.rows.map(({ model, check }: { model: string; check: string }) => [model, check]),
      [
        ["orrery", "all checks"],
        ["orrery", "regex"],
        ["quillon", "all checks"],
        ["quillon", "regex"],
      ],
    );
    const [{ passed, passed_in_traffic }] = table.rows;
    assert.ok(passed.low < passed.value && passed.value < passed.high && passed.clusterBy === "item_id");
    assert.ok(passed_in_traffic.value > 0);
    const came = await json(["ingest", "rule.jsonl", ...db], here);
    assert.equal(came.files[0].scores, 240);
    const quality = await json(["quality", "--score", "regex", "--by", "model", ...db], here);
    const orrery = quality.rows.find(({ model }: { model: string }) => model === "orrery");
    assert.ok(Math.abs(orrery.mean.value - passed.value) < 1e-9);
  });

  thorough(
    "review, labels and import change the table of the score, once however often they are imported",
    async () => {
      const sheet = await json(
        [
          "evalset",
          "review",
          "set.jsonl",
          "--score",
          "hallucination",
          "--limit",
          "40",
          "--out",
          "r.html",
          ...db,
        ],
        here,
      );
      assert.deepEqual(sheet, { html: "r.html", csv: "r.csv", items: 40 });
      const { rows } = JSON.parse(/id="sheet">(.*?)<\/script>/s.exec(read("r.html"))![1]) as {
        rows: ReviewRow[];
      };
      const labels = rows.map(({ review_id }, at) => ({ review_id, value: at % 4 === 0 ? 1 : 0, label: "" }));
      writeFileSync(
        join(here, "labels.json"),
        JSON.stringify({ fieldnotes: "labels", score: "hallucination", rater_id: "h1", labels }),
      );
      const first = await json(["evalset", "import", "labels.json", "set.jsonl", ...db], here);
      assert.deepEqual(first, { labels: 40, items: 120, outputs: 0, replaced: 0 });
      const table = () =>
        json(["quality", "--score", "hallucination", "--by", "", "--rater", "human", ...db], here);
      const [row] = (await table()).rows;
      assert.deepEqual([row.n, row.mean.value], [40, 0.25]);
      assert.equal((await json(["evalset", "import", "labels.json", ...db], here)).replaced, 40);
      assert.deepEqual((await table()).rows, [row]);
      labels[1].value = 1;
      writeFileSync(
        join(here, "labels.json"),
        JSON.stringify({ fieldnotes: "labels", score: "hallucination", rater_id: "h1", labels }),
      );
      await json(["evalset", "import", "labels.json", ...db], here);
      assert.equal((await table()).rows[0].mean.value, 11 / 40);
    },
  );

  thorough(
    "compare tells how well the set stands for the traffic, and writes weights where asked",
    async () => {
      write(
        "part.jsonl",
        items().filter(({ stratum }, at) => !stratum.startsWith("chat") || at % 4 === 0),
      );
      writeFileSync(join(here, "bench.txt"), items("part.jsonl")[0].prompt);
      const before_ = await json(["evalset", "compare", "part.jsonl", "--against", "bench.txt", ...db], here);
      assert.ok(
        before_.rows.some(
          ({ dimension, value }: { dimension: string; value: string }) =>
            dimension === "workload" && value === "chat",
        ),
      );
      assert.equal(before_.overlap.which.length, 1);
      assert.equal(before_.reweighted, false);
      const psi = (table: { dimensions: { psi_weighted: number }[] }) => table.dimensions[0].psi_weighted;
      assert.ok(psi(before_) > 0.1);
      await json(["evalset", "compare", "part.jsonl", "--reweight", ...db], here);
      assert.ok(psi(await json(["evalset", "compare", "part.jsonl", ...db], here)) < 1e-9);
      const { stdout } = await fieldnotes(["evalset", "compare", "part.jsonl", ...db], here);
      assert.match(stdout, /like the traffic/);
    },
  );

  test("answers of a file can be checked and reviewed without a store", async () => {
    const [one] = items();
    write("one.jsonl", [{ ...one, expected: "42", format: "number" }]);
    write("answers.jsonl", [{ item_id: one.item_id, model: "new", output: "It is 42." }]);
    const table = await json(
      ["evalset", "check", "one.jsonl", "--outputs", "answers.jsonl", "--out", "a.jsonl"],
      here,
    );
    assert.equal(table.rows[0].passed.value, 1);
    assert.deepEqual(
      (
        await json(
          ["evalset", "review", "one.jsonl", "--outputs", "answers.jsonl", "--out", "one.html"],
          here,
        )
      ).items,
      1,
    );
  });

  test("a sheet without a label says what to fill in, and brings nothing", async () => {
    await json(["evalset", "review", "set.jsonl", "--limit", "3", "--out", "open.html", ...db], here);
    const { code, stdout } = await fieldnotes(["evalset", "import", "open.csv", ...db], here);
    assert.equal(code, 0);
    assert.match(stdout, /open\.csv: nothing is labelled; fill in "value"/);
  });

  test("a mistake ends with one clear line", async () => {
    writeFileSync(
      join(here, "foreign.json"),
      JSON.stringify({
        fieldnotes: "labels",
        score: "x",
        rater_id: "h1",
        labels: [{ review_id: "0123456789abcdef", value: 1 }],
      }),
    );
    writeFileSync(join(here, "maybe.csv"), "review_id,score,value,rater_id\nabc,x,maybe,h1\n");
    for (const [args, code, says] of [
      [["build", "--where", "workload = 'chats'", "--out", "n.jsonl"], 1, /the workloads are .*chat/],
      [["build", "--size", "0"], 2, /build requires a whole size from 1/],
      [["import", "foreign.json"], 1, /1 of 1 labels are of answers that this store does not have/],
      [["import", "maybe.csv"], 2, /maybe\.csv:2 requires a value of 1, 0, u or another number, got "maybe"/],
      [["review", "set.jsonl", "--outputs", "foreign.json"], 2, /foreign\.json:1 requires \{"item_id"/],
      [["build", "--edge", "20"], 2, /build requires 0 <= edge <= 1.*did you mean 0.2/],
      [["check", "none.jsonl"], 1, /none\.jsonl: no such file/],
      [["check", "calls.jsonl"], 2, /calls\.jsonl:1 requires an item_id/],
      [["import", "calls.jsonl"], 2, /calls\.jsonl requires "labels"|requires the JSON of a review page/],
      [["nothing"], 2, /nothing/],
    ] as const) {
      const ended = await fieldnotes(["evalset", ...args, ...db], here);
      assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stderr}`);
      assert.match(ended.stderr, says);
      assert.equal(ended.stderr.trim().split("\n").at(-1)!.startsWith("fieldnotes: "), true);
    }
  });
});
