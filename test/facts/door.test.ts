import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { root } from "../dist";

const source = join(root, "src");
const rooms = ["measures", "decide", "explore", "evalset", "page", "cli"];
/** Files that read the tables themselves, and why. */
const exceptions: Record<string, string> = {
  "evalset/importLabels.sql": "labels are filed as rows of scores",
  "explore/draw.sql": "a share of every table is drawn",
  "measures/cost/repriced.ts": "other prices replace the tables calls and prices on a connection",
  "measures/doctor.sql": "what looks wrong in the tables",
  "measures/doctor.ts": "how far each column of the tables is filled",
};
const table = `["']?(calls|tasks|scores|prices)["']?`;
/** A relation that is read, or named so by WITH or by an alias. */
const reads = new RegExp(
  String.raw`\b(from|join|into|using|update|delete from|insert into)\s+${table}(?![\w.(])|\b(?<!as )${table}\s+as\s+(materialized\s+)?\(`,
  "gi",
);

const codeOf = (text: string) =>
  text.replace(/^\s*(--|\*|\/\/|\/\*).*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");

/** The tables that a piece of source names as relations; text for people has them too, in a sentence. */
const named = (text: string, isSql: boolean): string[] =>
  (isSql ? [codeOf(text)] : [...codeOf(text).matchAll(/`[^`]*`|"[^"\n]*"|'[^'\n]*'/g)].map(([one]) => one))
    .filter(
      (one) =>
        isSql ||
        /\b(select|insert|update|delete|create|with|exists|from)\b[\s\S]*\b(from|into|set|as|join)\b|^.from /i.test(
          one,
        ),
    )
    .flatMap((one) => [...one.matchAll(reads)].map(([found]) => found.replace(/\s+/g, " ")));

test("measures, decisions and pages read calls, tasks, scores and prices through the facts alone", () => {
  const files = rooms
    .flatMap((room) =>
      readdirSync(join(source, room), { recursive: true, encoding: "utf8" }).map((file) => `${room}/${file}`),
    )
    .map((file) => file.split(sep).join("/"))
    .filter((file) => /\.(sql|ts)$/.test(file));
  assert.ok(files.length > 300);
  const around = files.flatMap((file) => {
    const found = named(readFileSync(join(source, file), "utf8"), file.endsWith(".sql"));
    return found.length === 0 || Object.hasOwn(exceptions, file) ? [] : [`${file}: ${found.join("; ")}`];
  });
  assert.deepEqual(around, []);
  for (const file of Object.keys(exceptions))
    assert.ok(named(readFileSync(join(source, file), "utf8"), file.endsWith(".sql")).length > 0, file);
});

test("a table is found by whatever way it is read", () => {
  for (const sql of [
    "select 1 from calls",
    "select 1 from  scores\nwhere name = 'a'",
    "with tasks as (select 1) select 1",
    'select 1 from a join "prices" using (model)',
    "delete from scores using labelled",
  ])
    assert.ok(named(sql, true).length > 0, sql);
  for (const sql of [
    "select * from facts",
    "select calls from sums",
    "select count(*) as calls from selected",
    "-- from calls",
  ])
    assert.deepEqual(named(sql, true), [], sql);
  assert.deepEqual(named("const x = `select 1 from calls`;", false), ["from calls"]);
  assert.deepEqual(named('const x = "all of the growth is from calls.";', false), []);
});
