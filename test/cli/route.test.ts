import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { traffic } from "../decide/traffic";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
const calls = traffic(1);
writeFileSync(join(place.path, "calls.jsonl"), calls.map((call) => JSON.stringify(call)).join("\n"));
writeFileSync(
  join(place.path, "tasks.csv"),
  ["task_id,resolved", ...calls.map(({ task_id }, at) => `${task_id},${at % 5 !== 0}`)].join("\n"),
);
const both = ["calls.jsonl", "tasks.csv"];

describe("route on the command line", () => {
  thorough("JSON holds the rows, the total and the models looked at", async () => {
    const found = await json(["route", ...both, "--flagship", "long", "--margin", "0.15"], place.path);
    assert.deepEqual([found.by, found.flagship], [["workload"], "long"]);
    const [row] = found.rows;
    assert.deepEqual([row.workload, row.model], ["w", "short"]);
    for (const name of [
      "cost",
      "cost_flagship",
      "saving",
      "resolve_rate_at_mix",
      "resolve_difference",
      "seconds_per_task_at_mix",
    ])
      assert.equal(typeof row[name].value, "number", name);
    assert.ok(found.total.saving.low > 0 && found.total.covered === 1);
    assert.equal(found.candidates.length, 2);
  });

  thorough("a person reads what is saved, where all goes, and what was looked at", async () => {
    const { stdout } = await fieldnotes(["route", ...both, "--floor", "resolve_rate>=0.5"], place.path);
    assert.match(
      stdout,
      /^\d+ USD \(\d+ to \d+\) of \d+ USD would have been saved in 13 days, \d+ %, against long for all: w to short\. It holds if tasks of one type and length were given to models at random[^\n]*\n/,
    );
    assert.match(stdout, /Models looked at/);
    assert.doesNotMatch(stdout, /\{/);
    assert.match(stdout, /Floor, by one-sided bounds: resolve_rate >= 0\.5\./);
  });

  test("a floor that is none is one clear line", async () => {
    const { code, stderr } = await fieldnotes(["route", ...both, "--floor", "resolve_rate"], place.path);
    assert.equal(code, 2);
    assert.match(stderr, /route requires floor to be like/);
  });

  thorough(
    "a cascade prints the threshold to take and every threshold, or why it cannot be told",
    async () => {
      const asked = calls.map((call, at) => ({
        ...call,
        prompt_id: `p${at >> 1}`,
        model: ["short", "long"][at % 2],
      }));
      writeFileSync(join(place.path, "asked.jsonl"), asked.map((call) => JSON.stringify(call)).join("\n"));
      const scores = calls.map(({ call_id }, at) => `call,${call_id},sure,${(at % 7) / 7},judge`);
      writeFileSync(
        join(place.path, "scores.csv"),
        ["subject,subject_id,name,value,rater", ...scores].join("\n"),
      );
      const given = ["route", "asked.jsonl", "tasks.csv", "scores.csv", "--cascade", "short,long"];
      const { stdout } = await fieldnotes([...given, "--validator", "sure", "--margin", "0.3"], place.path);
      assert.match(stdout, /^(Accept in w short's answers|No threshold of sure)/);
      assert.match(stdout, /Every threshold/);
      const found = await json([...given, "--validator", "sure"], place.path);
      assert.deepEqual(
        [found.measure, found.identified, found.curve.length],
        ["cascade", "prompts of both", 7],
      );
      const refused = await fieldnotes([...given, "--floor", "resolve_rate>=0.5"], place.path);
      assert.deepEqual([refused.code, /no floor with cascade/.test(refused.stderr)], [2, true]);
      const alone = await fieldnotes(["route", ...both, "--validator", "sure"], place.path);
      assert.match(alone.stderr, /route requires --cascade, two models, with --validator; got none/);
    },
  );
});
