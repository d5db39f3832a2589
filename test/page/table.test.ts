import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tableHtml, tableMarkdown, tableText } from "../../src/page/table";
import { width } from "../../src/page/width";
import { noted } from "../../src/stats/estimate";
import { estimate, HOSTILE, latencyTable } from "../charts/sample";

describe("tableText", () => {
  test("aligns estimates under headers with their unit, with notes and methods below", () => {
    const lines = tableText(latencyTable(["alder", "birch"])).split("\n");
    assert.equal(lines[0], "Latency");
    assert.match(lines[1]!, /^model +n {2}mean, s +p50, s +p95, s +p99, s +p99\.9, s$/);
    assert.match(lines[3]!, /^alder {2}812 {2}1\.20 \[1\.08, 1\.44\] {2}0\.80 \[0\.72, 0\.96\]/);
    assert.match(lines[4]!, /9\.0 \[7\.0, ∞\) \(a\) +– +\(b\)$/);
    assert.deepEqual(lines.slice(5), [
      "",
      "(a) p99 needs 368 calls, has 200",
      "(b) p99.9 needs 3,688 calls, has 200",
      "Intervals: 95 % clustered by user_id, by fractional-order-statistic.",
      "3 timeouts count as at least their limit.",
    ]);
  });

  test("without a row there are no heads, only what the notes say", () => {
    const empty = { measure: "latency", by: ["model"], rows: [], notes: ["No call is selected."] };
    assert.equal(tableText(empty), "Latency\n\nNo call is selected.");
  });

  test("a column that counts turns says so once, and its quantiles are quantiles", () => {
    const turns = { ...estimate(2, 1, 3), unit: "turns" };
    const rows = [{ model: "a", turns: { "0.5": turns, "0.9": turns }, turns_per_conversation: turns }];
    assert.match(tableText(rows), /^model +turns p50 +turns p90 +turns per conversation\n/);
  });

  test("a sum of money says its unit", () =>
    assert.match(tableText([{ model: "alder", total_cost: 12.5 }]), /^model +total cost, USD\n/));

  test("shows hostile texts on one line each, without a control character", () => {
    const text = tableText(HOSTILE.map((model) => ({ model, n: 1 })));
    assert.equal(text.split("\n").length, HOSTILE.length + 2);
    for (const character of ["\u0000", "\u001b", "\u202e", "\r"]) assert.ok(!text.includes(character));
  });

  test("lines columns up by what a terminal shows: wide characters and emoji count twice", () => {
    assert.deepEqual(
      ["abc", "日本語", "🚀", "👩‍🚀", "e\u0301", "–≥∞", "ﾊﾝ"].map(width),
      [3, 6, 2, 2, 1, 3, 2],
    );
    const [, , first, second] = tableText([
      { a: "日本", n: 1 },
      { a: "abcd", n: 22 },
    ]).split("\n");
    assert.equal(width(first!), width(second!));
  });

  test("takes plain rows with any cells, missing ones too", () => {
    const rows = [
      { a: 1234567, b: "x", c: null, d: [1, "y"], e: true, f: 0.123456, g: new Date(0), h: 12n },
      { a: Number.NaN },
    ];
    const [head, , first, second] = tableText(rows).split("\n");
    assert.match(head!, /a {2}b {2}c {2}d +e +f +g +h/);
    assert.match(
      first!,
      /^1,234,567 {2}x {2}– {2}1, y {2}yes {2}0\.123456 {2}1970-01-01T00:00:00\.000Z {2}12$/,
    );
    assert.match(second!, /^ +– {2}–/);
    assert.equal(tableText([]), "");
    // A cell for several estimates that has none is not a column.
    assert.equal(tableText([{ a: 1, pass_at: {} }]).split("\n")[0], "a");
  });

  test("leaves out a measure's column that is empty in all rows, not one it is grouped by, nor a query's", () => {
    const rows = Array.from({ length: 600 }, (_, n) => ({
      provider: null,
      n,
      none: null,
      blank: "",
      late: n === 599 ? 1 : null,
    }));
    const table = { measure: "calls", by: ["provider"], rows, notes: ["No call has one."] };
    const heads = (shown: string) => shown.split("\n").find((line) => line.includes("provider"))!;
    assert.match(heads(tableText(table)), /^provider +n +late$/);
    assert.match(tableText(table), /\nNo call has one\.$/);
    assert.match(heads(tableMarkdown(table)), /^\| provider \| n \| late \|$/);
    assert.doesNotMatch(tableHtml(table), /<th[^>]*>(none|blank)</);
    assert.match(heads(tableText(rows)), /^provider +n +none +blank +late$/);
  });

  test("says of a measure's column without a value in any row why it has none, each reason once", () => {
    const none = { ...estimate(Number.NaN, Number.NaN, Number.NaN), unit: "1" };
    const rows = [300, 400].map((n) => ({
      model: `m${n}`,
      low: { ...none, low: 2, ...noted(["two clusters"]) },
      refused: { ...none, ...noted([`needs 500 calls, has ${n}`]) },
      quantiles: { "0.5": estimate(1, 0.5, 2), "0.9": { ...none, ...noted([`needs 500 calls, has ${n}`]) } },
      right: { ...none, ...noted(["no score"]) },
      sum: Number.NaN,
    }));
    const text = tableText({ measure: "refusals", by: ["model"], rows, notes: [] }).split("\n");
    assert.match(text[1]!, /^model +low, % +p50/);
    assert.doesNotMatch(text[1]!, /refused|p90|right|sum/);
    assert.equal(
      text.at(-1),
      "Not known in any row, so not shown: refused, p90 (needs 500 calls, has 300 to 400); right (no score).",
    );
    assert.match(tableText(rows).split("\n")[0]!, /refused.*p90.*right.*sum/);
  });

  test("goes on below where it is wider than the terminal, the rows' names again and the notes once", () => {
    const table = latencyTable(["alder", "birch"]);
    const lines = tableText(table, { width: 60 }).split("\n");
    const heads = lines.filter((line) => line.startsWith("model"));
    assert.ok(heads.length >= 2, lines.join("\n"));
    assert.ok(
      lines.slice(0, lines.indexOf("(a) p99 needs 368 calls, has 200")).every((line) => width(line) <= 60),
    );
    assert.equal(lines.filter((line) => line.startsWith("alder")).length, heads.length);
    assert.equal(lines.filter((line) => line.startsWith("Intervals:")).length, 1);
    const words = (text: string) =>
      text
        .split(/\s+/)
        .filter((word) => /\d/.test(word))
        .sort();
    assert.deepEqual(words(lines.join(" ")), words(tableText(table)), "no number is lost");
    assert.equal(tableText(table, { width: 10_000 }), tableText(table));
    assert.equal(
      tableText(table, { width: 1 })
        .split("\n")
        .filter((line) => line.startsWith("birch")).length,
      6,
    );
  });

  test("of plain rows goes on below with their first column again", () => {
    const rows = ["alder", "birch"].map((spelling) => ({
      spelling,
      family: "tree",
      calls: 3,
      "priced by list": 2,
    }));
    assert.deepEqual(tableText(rows, { width: 25 }).split("\n"), [
      "spelling  family  calls",
      "-----------------------",
      "alder     tree        3",
      "birch     tree        3",
      "",
      "spelling  priced by list",
      "------------------------",
      "alder                  2",
      "birch                  2",
    ]);
  });

  test("counts the rows that are not shown", () => {
    assert.match(
      tableText(Array.from({ length: 1234 }, (_, n) => ({ n }))),
      /\n734 more rows are not shown\./,
    );
  });
});

