import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openDemo } from "../../src/demo/openDemo";
import { releasesTruth } from "../../src/demo/releases";
import { agreementReleases } from "../../src/measures/agreement/progressOverReleases";
import { reliabilityRetryAfter } from "../../src/measures/service/retryAfter";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { thorough } from "../property";

const { models } = releasesTruth;
const [oldSorrel, newSorrel, oldVireo, newVireo] = Object.keys(models) as (keyof typeof models)[];
const holds = ({ low, high }: Estimate, value: number) => low <= value && value <= high;

describe("the log of two releases", () => {
  let store: Store;
  before(async () => {
    store = await openDemo({ log: "releases" });
  });
  after(() => store.close());

  thorough(
    "shows that the gain of one on the board is there in production, and that of the other is not",
    async () => {
      const { rows } = await agreementReleases(store, { metric: ["duration_p50", "resolve_rate"] });
      assert.deepEqual(
        rows.map(({ model, from, to, metric, verdict }) => [model, from, to, metric, verdict]).sort(),
        [
          ["sorrel", oldSorrel, newSorrel, "duration_p50", "shows"],
          ["sorrel", oldSorrel, newSorrel, "resolve_rate", "shows"],
          ["vireo", oldVireo, newVireo, "duration_p50", "does not show"],
          ["vireo", oldVireo, newVireo, "resolve_rate", "does not show"],
        ],
      );
      for (const { from, to, metric, benchmark_gain, production_change } of rows) {
        const [a, b] = [models[from as typeof oldSorrel], models[to as typeof oldSorrel]];
        assert.ok(holds(benchmark_gain, b.score - a.score), `${to}: the board`);
        const moved = metric === "duration_p50" ? b.seconds / a.seconds : b.resolve_rate - a.resolve_rate;
        assert.ok(holds(production_change, moved), `${to}: ${metric}, ${JSON.stringify(production_change)}`);
      }
    },
  );

  test("tells how long refused calls were to wait, whether retries did, and what came of it", async () => {
    const { rows } = await reliabilityRetryAfter(store, { by: "provider" });
    assert.deepEqual(
      rows.map(({ provider }) => provider),
      ["sorrel", "vireo"],
    );
    for (const { retry_after: told, obeyed, ok_obeyed, ok_early } of rows) {
      assert.ok(holds(told["0.5"], 4.5));
      assert.ok(holds(obeyed, releasesTruth.obeyed) && holds(ok_obeyed, releasesTruth.ok_obeyed));
      assert.ok(holds(ok_early, releasesTruth.ok_early) && ok_early.high < ok_obeyed.low);
    }
  });

  test("is one of four", () =>
    assert.rejects(
      openDemo({ log: "month" } as never),
      /openDemo requires log "week", "releases", "cascade", "switch", "conversations" or "causes", got "month"/,
    ));
});
