import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { root } from "../dist";

const source = join(root, "src");
const rooms = ["measures", "decide", "explore", "evalset", "page", "cli"];
/** Files that read the tables themselves, and why. */
const exceptions: Record<string, string> = {
  "evalset/importCauses.sql": "what readers found is filed as rows of scores",
  "evalset/importLabels.sql": "labels are filed as rows of scores",
  "explore/draw.sql": "a share of every table is drawn",
  "explore/fillDrawn.ts": "the units of the whole table are drawn from, whatever a measure would leave out",
  "measures/cost/repriced.ts": "other prices replace the tables calls and prices on a connection",
  "measures/doctor.sql": "what looks wrong in the tables",
  "measures/diagnosis.ts": "how far each column of the tables is filled",
};
const table = `(?:["']?\\w+["']?\\.)*["']?(calls|tasks|scores|prices)["']?`;
/** A relation that is read, or named so by WITH or by an alias. */
const reads = new RegExp(
  String.raw`\b(from|join|into|using|update|delete from|insert into)\s+${table}(?![\w.(])|\b(?<!as )${table}\s+as\s+(materialized\s+)?\(`,
  "gi",
);

/** A relation that is not the first of its FROM, in a text without what stands in brackets. */
const among = new RegExp(
  String.raw`\bfrom\b(?:(?!\b(?:where|group|order|having|select|union|limit|qualify|set)\b)[^;,])*(?:,(?:(?!\b(?:where|group|order|having|select|union|limit|qualify|set)\b)[^;,])*)*?,\s*${table}(?![\w.(])`,
  "gi",
);

const codeOf = (text: string) => text.replace(/--.*$/gm, "");

/** A text with every pair of brackets emptied, and the same of each text in brackets. */
function levels(text: string): string[] {
  const inside: string[] = [];
  let rest = text;
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/\(([^()]*)\)/g, (_, one: string) => {
      inside.push(one);
      return " ";
    });
  }
  return [rest, ...inside];
}

/** What a source file consists of: comments, plain literals, regular expressions after what may precede one. */
const part =
  /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=[=(,:[!&|?{};+]\s*|return )\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/|[`{}]|\$\{/y;

/** The literals of a source file, whatever they are nested in; what a template has computed is left open. */
function literalsOf(text: string): string[] {
  const found: string[] = [];
  // Templates and brackets that are open; a template is its text so far.
  const open: { text?: string }[] = [{}];
  for (let at = 0; at < text.length; ) {
    const inner = open[open.length - 1];
    if (inner.text !== undefined) {
      const [run] = /(?:\\[\s\S]|\$(?!\{)|[^`$\\])*/y.exec(text.slice(at)) as RegExpExecArray;
      inner.text += run;
      at += run.length;
      if (text[at] === "`") found.push(open.pop()?.text ?? "");
      else {
        inner.text += " ? ";
        open.push({});
        at++;
      }
      at++;
      continue;
    }
    part.lastIndex = at;
    const [one] = part.exec(text) ?? [text[at]];
    if (/^["']/.test(one)) found.push(one.slice(1, -1));
    else if (one === "`") open.push({ text: "" });
    else if (one === "{") open.push({});
    else if (one === "}") open.pop();
    at += one.length;
  }
  assert.equal(open.length, 1, "every template and bracket is closed");
  return found;
}

/** The tables that a piece of source names as relations; text for people has them too, in a sentence. */
const named = (text: string, isSql: boolean): string[] =>
  (isSql ? [codeOf(text)] : literalsOf(text).map(codeOf))
    .filter(
      (one) =>
        isSql ||
        /\b(select|insert|update|delete|create|with|exists|from)\b[\s\S]*\b(from|into|set|as|join)\b|^from /i.test(
          one,
        ),
    )
    .flatMap((one) => [...one.matchAll(reads), ...levels(one).flatMap((level) => [...level.matchAll(among)])])
    .map(([found]) => found.replace(/\s+/g, " "));

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
    "select 1 from selected, calls",
    "select 1 from (select 2 from facts), calls where true",
    "select 1 from main.calls",
    'insert into "fieldnotes".main.scores select 1',
  ])
    assert.ok(named(sql, true).length > 0, sql);
  for (const sql of [
    "select * from facts",
    "select calls from sums",
    "select count(*) as calls from selected",
    "-- from calls",
    "select a, calls from sums",
    "select one from sums group by a, calls",
    "select coalesce((select 1 from sums), 0), calls from sums",
  ])
    assert.deepEqual(named(sql, true), [], sql);
  assert.deepEqual(named("const x = `select 1 from calls`;", false), ["from calls"]);
  const nested = "const x = `select $" + "{y(`$" + "{z}`)} as a from calls`;";
  assert.deepEqual(named(nested, false), ["from calls"]);
  assert.deepEqual(named('const x = "all of the growth is from calls.";', false), []);
});
