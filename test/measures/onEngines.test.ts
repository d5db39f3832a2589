import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { comparedOn, refusalOf, refusedEverywhere } from "../../src/measures/onEngines";

test("Every measure is either compared on ClickHouse or refused with a reason, and nothing else is listed", () => {
  const compared = comparedOn("clickhouse") ?? [];
  const listed = [...compared, ...Object.keys(refusedEverywhere)];
  assert.deepEqual(listed.toSorted(), measures.map(commandOf).toSorted());
  for (const measure of measures)
    assert.equal(refusalOf(measure, "clickhouse") === undefined, compared.includes(commandOf(measure)));
});

test("What is measured on Trino is measured on ClickHouse as well, and the rest is refused there", () => {
  const compared = comparedOn("clickhouse") ?? [];
  assert.deepEqual(
    (comparedOn("trino") ?? []).filter((one) => !compared.includes(one)),
    [],
  );
  const cost = measures.find(({ name }) => name === "distribution");
  assert.ok(cost !== undefined && refusalOf(cost, "trino") !== undefined);
});
