import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { textsOf } from "../../../src/demo/text/text";
import type { Task } from "../../../src/demo/traffic/call";
import { traffic } from "../../../src/demo/traffic/traffic";
import { readWorld } from "../../../src/demo/world/world";

const { world } = readWorld();
const tasks: Task[] = [...traffic(world, { seed: 2, calls: 6000 })];
const talk = textsOf(2);
const said = tasks.flatMap((task) => talk(task).map((one, at) => ({ ...one, task, call: task.calls[at] })));
const of = (workload: string) => said.filter(({ task }) => task.lane.workload === workload);

describe("texts", () => {
  test("are the same for the same seed, and plain ASCII", () => {
    const again = textsOf(2);
    assert.deepEqual(again(tasks[7]), talk(tasks[7]));
    for (const { prompt, output } of said)
      assert.match(`${prompt}${output ?? ""}`, /^[\n -~]*$/, JSON.stringify({ prompt, output }));
  });

  test("have an answer where a call was answered, and none where it failed", () => {
    for (const { output, call } of said) assert.equal(output !== null, call.status === "ok");
  });

  test("to support hold addresses and numbers that belong to nobody, and near-duplicates", () => {
    const prompts = of("chat-assistant").map(({ prompt }) => prompt!);
    const mails = prompts.flatMap((prompt) => prompt.match(/\S+@\S+/g) ?? []);
    assert.ok(mails.length > 100);
    for (const mail of mails) assert.match(mail, /@example\.com/);
    const phones = prompts.flatMap((prompt) => prompt.match(/\+1 [\d ]+/g) ?? []);
    assert.ok(phones.length > 50);
    for (const phone of phones) assert.match(phone, /^\+1 202 555 01\d\d$/);
    assert.ok(new Set(prompts).size < 0.8 * prompts.length && new Set(prompts).size > 300);
  });

  test("of reviews are JSON as often as the log says, and cite what is not there where they invent", () => {
    for (const { prompt, output, call } of of("document-review")) {
      if (output === null || call.cacheHit) continue;
      const parses = (() => {
        try {
          return typeof JSON.parse(output) === "object";
        } catch {
          return false;
        }
      })();
      assert.equal(parses, call.jsonValid, output);
      if (!parses) continue;
      const { cites, ...answer } = JSON.parse(output);
      assert.equal("risk" in answer, call.schemaValid);
      const invented = cites.some((clause: string) => !prompt!.includes(clause));
      assert.equal(invented, call.hallucinated);
    }
  });

  test("of code differ where they pass from where they do not", () => {
    const answers = of("coding-assistant").filter(({ call }) => call.status === "ok");
    const kinds = new Set(answers.map(({ task }) => task.lane.operation));
    assert.deepEqual([...kinds].sort(), ["chat", "text_completion"]);
    const pass = new Set(answers.filter(({ call }) => call.passed).map(({ output }) => output));
    for (const { output, call } of answers)
      if (!call.passed && call.finishReason === "stop") assert.ok(!pass.has(output), output!);
  });
});
