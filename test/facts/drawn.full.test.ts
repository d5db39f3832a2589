import assert from "node:assert/strict";
import { test } from "node:test";
import { scaledError } from "../../src/facts/drawn";
import { random } from "../../src/stats/random";
import { open } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";

test("A sum that is scaled up from a draw lies as near to that of the whole as is said, in about 95 of 100 draws", async () => {
  const store = await open(":memory:");
  const { uniform } = random(7);
  const [users, share, draws] = [1500, 0.2, 400];
  // A few users make many calls, as in most logs.
  const calls = Array.from({ length: users }, () => Math.ceil(3 * (1 - uniform()) ** -0.4));
  const all = calls.reduce((sum, n) => sum + n, 0);
  let covered = 0;
  for (let at = 0; at < draws; at++) {
    const drawn = calls.flatMap((n, user) => (uniform() < share ? [`('u${user}', ${n})`] : []));
    await run(
      store.connection,
      `create or replace temp table selected as select 0 as g, user_id, null::varchar as task_id, null::varchar as call_id, true as chosen
       from (values ${drawn.join(", ")}) as t(user_id, n), range(n)`,
    );
    const [{ n }] = await rowsOf<{ n: number }>(
      store.connection,
      "select count(*)::double as n from selected",
    );
    const error = await scaledError(store.connection, { from: "", share, unit: "user" });
    if (Math.abs(n / share - all) <= error * (n / share)) covered++;
  }
  store.close();
  const rate = covered / draws;
  assert.ok(rate > 0.91 && rate < 0.98, `${rate}`);
});
