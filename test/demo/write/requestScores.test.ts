import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, type Task } from "../../../src/demo/traffic/call";
import { traffic } from "../../../src/demo/traffic/traffic";
import { readWorld } from "../../../src/demo/world/world";
import { callName, names } from "../../../src/demo/write/name";
import { middleChance, requestWriter } from "../../../src/demo/write/requestScores";

const { world } = readWorld();
const tasks: Task[] = [...traffic(world, { seed: 5, calls: 40_000 })];
const ids = names(5);
const lines: string[] = [];
const writer = requestWriter({ write: (text) => lines.push(text), close: () => {} }, ids, 5);
for (const [at, task] of tasks.entries())
  writer.add(
    task,
    task.calls.map(() => ({ prompt: at % 3 === 0 ? "where is it" : "Where is it?", output: null })),
  );
const valuesOf = (name: string) =>
  new Map(
    lines
      .map((line) => line.split(","))
      .flatMap(([, id, one, value]) => (one === name ? [[id, Number(value)]] : [])),
  );

describe("what is told of requests", () => {
  test("is where the evidence stood: in the middle the odds of a hallucination are those of the world", () => {
    const places = valuesOf("evidence_position");
    const counts = { held: [0, 0], not: [0, 0] };
    for (const task of tasks) {
      if (task.lane.workload !== "document-review") continue;
      for (const [at, call] of task.calls.entries()) {
        if (!answered(call)) continue;
        const place = places.get(callName(ids, task, at)) as number;
        assert.ok(place >= 0 && place <= 1);
        counts[call.hallucinated ? "not" : "held"][place > 1 / 3 && place < 2 / 3 ? 1 : 0]++;
      }
    }
    const { held, not } = counts;
    const error = Math.sqrt([...held, ...not].reduce((sum, n) => sum + 1 / n, 0));
    const odds = Math.log((not[1] * held[0]) / (not[0] * held[1]));
    assert.ok(Math.abs(odds - Math.log(world.workloads["document-review"].labels.middle_odds)) < 4 * error);
    assert.equal(places.size, held[0] + held[1] + not[0] + not[1]);
  });

  test("is whether the words of a chat were messy", () => {
    const messy = valuesOf("messy");
    assert.ok(messy.size > 1000);
    for (const [at, task] of tasks.entries())
      for (const [call] of task.calls.entries()) {
        const is = messy.get(callName(ids, task, call));
        if (is !== undefined) assert.equal(is, at % 3 === 0 ? 1 : 0);
        if (task.lane.workload !== "chat-assistant") assert.equal(is, undefined);
      }
  });

  test("has odds of 1 where the place tells nothing", () => {
    assert.equal(middleChance(1, true), middleChance(1, false));
    const [not, held] = [middleChance(4, true), middleChance(4, false)];
    assert.ok(Math.abs(not / (1 - not) / (held / (1 - held)) - 4) < 1e-12);
  });
});
