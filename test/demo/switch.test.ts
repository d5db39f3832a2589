import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compare } from "../../src/decide/compare/compare";
import { openDemo } from "../../src/demo/openDemo";
import { switchLog, switchTruth } from "../../src/demo/switch";
import type { Store } from "../../src/store/open";
import { thorough } from "../property";

const asked = (model: string) => ({ switch: switchTruth.switched, where: `model = '${model}'` });

describe("the log of a switch", () => {
  let store: Store;
  before(async () => {
    store = await openDemo({ log: "switch" });
  });
  after(() => store.close());

  test("is long enough to settle it, against the model that was not touched", async () => {
    const { rows } = await compare(store, { ...asked("sorrel"), metrics: "duration_p50" });
    const [{ verdict, claim, control, within_ratio: found }] = rows;
    assert.deepEqual([verdict, claim.status, control], ["slower", "settled", "birch"]);
    assert.ok(found.low < switchTruth.slower && switchTruth.slower < found.high, JSON.stringify(found));
  });

  thorough("settles no change of the other model, whose control is the one that was changed", async () => {
    const { rows, verdict } = await compare(store, { ...asked("birch"), metrics: "duration_p50" });
    assert.deepEqual([rows[0].claim.status, rows[0].claim.needs], ["leads if", "nothing-unlogged"]);
    assert.match(
      verdict,
      /^If sorrel was not changed itself, which moved further than these calls: p50 duration faster/,
    );
  });

  test("has the same calls for the same seed, and every id once", () => {
    const { calls } = switchLog(3);
    assert.deepEqual(calls, switchLog(3).calls);
    assert.equal(new Set(calls.map((call) => (call as { call_id: string }).call_id)).size, calls.length);
  });
});
