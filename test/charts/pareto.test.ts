import assert from "node:assert/strict";
import { test } from "node:test";
import { pareto } from "../../src/charts/pareto";
import { wilson } from "../../src/stats/rate";

test("a Pareto figure puts the most frequent cause first, says how far the first reach together, and leaves out what has none", () => {
  const share = (events: number) => ({ ...wilson(events, 20), unit: "1" });
  const rows = [
    { cause: "gave up", share_of_failed: share(5) },
    { cause: "lost", share_of_failed: share(11) },
    { cause: "nothing went wrong", share_of_failed: share(0) },
  ];
  assert.match(
    pareto(rows).description,
    /^share of failed: .*lost \(to here 55 %\) 55 % .*gave up \(to here 80 %\) 25 %/s,
  );
  assert.doesNotMatch(pareto(rows).description, /nothing went wrong/);
  assert.throws(() => pareto(rows, { share: "share" }), /pareto requires/);
});
