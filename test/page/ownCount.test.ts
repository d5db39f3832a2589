import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ownCounts } from "../../src/page/ownCount";
import { tableHtml, tableMarkdown, tableText } from "../../src/page/table";
import type { Estimate } from "../../src/stats/estimate";
import { noted } from "../../src/stats/estimate";

const of = (n: number, more: Partial<Estimate> = {}): Estimate => ({
  ...{ value: 0.5, low: 0.25, high: 0.75, level: 0.95, method: "wilson", n, clusters: n },
  ...{ clusterBy: "user_id", unit: "1" },
  ...more,
});
const counts = (rows: Record<string, unknown>[], by: string[] = ["model"]) => {
  const keys = Object.keys(rows[0]);
  const columns = keys.map((key) => ({ cells: rows.map((row) => row[key]), by: by.includes(key) }));
  const found = ownCounts(columns);
  return Object.fromEntries(keys.map((key, at) => [key, found[at]]));
};

describe("an estimate that rests on another number than its row says", () => {
  const rows = [
    { model: "alder", calls: 90, tasks: 40, rate: of(90), resolved: of(40), hit: of(5) },
    {
      model: "birch",
      calls: 80,
      tasks: 30,
      rate: of(80),
      resolved: of(28, noted(["two unknown"])),
      hit: of(80),
    },
  ];

  test("shows its own n beside its interval, in text, HTML and Markdown", () => {
    const table = { measure: "m", by: ["model"], rows, notes: [] };
    const [first, second] = tableText(table).split("\n").slice(3);
    assert.doesNotMatch(first, /50 \[25, 75\] \(n = (90|40)\)/);
    assert.match(first, /50 \[25, 75\] \(n = 5\)/);
    assert.match(second, /50 \[25, 75\] \(n = 28\) \(a\)/);
    assert.ok(tableHtml(table).includes('<span class="interval">[25, 75] (n = 28)</span>'));
    assert.match(tableMarkdown(table), /\(n = 28\\?\)/);
  });

  test("and in no other row; what is unknown shows none", () => {
    const unknown = { ...rows[0], hit: of(0, { value: Number.NaN }), rate: of(7, { value: Number.NaN }) };
    assert.deepEqual(counts([unknown, rows[1]]), {
      ...{ model: ["", ""], calls: ["", ""], tasks: ["", ""] },
      ...{ rate: ["", ""], resolved: ["", "(n = 28)"], hit: ["", ""] },
    });
  });

  test("is told by the column of counts it rests on, not by an equal number of something else", () => {
    const timeouts = [4, 0, 1].map((timeouts, at) => ({
      ...{ model: `m${at}`, n: 100 + at, timeouts },
      ...{ all: of(100 + at), some: of([4, 9, 7][at]) },
    }));
    assert.deepEqual(counts(timeouts).some, ["(n = 4)", "(n = 9)", "(n = 7)"]);
    assert.deepEqual(counts(timeouts).all, ["", "", ""]);
  });

  test("shows none where rows have no counts, only names and measures that are whole numbers", () => {
    assert.deepEqual(counts([{ release: 3, rate: of(5) }], ["release"]).rate, [""]);
    assert.deepEqual(counts([{ model: "alder", rate: of(5) }]).rate, [""]);
  });

  test("nor for a published score, which is one value with an error of its own", () => {
    assert.deepEqual(counts([{ model: "alder", models: 9, best: of(1, { clusterBy: "" }) }]).best, [""]);
    assert.deepEqual(counts([{ model: "alder", prompts: 9, best: of(1) }]).best, ["(n = 1)"]);
  });
});
