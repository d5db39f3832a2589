import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { traffic } from "../decide/traffic";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
writeFileSync(
  join(place.path, "calls.jsonl"),
  traffic(1)
    .map((call) => JSON.stringify(call))
    .join("\n"),
);

describe("plan on the command line", () => {
  test("a cost that never varies is no study, and what no week can show is nothing", async () => {
    const calls = Array.from({ length: 400 }, (_, at) => ({
      ...{ call_id: `c${at}`, task_id: `t${at}`, user_id: `u${at % 40}`, model: at % 2 ? "a" : "b" },
      ...{
        started_at: new Date(Date.UTC(2026, 2, 2 + (at % 7), at % 24)).toISOString(),
        cost: 0.01,
        status: "ok",
      },
    }));
    writeFileSync(join(place.path, "even.jsonl"), calls.map((call) => JSON.stringify(call)).join("\n"));
    const tasks = calls.map(({ task_id }, at) => `${task_id},${at % 20 !== 0}\n`).join("");
    writeFileSync(join(place.path, "even.csv"), `task_id,resolved\n${tasks}`);
    const { stdout } = await fieldnotes(
      ["plan", "even.jsonl", "even.csv", "--metric", "cost_per_task,resolve_rate"],
      place.path,
    );
    assert.match(stdout, /a plan needs values that differ/);
    assert.match(stdout, /^resolve_rate .* nothing +nothing/m);
    assert.doesNotMatch(stdout, /∞ (USD|points)/);
    const rates = await fieldnotes(["plan", "even.jsonl", "--metric", "error_rate"], place.path);
    assert.match(rates.stdout, /a factor changes nothing of 0: name a difference to find/);
    const low = ["--metric", "resolve_rate", "--difference", "0.2"];
    const all = await fieldnotes(["plan", "even.jsonl", "even.csv", ...low], place.path);
    assert.match(all.stdout, /a share of 115 % cannot be/);
  });

  thorough("JSON holds what a study takes and what a week can show", async () => {
    const found = await json(
      ["plan", "calls.jsonl", "--metric", "duration_p95", "--ratio", "1.5"],
      place.path,
    );
    assert.deepEqual(found.by, ["workload", "metric"]);
    const [row] = found.rows;
    for (const name of [
      "difference",
      "n",
      "clusters",
      "days",
      "mde_week",
      "mde_week_share",
      "times",
      "mde_4_weeks",
      "design_effect",
    ])
      assert.ok(row[name] > 0, name);
    assert.equal(typeof row.now.value, "number");
    assert.match(row.takes, /week/);
  });

  thorough("a split is checked, and its arms stand beside each other", async () => {
    const flags = ["--split", "model=0.5,0.5", "--anytime", "--metric", "duration_p50"];
    const found = await json(["plan", "calls.jsonl", ...flags], place.path);
    assert.deepEqual(
      found.split.arms.map(({ value }: { value: string }) => value),
      ["long", "short"],
    );
    assert.equal(typeof found.split.p, "number");
    assert.ok(found.running[0].difference.high < 0);
    const { stdout } = await fieldnotes(["plan", "calls.jsonl", ...flags], place.path);
    assert.match(stdout, /^Split by model: as planned \(p /m);
    assert.match(stdout, /Running, at any time/);
  });

  thorough("a split that is none is one clear line", async () => {
    const { code, stderr } = await fieldnotes(["plan", "calls.jsonl", "--split", "model"], place.path);
    assert.equal(code, 2);
    assert.match(stderr, /plan requires split to be like "model=0\.5,0\.5"/);
  });

  test("a timezone is refused where no column depends on it, and changes the calls where one does", async () => {
    for (const command of ["plan", "route"]) {
      const { code, stderr } = await fieldnotes(
        [command, "calls.jsonl", "--timezone", "Asia/Tokyo"],
        place.path,
      );
      assert.equal(code, 2);
      assert.equal(
        stderr.split("\n")[0],
        `fieldnotes: ${command} requires an hour, weekday, day or week in --by, --where or --candidate with --timezone, got none (see fieldnotes ${command} --help)`,
      );
    }
    const flags = ["--metric", "error_rate", "--where", "hour < 12"];
    const [here, there] = [
      await json(["plan", "calls.jsonl", ...flags], place.path),
      await json(["plan", "calls.jsonl", ...flags, "--timezone", "Asia/Tokyo"], place.path),
    ];
    assert.notEqual(here.rows[0].now.n, there.rows[0].now.n);
  });
});
