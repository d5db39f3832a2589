import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
const call = (at: number, more: object) =>
  JSON.stringify({
    call_id: `c${at}`,
    task_id: `t${at >> 1}`,
    attempt: 1 + (at % 2),
    user_id: `u${at % 7}`,
    workload: "w",
    model: at % 4 < 2 ? "small" : "large",
    started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString(),
    duration: 1 + (at % 5),
    status: "ok",
    input_tokens: 100 * (at + 1),
    output_tokens: 50,
    cost: 0.01,
    ...more,
  });
writeFileSync(
  join(place.path, "calls.jsonl"),
  Array.from({ length: 40 }, (_, at) => call(at, {})).join("\n"),
);
writeFileSync(
  join(place.path, "tasks.csv"),
  ["task_id,resolved", ...Array.from({ length: 20 }, (_, at) => `t${at},${at % 3 === 0}`)].join("\n"),
);
const both = ["calls.jsonl", "tasks.csv"];

describe("cost and traffic as JSON", () => {
  thorough("cost", async () => {
    const table = await json(["cost", ...both, "--by", "model"], place.path);
    assert.deepEqual([table.measure, table.by], ["cost", ["model"]]);
    const { model, calls, tasks, resolved, total_cost, unpriced_calls, cost_per_resolved } = table.rows[0];
    assert.deepEqual([model, calls, tasks, resolved, unpriced_calls], ["large", 20, 10, 3, 0]);
    assert.ok(Math.abs(total_cost - 0.2) < 1e-12);
    assert.ok(Math.abs(cost_per_resolved.value - 0.2 / 3) < 1e-12);
    for (const name of ["cost_per_call", "cost_per_task", "attempts_per_task", "resolve_rate"])
      assert.equal(typeof table.rows[0][name].value, "number", name);
  });

  thorough("cost by the last answering call, and a credit that is none", async () => {
    const table = await json(["cost", ...both, "--credit", "last"], place.path);
    assert.equal(table.rows.length, 2);
    assert.equal((await fieldnotes(["cost", ...both, "--credit", "both"], place.path)).code, 2);
  });

  test("throughput", async () => {
    const [row] = (await json(["throughput", ...both], place.path)).rows;
    assert.ok(row.tokens_per_second.value > 0 && row.in_flight_peak === 1 && row.calls === 20);
  });

  test("context-length, by bin", async () => {
    const table = await json(["quality", "--by-length", ...both, "--by", "", "--bins", "2"], place.path);
    assert.equal(table.measure, "quality by length");
    assert.deepEqual(
      table.rows.map((row: { from_tokens: number; to_tokens: number; calls: number }) => [
        row.from_tokens,
        row.to_tokens,
        row.calls,
      ]),
      [
        [100, 2000, 20],
        [2100, 4000, 20],
      ],
    );
  });

  test("stages, of which this log has none", async () => {
    const table = await json(["latency", "--stages", ...both], place.path);
    assert.deepEqual(table.rows, []);
    assert.ok(table.notes.includes("There are no spans: stages cannot be measured."));
  });
});
