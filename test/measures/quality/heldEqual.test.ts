import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atEqual, type Verdicts } from "../../../src/measures/quality/heldEqual";
import { type Estimate, noted } from "../../../src/stats/estimate";
import { wilson } from "../../../src/stats/rate";
import { disowning, neededBy } from "../../../src/stats/reservation";
import { type ControlWorld, controlWorlds, truthOf, verdictsOf } from "../../calibration/controlWorlds";
import { thorough } from "../../property";

const rawOf = ({ value }: Verdicts) =>
  wilson(
    value.reduce((sum, x) => sum + x, 0),
    value.length,
  );
const named = (name: string, shared: number) =>
  controlWorlds.find((world) => world.name === name && world.shared === shared)!;

/** The rates of a log with the length held equal, beside the raw ones. */
function told(world: ControlWorld, seed: number) {
  const groups = verdictsOf(world, seed);
  const raw = groups.map(rawOf);
  const wanted = ["output_length"] as const;
  return { raw, ...atEqual(groups, raw, { wanted, level: 0.95, clusterBy: "user_id" }) };
}
const isOpen = ({ reservations }: Estimate) => disowning(reservations, "high").length > 0;
const holds = ({ low, high }: Estimate, value: number) => low <= value && value <= high;

/** The share of the intervals that hold the truth or are open. */
function sound(world: ControlWorld, draws: number): number {
  const truth = truthOf(world);
  const all = Array.from({ length: draws }, (_, seed) => told(world, 500 + seed).rates).flatMap((rates) =>
    rates.map((rate, model) => isOpen(rate) || holds(rate, truth[model])),
  );
  return all.filter(Boolean).length / all.length;
}

describe("rates at equal length", () => {
  test("hold the raw interval as well without shared prompts, and decide nothing where the two disagree", () => {
    for (const name of ["hard prompts have long answers", "the judge likes long answers"]) {
      const { raw, rates, notes } = told(named(name, 0), 1);
      for (const [at, rate] of rates.entries())
        assert.ok(rate.low <= raw[at].low && raw[at].high <= rate.high, name);
      const [open] = rates.filter(isOpen);
      assert.match(open?.note ?? "", /raw and controlled disagree/, name);
      assert.ok(notes.some((note) => /Fewer than 30 prompts were answered by several models/.test(note)));
    }
  });

  test("are open nowhere where raw and controlled agree", () => {
    const { rates } = told(named("nothing sways the judge", 0), 1);
    assert.deepEqual(rates.map(isOpen), [false, false, false]);
    // Length and difficulty may have cancelled out: a verdict on these waits for that.
    for (const { reservations } of rates)
      assert.deepEqual(neededBy(reservations, "low"), ["length-or-difficulty"]);
    const shared = told(named("nothing sways the judge", 1), 1).rates;
    assert.deepEqual(neededBy(shared[0].reservations, "low"), []);
  });

  test("have no ends where the raw rate has none, and say why", () => {
    const groups = verdictsOf(named("nothing sways the judge", 0), 1);
    const raw = groups.map((group) => ({
      ...rawOf(group),
      ...{ low: Number.NaN, high: Number.NaN },
      ...noted(["one user has most"]),
    }));
    const { rates } = atEqual(groups, raw, {
      wanted: ["output_length"],
      level: 0.95,
      clusterBy: "user_id",
    });
    assert.deepEqual([rates[0].low, rates[0].note], [Number.NaN, "one user has most"]);
  });

  test("stay the raw ones of an unbiased judge whose hard prompts are shared", () => {
    const { raw, rates, notes } = told(named("hard prompts have long answers", 1), 1);
    for (const [at, rate] of rates.entries()) {
      assert.ok(Math.abs(rate.value - raw[at].value) < 0.05, `${rate.value} of ${raw[at].value}`);
      assert.equal(rate.method, "logistic-standardised");
    }
    const [, low, high] = (
      /has (\S+) \[(\S+), (\S+)\] times/.exec(notes.join(" ")) ?? assert.fail(notes.join(" "))
    )
      .slice(1)
      .map(Number);
    assert.ok(low <= 1 && high >= 1, notes.join(" "));
  });

  test("hold each model equal by its own slope where length sways the judge differently by model", () => {
    const world = named("the judge likes those of one model more, and hard prompts have them", 1);
    const { notes } = told(world, 1);
    assert.ok(notes.some((note) => /How length sways the judge differs by model/.test(note)));
    const alike = told(named("nothing sways the judge", 1), 1);
    assert.ok(!alike.notes.some((note) => /differs by model/.test(note)));
  });

  thorough("hold the truth or are open in nine of ten logs, whatever sways the judge", (t) => {
    for (const world of controlWorlds) {
      const isBoth = world.likes[2] > 0 && world.longer > 0;
      // Of these two at once, nothing in a log without shared prompts can tell.
      if ((isBoth && world.shared === 0) || world.shared === 1 / 3) continue;
      const share = sound(world, 30);
      t.diagnostic(`${world.name}, ${world.shared} shared: ${share.toFixed(3)}`);
      assert.ok(share > 0.85, `${world.name}, ${world.shared} shared: ${share}`);
    }
  });
});
