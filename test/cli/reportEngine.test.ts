import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

/** Without tags and marks of code. */
const textOf = (text: string) => text.replace(/<[^>]*>|[`\\]/g, "");

describe("a report on calls that stay on an engine", () => {
  const place = folder();
  after(place.remove);
  before(async () => {
    const store = await open(":memory:");
    await run(
      store.connection,
      `copy (select 'c' || i as call_id, ['alder', 'it''s <b>', '模型'][(1 + i % 3)::int] as model, 'u' || (i % 40) as user_id,
           timestamp '2026-03-02' + to_minutes((i * 50)::bigint) as started_at, 1 + i % 3 + (i * 7 % 11) / 10 as duration,
           case when i % 20 = 0 then 'error' else 'ok' end as status
         from range(300) as t(i)) to '${join(place.path, "calls.parquet")}' (format parquet)`,
    );
    store.close();
    writeFileSync(
      join(place.path, "board.csv"),
      "model,benchmark,score,standard_error\nalder,Speed,90,1\nit's <b>,Speed,80,1\n模型,Speed,70,1\n",
    );
    await fieldnotes(["ingest", "board.csv", "--db", "boards.duckdb"], place.path);
  });

  thorough("has the benchmarks of the store, and says what is left out and how to have it", async () => {
    const asked = [
      "report",
      "--engine",
      "parquet:calls.parquet",
      "--db",
      "boards.duckdb",
      "--out",
      "there.html",
    ];
    const { notebooks, data, tables } = await json(asked, place.path);
    assert.deepEqual(notebooks, []);
    const names = (tables as string[]).map((file) => /([^/]+)\.csv$/.exec(file)?.[1]);
    for (const one of ["latency", "reliability", "metrics", "agreement", "sideBySide"])
      assert.ok(names.includes(one), one);
    const report = JSON.parse(readFileSync(data, "utf8"));
    assert.deepEqual([report.calls, report.engine], [300, "Parquet files, calls.parquet"]);
    const note =
      /Measured on Parquet files, calls\.parquet, where the calls stay\. The notebooks and lists of single calls need the rows of a store and are left out\..*fieldnotes draw --engine URL/;
    for (const form of ["html", "md"])
      assert.match(textOf(readFileSync(join(place.path, `there.${form}`), "utf8")), note);
  });

  test("is refused by name where a part needs rows", async () => {
    const engine = "clickhouse://ann:secret-word@127.0.0.1:59999/x";
    for (const [args, why] of [
      [["--with-calls"], /--with-calls lists calls, which stay on the engine; draw whole users/],
      [["--split"], /--split, which writes a page for each notebook.*; draw whole users/],
      [["--demo"], /no --demo/],
    ] as const) {
      const { code, stderr } = await fieldnotes(["report", "--engine", engine, ...args], place.path);
      assert.match(stderr, why);
      assert.deepEqual([code, stderr.trim().split("\n").length], [2, 1]);
    }
    const { code, stderr } = await fieldnotes(["report", "--engine", engine], place.path);
    assert.deepEqual(
      [code, stderr],
      [1, "fieldnotes: clickhouse://127.0.0.1:59999/x: it does not answer (ECONNREFUSED)\n"],
    );
    assert.ok(!existsSync(join(place.path, "reports")));
  });
});
