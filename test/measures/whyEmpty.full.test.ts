import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo } from "../../src/demo/openDemo";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { reason } from "../../src/measures/reason";

// Their tables are of leaderboards, people's preferences or scores, and say what those lack; or they have to be told
// what to price.
const ofOthers =
  /^(preferences|agreement|benchmark|quality(?! --(by-length|slope|pipeline|structured|drift|refusals))|cost --(?!growth|pairs)|latency --by-outcome)/;

test("a measure of calls that selects none says that, and not that its calls lack something", async () => {
  const store = await openDemo();
  const own = measures.filter((measure) => !ofOthers.test(commandOf(measure)));
  assert.ok(own.length >= 20, String(own.length));
  for (const measure of own) {
    const table = await measure.run(store, { score: "resolved", where: "model = 'nobody'" } as never);
    assert.deepEqual([table.rows, reason(table)], [[], "No call is selected."], commandOf(measure));
  }
});