describe("tableHtml", () => {
  const html = tableHtml(latencyTable(), { caption: "Duration" });

  test("is a table with a caption, scopes, units in headers and intervals apart", () => {
    assert.match(html, /<caption>Duration<\/caption>/);
    assert.match(html, /<th scope="col" class="number">p99\.9<span class="unit">, s<\/span><\/th>/);
    assert.match(html, /<th scope="row"><bdi>alder<\/bdi><\/th>/);
    assert.match(html, />1\.20<span class="interval">\[1\.08, 1\.44\]<\/span><\/td>/);
  });

  test("lets every number be traced to its method, n and clusters", () => {
    const cells = html.match(/<td class="number"[^>]*>/g)!;
    const traced = cells.filter((cell) =>
      /title="95 % interval by fractional-order-statistic, n 812, 120 clusters of user_id[";]/.test(cell),
    );
    assert.equal(traced.length, 3 * 5);
  });

  test("marks what is not known with its note", () => {
    assert.match(html, />–<sup>b<\/sup><\/td>/);
    assert.match(html, /<li><sup>b<\/sup> p99\.9 needs 3,688 calls, has 200<\/li>/);
  });

  test("escapes hostile names, notes, units, methods, headers and captions", () => {
    for (const hostile of HOSTILE) {
      const cell = { ...estimate(1, 0.5, 2, hostile, hostile), method: hostile, clusterBy: hostile };
      const table = {
        measure: hostile,
        by: [hostile],
        rows: [{ [hostile]: hostile, value: cell, many: { [hostile]: cell } }],
        notes: [hostile],
      };
      const shown = tableHtml(table).replace(/<style>[^<]*<\/style>/, "");
      assert.doesNotMatch(
        shown,
        /<(?!\/?(table|caption|thead|tbody|tr|th|td|span|sup|bdi|ul|li|details|summary)\b)/,
        hostile,
      );
      assert.doesNotMatch(shown, / on\w+=(?!alert)/);
      for (const tag of shown.match(/<[^>]*>/g)!)
        assert.match(tag, /^<\/?\w+(?: (?:class|scope|title)="[^"<>]*")*>$/, tag);
    }
  });

  test("shows a text of 20 MB in short", () => {
    const shown = tableHtml([{ model: "x".repeat(20_000_000) }]);
    assert.ok(shown.length < 3000);
    assert.match(shown, /… \(20,000,000 characters\)/);
  });
});

