import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cascadeTally } from "../../calibration/cascadeTally";

const base = { cheap: 0.8, dear: 2.2, tells: 2 } as const;

// More logs and worlds: docs/simulations/cascade.md.
describe("thresholds of a cascade on logs whose truth is known", () => {
  for (const log of ["sent on", "prompts"] as const)
    test(`bands and the intervals at the threshold taken hold, though it was picked: ${log}`, async () => {
      const seen = await cascadeTally({ ...base, log, tasks: 800 }, 25, { seed: 7, isDeclared: true });
      const said = JSON.stringify(seen);
      assert.ok(seen.taken >= 20 && seen.wrong <= 2 && seen.band >= 21, said);
      assert.ok(Math.min(seen.saving, seen.difference) >= seen.taken - 4, said);
      assert.ok(Math.abs(seen.luck.saving) < 0.04 && Math.abs(seen.luck.difference) < 0.03, said);
    });

  test("no wrong threshold is taken where users sent on most of the bad answers and few good ones", async () => {
    const seen = await cascadeTally({ ...base, tells: 0.7, log: "by users", tasks: 800 }, 20, { seed: 7 });
    assert.ok(seen.wrong <= 2, JSON.stringify(seen));
  });

  test("a cheap model worse than the margin is seldom taken alone where the score tells nothing", async () => {
    const seen = await cascadeTally({ cheap: 1.6, dear: 2.2, tells: 0, log: "prompts", tasks: 800 }, 25, {
      seed: 7,
    });
    assert.ok(seen.wrong <= 4, JSON.stringify(seen));
  });
});
