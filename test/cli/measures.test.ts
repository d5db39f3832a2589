import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { addMeasure } from "../../src/cli/measures";
import { measures } from "../../src/measures/measures";

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

test("the value of an option that asks for another table reaches the function that makes it", async () => {
  const views = measures.filter(({ of, value }) => of !== undefined && value !== undefined);
  assert.ok(views.some(({ name }) => name.includes("-")));
  for (const view of views) {
    const base = measures.find(({ name, of }) => name === view.of && of === undefined);
    assert.ok(base);
    const given: unknown[] = [];
    const program = new Command().exitOverride();
    addMeasure(program, base, async ({ measure, options }) => {
      given.push(measure.name, (options as Record<string, unknown>)[camel(view.name)]);
    });
    await program.parseAsync([base.name, `--${view.name}`, "5"], { from: "user" });
    const value = { number: 5, whole: 5, numbers: [5], text: "5" }[view.as ?? "text"];
    assert.deepEqual(given, [view.name, value], view.name);
  }
});
