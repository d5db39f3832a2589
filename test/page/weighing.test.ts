import assert from "node:assert/strict";
import { test } from "node:test";
import { choose } from "../../src/decide/choose/choose";
import { withWorthDraws, worthDrawsOf } from "../../src/decide/choose/worthDraws";
import { openDemo } from "../../src/demo/openDemo";
import { weighingOf } from "../../src/page/weighing";

test("a model that cannot be compared is named beside those whose weights can be moved", async () => {
  const store = await openDemo();
  try {
    const choice = await choose(store, { profile: "chat" });
    const rows = choice.rows.map((row, at) => (at === 1 ? { ...row, p_best: Number.NaN } : row));
    const open = withWorthDraws({ ...choice, rows }, worthDrawsOf(choice));
    const { candidates, left } = weighingOf(open, "chat")!;
    assert.deepEqual(left, [rows[1]!.name]);
    assert.deepEqual(
      candidates.map(({ name }) => name),
      rows.filter((_, at) => at !== 1).map(({ name }) => name),
    );
  } finally {
    store.close();
  }
});
