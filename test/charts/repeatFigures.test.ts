import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Figure } from "../../src/charts/figure";
import { passCurves } from "../../src/charts/passCurves";
import { promptSpread } from "../../src/charts/promptSpread";
import { rankFlips } from "../../src/charts/rankFlips";
import { turnCurves } from "../../src/charts/turnCurves";
import { estimate, HOSTILE, stringsOf } from "./sample";

const share = (value: number) => estimate(value, value * 0.8, Math.min(1, value * 1.2), "1");
const consistency = (names: readonly string[]) => ({
  measure: "consistency",
  by: ["model"],
  notes: [],
  rows: names.map((model) => ({
    model,
    pass_at: { "1": share(0.6), "2": share(0.8) },
    pass_hat: { "2": share(0.4), "1": share(0.6) },
  })),
});
const picks = (names: readonly string[]) => ({
  measure: "single shot",
  by: ["workload", "runs"],
  notes: [],
  rows: names.flatMap((workload) => [4, 1].map((runs) => ({ workload, runs, wrong: share(0.4 / runs) }))),
});
const prompts = (names: readonly string[]) => ({
  measure: "worst prompts",
  by: ["model", "prompt_id"],
  notes: [],
  rows: names.flatMap((model) =>
    names.map((prompt_id, at) => ({
      model,
      prompt_id,
      mean: share(at / names.length),
      least: 0,
      most: at % 2,
    })),
  ),
});
const turns = (names: readonly string[]) => ({
  measure: "trajectories turns",
  by: ["model", "turn"],
  notes: [],
  rows: names.flatMap((model) =>
    [1, 2].map((turn) => ({ model, turn, going: share(0.6 / turn), given_up: share(0.2) })),
  ),
});
const all = (names: readonly string[]): Record<string, Figure> => ({
  passCurves: passCurves(consistency(names), { title: names[0] }),
  turnCurves: turnCurves(turns(names), { title: names[0] }),
  rankFlips: rankFlips(picks(names), { title: names[0] }),
  promptSpread: promptSpread(prompts(names), { title: names[0], quantity: names[0] }),
});

describe("figures of repeated prompts", () => {
  test("are plain JSON that describes itself", () => {
    for (const [name, figure] of Object.entries(all(["alder", "birch", "cedar"]))) {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure, name);
      assert.match(figure.description, /alder/, name);
    }
  });
  test("put k and runs in order, with a line for each model or workload", () => {
    const { passCurves: pass, rankFlips: flips } = all(["alder", "birch"]);
    assert.deepEqual(
      pass.data.map(({ name, x }) => [name, x]),
      [
        ["alder", [1, 2]],
        ["alder", [1, 2]],
        ["birch", [1, 2]],
        ["birch", [1, 2]],
      ],
    );
    assert.deepEqual(pass.data[0].y, [60, 40]);
    assert.deepEqual(
      flips.data.map(({ name, x, y }) => [name, x, y]),
      [
        ["alder", [1, 4], [40, 10]],
        ["birch", [1, 4], [40, 10]],
      ],
    );
    assert.match(flips.description, /with 1 run a prompt/);
  });
  test("sort prompts from the worst on and count those that vary", () => {
    const figure = promptSpread(prompts(["b", "a"]));
    assert.match(figure.description, /b: 2 prompts, of which 1 varies; a: 2 prompts/);
    assert.deepEqual(figure.data[0].y, [0, 50]);
  });
  test("show another share of each prompt where asked, without a range", () => {
    const rows = prompts(["b", "a"])
      .rows.slice(0, 2)
      .map((row, at) => ({ ...row, json_valid: [0.75, 0.5][at] }));
    const figure = promptSpread(rows, { by: ["model"], value: "json_valid" });
    assert.deepEqual(figure.data[0].y, [50, 75]);
    assert.deepEqual((figure.data[0].error_y as { array: number[] }).array, [0, 0]);
    assert.match(JSON.stringify(figure.layout), /json valid/);
    assert.match(figure.description, /b: 2 prompts, from 0\.50* to 0\.75/);
  });
  test("take hostile names as text", () => {
    for (const [name, figure] of Object.entries(all(HOSTILE))) {
      for (const text of stringsOf({ data: figure.data, layout: figure.layout })) {
        assert.doesNotMatch(text, /<(?!br>|b>|\/b>)/, `${name}: ${text}`);
        for (const character of ["\u0000", "\u001b", "\u202e", "$", "%{"])
          assert.ok(!text.includes(character), `${name}: ${text}`);
      }
    }
  });
  test("draw nothing at all", () => {
    for (const figure of [passCurves([]), turnCurves([]), rankFlips([]), promptSpread([])]) {
      assert.equal(figure.data.length, 0);
      assert.ok(figure.description.length > 0);
    }
  });
});