test("one unit serves a whole table: ms only where every value is below a second", () => {
  const fast = [{ a: estimate(0.2, 0.1, 0.3), b: estimate(0.9, 0.8, 1.1) }];
  assert.match(tableText(fast), /^a, ms +b, ms/m);
  assert.match(tableText([...fast, { a: estimate(2, 1, 3), b: estimate(0.9, 0.8, 1) }]), /^a, s +b, s/m);
  assert.match(tableText(fast, { units: { b: "s" } }), /^a, ms +b, s/m);
});

test("a header that says per what has dollars alone as its unit", () => {
  const cost_per_task = estimate(2, 1, 3, "USD/task");
  assert.match(tableText([{ cost_per_task, cost: cost_per_task }]), /^cost per task, USD +cost, USD\/task$/m);
});

test("a column of several units has none in its header, and each row its own", () => {
  const rows = [estimate(0.2, 0.1, 0.3, "s"), estimate(2, 1, 3, "USD"), estimate(0.5, 0.4, 0.6, "1")];
  const text = tableText(rows.map((a) => ({ a })));
  assert.match(text, /^a *$/m);
  for (const said of [/^ *0\.20 s/m, /^ *2\.0 USD/m, /^ *50 %/m]) assert.match(text, said);
});

test("tableMarkdown is a table whose texts stay text", () => {
  const lines = tableMarkdown([
    { model: "<b>|[x](y)", n: 12 },
    { model: "a\nb", n: 1 },
  ]).split("\n");
  assert.deepEqual(lines, [
    "| model | n |",
    "| --- | ---: |",
    "| &lt;b&gt;\\|\\[x\\](y) | 12 |",
    "| a b | 1 |",
  ]);
});

test("rows of one's own keep their digits, and a measure's numbers are rounded", () => {
  const rows = [{ cents: 1525.1, mean: 14.050695733876934, n: 1349 }];
  assert.match(tableText(rows), /1,525\.1 +14\.0507 +1,349/);
  assert.match(tableHtml(rows), /title="14\.050695733876934">14\.0507</);
  assert.match(tableText({ measure: "latency", by: [], rows, notes: [] }), /1,530 +14\.1 +1,349/);
});
