import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addMeasure } from "../../src/cli/measures";
import { measures } from "../../src/measures/measures";
import { fieldnotes } from "./command";

test("an error of a measure names the command and its option, not the function behind it", async () => {
  const said = async (name: string, flags: string[], message: string) => {
    const program = new Command().exitOverride();
    const base = measures.find((one) => one.name === name && one.of === undefined);
    assert.ok(base);
    addMeasure(program, base, () => Promise.reject(new RangeError(message)));
    const error = await program.parseAsync([name, ...flags], { from: "user" }).catch((one: unknown) => one);
    return (error as Error).message;
  };
  const score = "requires score, the name of a score in the log, got none";
  assert.equal(
    await said("quality", ["--judge"], `judged ${score}`),
    "quality --judge requires --score, the name of a score in the log, got none",
  );
  assert.equal(
    await said("cost", ["--pairs"], 'costPairs requires by to include "model", got "day"'),
    'cost --pairs requires --by to include "model", got "day"',
  );
  const own = 'by requires columns of calls, got "modl"';
  assert.equal(await said("latency", [], own), own);
});

test("latency --exposure refuses columns to group by and another cluster, since it counts users", async () => {
  for (const flags of [
    ["--by", "model"],
    ["--candidate", "provider"],
    ["--cluster", "day"],
  ]) {
    const { code, stderr } = await fieldnotes(["latency", "--exposure", ...flags], ".");
    assert.equal(code, 2);
    assert.match(stderr, /^fieldnotes: latency --exposure has no --\w+: it counts users/);
  }
});

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

test("the value of an option that asks for another table reaches the function that makes it", async () => {
  const views = measures.filter(({ of, value }) => of !== undefined && value !== undefined);
  assert.ok(views.length > 5);
  for (const view of views) {
    const base = measures.find(({ name, of }) => name === view.of && of === undefined);
    assert.ok(base);
    const given: unknown[] = [];
    const program = new Command().exitOverride();
    addMeasure(program, base, async ({ measure, options }) => {
      given.push(measure.name, (options as Record<string, unknown>)[camel(view.name)]);
    });
    await program.parseAsync([base.name, `--${view.name}`, "5"], { from: "user" });
    const value = { number: 5, whole: 5, numbers: [5], names: "5", cluster: "5", text: "5" }[
      view.as ?? "text"
    ];
    assert.deepEqual(given, [view.name, value], view.name);
  }
});
