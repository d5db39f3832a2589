import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { route } from "../../src/decide/route/route";
import { cascadeLog, cascadeTruth } from "../../src/demo/cascade";
import { generateDemo } from "../../src/demo/generate";
import { openDemo } from "../../src/demo/openDemo";
import { qualityControlled } from "../../src/measures/quality/controlled";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { thorough } from "../property";
import { near } from "../same";

const { planted, cascade, liked } = cascadeTruth();
const { cheap, dear } = planted;
const holds = ({ low, high }: Estimate, value: number) => low <= value && value <= high;

describe("the log of a cascade", () => {
  let store: Store;
  before(async () => {
    store = await openDemo({ log: "cascade" });
  });
  after(() => store.close());

  thorough("shows what every threshold would cost and how good it would be, within its bands", async () => {
    const { rows, curve } = await route(store, {
      cascade: [cheap, dear],
      validator: "check",
      assume: ["random-escalation"],
    });
    assert.deepEqual(
      curve.map(({ threshold }) => threshold),
      cascade.map(({ threshold }) => threshold),
    );
    for (const [
      at,
      { threshold, passed_on, cost_per_task, saving, quality, quality_difference },
    ] of curve.entries())
      for (const [name, one] of Object.entries({
        passed_on,
        cost_per_task,
        saving,
        quality,
        quality_difference,
      }))
        if (name !== "passed_on" || at > 0) {
          const truth = cascade[at][name as "saving"];
          assert.ok(
            holds(one, truth),
            `${name} at ${threshold}: ${truth} is not in ${one.low} to ${one.high}`,
          );
        }
    // The one with the largest saving of those that lose at most 5 points.
    const best = cascade
      .filter((one) => one.quality_difference >= -0.05)
      .sort((a, b) => b.saving - a.saving)[0];
    assert.equal(rows[0].threshold, best.threshold);
  });

  thorough("has a judge who likes long answers, and at equal length the other model's better", async () => {
    const { rows, notes } = await qualityControlled(store, {
      score: "liked",
      control: "output_length",
      by: "model",
    });
    for (const { model, raw, controlled: held } of rows) {
      const truth = liked[model as typeof cheap];
      assert.ok(holds(raw, truth.raw) && holds(held, truth.at_equal_length), String(model));
    }
    assert.ok(
      liked[cheap].raw < liked[dear].raw && liked[cheap].at_equal_length > liked[dear].at_equal_length,
    );
    const odds = /twice as long has [\d.]+ \[([\d.]+), ([\d.]+)\] times the odds/.exec(notes.join(" "));
    const planned = 2 ** planted.judge.length;
    assert.ok(odds !== null && Number(odds[1]) <= planned && planned <= Number(odds[2]), notes.join(" "));
    assert.match(notes.join(" "), /1 of 1 pairs of rows change their order/);
  });
});

thorough("the truth is what many logs show together", () => {
  type Row = Record<string, string & number & boolean>;
  const logs = Array.from({ length: 30 }, (_, seed) => cascadeLog(seed + 1) as Record<string, Row[]>);
  const share = (of: boolean[]) => of.filter(Boolean).length / of.length;
  for (const { threshold, passed_on, quality, cost_per_task, saving } of cascade) {
    const below: boolean[] = [];
    const kept = { good: [] as boolean[], all: 0 };
    const sent = { good: [] as boolean[], cost: 0 };
    const costs = { cheap: 0, dear: 0, sent: 0, tasks: 0 };
    for (const { calls, tasks, scores } of logs) {
      const check = new Map(
        scores.filter(({ name }) => name === "check").map((one) => [String(one.subject_id), one.value]),
      );
      const second = new Map(
        calls.filter(({ attempt }) => attempt === 2).map((one) => [one.task_id, one.cost]),
      );
      for (const { model, cost } of calls) costs[model === cheap ? "cheap" : "dear"] += cost;
      for (const { task_id, resolved } of tasks) {
        const isBelow = Number(check.get(`${task_id}-1`)) < threshold;
        const cost = second.get(task_id);
        below.push(isBelow);
        costs.tasks++;
        if (cost !== undefined) costs.sent++;
        if (!isBelow && cost === undefined) kept.good.push(resolved);
        if (isBelow && cost !== undefined) {
          sent.good.push(resolved);
          sent.cost += cost;
        }
      }
    }
    const passed = share(below);
    near(passed, passed_on, `passed on at ${threshold}`, 0, 0.005);
    const good = (passed > 0 ? passed * share(sent.good) : 0) + (1 - passed) * share(kept.good);
    near(good, quality, `quality at ${threshold}`, 0, 0.01);
    const spent = costs.cheap / costs.tasks + (passed > 0 ? (passed * sent.cost) / sent.good.length : 0);
    near(spent / cost_per_task, 1, `cost at ${threshold}`, 0.02);
    near((costs.dear / costs.sent - spent) / saving, 1, `saving at ${threshold}`, 0.02);
  }
});

test("demo writes a small log with its truth, and refuses what only the week has", () => {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
  try {
    const { files, logs, calls } = generateDemo({ out: folder, log: "cascade" });
    assert.equal(readFileSync(logs[0], "utf8").trimEnd().split("\n").length, calls);
    const truth = JSON.parse(readFileSync(files[files.length - 1], "utf8"));
    assert.equal(truth.cascade.length, cascade.length);
    near(truth.cascade[2].saving, cascade[2].saving, "saving", 1e-6);
    assert.throws(
      () => generateDemo({ out: folder, log: "cascade", calls: 10 }),
      /requires log "week" with calls or world: the log "cascade" has a size and a world of its own/,
    );
    assert.throws(
      () => generateDemo({ out: folder, log: "month" as never }),
      /requires log "week", "releases", "cascade", "switch", "conversations" or "causes", got "month"/,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
