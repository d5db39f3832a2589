import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fieldnotes, folder, json } from "./command";

const { path: here, remove } = folder();
after(remove);

const minute = (at: number) =>
  `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
const columnsOf = (file: string) => {
  const written = JSON.parse(readFileSync(join(here, file), "utf8"));
  return [written].flat().map(({ columns }) => columns as Record<string, string>);
};

describe("files of other systems", () => {
  test("t, f and \\\\N of a Postgres copy are true, false and empty", async () => {
    const rows = Array.from({ length: 28 }, (_, at) => {
      const failed = at % 4 === 1;
      const took = failed ? ["\\N", "\\N"] : [String(500 + at), "20"];
      return [`c${at}`, "m", `2026-03-02 ${minute(at)}:00+00`, ...took, failed ? "f" : "t"].join("\t");
    });
    const header = "id\tmodel_name\tcreated_at\tlatency_ms\tcompletion_tokens\tsuccess";
    writeFileSync(join(here, "pg.tsv"), `${header}\n${rows.join("\n")}\n`);
    const { stdout } = await fieldnotes(["map", "pg.tsv"], here);
    assert.doesNotMatch(stdout, /left empty|rejected|Which/);
    const [{ rows: read }] = [
      await json(
        [
          "query",
          "select status, count(*) as n, count(duration) as waits from calls group by 1 order by 1",
          "pg.tsv",
        ],
        here,
      ),
    ] as [{ rows: unknown }];
    assert.deepEqual(read, [
      { status: "error", n: 7, waits: 0 },
      { status: "ok", n: 21, waits: 21 },
    ]);
  });

  test("a nested log in German has its duration and its user", async () => {
    const lines = Array.from({ length: 20 }, (_, at) =>
      JSON.stringify({
        zeitpunkt: `13.03.2026 ${minute(at)}:00`,
        modell: { name: "m" },
        dauer: { gesamt_ms: 900 + at, bis_erstes_token_ms: 100 },
        nutzer: { kennung: `u${at % 3}` },
      }),
    );
    writeFileSync(join(here, "de.jsonl"), lines.join("\n"));
    const { stdout } = await fieldnotes(["map", "de.jsonl"], here);
    const [columns] = columnsOf("de.mapping.json");
    assert.equal(columns?.duration, "dauer.gesamt_ms / 1000");
    assert.equal(columns?.user_id, "nutzer.kennung");
    assert.match(stdout, /states no time zone\. Whose time is it\?/);
  });

  test("a thumb is a score of the call, and a judge's number is not asked about as a wait", async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `r${at},m,${["up", "down", ""][at % 3]},${at % 5}`);
    writeFileSync(join(here, "thumbs.csv"), `request_id,model,thumbs,judge_1_score\n${lines.join("\n")}\n`);
    const { stdout } = await fieldnotes(["map", "thumbs.csv"], here);
    assert.doesNotMatch(stdout, /how long a call took/);
    const { rows } = (await json(
      [
        "query",
        "select value, count(*) as n from scores where value is not null group by 1 order by 1",
        "thumbs.csv",
      ],
      here,
    )) as { rows: unknown };
    assert.deepEqual(rows, [
      { value: 0, n: 7 },
      { value: 1, n: 7 },
    ]);
  });

  test("an object keyed by model is a table", async () => {
    const price = { input_price_per_million: 2.5, output_price_per_million: 10 };
    writeFileSync(join(here, "prices.json"), JSON.stringify({ alder: price, birch: price }));
    await fieldnotes(["map", "prices.json"], here);
    const { rows } = (await json(
      ["query", "select model, input from prices order by 1", "prices.json"],
      here,
    )) as {
      rows: unknown;
    };
    assert.deepEqual(rows, [
      { model: "alder", input: 2.5e-6 },
      { model: "birch", input: 2.5e-6 },
    ]);
  });
});

describe("a folder of partitions", () => {
  for (const day of [1, 2, 3]) {
    const folder = join(here, "lake", `day=${day}`);
    mkdirSync(folder, { recursive: true });
    const lines = Array.from({ length: 10 }, (_, at) => ({
      llm: "m",
      begin: `2026-03-0${day}T${minute(at)}:00Z`,
      took_ms: 500,
    }));
    writeFileSync(join(folder, `part-${day}.jsonl`), lines.map((one) => JSON.stringify(one)).join("\n"));
  }

  test("fails with one reason for all its files, and is read by one mapping at its root", async () => {
    const before = await fieldnotes(["ingest", "lake", "--db", "lake.duckdb"], here);
    assert.match(before.stdout, /day=1.part-1\.jsonl and 2 other files: failed\n/);
    assert.equal(before.stdout.split("unknown format").length, 2);
    const { stdout } = await fieldnotes(["map", "lake"], here);
    assert.match(stdout, /wrote lake.partitions\.mapping\.json: .* fieldnotes ingest lake\n/);
    assert.ok(!existsSync(join(here, "lake", "day=1", "part-1.mapping.json")));
    const after = await fieldnotes(["ingest", "lake", "--db", "lake.duckdb"], here);
    assert.match(after.stdout, /30 calls of 3 files in lake\.duckdb/);
  });

  test("is measured without the files that cannot be read, which are told and counted", async () => {
    writeFileSync(join(here, "notes.yaml"), "a: 1\nb: 2\n");
    const { code, stdout, stderr } = await fieldnotes(
      ["latency", "lake", "notes.yaml", "--by", "model"],
      here,
    );
    assert.equal(code, 1);
    assert.match(stdout, /\nm +30 /);
    assert.match(stderr, /notes\.yaml: it is YAML/);
    assert.match(stderr, /read 3 of 4 files/);
    const none = await fieldnotes(["latency", "notes.yaml"], here);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /notes\.yaml: it is YAML/);
  });
});
