import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compare } from "../../src/decide/compare/compare";
import { metricNames } from "../../src/measures/metricNames";
import { metricTable } from "../../src/measures/metricTable";
import { trend } from "../../src/measures/trend/trend";
import type { Estimate } from "../../src/stats/estimate";
import { open, type Store } from "../../src/store/open";

describe("the share of input read from a cache", () => {
  let store: Store;
  before(async () => {
    store = await open(":memory:");
    // Long inputs of model a come from the cache for three quarters, short ones for none; model b's for a tenth. The log
    // says nothing of every fifth call.
    await store.connection.run(`
      insert into calls by name
      select 'c' || i as call_id, 'u' || (i // 2 % 40) as user_id, if(i % 2 = 0, 'a', 'b') as model,
             timestamp '2026-03-01' + to_minutes(20 * i) as started_at, 1.5 as duration, 'ok' as status,
             if(i % 4 < 2, 3000, 1000) as input_tokens, 50 as output_tokens,
             case when i // 2 % 5 = 4 then null when i % 2 = 1 then if(i % 4 < 2, 300, 100) when i % 4 < 2 then 2250 else 0 end
               as cache_read_input_tokens
      from range(2000) as r(i)`);
  });
  after(() => store.close());

  test("is of tokens, not of calls, and leaves out calls whose log does not say", async () => {
    const { rows } = await metricTable(store, { by: "model", metrics: ["cached_input_share"] });
    const shares = rows.map(({ model, cached_input_share: one }) => [model, one as Estimate] as const);
    assert.deepEqual(
      shares.map(([model, { value, n, unit }]) => [model, Number(value.toFixed(9)), n, unit]),
      [
        ["a", 2250 / 4000, 800, "1"],
        ["b", 0.1, 800, "1"],
      ],
    );
    const [[, { low, high }]] = shares as [(typeof shares)[0]];
    assert.ok(low > 0.4 && low < 0.5625 && high > 0.5625 && high < 0.7, `${low} ${high}`);
  });

  test("is listed where the log has it, and trend and compare take it", async () => {
    assert.ok((await metricNames(store)).includes("cached_input_share"));
    const { rows } = await trend(store, { by: "model", metric: "cached_input_share" });
    assert.equal(rows.length, 2);
    const compared = await compare(store, {
      a: "model = 'a'",
      b: "model = 'b'",
      metrics: ["cached_input_share"],
    });
    assert.match(JSON.stringify(compared.rows), /cached_input_share/);
  });
});
