import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { toJson } from "../../src/charts/text";
import { changesPart, type EarlierReport, readEarlier } from "../../src/page/reportChanges";
import type { Estimate } from "../../src/stats/estimate";

const seconds = (value: number, half: number): Estimate => ({
  value,
  low: value - half,
  high: value + half,
  level: 0.95,
  method: "t",
  n: 100,
  clusters: 100,
  clusterBy: "",
  unit: "s",
});

function report(rows: [string, Estimate][], more: Partial<EarlierReport> = {}): EarlierReport {
  return {
    from: "2026-03-02T00:00:00Z",
    to: "2026-03-08T00:00:00Z",
    calls: 100,
    inputs: ["a"],
    picks: { chat: "birch" },
    metrics: { by: ["model"], rows: rows.map(([model, duration_p95]) => ({ model, duration_p95 })) },
    ...more,
  };
}

test("numbers that moved beyond chance are shown, the others are counted", () => {
  const before = report([
    ["birch", seconds(1, 0.1)],
    ["alder", seconds(2, 0.5)],
  ]);
  const now = report(
    [
      ["birch", seconds(1.5, 0.1)],
      ["alder", seconds(2.2, 0.5)],
    ],
    { inputs: ["b"], picks: { chat: null } },
  );
  const part = changesPart(before, now);
  const [{ table }] = part.tables ?? [];
  assert.deepEqual(
    (table as { model: string; before: string; now: string }[]).map(({ model, before: was, now: is }) => [
      model,
      was,
      is,
    ]),
    [["birch", "1.00 s [0.90, 1.10]", "1.50 s [1.40, 1.60]"]],
  );
  const said = (part.points ?? []).join(" ");
  assert.match(said, /chat: birch before, now no model shown to be best/);
  assert.match(said, /2 numbers are in both reports; 1 of them changed/);
  assert.doesNotMatch(said, /understated/);
});

test("the same report again has no change, and says that the files are the same", () => {
  const same = report([["birch", seconds(1, 0.1)]]);
  const part = changesPart(same, same);
  assert.deepEqual(part.tables, []);
  assert.match((part.points ?? []).join(" "), /still birch.*1 of 1 file is in both reports/s);
});

test("models that came or left are named; open ends are not compared", () => {
  const open = { ...seconds(1, 0.1), high: Number.POSITIVE_INFINITY };
  const part = changesPart(
    report([["birch", open]]),
    report([
      ["birch", open],
      ["alder", seconds(1, 0.1)],
    ]),
  );
  const said = (part.points ?? []).join(" ");
  assert.match(said, /New: alder\./);
  assert.match(said, /The reports have no number in common/);
});

test("an earlier report comes back from its JSON as it was, and another file is refused with what is wrong", () => {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
  try {
    const open = { ...seconds(1, 0.1), value: Number.NaN, high: Number.POSITIVE_INFINITY };
    const wanted = report([["birch", open]]);
    writeFileSync(join(folder, "a.json"), toJson(wanted));
    assert.deepEqual(readEarlier(join(folder, "a.json")), wanted);
    writeFileSync(join(folder, "b.json"), "{}");
    assert.throws(
      () => readEarlier(join(folder, "b.json")),
      /requires --against FILE\.json.*lacks its numbers/,
    );
    writeFileSync(join(folder, "c.json"), "null");
    assert.throws(() => readEarlier(join(folder, "c.json")), /requires --against/);
    assert.throws(() => readEarlier(join(folder, "none.json")), /requires --against/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
