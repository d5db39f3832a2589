import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { chooseAll } from "../../src/decide/chooseAll";
import { criterionValue, type Floor, keeps } from "../../src/decide/criterion";
import { type Profile, readProfile } from "../../src/decide/profile";
import { generateDemo } from "../../src/demo/generate";
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-choose-demo-"));
after(() => rmSync(here, { recursive: true, force: true }));

const read = (file: string) =>
  JSON.parse(readFileSync(join(__dirname, "..", "..", "data", "demo", file), "utf8"));
const truth: { rows: { by: Record<string, string>; measures: Record<string, { value: number }> }[] } =
  read("truth.json");
const world: { models: Record<string, { effective_context: number }> } = read("world.json");
const workloads: Record<string, string> = {
  chat: "chat-assistant",
  review: "document-review",
  coding: "coding-assistant",
};

/** What is true of a metric, by its name in a profile. */
function trueValue(metric: string, workload: string, model: string): number {
  if (metric === "effective_context") return world.models[model].effective_context;
  const row = truth.rows.find(
    ({ by }) => Object.keys(by).length === 2 && by.workload === workload && by.model === model,
  );
  return row?.measures[metric.replace(/_p(\d+)$/, ".0.$1")].value as number;
}

/** The best by the truth: the highest utility of the models whose true values keep the floors. */
function trueBest(profile: Profile): string {
  const workload = workloads[profile.name];
  const models = Object.keys(world.models).filter((model) =>
    (profile.floors ?? []).every((floor: Floor) => keeps(trueValue(floor.metric, workload, model), floor)),
  );
  const utility = (model: string) =>
    profile.criteria.reduce(
      (sum, one) => sum + one.weight * criterionValue(trueValue(one.metric, workload, model), one),
      0,
    );
  return models.sort((a, b) => utility(b) - utility(a))[0];
}

const profiles = Object.keys(workloads).map((name) => {
  const { sub_workloads, ...whole } = readProfile(name);
  return whole;
});
const best = profiles.map(trueBest);

test("by the truth of the demo three teams need three models, none of which leads the leaderboards", () => {
  assert.equal(new Set(best).size, 3, best.join());
  assert.ok(!best.includes("orrery-apex"));
});

describe("three teams choose from the demo's logs what is truly best for them", () => {
  for (const seed of [1, 2]) {
    test(`seed ${seed}`, async () => {
      const { logs } = generateDemo({ out: join(here, String(seed)), seed, truthCalls: 0 });
      const store = await open(":memory:");
      try {
        await ingest(store, logs);
        const { choices, verdict } = await chooseAll(store, profiles);
        assert.deepEqual(
          choices.map((choice) => choice.best),
          best,
          verdict,
        );
        assert.match(verdict, /^3 profiles, 3 different models: /);
        for (const { rows } of choices) {
          const leader = rows.find(({ name }) => name === "orrery-apex");
          assert.ok((leader?.p_best as number) < 0.05);
        }
      } finally {
        store.close();
      }
    });
  }
});
